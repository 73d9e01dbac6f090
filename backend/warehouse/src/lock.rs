//! Session advisory locks: one worker at a time, on a connection of its own.

use deadpool_postgres::Object;

use crate::pool::{Warehouse, WarehouseError};

pub(crate) const TAKE: &str = "SELECT pg_try_advisory_lock($1, $2)";
pub(crate) const RELEASE: &str = "SELECT pg_advisory_unlock($1, $2)";

/// A held lock with the connection that holds it. It is taken before a transaction begins, so that the transaction's
/// snapshot is younger than the lock.
pub struct SessionLock {
    client: Option<Object>,
    keys: (i32, i32),
}

impl SessionLock {
    /// Takes the lock if it is free.
    pub async fn try_take(warehouse: &Warehouse, class: i32, key: i32) -> Result<Option<Self>, WarehouseError> {
        let client = warehouse.client().await?;
        let row = client.query_one(TAKE, &[&class, &key]).await?;
        let taken: bool = row.get(0);
        Ok(taken.then(|| Self { client: Some(client), keys: (class, key) }))
    }

    pub fn client(&mut self) -> &mut Object {
        self.client.as_mut().expect("held until release")
    }

    pub async fn release(mut self) -> Result<(), WarehouseError> {
        let client = self.client.take().expect("held until release");
        client.execute(RELEASE, &[&self.keys.0, &self.keys.1]).await?;
        Ok(())
    }
}

impl Drop for SessionLock {
    fn drop(&mut self) {
        // Given back unreleased (an error or a cancelled task): end the session, and the lock with it.
        if let Some(client) = self.client.take() {
            drop(Object::take(client));
        }
    }
}
