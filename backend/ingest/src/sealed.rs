//! A received record as the spool and the quarantine keep it: as it came, but for its person, who is a pseudonym from the
//! moment it is received. It can be decoded again at any time, with the same result.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use uuid::Uuid;

use crate::decode::{json, native};
use crate::enrich::SiteSecret;
use crate::event::{Decoded, Person, Pseudonym, Reason, Reject};

/// Begins what stands in the place of a person's id.
const MARK: &str = "pseudonym:";

/// The longest text that is kept of what is no JSON, in bytes.
const LONGEST_TEXT: usize = 4096;

/// How a record is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    Native,
    /// What is not JSON, as a text.
    Text,
}

#[derive(Serialize, Deserialize)]
struct Sealed<'a> {
    at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none", default, borrow)]
    agent: Option<Cow<'a, str>>,
    form: Form,
    #[serde(borrow)]
    record: Cow<'a, RawValue>,
}

/// Who receives, and from what.
#[derive(Debug, Clone, Copy)]
pub struct Receipt<'a> {
    pub at: DateTime<Utc>,
    /// The user agent of the request, if it is the reader's own.
    pub agent: Option<&'a str>,
    pub secret: &'a SiteSecret,
}

impl Receipt<'_> {
    /// Seals a native event. Says its id, or what is wrong with it: that will be its reason in the quarantine.
    pub fn seal(&self, text: &str) -> (String, Result<Uuid, Reject>) {
        let id = native::read(text.as_bytes(), self.at).map(|event| event.id);
        let Ok(mut record) = json::object(text) else { return (self.write(Form::Text, &redacted(text)), id) };
        match record.remove("person") {
            Some(Value::String(id)) => {
                let pseudonym = marked(self.secret.pseudonym(&id));
                record.values_mut().for_each(|value| replace(value, &id, &pseudonym));
                record.insert("person".into(), Value::String(pseudonym));
            }
            // A person is a text; what else stands there is not kept.
            Some(_) | None => {}
        }
        (self.write(Form::Native, &Value::Object(record)), id)
    }

    fn write(&self, form: Form, record: &Value) -> String {
        let record = Cow::Owned(to_raw_value(record).expect("a value is JSON"));
        let sealed = Sealed { at: self.at, agent: self.agent.map(Cow::Borrowed), form, record };
        serde_json::to_string(&sealed).expect("it is JSON throughout")
    }
}

/// When a sealed record was received, and what it says.
pub fn open(sealed: &str) -> Result<(DateTime<Utc>, Decoded), serde_json::Error> {
    let Sealed { at, agent, form, record } = serde_json::from_str(sealed)?;
    let decoded = match form {
        Form::Native => native::decode(record.get().as_bytes(), at),
        Form::Text => Decoded::Rejected(Reject::new(
            Reason::BadJson,
            "the record is not a JSON object of texts that can be stored",
        )),
    };
    let Decoded::Event(mut event) = decoded else { return Ok((at, decoded)) };
    match event.person.id().and_then(pseudonym) {
        Some(pseudonym) => event.person = Person::Pseudonym(pseudonym),
        None => {
            let detail = "the record was kept without a pseudonym for its person; send it again";
            return Ok((at, Decoded::Rejected(Reject::new(Reason::BadField, detail))));
        }
    }
    event.user_agent = event.user_agent.or(agent.map(Cow::into_owned));
    Ok((at, Decoded::Event(event)))
}

fn marked(pseudonym: Pseudonym) -> String {
    format!("{MARK}{}", hex::encode(pseudonym))
}

fn pseudonym(text: &str) -> Option<Pseudonym> {
    let mut pseudonym = Pseudonym::default();
    hex::decode_to_slice(text.strip_prefix(MARK)?, &mut pseudonym).ok()?;
    Some(pseudonym)
}

