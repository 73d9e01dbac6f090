//! A received record as the spool and the quarantine keep it: as it came, but for its person, who is a pseudonym from the
//! moment it is received. It can be decoded again at any time, with the same result.

mod caliper;
mod names;
mod native;
mod xapi;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use uuid::Uuid;

use crate::decode::xapi::{Fingerprint, Statement};
use crate::decode::{self, check, json};
use crate::enrich::SiteSecret;
use crate::event::{Decoded, Person, Pseudonym, Reason, Reject};
use crate::kept::Kept;

/// Begins what stands in the place of a person's id.
const MARK: &str = "pseudonym:";

/// How a record is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    Native,
    /// An item of a Caliper envelope.
    Caliper,
    /// An xAPI statement.
    Xapi,
    /// What is not JSON, as a text.
    Text,
}

#[derive(Serialize, Deserialize)]
struct Sealed<'a> {
    at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none", default, borrow)]
    agent: Option<Cow<'a, str>>,
    form: Form,
    /// Of a statement.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    print: Option<Fingerprint>,
    /// Of a statement: who sent it.
    #[serde(skip_serializing_if = "Option::is_none", default, borrow)]
    sender: Option<Cow<'a, str>>,
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
        let id = decode::native::read(text.as_bytes(), self.at).map(|event| event.id);
        let Ok(mut record) = json::object(text) else {
            return (self.write(Form::Text, None, &native::redacted(text)), id);
        };
        native::seal(&mut record, self.secret);
        (self.write(Form::Native, None, &Value::Object(record)), id)
    }

    /// Seals an item of an envelope.
    pub fn seal_item(&self, record: &decode::caliper::Record) -> String {
        let item = serde_json::from_slice(&record.json).unwrap_or_default();
        let sealed = self.faithful(Form::Caliper, &record.decoded, |spare| caliper::seal(&item, self.secret, spare));
        self.write(Form::Caliper, None, &sealed)
    }

    /// Seals a statement of a [sender](SiteSecret::sender). The fingerprint tells whether another one of its id is the same.
    pub fn seal_statement(&self, statement: &Statement, sender: &str) -> (String, Fingerprint) {
        let print = statement.essence.fingerprint(self.secret);
        let value: Value = serde_json::from_slice(&statement.json).unwrap_or_default();
        let sealed = self.faithful(Form::Xapi, &statement.decoded, |spare| xapi::seal(&value, self.secret, spare));
        (self.write(Form::Xapi, Some((sender, print.clone())), &sealed), print)
    }

    /// Seals as strictly as the record stays what it is: where a person is called as a term of the standard is, the term stays.
    fn faithful(&self, form: Form, sent: &Decoded, seal: impl Fn(bool) -> Value) -> Value {
        let strict = seal(false);
        let same = match (sent, self::decoded(form, &strict.to_string(), self.at)) {
            (Decoded::Event(a), Decoded::Event(b)) => {
                (a.id, a.at, a.kind, a.role, a.duration_ms) == (b.id, b.at, b.kind, b.role, b.duration_ms)
            }
            (Decoded::Rejected(a), Decoded::Rejected(b)) => a.reason == b.reason,
            (Decoded::Skipped, Decoded::Skipped) => true,
            _ => false,
        };
        if same { strict } else { seal(true) }
    }

    fn write(&self, form: Form, statement: Option<(&str, Fingerprint)>, record: &Value) -> String {
        let record = Cow::Owned(to_raw_value(record).expect("a value is JSON"));
        let (sender, print) = statement.map(|(sender, print)| (Cow::Borrowed(sender), print)).unzip();
        let sealed = Sealed { at: self.at, agent: self.agent.map(Cow::Borrowed), form, print, sender, record };
        serde_json::to_string(&sealed).expect("it is JSON throughout")
    }
}

/// A sealed record, read.
#[derive(Debug)]
pub struct Opened {
    /// When it was received.
    pub at: DateTime<Utc>,
    pub decoded: Decoded,
    /// The statement to be kept, if it is one.
    pub statement: Option<Kept>,
}

/// What a sealed record says.
pub fn open(sealed: &str) -> Result<Opened, serde_json::Error> {
    let Sealed { at, agent, form, print, sender, record } = serde_json::from_str(sealed)?;
    let mut decoded = decoded(form, record.get(), at);
    if let Decoded::Event(event) = &mut decoded {
        event.user_agent = event.user_agent.take().or(agent.map(Cow::into_owned));
    }
    let statement = print.zip(sender).and_then(|(print, sender)| Kept::read(record.get(), print, &sender));
    Ok(Opened { at, decoded, statement })
}

fn decoded(form: Form, record: &str, at: DateTime<Utc>) -> Decoded {
    let object = || json::object(record);
    let decoded = match form {
        Form::Native => decode::native::decode(record.as_bytes(), at),
        Form::Caliper => {
            object().map_or_else(|_| decode::caliper::no_item(), |item| decode::caliper::decode(&item, at))
        }
        Form::Xapi => object().map_or_else(Decoded::Rejected, |statement| decode::xapi::decode(&statement, at)),
        Form::Text => Decoded::Rejected(Reject::new(
            Reason::BadJson,
            "the record is not a JSON object of texts that can be stored",
        )),
    };
    let Decoded::Event(mut event) = decoded else { return decoded };
    let own = |id: &str| match form {
        Form::Xapi => xapi::pseudonym(id),
        _ => pseudonym(id),
    };
    match event.person.id().and_then(own) {
        Some(pseudonym) => event.person = Person::Pseudonym(pseudonym),
        None => {
            let detail = "the record was kept without a pseudonym for its person; send it again";
            return Decoded::Rejected(Reject::new(Reason::BadField, detail));
        }
    }
    Decoded::Event(event)
}

fn marked(pseudonym: Pseudonym) -> String {
    format!("{MARK}{}", hex::encode(pseudonym))
}

/// What stands for a person of this id. Of an id that cannot be one it is nobody's, so that the record stays refused.
fn mark(id: &str, secret: &SiteSecret) -> String {
    if check::text("person", id).is_ok() { marked(secret.pseudonym(id)) } else { MARK.to_owned() }
}

fn pseudonym(text: &str) -> Option<Pseudonym> {
    let mut pseudonym = Pseudonym::default();
    hex::decode_to_slice(text.strip_prefix(MARK)?, &mut pseudonym).ok()?;
    Some(pseudonym)
}
