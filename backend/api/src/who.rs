//! Who calls, as REST and GraphQL say it.

use access::{Action, Caller, Lens, Organisation, Rows, Via, permits, scope_of};
use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use engine::entities::Visible;
use serde::Serialize;
use store::{Account, Belonging};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::items::SiteItem;
use crate::problem::Problem;
use crate::state::ApiState;

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