/// Puts the pseudonym wherever the id stands, whatever the platform repeats it in.
fn replace(value: &mut Value, id: &str, pseudonym: &str) {
    match value {
        Value::String(text) if text == id => *text = pseudonym.to_owned(),
        Value::Array(list) => list.iter_mut().for_each(|value| replace(value, id, pseudonym)),
        Value::Object(map) => map.values_mut().for_each(|value| replace(value, id, pseudonym)),
        _ => {}
    }
}

/// What is no JSON cannot be searched for a person: of such a text only what stands outside of quotes is kept, which tells
/// where it broke off.
fn redacted(text: &str) -> Value {
    let mut out = String::new();
    let (mut quoted, mut escaped) = (false, false);
    for c in text.chars().filter(|c| !c.is_control()) {
        match c {
            '"' if !escaped => {
                quoted = !quoted;
                out.push(c);
            }
            _ if quoted => {}
            _ => out.push(c),
        }
        escaped = quoted && c == '\\' && !escaped;
        if out.len() >= LONGEST_TEXT {
            break;
        }
    }
    Value::String(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    const EVENT: &str = r#"{"id":"0191e8c0-0000-7000-8000-000000000001","at":"2026-11-21T10:00:00+02:00","kind":"page_view",
        "person":"mari-7","role":"student","book":"9789949000001","note":{"by":["mari-7"]}}"#;

    fn receipt(secret: &SiteSecret) -> Receipt<'_> {
        Receipt { at: Utc.with_ymd_and_hms(2026, 11, 21, 8, 0, 1).unwrap(), agent: Some("Reader/1 \"x\""), secret }
    }

    #[test]
    fn a_sealed_event_says_the_same_but_for_the_person() {
        let secret = SiteSecret::new(&[7; 32]);
        let (sealed, id) = receipt(&secret).seal(EVENT);
        assert!(id.is_ok());
        assert!(!sealed.contains("mari"), "{sealed}");
        let (at, Decoded::Event(opened)) = open(&sealed).unwrap() else { panic!("{sealed}") };
        assert_eq!(at, receipt(&secret).at);
        let Decoded::Event(mut sent) = native::decode(EVENT.as_bytes(), at) else { panic!() };
        sent.person = Person::Pseudonym(secret.pseudonym("mari-7"));
        sent.user_agent = Some("Reader/1 \"x\"".into());
        sent.props["note"]["by"][0] = Value::String(marked(secret.pseudonym("mari-7")));
        assert_eq!(opened, sent);
    }

    #[test]
    fn nobody_can_send_a_pseudonym() {
        let secret = SiteSecret::new(&[7; 32]);
        let mark = marked(secret.pseudonym("somebody"));
        let (sealed, _) = receipt(&secret).seal(&EVENT.replace("mari-7", &mark));
        let (_, Decoded::Event(opened)) = open(&sealed).unwrap() else { panic!("{sealed}") };
        assert_eq!(opened.person, Person::Pseudonym(secret.pseudonym(&mark)));
    }

    #[test]
    fn what_is_refused_is_sealed_without_its_person() {
        let secret = SiteSecret::new(&[7; 32]);
        for (bad, reason) in [
            (EVENT.replace("page_view", "jump"), Reason::UnknownKind),
            (EVENT.replace("\"mari-7\",", "[\"mari-7\"],"), Reason::BadField),
            (EVENT.replace("\"student\"", "\"\\ud800\""), Reason::BadJson),
            (EVENT.replace("}}", ""), Reason::BadJson),
            (EVENT.replace("\"book\"", "\"person\""), Reason::BadJson),
        ] {
            let (sealed, id) = receipt(&secret).seal(&bad);
            assert_eq!(id.map_err(|r| r.reason), Err(reason), "{bad}");
            assert!(!sealed.contains("mari-7") || reason == Reason::BadField, "{sealed}");
            assert!(matches!(open(&sealed).unwrap().1, Decoded::Rejected(_)), "{sealed}");
        }
    }
}
