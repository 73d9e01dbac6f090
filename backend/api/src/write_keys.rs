//! Write keys: what pages send events with.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use store::WriteKey;
use utoipa::ToSchema;

use crate::account::profile::checked_name;
use crate::body::Body;
use crate::caller::{Can, LoadRead, LoadWrite};
use crate::problem::{Problem, Refused};
use crate::state::ApiState;

/// Keys of one site that hold at a time.
const MOST: usize = 50;
/// Origins of one key.
const MOST_ORIGINS: usize = 20;

/// A write key. It stands in pages and is no secret.
#[derive(Serialize, ToSchema)]
#[schema(as = WriteKey)]
pub struct WriteKeyItem {
    key: String,
    site: String,
    name: String,
    /// Web origins whose pages may send with it; any when there are none.
    origins: Vec<String>,
    made_at: DateTime<Utc>,
    /// Since when what is sent with it is refused.
    ended_at: Option<DateTime<Utc>>,
}

#[derive(Serialize, ToSchema)]
pub struct WriteKeys {
    /// Where pages reach the collector, such as `https://collect.example`.
    collector: String,
    /// Those that hold first.
    items: Vec<WriteKeyItem>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeWriteKey {
    site: String,
    name: String,
    /// Web origins such as `https://book.example`; any when there are none.
    #[serde(default)]
    origins: Vec<String>,
}

/// The write keys of all sites.
#[utoipa::path(get, operation_id = "writeKeys", path = "/api/v1/write-keys", responses((status = 200, body = WriteKeys), Refused))]
pub async fn list(State(state): State<ApiState>, _can: Can<LoadRead>) -> Result<Json<WriteKeys>, Problem> {
    let keys = state.store.write_keys().list().await?;
    let collector = state.collector_url.trim_end_matches('/').to_owned();
    Ok(Json(WriteKeys { collector, items: keys.into_iter().map(WriteKeyItem::from).collect() }))
}

/// Make a write key of a site. Collectors know it within two seconds.
#[utoipa::path(post, operation_id = "makeWriteKey", path = "/api/v1/write-keys", request_body = MakeWriteKey, responses(
    (status = 201, body = WriteKeyItem), (status = 400, body = Problem),
    (status = 404, description = "No such site.", body = Problem), (status = 413, body = Problem),
    (status = 415, body = Problem), (status = 422, body = Problem), Refused))]
pub async fn make(
    State(state): State<ApiState>,
    can: Can<LoadWrite>,
    Body(new): Body<MakeWriteKey>,
) -> Result<(StatusCode, Json<WriteKeyItem>), Problem> {
    let snapshot = state.engine.snapshot();
    let site = snapshot.directory.site(&new.site).ok_or_else(Problem::not_found)?;
    can.proved(state.now())?;
    let name = checked_name(&new.name)?;
    if new.origins.len() > MOST_ORIGINS {
        return Err(Problem::new("bad_limit", format!("name at most {MOST_ORIGINS} origins")).at("/origins"));
    }
    let all = state.store.write_keys().list().await?;
    if all.iter().filter(|key| key.site_code == site.code && key.ended_at.is_none()).count() >= MOST {
        return Err(Problem::new("bad_limit", format!("the site has {MOST} keys that hold; end one first")));
    }
    // Of a new site the collectors need the secret, too.
    state.store.sites().secret(&site.code).await?;
    let actor = can.actor();
    let key = state.store.by(&actor).write_keys().make(&site.code, &name, &new.origins, state.now()).await?;
    Ok((StatusCode::CREATED, Json(key.into())))
}

/// End a write key: what is sent with it from now on is refused.
#[utoipa::path(delete, operation_id = "endWriteKey", path = "/api/v1/write-keys/{key}", responses(
    (status = 204), (status = 404, body = Problem), Refused))]
pub async fn end(
    State(state): State<ApiState>,
    can: Can<LoadWrite>,
    Path(key): Path<String>,
) -> Result<StatusCode, Problem> {
    state.store.by(&can.actor()).write_keys().end(&key, state.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<WriteKey> for WriteKeyItem {
    fn from(key: WriteKey) -> Self {
        Self {
            key: key.key,
            site: key.site_code,
            name: key.name,
            origins: key.origins,
            made_at: key.made_at,
            ended_at: key.ended_at,
        }
    }
}
