//! The API keys of an organisation.

use access::{Action, KeyScope, may_have_key, permits, reach_of};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use chrono::{DateTime, TimeDelta, Utc};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use store::{KeySummary, NewKey};
use utoipa::ToSchema;
use uuid::Uuid;

use super::about::moment;
use crate::account::profile::checked_name;
use crate::body::Body;
use crate::caller::{Can, KeyRead, KeyWrite};
use crate::problem::{Problem, Refused};
use crate::state::ApiState;

/// Keys of one account that hold at a time.
const MOST: usize = 50;
/// Networks of one key.
const MOST_NETWORKS: usize = 20;

/// A key; its secret was shown once.
#[derive(Serialize, ToSchema)]
#[schema(as = Key)]
pub struct KeyItem {
    id: Uuid,
    name: String,
    /// The key begins with `oct_` and this.
    prefix: String,
    scopes: Vec<String>,
    /// Where it may be used from, as CIDR blocks; anywhere when there are none.
    networks: Vec<String>,
    /// Address of the account that made it.
    creator: String,
    mine: bool,
    created_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
    last_used_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
    /// Id of the key that follows it.
    replaced_by: Option<Uuid>,
}

#[derive(Serialize, ToSchema)]
pub struct Keys {
    items: Vec<KeyItem>,
}

#[derive(Serialize, ToSchema)]
pub struct MadeKey {
    key: KeyItem,
    /// The key itself; it cannot be had again.
    secret: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeKey {
    name: String,
    /// `usage:read`, `statements:read`, `events:write`.
    scopes: Vec<String>,
    /// A day such as `2027-01-31` (until its beginning, UTC), or a moment.
    expires_at: Option<String>,
    /// CIDR blocks or single addresses.
    #[serde(default)]
    networks: Vec<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rotate {
    /// For so long the old key holds still: 0 to 168.
    overlap_hours: i64,
}

/// The organisation's keys; without the right to its people one's own.
#[utoipa::path(get, operation_id = "keys", path = "/api/v1/keys", responses((status = 200, body = Keys), Refused))]
pub async fn list(State(state): State<ApiState>, can: Can<KeyRead>) -> Result<Json<Keys>, Problem> {
    let account = can.account()?;
    let of = (!permits(&can.caller, Action::PeopleRead)).then_some(account);
    let keys = state.store.keys().list(can.organisation()?, of).await?;
    Ok(Json(Keys { items: keys.into_iter().map(|k| item(k, account)).collect() }))
}

/// Make a key. It can do no more than its maker, and goes with their membership.
#[utoipa::path(post, operation_id = "makeKey", path = "/api/v1/keys", request_body = MakeKey, responses(
    (status = 201, body = MadeKey), (status = 400, body = Problem), (status = 413, body = Problem),
    (status = 415, body = Problem), (status = 422, body = Problem), Refused))]
pub async fn make(
    State(state): State<ApiState>,
    can: Can<KeyWrite>,
    Body(new): Body<MakeKey>,
) -> Result<impl IntoResponse, Problem> {
    let now = state.now();
    can.proved(now)?;
    let (account, organisation) = (can.account()?, can.organisation()?);
    let expires_at = moment(new.expires_at.as_deref(), "/expires_at")?;
    if expires_at.is_some_and(|end| end <= now) {
        return Err(Problem::new("bad_date", "it has to end in the future").at("/expires_at"));
    }
    let own = state.store.keys().list(organisation, Some(account)).await?;
    if own.iter().filter(|k| k.revoked_at.is_none() && k.expires_at.is_none_or(|end| end > now)).count() >= MOST {
        return Err(Problem::new("bad_limit", format!("you have {MOST} keys that hold; revoke one first")));
    }
    let new = NewKey {
        account,
        organisation,
        name: checked_name(&new.name)?,
        scopes: scopes(&new.scopes, &can)?,
        networks: networks(&new.networks)?,
        expires_at,
    };
    let (id, secret) = state.store.by(&can.actor()).keys().make(&new, now).await?;
    made(&state, &can, id, secret).await
}

