//! Whose session a record is, how long it holds, and that it is kept while it is used.

use std::fmt::Display;
use std::sync::Arc;

use chrono::DateTime;
use store::SignedIn;
use tower_sessions::Session;
use tower_sessions::session::Record;
use uuid::Uuid;

use crate::problem::Problem;
use crate::state::ApiState;

/// Where a session's record keeps the id of its sign-in.
pub const SIGN_IN: &str = "sign_in";
/// Where it keeps when it was last noted as used, in seconds since 1970.
pub const SEEN: &str = "seen";
/// Seconds between two such notes.
const NOTED_EVERY: i64 = 300;

/// Whose session this is, and as whom they call within the organisation of the address.
///
/// # Errors
/// `sign_in` when it has ended; `not_found` when the organisation is not theirs.
pub async fn signed_in(record: &Record, within: Option<&Arc<str>>, api: &ApiState) -> Result<Arc<SignedIn>, Problem> {
    let id: Uuid = record.data.get(SIGN_IN).and_then(|id| id.as_str()?.parse().ok()).ok_or_else(Problem::sign_in)?;
    let now = api.now();
    let Some(found) = api.store.sign_ins().caller(id, within, now).await? else {
        let elsewhere = within.is_some() && api.store.sign_ins().caller(id, None, now).await?.is_some();
        return Err(if elsewhere { Problem::not_found() } else { Problem::sign_in() });
    };
    let seen = record.data.get(SEEN).and_then(|seen| seen.as_i64()).and_then(|s| DateTime::from_timestamp(s, 0));
    let idle = now - seen.unwrap_or(found.started_at);
    let role = found.caller.role;
    if idle > api.limits.idle(role) || now - found.started_at > api.limits.absolute(role) {
        return Err(Problem::sign_in());
    }
    Ok(found)
}

/// No session store means nobody can be recognised: closed, not open.
pub fn no_sessions(error: impl Display) -> Problem {
    tracing::error!(%error, "sessions unavailable");
    Problem::unavailable("the session store")
}

/// A session ends so long after its last use. The store counts from the last change, so a use is noted, now and then.
pub async fn keep_alive(session: &Session, record: &Record, sign_in: Uuid, api: &ApiState) -> Result<(), Problem> {
    let now = api.now();
    let seen = record.data.get(SEEN).and_then(|seen| seen.as_i64());
    if seen.is_some_and(|seen| now.timestamp() - seen < NOTED_EVERY) {
        return Ok(());
    }
    api.store.sign_ins().seen(sign_in, now).await?;
    session.insert(SEEN, now.timestamp()).await.map_err(no_sessions)
}
