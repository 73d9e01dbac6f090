//! The carriage to Redshift: whatever is more than a few rows goes there as files in an object store, which the cluster reads by
//! itself.

use stage::Objects;
use tokio_postgres::Transaction;

use crate::pool::WarehouseError;
use crate::staged::{self, IamRole, Manifest, StagedError};

/// The store that files are put into, and the role that the cluster takes to read them. Cheap to clone.
#[derive(Clone)]
pub struct Carriage {
    pub objects: Objects,
    role: IamRole,
}

impl Carriage {
    /// # Errors
    /// Redshift cannot read from this store, or the role is none.
    pub fn new(objects: Objects, role: &str) -> Result<Self, StagedError> {
        // What is put there later has a name of the same characters.
        if Manifest::new(&objects.url("stage")).is_err() {
            return Err(StagedError::Store(objects.url("")));
        }
        Ok(Self { objects, role: IamRole::new(role)? })
    }

    /// Copies the files that a manifest names, an object of the store, into a table: all of them and every row, or an error.
    pub async fn copy(&self, tx: &Transaction<'_>, table: &str, manifest: &str) -> Result<(), WarehouseError> {
        let manifest = Manifest::new(&self.objects.url(manifest))?;
        Ok(tx.batch_execute(&staged::copy(table, &manifest, &self.role)).await?)
    }
}
