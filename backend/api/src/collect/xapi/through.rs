//! Up to when everything that was stored can be read (1.0.3, part three, 2.1.3).

use axum::http::{HeaderName, HeaderValue};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use ingest::kept;
use ingest::load::loader;
use ingest::source::Spooled;
use tokio::task::spawn_blocking;
use warehouse::Warehouse;

use super::THROUGH;
use crate::collect::CollectState;
use crate::problem::Problem;

/// As long may a statement be on its way into the spool: what is stored later than so long ago may not be there yet.
const ON_THE_WAY: TimeDelta = TimeDelta::seconds(6);

/// As it is at this moment.
pub(super) async fn now(
    state: &CollectState,
    warehouse: &Warehouse,
    site: &str,
) -> Result<(HeaderName, HeaderValue), Problem> {
    let settled = (state.clock)() - ON_THE_WAY;
    let (spool, own) = (state.spool.clone(), site.to_owned());
    let loaded = loader::position(warehouse, &state.spool.source(), site).await;
    let loaded = loaded.map_err(|error| Problem::internal(&error))?;
    let waiting = spawn_blocking(move || Spooled::of(&spool, &own)?.waiting(loaded)).await;
    let (_, oldest) = waiting.map_err(|error| Problem::internal(&error))?.map_err(|error| Problem::internal(&error))?;
    let elsewhere = kept::behind(warehouse, site, &state.spool.source()).await?;
    let through = [oldest, elsewhere].into_iter().flatten().fold(settled, DateTime::min);
    state.recent.note_through(site, through);
    Ok(header(through))
}

/// As it was when it was last looked at: true still, for it only moves on.
pub(super) fn last(state: &CollectState, site: &str) -> (HeaderName, HeaderValue) {
    header(state.recent.through(site))
}

fn header(through: DateTime<Utc>) -> (HeaderName, HeaderValue) {
    let text = through.to_rfc3339_opts(SecondsFormat::Millis, true);
    (THROUGH, HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("1970-01-01T00:00:00.000Z")))
}
