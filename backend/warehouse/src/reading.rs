//! Reading for an answer: at one moment, for so long at most, and stopped in the database when nobody waits for it any more.

use std::time::Duration;

use deadpool_postgres::Object;
use tls::Tls;
use tokio_postgres::RowStream;
use tokio_postgres::types::ToSql;

use crate::pool::WarehouseError;

pub(crate) const BEGIN: &str = "START TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";

pub(crate) fn longest(statement_timeout: Duration) -> String {
    format!("SET LOCAL statement_timeout TO {}", statement_timeout.as_millis())
}

/// A transaction that only reads. All its statements see the same moment: a refresh between two of them does not show.
/// Dropped before [`Reading::end`], whatever it is at is cancelled in the database.
pub struct Reading {
    client: Option<Object>,
    tls: Tls,
}

impl Reading {
    /// Every statement may take this long; then it ends with [`WarehouseError::is_stopped`].
    pub(crate) async fn begin(client: Object, tls: Tls, statement_timeout: Duration) -> Result<Self, WarehouseError> {
        let reading = Self { client: Some(client), tls };
        reading.client().batch_execute(&format!("{BEGIN}; {}", longest(statement_timeout))).await?;
        Ok(reading)
    }

    pub async fn query(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<RowStream, WarehouseError> {
        let statement = self.client().prepare_cached(sql).await?;
        Ok(self.client().query_raw(&statement, params.iter().copied()).await?)
    }

    pub async fn end(mut self) -> Result<(), WarehouseError> {
        self.client().batch_execute("COMMIT").await?;
        self.client = None;
        Ok(())
    }

    fn client(&self) -> &Object {
        self.client.as_ref().expect("held until the end")
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        let Some(client) = self.client.take() else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (cancel, tls) = (client.cancel_token(), self.tls.clone());
        // Not for the next one: the cancelling may come late and hit what that one asks.
        let client = Object::take(client);
        runtime.spawn(async move {
            if let Err(error) = cancel.cancel_query(tls).await {
                tracing::warn!(%error, "what nobody waits for could not be cancelled; it goes on until its time is over");
            }
            drop(client);
        });
    }
}
