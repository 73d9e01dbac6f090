//! Who signed in, as the provider tells it.

use std::fmt;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::claims;
use crate::membership::Membership;
use crate::rule::{self, MembershipRule};

/// Longest name that is kept, in characters.
const NAME: usize = 200;

/// A person who signed in elsewhere. The identity is (issuer, subject); the e-mail address may be anybody's.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    pub issuer: String,
    pub subject: String,
    pub email: Option<Email>,
    pub name: Option<String>,
    /// A language tag, such as `et`.
    pub language: Option<String>,
    /// What the provider's mapping rules make of the claims, without repetition.
    pub memberships: Vec<Membership>,
}

/// An address, and whether the provider says that it is the person's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    pub address: String,
    pub verified: bool,
}

impl Person {
    /// Reads the claims. What is missing or unfit is left out: only the subject is needed, and that was checked.
    pub(crate) fn of(
        issuer: &str,
        subject: String,
        claims: &Map<String, Value>,
        rules: &[MembershipRule],
        now: DateTime<Utc>,
    ) -> Self {
        let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::trim).filter(|t| !t.is_empty());
        let name = text("name").map(str::to_string).or_else(|| {
            let parts: Vec<&str> = ["given_name", "family_name"].into_iter().filter_map(text).collect();
            (!parts.is_empty()).then(|| parts.join(" "))
        });
        let email = text("email").filter(|address| is_address(address)).map(|address| Email {
            address: address.to_string(),
            verified: claims::is_true(claims.get("email_verified")),
        });
        // HarID tells the language as ui_locales, the standard as locale.
        let language = ["locale", "ui_locales"].into_iter().find_map(text).filter(|tag| is_tag(tag));
        Self {
            issuer: issuer.to_string(),
            subject,
            email,
            name: name.map(|name| name.chars().filter(|c| !c.is_control()).take(NAME).collect()),
            language: language.map(str::to_string),
            memberships: rule::memberships(rules, claims, now.date_naive()),
        }
    }
}

impl fmt::Debug for Person {
    /// Without name and address: this may end up in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Person({} at {}, {:?})", self.subject, self.issuer, self.memberships)
    }
}

fn is_address(text: &str) -> bool {
    let clean = !text.chars().any(|c| c.is_control() || c.is_whitespace());
    clean
        && text.len() <= 254
        && text.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
}

fn is_tag(text: &str) -> bool {
    text.len() <= 35 && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}
