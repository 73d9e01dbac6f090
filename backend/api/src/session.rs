//! Signing in and out, and who one is.

use std::sync::Arc;

use access::{Action, Caller, Lens, Organisation, Rows, Via, permits, scope_of};
use async_graphql::SimpleObject;
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use engine::entities::Visible;
use serde::{Deserialize, Serialize};
use store::{Account, Actor, Audited, Belonging, Entry, NewSignIn};
use tower_sessions::Session;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::account::browser;
use crate::body::Body;
use crate::caller::{AccountWrite, Can, SEEN, SIGN_IN, Signed, no_sessions};
use crate::items::SiteItem;
use crate::origin::{Origin, agent};
use crate::problem::{Problem, Refused};
use crate::state::ApiState;
use crate::within::Within;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    email: String,
    password: String,
    /// Of the second factor, where the account has one: six digits, or a recovery code.
    code: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    password: Option<String>,
    code: Option<String>,
}

/// Who is signed in, and what they are to Octavo.
#[derive(Serialize, ToSchema, SimpleObject)]
#[schema(as = Session)]
#[graphql(name = "Session")]
pub struct SessionBody {
    account: AccountBody,
    /// `owner`, `school_admin`, `publisher`, `official` or `operator`.
    role: String,
    organisation: OrganisationBody,
    /// Where the account belongs; each is the active one under its own address, `/o/{slug}/…`.
    memberships: Vec<MembershipBody>,
    /// `exact` or `protected`.
    lens: String,
    sites: Vec<SiteItem>,
    /// The one thing the organisation is about, if there is one.
    home: Option<Home>,
    /// Actions of the policy.
    can: Vec<String>,
    /// `two_factor`: the organisation asks for one before anything else.
    needs: Option<String>,
    /// Who looks as this account, if somebody does.
    viewing: Option<ViewingBody>,
}

#[derive(Serialize, ToSchema, SimpleObject)]
#[schema(as = Account)]
#[graphql(name = "Account")]
pub struct AccountBody {
    id: String,
    email: String,
    name: String,
    /// The language of letters: `en` or `et`.
    language: String,
    two_factor: bool,
    has_password: bool,
}

#[derive(Serialize, ToSchema, SimpleObject)]
#[schema(as = OrganisationName)]
#[graphql(name = "Organisation")]
pub struct OrganisationBody {
    /// Its name in addresses.
    slug: String,
    name: String,
    /// `owner`, `ministry`, `county`, `municipality`, `publisher_group`, `publisher` or `school`.
    kind: String,
}

#[derive(Serialize, ToSchema, SimpleObject)]
#[schema(as = Membership)]
#[graphql(name = "Membership")]
pub struct MembershipBody {
    organisation: OrganisationBody,
    role: String,
}

/// A look as somebody else; it changes nothing.
#[derive(Serialize, ToSchema, SimpleObject)]
#[schema(as = Viewing)]
#[graphql(name = "Viewing")]
pub struct ViewingBody {
    /// The address of the one who is really signed in.
    by: String,
    reason: String,
    until: DateTime<Utc>,
}

#[derive(Serialize, ToSchema, SimpleObject)]
pub struct Home {
    /// `school`, `publisher` or `region`.
    dimension: String,
    code: String,
    name: String,
}

/// Sign in with e-mail and password, and a code where the account has a second factor.
#[utoipa::path(post, operation_id = "signIn", path = "/api/v1/session", request_body = SignIn, responses(
    (status = 200, body = SessionBody),
    (status = 400, body = Problem, description = "The body cannot be read"),
    (status = 401, body = Problem, description = "E-mail or password is wrong; or a code is needed, or wrong"),
    (status = 403, body = Problem, description = "Sent from another site's page, or the account is in no organisation"),
    (status = 404, body = Problem, description = "The organisation in the address is not the account's"),
    (status = 413, body = Problem), (status = 415, body = Problem),
    (status = 429, body = Problem, description = "Tried too often; Retry-After says when to try again"),
    (status = 503, body = Problem)))]
