//! Signing in elsewhere: there and back.

use access::OrganisationKind;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use identity::{Pending, Person, Provider, Refused as Declined, Returned};
use serde::{Deserialize, Serialize};
use store::{NewSignIn, ProvidedMembership, ProvidedPerson};
use tower_sessions::Session;
use utoipa::{IntoParams, ToSchema};

use crate::account::browser;
use crate::origin::{Origin, agent};
use crate::parameters::Parameters;
use crate::problem::Problem;
use crate::session::{begin, nobody};
use crate::signed_in::no_sessions;
use crate::state::ApiState;
use crate::tenancy::about;

/// Where the session keeps what has to come back unchanged.
const PENDING: &str = "pending";

#[derive(Serialize, ToSchema)]
pub struct IdentityProviders {
    items: Vec<IdentityProvider>,
}

#[derive(Serialize, ToSchema)]
pub struct IdentityProvider {
    slug: String,
    title: String,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Way {
    /// The page to come back to, such as `/o/alma/`.
    to: Option<String>,
}

/// What the session keeps between the two halves.
#[derive(Serialize, Deserialize)]
struct Kept {
    pending: Pending,
    to: String,
}

/// Where one can sign in elsewhere.
#[utoipa::path(get, operation_id = "identityProviders", path = "/api/v1/identity-providers", responses(
    (status = 200, body = IdentityProviders)))]
pub async fn list(State(state): State<ApiState>) -> Json<IdentityProviders> {
    let items = state.providers.list().into_iter();
    Json(IdentityProviders { items: items.map(|p| IdentityProvider { slug: p.slug, title: p.title }).collect() })
}

/// Sign in at an identity provider: a browser is sent there, and comes back to `to`.
#[utoipa::path(get, operation_id = "signInElsewhere", path = "/auth/{provider}/start", params(Way), responses(
    (status = 303, description = "To the provider, or back to the sign-in page with `refused`"),
    (status = 400, body = Problem), (status = 404, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)))]
pub async fn start(
    State(state): State<ApiState>,
    session: Session,
    origin: Origin,
    Path(slug): Path<String>,
    Parameters(way): Parameters<Way>,
) -> Result<Response, Problem> {
    let provider = state.providers.find(&slug).ok_or_else(Problem::not_found)?;
    state.attempts.at_letter(origin.address, state.now())?;
    match provider.start(&redirect_uri(&state, provider), state.now()).await {
        Ok(start) => {
            let kept = Kept { pending: start.pending, to: own_page(way.to) };
            session.insert(PENDING, kept).await.map_err(no_sessions)?;
            see(start.url.as_ref())
        }
        Err(refused) => back(&refused),
    }
}

/// Back from an identity provider.
#[utoipa::path(get, operation_id = "comeBack", path = "/auth/{provider}/callback", params(
    ("code" = Option<String>, Query), ("state" = Option<String>, Query), ("error" = Option<String>, Query),
    ("iss" = Option<String>, Query)), responses(
    (status = 303, description = "To the page that was wanted, or to the sign-in page with `refused`"),
    (status = 400, body = Problem), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub async fn callback(
    State(state): State<ApiState>,
    session: Session,
    origin: Origin,
    headers: HeaderMap,
    Path(slug): Path<String>,
    Parameters(returned): Parameters<Returned>,
) -> Result<Response, Problem> {
    let provider = state.providers.find(&slug).ok_or_else(Problem::not_found)?;
    // Good once, whatever comes of it.
    let kept: Option<Kept> = session.remove(PENDING).await.map_err(no_sessions)?;
    session.save().await.map_err(no_sessions)?;
    let Some(kept) = kept else { return see("/sign-in?refused=link_expired") };
    let redirect_uri = redirect_uri(&state, provider);
    let person = match provider.finish(&redirect_uri, &kept.pending, &returned, state.now()).await {
        Ok(person) => person,
        Err(refused) => return back(&refused),
    };
    let actor = nobody(&origin);
    let person = provided(&state, provider, person);
    let Some(account) = state.store.by(&actor).identities().arrive(&person, state.now()).await? else {
        return see("/sign-in?refused=no_membership");
    };
    let new = NewSignIn {
        account,
        method: provider.slug().into(),
        two_factor: provider.is_second_factor(),
        agent: agent(&headers),
    };
    match begin(&state, &session, &new, &origin).await {
        Err(problem) if problem.code == "no_membership" => return see("/sign-in?refused=no_membership"),
        done => done?,
    }
    let mut response = see(&kept.to)?;
    browser::remember(&state, &mut response, account, browser::of(&headers).as_deref()).await?;
    Ok(response)
}

/// The person, with places as the warehouse knows them; a place that it does not know is none.
fn provided(state: &ApiState, provider: &Provider, person: Person) -> ProvidedPerson {
    let directory = &state.engine.snapshot().directory;
    let place = |m: identity::Membership| {
        let (subject, known) = match &m.about {
            // Without something to be about there is only the platform's own.
            None if m.role.organisation_kind() != OrganisationKind::Owner => return None,
            None => (None, None),
            Some(code) => {
                let number = about::number(directory, m.role.organisation_kind(), code)?;
                (Some(number), about::name(directory, m.role.organisation_kind(), number))
            }
        };
        let name = known.or(m.organisation).unwrap_or_else(|| provider.title().to_string());
        Some(ProvidedMembership { role: m.role, subject, name })
    };
    let email = person.email.filter(|email| email.verified && provider.trusts_email()).map(|email| email.address);
    ProvidedPerson {
        provider: provider.slug().into(),
        issuer: person.issuer,
        subject: person.subject,
        email,
        name: person.name.unwrap_or_else(|| provider.title().to_string()),
        language: if person.language.is_some_and(|l| l.starts_with("et")) { "et".into() } else { "en".into() },
        memberships: person.memberships.into_iter().filter_map(place).collect(),
    }
}

fn redirect_uri(state: &ApiState, provider: &Provider) -> String {
    format!("{}/auth/{}/callback", state.public_url.trim_end_matches('/'), provider.slug())
}

/// The page that was wanted, if it is one of ours: an address of another host must not be smuggled in.
fn own_page(to: Option<String>) -> String {
    let own = |to: &String| {
        to.starts_with('/')
            && !to[1..].starts_with(['/', '\\'])
            && to.len() <= 2000
            && !to.chars().any(char::is_control)
    };
    to.filter(own).unwrap_or_else(|| "/".into())
}

/// To the sign-in page, which says why.
fn back(refused: &Declined) -> Result<Response, Problem> {
    tracing::warn!(%refused, "a sign-in elsewhere was refused");
    see(&format!("/sign-in?refused={}", refused.code()))
}

fn see(address: &str) -> Result<Response, Problem> {
    let address = HeaderValue::from_str(address).map_err(|e| Problem::internal(&e))?;
    let headers = [(header::LOCATION, address), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

#[cfg(test)]
mod tests {
    use super::own_page;

    #[test]
    fn only_own_pages_are_gone_back_to() {
        let to = |to: &str| own_page(Some(to.to_string()));
        assert_eq!(to("/o/alma/statements?x=1"), "/o/alma/statements?x=1");
        for wrong in
            ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "", "/a\r\nB: c"]
        {
            assert_eq!(to(wrong), "/", "{wrong}");
        }
        assert_eq!(own_page(None), "/");
    }
}
