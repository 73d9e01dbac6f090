//! Checking an ID token (OpenID Connect Core 1.0, section 3.1.3.7; RFC 8725).
//!
//! The signature and the keys are `openidconnect`'s. The claims are read here and not into its types, which refuse the whole
//! token for a claim nobody asks for: HarID writes `amr` as a text where the standard has an array.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use openidconnect::core::{CoreJsonWebKey, CoreJsonWebKeySet, CoreJwsSigningAlgorithm as Algorithm};
use openidconnect::{JsonWebKey, SignatureVerificationError};
use serde_json::{Map, Value};

use crate::claims;
use crate::refused::BadToken;

/// Seconds by which two clocks may differ.
const LEEWAY: i64 = 60;

/// What a token must answer to.
pub(crate) struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub nonce: &'a str,
    pub access_token: &'a str,
    pub now: DateTime<Utc>,
}

/// The claims of a token that passes every check, and its subject.
pub(crate) fn verified(
    token: &str,
    keys: &CoreJsonWebKeySet,
    expected: &Expected<'_>,
) -> Result<(String, Map<String, Value>), BadToken> {
    let [header, payload, signature] = token.split('.').collect::<Vec<_>>()[..] else {
        return Err(BadToken::Unreadable);
    };
    let algorithm = algorithm(&object(header)?)?;
    let key_id = object(header)?.get("kid").and_then(Value::as_str).map(str::to_string);
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| BadToken::Unreadable)?;
    let signed = &token.as_bytes()[..header.len() + 1 + payload.len()];
    let key = signer(keys, key_id.as_deref(), &algorithm, signed, &signature)?;
    let claims = object(payload)?;
    let subject = check(&claims, expected)?;
    check_access_token(&claims, key, &algorithm, expected.access_token)?;
    Ok((subject, claims))
}

fn object(part: &str) -> Result<Map<String, Value>, BadToken> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| BadToken::Unreadable)?;
    serde_json::from_slice(&bytes).map_err(|_| BadToken::Unreadable)
}

/// The algorithm, if it is one whose key only the provider has: never `none`, and never one of shared secrets, with which
/// whoever knows a public key could sign (RFC 8725, section 2.1).
fn algorithm(header: &Map<String, Value>) -> Result<Algorithm, BadToken> {
    // What must be understood and is not (RFC 7515, section 4.1.11).
    if header.contains_key("crit") {
        return Err(BadToken::Unreadable);
    }
    let name = header.get("alg").cloned().ok_or(BadToken::Unreadable)?;
    match serde_json::from_value(name).map_err(|_| BadToken::Algorithm)? {
        algorithm @ (Algorithm::RsaSsaPkcs1V15Sha256
        | Algorithm::RsaSsaPkcs1V15Sha384
        | Algorithm::RsaSsaPkcs1V15Sha512
        | Algorithm::RsaSsaPssSha256
        | Algorithm::RsaSsaPssSha384
        | Algorithm::RsaSsaPssSha512
        | Algorithm::EcdsaP256Sha256
        | Algorithm::EcdsaP384Sha384
        | Algorithm::EdDsa) => Ok(algorithm),
        _ => Err(BadToken::Algorithm),
    }
}

/// The published key that signed this. A token that names no key may be signed with any.
fn signer<'a>(
    keys: &'a CoreJsonWebKeySet,
    key_id: Option<&str>,
    algorithm: &Algorithm,
    signed: &[u8],
    signature: &[u8],
) -> Result<&'a CoreJsonWebKey, BadToken> {
    let named = keys.keys().iter().filter(|key| key_id.is_none() || key.key_id().map(|id| id.as_str()) == key_id);
    let mut refusal = BadToken::UnknownKey;
    for key in named {
        match key.verify_signature(algorithm, signed, signature) {
            Ok(()) => return Ok(key),
            // A key of another kind, or not one for signing.
            Err(SignatureVerificationError::InvalidKey(_)) => {}
            Err(_) => refusal = BadToken::Signature,
        }
    }
    Err(refusal)
}

/// Checks the claims; returns the subject.
fn check(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<String, BadToken> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("iss") != Some(expected.issuer) {
        return Err(BadToken::Issuer);
    }
    let (ours, several) = match claims.get("aud") {
        Some(Value::String(one)) => (one == expected.client_id, false),
        Some(Value::Array(all)) => (all.iter().any(|one| one == expected.client_id), all.len() > 1),
        _ => (false, false),
    };
    if !ours {
        return Err(BadToken::Audience);
    }
    match claims.get("azp") {
        None if !several => {}
        Some(party) if party == expected.client_id => {}
        _ => return Err(BadToken::AuthorizedParty),
    }
    let now = expected.now.timestamp();
    if claims::seconds(claims.get("exp")).ok_or(BadToken::Unreadable)? <= now - LEEWAY {
        return Err(BadToken::Expired);
    }
    let issued = claims::seconds(claims.get("iat")).ok_or(BadToken::Unreadable)?;
    if issued.max(claims::seconds(claims.get("nbf")).unwrap_or(issued)) > now + LEEWAY {
        return Err(BadToken::NotYet);
    }
    if text("nonce") != Some(expected.nonce) {
        return Err(BadToken::Nonce);
    }
    // At most 255 ASCII characters (section 2).
    let subject = text("sub").filter(|sub| !sub.is_empty() && sub.len() <= 255 && sub.is_ascii());
    subject.map(str::to_string).ok_or(BadToken::Subject)
}

/// `at_hash` binds the access token, with which the user's information is fetched (section 3.1.3.6): the left half of its
/// hash.
fn check_access_token(
    claims: &Map<String, Value>,
    key: &CoreJsonWebKey,
    algorithm: &Algorithm,
    access_token: &str,
) -> Result<(), BadToken> {
    let Some(claim) = claims.get("at_hash") else { return Ok(()) };
    let hash = key.hash_bytes(access_token.as_bytes(), algorithm).map_err(|_| BadToken::AccessTokenHash)?;
    match claim.as_str() == Some(&URL_SAFE_NO_PAD.encode(&hash[..hash.len() / 2])) {
        true => Ok(()),
        false => Err(BadToken::AccessTokenHash),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever comes instead of a token is refused, and nothing panics.
        #[test]
        fn what_is_no_token_is_refused(token in "[A-Za-z0-9_.=-]{0,80}|\\PC{0,20}[.]\\PC{0,20}[.]\\PC{0,20}", header in "\\PC{0,40}") {
            let keys = CoreJsonWebKeySet::new(Vec::new());
            let now = DateTime::UNIX_EPOCH;
            let expected = Expected { issuer: "i", client_id: "c", nonce: "n", access_token: "a", now };
            let json = format!("{{\"alg\":\"RS256\",\"kid\":{header:?}}}");
            let encoded = format!("{}.{}.{}", URL_SAFE_NO_PAD.encode(json), URL_SAFE_NO_PAD.encode("{}"), "AAAA");
            prop_assert!(verified(&token, &keys, &expected).is_err());
            prop_assert!(verified(&encoded, &keys, &expected).is_err());
        }
    }
}