pub async fn create(
    State(state): State<ApiState>,
    session: Session,
    within: Option<Extension<Within>>,
    headers: HeaderMap,
    origin: Origin,
    Body(sign_in): Body<SignIn>,
) -> Result<Response, Problem> {
    let (now, accounts) = (state.now(), state.store.accounts());
    let brought = browser::of(&headers);
    let known = match &brought {
        Some(token) => state.store.sign_ins().knows_browser(&sign_in.email, token).await?,
        None => false,
    };
    let token = brought.as_deref().filter(|_| known);
    let attempt = state.attempts.at_account(&sign_in.email, token, origin.address, now)?;
    let Some(account) = accounts.verify(&sign_in.email, &sign_in.password).await? else {
        refuse(&state, &sign_in.email, "password", &origin).await?;
        return Err(Problem::new("bad_credentials", "e-mail or password is wrong; check both and try again"));
    };
    if account.two_factor {
        let Some(code) = sign_in.code.as_deref().filter(|code| !code.trim().is_empty()) else {
            attempt.succeeded();
            return Err(Problem::new("code_needed", "send the code of your second factor, too, as code"));
        };
        if !state.store.by(&nobody(&origin)).second_factor().check(account.id, code, now).await? {
            refuse(&state, &sign_in.email, "code", &origin).await?;
            return Err(Problem::new("bad_code", "the code is wrong, or was used already; wait for the next one"));
        }
    }
    attempt.succeeded();
    let new = NewSignIn {
        account: account.id,
        method: "password".into(),
        two_factor: account.two_factor,
        agent: agent(&headers),
    };
    begin(&state, &session, &new, &origin).await?;
    let within = within.map(|Extension(Within(slug))| slug);
    let mut response = described(&state, &session, within).await?;
    browser::remember(&state, &mut response, account.id, brought.as_deref()).await?;
    Ok(response)
}

/// Begins a session: under a new id, so that one planted before signing in is worth nothing.
pub async fn begin(state: &ApiState, session: &Session, new: &NewSignIn, origin: &Origin) -> Result<(), Problem> {
    let now = state.now();
    if state.store.accounts().belongings(new.account, now).await?.is_empty() {
        let detail = "your account is right, but belongs to no organisation any more; ask to be invited";
        return Err(Problem::new("no_membership", detail));
    }
    end_former(state, session, Audited::SignOut, origin).await?;
    let id = state.store.by(&nobody(origin)).sign_ins().begin(new, now).await?;
    session.cycle_id().await.map_err(no_sessions)?;
    session.insert(SIGN_IN, id.to_string()).await.map_err(no_sessions)?;
    session.remove_value(SEEN).await.map_err(no_sessions)?;
    session.save().await.map_err(no_sessions)
}

/// Ends what the session was signed in to until now.
async fn end_former(state: &ApiState, session: &Session, what: Audited, origin: &Origin) -> Result<(), Problem> {
    let former: Option<String> = session.get(SIGN_IN).await.map_err(no_sessions)?;
    let Some(former) = former.and_then(|id| id.parse::<Uuid>().ok()) else { return Ok(()) };
    let Some(found) = state.store.sign_ins().caller(former, None, state.now()).await? else { return Ok(()) };
    let actor = crate::caller::actor(&found.caller, Action::AccountWrite, origin);
    match state.store.by(&actor).sign_ins().end(found.account, former, what, state.now()).await {
        // Another was faster.
        Err(store::StoreError::NoSession) | Ok(()) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Nobody yet, from somewhere.
pub fn nobody(origin: &Origin) -> Actor {
    Actor {
        via: "none".into(),
        rule: "whoever knows the password, or is known elsewhere, signs in".into(),
        from: origin.address.map(|a| a.to_string()),
        request: origin.request(),
        ..Actor::default()
    }
}

/// A failed try, for the record. What was typed in place of an address may be a password, and is not kept.
async fn refuse(state: &ApiState, email: &str, what: &str, origin: &Origin) -> Result<(), Problem> {
    let account = state.store.accounts().find_account(email).await?;
    let subject = if account.is_some() { email.trim().to_lowercase() } else { "an unknown account".into() };
    let entry = Entry::of(Audited::SignInRefused, subject).refused().with(serde_json::json!({ "wrong": what }));
    Ok(state.store.by(&nobody(origin)).audit().record(account, entry).await?)
}

/// Prove again who you are, before what matters most.
#[utoipa::path(post, operation_id = "proveAgain", path = "/api/v1/session/proof", request_body = Proof, responses(
    (status = 204), (status = 400, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem), Refused))]
pub async fn prove(
    State(state): State<ApiState>,
    can: Can<AccountWrite>,
    Body(proof): Body<Proof>,
) -> Result<StatusCode, Problem> {
    let (session, now) = (can.own_session()?, state.now());
    let attempt = state.attempts.at_session(&session.id.to_string(), now)?;
    let account = state.store.accounts().read(session.account).await?;
    let password = proof.password.as_deref().unwrap_or_default();
    if account.has_password && state.store.accounts().verify(&account.email, password).await?.is_none() {
        return Err(Problem::new("bad_credentials", "the password is wrong"));
    }
    if account.two_factor {
        let code = proof.code.as_deref().filter(|code| !code.trim().is_empty());
        let code = code.ok_or_else(|| Problem::new("code_needed", "send the code of your second factor, too"))?;
        if !state.store.by(&can.actor()).second_factor().check(account.id, code, now).await? {
            return Err(Problem::new("bad_code", "the code is wrong, or was used already; wait for the next one"));
        }
    }
    if !account.has_password && !account.two_factor {
        return Err(Problem::new("bad_credentials", "sign out, and sign in anew with your identity provider"));
    }
    attempt.succeeded();
    state.store.sign_ins().proved(session.id, account.two_factor, now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who is signed in.
#[utoipa::path(get, operation_id = "session", path = "/api/v1/session", responses((status = 200, body = SessionBody),
    (status = 404, body = Problem, description = "The organisation in the address is not theirs"), Refused))]
