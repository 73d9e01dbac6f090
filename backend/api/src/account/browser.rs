//! The cookie of a browser that has signed in before. It opens nothing; it only tells the owner of an account from those who
//! try passwords at it (the device cookies of OWASP's page on slowing down online guessing).

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use store::AccountId;

use crate::problem::Problem;
use crate::state::ApiState;

const NAME: &str = "__Host-octavo-browser";

/// The token that the browser brings.
pub fn of(headers: &HeaderMap) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    let mut cookies = lines.flat_map(|line| line.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
    let (_, token) = cookies.find(|(name, _)| *name == NAME)?;
    (token.len() == 43).then(|| token.to_string())
}

/// Makes the browser known to the account, for a year.
pub async fn remember(
    state: &ApiState,
    response: &mut Response,
    account: AccountId,
    brought: Option<&str>,
) -> Result<(), Problem> {
    let token = state.store.sign_ins().know_browser(account, brought, state.now()).await?;
    let cookie = format!("{NAME}={token}; Path=/; Max-Age=31536000; Secure; HttpOnly; SameSite=Strict");
    let cookie = HeaderValue::from_str(&cookie).map_err(|e| Problem::internal(&e))?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(())
}
