//! Who calls, proved before a handler starts. A handler's signature names the action; without it there is no caller.

use std::marker::PhantomData;
use std::sync::Arc;

use access::{Action, Caller, Verdict, Via, judge};
use axum::extract::{FromRef, FromRequestParts};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use chrono::{DateTime, TimeDelta, Utc};
use store::{Actor, Audited, Entry, SignedIn};
use tower_sessions::Session;
use uuid::Uuid;

use crate::origin::Origin;
use crate::problem::Problem;
use crate::proof::Proof;
use crate::quotas::Turn;
use crate::signed_in::{SIGN_IN, keep_alive, no_sessions, signed_in};
use crate::state::ApiState;
use crate::within::Within;

/// So long after one proved who one is nothing more is asked for before what matters most.
const FRESH: TimeDelta = TimeDelta::minutes(10);

/// An action as a type.
pub trait Permission: Send + Sync {
    const ACTION: Action;
}

macro_rules! permissions {
    ($($name:ident),* $(,)?) => {$(
        /// The right of this name in [`access::Action`].
        pub struct $name;
        impl Permission for $name {
            const ACTION: Action = Action::$name;
        }
    )*};
}

permissions!(
    UsageRead,
    ReferenceRead,
    StatementRead,
    PoolRead,
    PoolWrite,
    LoadRead,
    LoadWrite,
    OrganisationRead,
    OrganisationWrite,
    OrganisationSecure,
    PeopleRead,
    PeopleWrite,
    KeyRead,
    KeyWrite,
    AuditRead,
    AccessRead,
    AccountWrite,
    AccountSwitch,
    ViewAs,
);

/// A caller who may do `P`.
pub struct Can<P: Permission> {
    pub caller: Arc<Caller>,
    /// Of one who signed in; keys have none.
    pub session: Option<Arc<SignedIn>>,
    pub origin: Origin,
    /// What showed it, for what outlives the request.
    pub proof: Proof,
    _turn: Turn,
    permission: PhantomData<P>,
}

impl<P: Permission> Can<P> {
    /// Who does it, for the record.
    pub fn actor(&self) -> Actor {
        actor(&self.caller, P::ACTION, &self.origin)
    }

    /// The session, freshly proved.
    ///
    /// # Errors
    /// `prove_again` when that was more than minutes ago.
    pub fn proved(&self, now: DateTime<Utc>) -> Result<&SignedIn, Problem> {
        let session = self.own_session()?;
        if now - session.proved_at > FRESH {
            return Err(Problem::prove_again());
        }
        Ok(session)
    }

    /// The session of the one who signed in.
    pub fn own_session(&self) -> Result<&SignedIn, Problem> {
        self.session.as_deref().ok_or_else(|| refused(Verdict::NotOfTheKey))
    }

    /// Records that data leaves as a file. Where that cannot be recorded, none leaves.
    pub async fn exports(&self, state: &ApiState, what: &str, detail: serde_json::Value) -> Result<(), Problem> {
        let entry = Entry::of(Audited::Export, what).with(detail);
        Ok(state.store.by(&self.actor()).audit().record(None, entry).await?)
    }

    /// The id of the caller's account.
    pub fn account(&self) -> Result<Uuid, Problem> {
        id(&self.caller.account)
    }

    /// The id of the organisation called for.
    pub fn organisation(&self) -> Result<Uuid, Problem> {
        id(&self.caller.organisation.id)
    }
}

fn id(text: &str) -> Result<Uuid, Problem> {
    text.parse().map_err(|_| Problem::internal(&"an id that is none"))
}

/// Who does something, for the record.
pub fn actor(caller: &Caller, action: Action, origin: &Origin) -> Actor {
    let (account, name, via) = match &caller.via {
        Via::Session { .. } => (&caller.account, &caller.email, "session".to_string()),
        Via::Key { prefix, .. } => (&caller.account, &caller.email, format!("key oct_{prefix}")),
        Via::View { by, by_email, .. } => (by, by_email, "view_as".to_string()),
        Via::Program => (&caller.account, &caller.email, "cli".to_string()),
    };
    Actor {
        account: account.parse().ok(),
        name: Some(name.clone()),
        via,
        organisation: caller.organisation.id.parse().ok(),
        rule: format!("{}: {} of {}", action.as_str(), caller.role, caller.organisation.name),
        from: origin.address.map(|a| a.to_string()),
        request: origin.request(),
    }
}

/// A caller who is signed in, whatever they may do, and whose turn it is as long as this is kept.
pub struct Signed {
    pub caller: Arc<Caller>,
    pub session: Option<Arc<SignedIn>>,
    pub origin: Origin,
    pub proof: Proof,
    turn: Turn,
}

impl<S> FromRequestParts<S> for Signed
where
    S: Send + Sync,
    ApiState: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let api = ApiState::from_ref(state);
        let origin = Origin::of(parts, api.proxies);
        let within = parts.extensions.get::<Within>().map(|Within(slug)| slug.clone());
        if let Some(value) = parts.headers.get(AUTHORIZATION) {
            let key = value.to_str().ok().and_then(Proof::bearer).ok_or_else(Problem::sign_in)?;
            let proof = key.within(within).from(origin.address);
            let caller = proof.caller(&api).await?;
            return Signed::enter(caller, None, origin, proof, &api);
        }
        let session = Session::from_request_parts(parts, state).await.map_err(|_| Problem::sign_in())?;
        let id = session.id().ok_or_else(Problem::sign_in)?;
        let Some(record) = api.sessions.find(&id).await.map_err(no_sessions)? else {
            // It has ended. Reading it the other way takes its cookie away.
            let _ = session.get_value(SIGN_IN).await;
            return Err(Problem::sign_in());
        };
        let signed_in = signed_in(&record, within.as_ref(), &api).await?;
        keep_alive(&session, &record, signed_in.id, &api).await?;
        let proof = Proof::session(id).within(within);
        Signed::enter(signed_in.caller.clone(), Some(signed_in), origin, proof, &api)
    }
}

impl Signed {
    fn enter(
        caller: Arc<Caller>,
        session: Option<Arc<SignedIn>>,
        origin: Origin,
        proof: Proof,
        api: &ApiState,
    ) -> Result<Self, Problem> {
        let turn = api.quotas.enter(&caller)?;
        Ok(Self { caller, session, origin, proof, turn })
    }
}

impl<P, S> FromRequestParts<S> for Can<P>
where
    P: Permission,
    S: Send + Sync,
    ApiState: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let api = ApiState::from_ref(state);
        let Signed { caller, session, origin, proof, turn } = Signed::from_request_parts(parts, state).await?;
        match judge(&caller, P::ACTION) {
            Verdict::Permitted => Ok(Can { caller, session, origin, proof, _turn: turn, permission: PhantomData }),
            verdict => {
                // ASVS 5.0, 16.3.2: whoever tries what they may not is on record.
                let entry = Entry::of(Audited::Refused, P::ACTION.as_str()).refused();
                api.store.by(&actor(&caller, P::ACTION, &origin)).audit().record(None, entry).await?;
                Err(refused(verdict))
            }
        }
    }
}

/// What is said to one who may not.
fn refused(verdict: Verdict) -> Problem {
    match verdict {
        Verdict::ViewingReadsOnly => Problem::new("viewing_only", "you look as somebody else, and change nothing"),
        Verdict::SecondFactorMissing => Problem::new(
            "two_factor_needed",
            "this organisation asks for a second factor; set one up at /api/v1/account/two-factor, or sign in with it",
        ),
        _ => Problem::new("forbidden", "this action is not part of your role, or of this key's scopes"),
    }
}
