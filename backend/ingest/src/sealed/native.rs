//! A native event: its person's id is the pseudonym wherever it stands.

use serde_json::{Map, Value};

use super::marked;
use crate::enrich::SiteSecret;

/// The longest text that is kept of what is no JSON, in bytes.
const LONGEST_TEXT: usize = 4096;

pub(super) fn seal(record: &mut Map<String, Value>, secret: &SiteSecret) {
    // A person is a text; what else stands there is not kept.
    if let Some(Value::String(id)) = record.remove("person") {
        let pseudonym = marked(secret.pseudonym(&id));
        record.values_mut().for_each(|value| replace(value, &id, &pseudonym));
        record.insert("person".into(), Value::String(pseudonym));
    }
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
pub(super) fn redacted(text: &str) -> Value {
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
    use chrono::{TimeZone, Utc};

    use super::super::{Receipt, open};
    use super::*;
    use crate::decode::native;
    use crate::event::{Decoded, Person, Reason};

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
        let opened = open(&sealed).unwrap();
        let (at, Decoded::Event(opened)) = (opened.at, opened.decoded) else { panic!("{sealed}") };
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
        let Decoded::Event(opened) = open(&sealed).unwrap().decoded else { panic!("{sealed}") };
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
            assert!(matches!(open(&sealed).unwrap().decoded, Decoded::Rejected(_)), "{sealed}");
        }
    }
}
