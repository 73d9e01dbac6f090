//! Mapping rules: what in the claims makes a person a member of what.

use std::collections::BTreeMap;

use access::{OrganisationKind, Role};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::claims;
use crate::membership::Membership;

/// Memberships of one person, at most: more is no person's claim.
const MOST: usize = 200;

/// Longest code and name that are taken from a claim, in characters.
const LONGEST: usize = 200;

/// One rule. It looks at each item of a claim: an object, or a single value, which is then the object's field `value`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MembershipRule {
    /// The claim: an array, an object or a single value. A path with dots leads into objects.
    pub claim: String,
    /// What must hold of the item: a field equals a value, or one of an array of values.
    #[serde(default)]
    pub when: BTreeMap<String, toml::Value>,
    /// The role it gives.
    pub role: Role,
    /// The site whose code goes before the item's: `ee` makes `ee:1234`.
    pub site: Option<String>,
    /// The field with the external code of the school, publisher or region.
    pub about: Option<String>,
    /// The field with the organisation's name.
    pub organisation: Option<String>,
    /// The field with the first day on which it holds; an empty one sets no bound.
    pub starts: Option<String>,
    /// The field with the last day on which it holds; an empty one sets no bound.
    pub ends: Option<String>,
}

impl MembershipRule {
    /// What is wrong with it, and what to do.
    pub(crate) fn problem(&self) -> Option<String> {
        let role = self.role;
        if self.claim.is_empty() {
            return Some("claim is empty: name the claim to look into, such as \"roles\"".to_string());
        }
        if let Some((field, _)) = self.when.iter().find(|(_, wanted)| !alternatives(wanted).iter().all(is_plain)) {
            return Some(format!("when.{field} is no text, whole number, true or false, nor an array of these"));
        }
        // Whoever the provider lets in would otherwise be what the rule says.
        if self.when.is_empty() {
            return Some(format!(
                "it makes everybody {role}: say of whom, such as when = {{ marker = \"principal\" }}"
            ));
        }
        match (role.organisation_kind() == OrganisationKind::Owner, &self.about, &self.site) {
            (true, Some(_), _) => Some(format!("about is set, but {role} is about everything: take it out")),
            (true, None, Some(_)) => Some(format!("site is set, but {role} is about everything: take it out")),
            (false, None, _) => Some(format!("{role} is about something: set about to the field with its code")),
            (false, Some(_), None) if role.organisation_kind() == OrganisationKind::School => {
                Some("a school's code has its site's before it: set site, such as \"ee\"".to_string())
            }
            _ => None,
        }
    }

    /// The membership that one item of the claim gives on a day.
    fn apply(&self, item: &Value, day: NaiveDate) -> Option<Membership> {
        let field = |name: &str| match item {
            Value::Object(fields) => fields.get(name),
            single => (name == "value").then_some(single),
        };
        let holds = self.when.iter().all(|(name, wanted)| {
            field(name).is_some_and(|found| alternatives(wanted).iter().any(|one| is_among(found, one)))
        });
        let begun = bound(self.starts.as_deref().and_then(field))?.is_none_or(|first| first <= day);
        let not_over = bound(self.ends.as_deref().and_then(field))?.is_none_or(|last| day <= last);
        if !(holds && begun && not_over) {
            return None;
        }
        let about = match &self.about {
            None => None,
            Some(name) => {
                let code = field(name).and_then(claims::text).filter(|code| is_code(code))?;
                Some(self.site.as_ref().map_or(code.clone(), |site| format!("{site}:{code}")))
            }
        };
        let organisation = self.organisation.as_deref().and_then(field).and_then(claims::text);
        let organisation = organisation.filter(|name| !name.chars().any(char::is_control));
        Some(Membership {
            role: self.role,
            about,
            organisation: organisation.map(|n| n.chars().take(LONGEST).collect()),
        })
    }
}

/// All memberships that rules make of claims on a day, the first of those that are about the same.
pub(crate) fn memberships(rules: &[MembershipRule], claims: &Map<String, Value>, day: NaiveDate) -> Vec<Membership> {
    let mut found: Vec<Membership> = Vec::new();
    for rule in rules {
        let items = match claims::find(claims, &rule.claim) {
            None | Some(Value::Null) => &[],
            Some(Value::Array(items)) => items.as_slice(),
            Some(single) => std::slice::from_ref(single),
        };
        for membership in items.iter().filter_map(|item| rule.apply(item, day)) {
            let known = found.iter().any(|m| m.role == membership.role && m.about == membership.about);
            if !known && found.len() < MOST {
                found.push(membership);
            }
        }
    }
    found
}

fn alternatives(wanted: &toml::Value) -> &[toml::Value] {
    match wanted {
        toml::Value::Array(several) => several,
        one => std::slice::from_ref(one),
    }
}

fn is_plain(wanted: &toml::Value) -> bool {
    matches!(wanted, toml::Value::String(_) | toml::Value::Integer(_) | toml::Value::Boolean(_))
}

/// Whether a value is what is wanted, or an array that has it. Text is no number: `"1"` is not `1`.
fn is_among(found: &Value, wanted: &toml::Value) -> bool {
    match (found, wanted) {
        (Value::Array(items), _) => items.iter().any(|item| !item.is_array() && is_among(item, wanted)),
        (Value::String(found), toml::Value::String(wanted)) => found == wanted,
        (Value::Number(found), toml::Value::Integer(wanted)) => found.as_i64() == Some(*wanted),
        (Value::Bool(found), toml::Value::Boolean(wanted)) => found == wanted,
        _ => false,
    }
}

/// The day a field names: none if it is empty. `None` outside means that it cannot be read, and so that nothing follows.
fn bound(field: Option<&Value>) -> Option<Option<NaiveDate>> {
    match field {
        None | Some(Value::Null) => Some(None),
        Some(Value::String(text)) if text.is_empty() => Some(None),
        Some(Value::String(text)) => text.get(..10)?.parse().ok().map(Some),
        Some(_) => None,
    }
}

/// A code is short and has nothing in it that could be read as another site's.
fn is_code(code: &str) -> bool {
    code.chars().count() <= LONGEST && code.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'))
}

#[cfg(test)]
#[path = "rule_tests.rs"]
mod tests;
