//! Looking into claims.

use serde_json::{Map, Value};

/// The claim of this name; else, with dots in the name, the one at the end of that path (`realm_access.roles`).
pub(crate) fn find<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    claims.get(name).or_else(|| {
        let (first, rest) = name.split_once('.')?;
        find(claims.get(first)?.as_object()?, rest)
    })
}

/// Whether a claim is true. Some providers write `email_verified` as text.
pub(crate) fn is_true(claim: Option<&Value>) -> bool {
    claim.is_some_and(|value| value == &Value::Bool(true) || value.as_str() == Some("true"))
}

/// A moment in seconds since 1970 (RFC 7519, NumericDate, which may have a fraction).
pub(crate) fn seconds(claim: Option<&Value>) -> Option<i64> {
    let value = claim?;
    value.as_i64().or_else(|| value.as_f64().filter(|n| n.is_finite()).map(|n| n as i64))
}

/// A text or a whole number, as text.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_string()).filter(|t| !t.is_empty()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}
