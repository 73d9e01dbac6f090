//! Making records durable, or saying that nothing was promised.

use spool::AppendError;

use super::CollectState;
use crate::problem::Problem;

/// Seconds after which a sender may try again when the spool is full.
const WHEN_FULL: u32 = 30;
/// Seconds after which a sender may try again when the disk was too slow.
const WHEN_LATE: u32 = 2;

/// Appends a site's records to the spool, if there are any.
///
/// # Errors
/// The sender keeps what it sent. Only after [`AppendError::Late`] it may be stored all the same.
pub(super) async fn append(state: &CollectState, site: &str, records: Vec<Vec<u8>>) -> Result<(), Problem> {
    if records.is_empty() {
        return Ok(());
    }
    let error = match state.spool.append(site, records).await {
        Ok(_) => return Ok(()),
        Err(error) => error,
    };
    Err(match error {
        AppendError::Full => {
            tracing::error!(%error, "events are refused");
            Problem::not_durable("the collector's spool is full", WHEN_FULL)
        }
        AppendError::Late => {
            tracing::warn!(%error, "events are refused");
            Problem::not_durable("the collector's disk is too slow", WHEN_LATE)
        }
        other => {
            tracing::error!(error = %other, "the spool cannot be trusted any more: the collector ends");
            state.broken.notify_one();
            Problem::not_durable("the collector cannot make anything durable", WHEN_FULL)
        }
    })
}