pub async fn read(State(state): State<ApiState>, signed: Signed) -> Result<Response, Problem> {
    let body = describe(&state, &signed.caller).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

/// Sign out. The session ends here, not only in the browser.
#[utoipa::path(delete, operation_id = "signOut", path = "/api/v1/session", responses((status = 204),
    (status = 403, body = Problem, description = "Sent from another site's page"), (status = 503, body = Problem)))]
pub async fn delete(
    State(state): State<ApiState>,
    session: Session,
    origin: Origin,
) -> Result<(StatusCode, HeaderMap), Problem> {
    end_former(&state, &session, Audited::SignOut, &origin).await?;
    session.flush().await.map_err(no_sessions)?;
    let mut headers = HeaderMap::new();
    headers.insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    Ok((StatusCode::NO_CONTENT, headers))
}

/// The session that has just begun.
async fn described(state: &ApiState, session: &Session, within: Option<Arc<str>>) -> Result<Response, Problem> {
    let id: Option<String> = session.get(SIGN_IN).await.map_err(no_sessions)?;
    let id: Uuid = id.and_then(|id| id.parse().ok()).ok_or_else(Problem::sign_in)?;
    let found = state.store.sign_ins().caller(id, within.as_ref(), state.now()).await?;
    let body = describe(state, &found.ok_or_else(Problem::not_found)?.caller).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

/// Who calls, with where their account belongs.
pub async fn describe(state: &ApiState, caller: &Caller) -> Result<SessionBody, Problem> {
    let id: Uuid = caller.account.parse().map_err(|_| Problem::internal(&"an id that is none"))?;
    let accounts = state.store.accounts();
    let (account, belongings) = (accounts.read(id).await?, accounts.belongings(id, state.now()).await?);
    Ok(body(state, caller, account, belongings))
}

fn body(state: &ApiState, caller: &Caller, account: Account, belongings: Vec<Belonging>) -> SessionBody {
    let snapshot = state.engine.snapshot();
    let scope = scope_of(caller);
    let visible = Visible::new(&snapshot, &scope);
    let d = &snapshot.directory;
    let only = |ids: &std::collections::BTreeSet<i32>| (ids.len() == 1).then(|| ids.first().copied()).flatten();
    let home = |dimension: &str, code: &str, name: &str| Home {
        dimension: dimension.into(),
        code: code.into(),
        name: name.into(),
    };
    let home = match scope.rows() {
        Rows::All => None,
        Rows::Schools(ids) => only(ids).and_then(|id| d.schools.get(&id)).map(|s| home("school", &s.code, &s.name)),
        Rows::Publishers(ids) => {
            only(ids).and_then(|id| d.publishers.get(&id)).map(|p| home("publisher", &p.code, &p.name))
        }
        Rows::Regions(ids) => only(ids).and_then(|id| d.regions.get(&id)).map(|r| home("region", &r.code, &r.name)),
    };
    SessionBody {
        account: AccountBody {
            id: caller.account.clone(),
            email: account.email,
            name: account.name,
            language: account.language,
            two_factor: account.two_factor,
            has_password: account.has_password,
        },
        role: caller.role.to_string(),
        organisation: organisation(&caller.organisation),
        memberships: belongings.into_iter().map(MembershipBody::from).collect(),
        lens: if scope.lens() == Lens::Exact { "exact" } else { "protected" }.into(),
        sites: visible.sites().into_iter().map(|s| SiteItem::new(s, state.now())).collect(),
        home,
        can: Action::ALL.into_iter().filter(|a| permits(caller, *a)).map(|a| a.as_str().to_string()).collect(),
        needs: caller.second_factor_missing.then(|| "two_factor".into()),
        viewing: match &caller.via {
            Via::View { by_email, reason, until, .. } => Some(ViewingBody {
                by: by_email.clone(),
                reason: reason.clone(),
                until: DateTime::from_timestamp(*until, 0).unwrap_or_default(),
            }),
            _ => None,
        },
    }
}

pub fn organisation(o: &Organisation) -> OrganisationBody {
    OrganisationBody { slug: o.slug.clone(), name: o.name.clone(), kind: o.kind.as_str().into() }
}

impl From<Belonging> for MembershipBody {
    fn from(b: Belonging) -> Self {
        let organisation = OrganisationBody { slug: b.slug, name: b.name, kind: b.kind.as_str().into() };
        Self { organisation, role: b.role.to_string() }
    }
}
