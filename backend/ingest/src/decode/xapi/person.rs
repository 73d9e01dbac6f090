//! Who an agent is.

use serde_json::Value;

/// One text for each agent: an account's `homePage` and `name` with a bar between them (no IRI has one), the e-mail
/// address with its domain in small letters, the hash, or the OpenID.
pub(crate) fn person(actor: &Value) -> Option<String> {
    let own = |key| actor.get(key).and_then(Value::as_str);
    if let Some(account) = actor.get("account") {
        let part = |key| account.get(key).and_then(Value::as_str);
        return Some(format!("{}|{}", part("homePage")?, part("name")?));
    }
    let address = own("mbox").and_then(|mbox| mbox.rsplit_once('@'));
    address
        .map(|(local, domain)| format!("{local}@{}", domain.to_lowercase()))
        .or_else(|| own("mbox_sha1sum").map(|hash| format!("sha1:{}", hash.to_ascii_lowercase())))
        .or_else(|| own("openid").map(str::to_owned))
}
