//! Binary COPY: the fast way in.

use std::pin::pin;

use tokio_postgres::Transaction;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};

/// Rows that can be written one after another.
pub trait BinaryRows {
    /// The target with its columns, such as `core.person (site_id, pseudonym, person_no)`.
    fn target(&self) -> &str;
    fn types(&self) -> &[Type];
    fn len(&self) -> usize;
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The values of row `index`, in the order of the types.
    fn row(&self, index: usize) -> Vec<&(dyn ToSql + Sync)>;
}

pub(crate) fn copy(target: &str) -> String {
    format!("COPY {target} FROM STDIN BINARY")
}

/// Copies all rows within the transaction; returns how many.
pub async fn copy_in(tx: &Transaction<'_>, rows: &impl BinaryRows) -> Result<u64, tokio_postgres::Error> {
    if rows.is_empty() {
        return Ok(0);
    }
    let sink = tx.copy_in(&copy(rows.target())).await?;
    let mut writer = pin!(BinaryCopyInWriter::new(sink, rows.types()));
    for index in 0..rows.len() {
        writer.as_mut().write(&rows.row(index)).await?;
    }
    writer.finish().await
}