/// Make a key that follows another: the same rights, another secret. The old one holds for the overlap still.
#[utoipa::path(post, operation_id = "rotateKey", path = "/api/v1/keys/{id}/rotation", request_body = Rotate, responses(
    (status = 201, body = MadeKey), (status = 400, body = Problem), (status = 404, body = Problem),
    (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem), Refused))]
pub async fn rotate(
    State(state): State<ApiState>,
    can: Can<KeyWrite>,
    Path(id): Path<String>,
    Body(rotate): Body<Rotate>,
) -> Result<impl IntoResponse, Problem> {
    let id: Uuid = id.parse().map_err(|_| Problem::not_found())?;
    can.proved(state.now())?;
    if !(0..=168).contains(&rotate.overlap_hours) {
        return Err(Problem::new("bad_date", "the overlap is 0 to 168 hours").at("/overlap_hours"));
    }
    let overlap = TimeDelta::hours(rotate.overlap_hours);
    let (account, organisation, actor) = (can.account()?, can.organisation()?, can.actor());
    let keys = state.store.by(&actor).keys();
    let (id, secret) = keys.rotate(account, organisation, id, overlap, state.now()).await?;
    made(&state, &can, id, secret).await
}

/// Revoke a key, from now on.
#[utoipa::path(delete, operation_id = "revokeKey", path = "/api/v1/keys/{id}", responses((status = 204),
    (status = 404, body = Problem), Refused))]
pub async fn revoke(
    State(state): State<ApiState>,
    can: Can<KeyWrite>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let id: Uuid = id.parse().map_err(|_| Problem::not_found())?;
    let of = (!permits(&can.caller, Action::PeopleWrite)).then_some(can.account()?);
    state.store.by(&can.actor()).keys().revoke(&reach_of(&can.caller), of, id, state.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn made(
    state: &ApiState,
    can: &Can<KeyWrite>,
    id: Uuid,
    secret: String,
) -> Result<impl IntoResponse + use<>, Problem> {
    let account = can.account()?;
    let all = state.store.keys().list(can.organisation()?, Some(account)).await?;
    let key = all.into_iter().find(|k| k.id == id).ok_or_else(Problem::not_found)?;
    let body = MadeKey { key: item(key, account), secret };
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(body)))
}

/// Scopes that the maker's role has a use for.
fn scopes(named: &[String], can: &Can<KeyWrite>) -> Result<Vec<KeyScope>, Problem> {
    let mut scopes = Vec::new();
    for name in named {
        let scope: KeyScope = name.parse().map_err(|e: String| Problem::new("bad_scope", e).at("/scopes"))?;
        if !may_have_key(can.caller.role, scope) {
            return Err(Problem::new("bad_scope", format!("{name} is not part of your role")).at("/scopes"));
        }
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    Ok(scopes)
}

/// A single address is the network of itself.
fn networks(named: &[String]) -> Result<Vec<IpNet>, Problem> {
    if named.len() > MOST_NETWORKS {
        return Err(Problem::new("bad_network", format!("{MOST_NETWORKS} networks at most")).at("/networks"));
    }
    let one = |text: &String| {
        let text = text.trim();
        let network = text.parse::<IpNet>().ok().or_else(|| text.parse::<std::net::IpAddr>().ok().map(IpNet::from));
        let wrong = || Problem::new("bad_network", format!("'{text}' is no network; send such as 198.51.100.0/24"));
        network.map(|n| n.trunc()).ok_or_else(|| wrong().at("/networks"))
    };
    named.iter().map(one).collect()
}

fn item(k: KeySummary, caller: Uuid) -> KeyItem {
    KeyItem {
        id: k.id,
        name: k.name,
        prefix: k.prefix,
        scopes: k.scopes,
        networks: k.networks,
        creator: k.creator,
        mine: k.account_id == caller,
        created_at: k.created_at,
        expires_at: k.expires_at,
        last_used_at: k.last_used_at,
        revoked_at: k.revoked_at,
        replaced_by: k.replaced_by,
    }
}
