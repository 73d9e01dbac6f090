//! Rows of other tables on their way to Redshift: a file and a manifest for each table, as of a batch of events.

use bytes::Bytes;
use tokio_postgres::Transaction;
use warehouse::{Carriage, WarehouseError};

use super::csv::Packing;
use super::manifest::{self, FILE, File, MANIFEST};

/// What the names of the objects tell: the site's code, a log with its partition, and a range of it.
pub(crate) type Place<'a> = (&'a str, (&'a str, &'a str), (i64, i64));

/// Puts the rows and a manifest into the store, and copies them into the table.
pub(crate) async fn carry(
    tx: &Transaction<'_>,
    carriage: &Carriage,
    table: &str,
    place: Place<'_>,
    rows: Packing,
) -> Result<(), WarehouseError> {
    let packed = rows.finish();
    let bytes = packed.len() as u64;
    let file = File { name: put(carriage, place, FILE, packed).await?, bytes, rows: 0 };
    let manifest = manifest::manifest(&carriage.objects, &[file]);
    let manifest = put(carriage, place, MANIFEST, manifest).await?;
    carriage.copy(tx, table, &manifest).await
}

/// Returns the object's name.
async fn put(
    carriage: &Carriage,
    (site, log, range): Place<'_>,
    kind: &str,
    bytes: Bytes,
) -> Result<String, WarehouseError> {
    let name = manifest::name(site, log, range, kind, &bytes);
    carriage.objects.put(&name, bytes).await?;
    Ok(name)
}
