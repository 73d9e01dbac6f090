//! The events: each is made of the run's seed and its number alone, so that any of them can be made again.

use chrono::{DateTime, FixedOffset, NaiveDate, SecondsFormat, TimeDelta, Utc};
use chrono_tz::Tz;
use hmac::{Hmac, Mac};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Map, Value, json};
use sha2::Sha256;
use uuid::Uuid;

use crate::digest::{Digest, Facts};
use crate::platform::{BOOKS, CHAPTERS, SCHOOLS, SITES, book, chapter, school};

/// Events are spread over so many days. With a day to spare until 30, from which on they wait in the quarantine.
const SPREAD: TimeDelta = TimeDelta::days(29);
/// Persons of a site.
const PERSONS: usize = 2_000;
/// One of so many is not as it should be.
const BAD: u32 = 100;
/// One of so many ids of the second site is an id of the first, too.
const SHARED: u64 = 3;

const KINDS: [(&str, i32); 8] = [
    ("page_view", 1),
    ("exercise", 2),
    ("test", 3),
    ("search", 4),
    ("media", 5),
    ("impression", 6),
    ("click", 7),
    ("sign_in", 8),
];
const ROLES: [(&str, i32); 3] = [("student", 1), ("teacher", 2), ("other", 3)];
const DEVICES: [(&str, i32); 4] = [("desktop", 1), ("tablet", 2), ("phone", 3), ("other", 4)];
/// Minutes.
const OFFSETS: [i32; 4] = [0, 120, -480, 345];

/// What has to become of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Stored on this day, and says this.
    Stored(NaiveDate, Digest),
    /// In the quarantine; the sender is told at once, or nobody is before it is loaded.
    Quarantined { told: bool },
}

/// One event as it is sent.
#[derive(Debug, Clone)]
pub struct Made {
    pub id: Uuid,
    pub text: String,
    pub fate: Fate,
}

/// Makes events.
pub struct Maker {
    seed: u64,
    /// Nothing happened later.
    until: DateTime<Utc>,
    /// By site: the pseudonyms of its persons.
    pseudonyms: Vec<Vec<[u8; 16]>>,
}

impl Maker {
    /// `secrets` are the sites', in the order of [`SITES`].
    pub fn new(seed: u64, until: DateTime<Utc>, secrets: &[[u8; 32]]) -> Self {
        let of = |secret: &[u8; 32]| (0..PERSONS).map(|no| pseudonym(secret, &person(no))).collect();
        // As exact as it is sent.
        let until = DateTime::from_timestamp_millis(until.timestamp_millis()).expect("it is a time");
        Self { seed, until, pseudonyms: secrets.iter().map(of).collect() }
    }

    /// Event `number` of a site. `lines`: it is sent on a line of its own, and may be broken as JSON.
    pub fn make(&self, site: usize, number: u64, lines: bool) -> Made {
        let mut chance = self.chance(site, number);
        // Some ids are used by both sites, for other events.
        let owner = if number.is_multiple_of(SHARED) { 0 } else { site as u64 };
        let id = Uuid::from_u64_pair(mixed(self.seed, number << 1 | owner), mixed(number, self.seed));
        let id = uuid::Builder::from_bytes(*id.as_bytes()).with_version(uuid::Version::Random).into_uuid();
        let bad = chance.random_ratio(1, BAD).then(|| chance.random_range(0..if lines { 7 } else { 6 }));
        self.write(site, id, bad, &mut chance)
    }

    /// An event of now that is like no other: a view of the first book in a school that nobody else sends from.
    pub fn probe(&self, site: usize, number: u64, school: &str, now: DateTime<Utc>) -> Made {
        let id = Uuid::from_u64_pair(mixed(self.seed, !number), number);
        let id = uuid::Builder::from_bytes(*id.as_bytes()).with_version(uuid::Version::Random).into_uuid();
        let now = DateTime::from_timestamp_millis(now.timestamp_millis()).expect("now is a time");
        let text = json!({"id": id, "at": now.to_rfc3339_opts(SecondsFormat::Millis, true), "kind": "page_view",
            "person": person(0), "role": "student", "school": school, "book": book(0)});
        let facts = Facts {
            at: now,
            pseudonym: &self.pseudonyms[site][0],
            kind: 1,
            role: 1,
            school,
            book: &book(0),
            ..Facts::default()
        };
        Made { id, text: text.to_string(), fate: Fate::Stored(local(now, SITES[site].zone), facts.digest()) }
    }

    fn chance(&self, site: usize, number: u64) -> ChaCha8Rng {
        ChaCha8Rng::seed_from_u64(mixed(self.seed, number * 2 + site as u64))
    }

    fn write(&self, site: usize, id: Uuid, bad: Option<u32>, chance: &mut ChaCha8Rng) -> Made {
        let ago = match bad {
            // Later than a month, and not yet.
            Some(0) => TimeDelta::milliseconds(chance.random_range(31..60) * 86_400_000),
            Some(1) => TimeDelta::days(-3),
            _ => TimeDelta::milliseconds(chance.random_range(0..SPREAD.num_milliseconds())),
        };
        let at = self.until - ago;
        let minutes = OFFSETS[chance.random_range(0..OFFSETS.len())];
        let (kind, kind_code) = KINDS[chance.random_range(0..KINDS.len())];
        let (role, role_code) = ROLES[chance.random_range(0..ROLES.len())];
        let (person_no, session_no) = (chance.random_range(0..PERSONS), chance.random_range(0..500));
        let (school, book_no) = (school(chance.random_range(0..SCHOOLS)), chance.random_range(0..BOOKS));
        let (book, chapter) = (book(book_no), chapter(chance.random_range(0..CHAPTERS)));
        let zone = FixedOffset::east_opt(minutes * 60).expect("less than a day");
        let mut event = Map::new();
        let mut put = |name: &str, value: Value| drop(event.insert(name.into(), value));
        put("id", json!(if chance.random_ratio(1, 4) { id.to_string().to_uppercase() } else { id.to_string() }));
        put("at", json!(at.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::Millis, false)));
        put("kind", json!(kind));
        put("role", json!(role));
        put("person", json!(person(person_no)));
        put("book", json!(book));
        let session = format!("session {session_no}");
        put("session", json!(session));
        let pseudonym = &self.pseudonyms[site][person_no];
        let mut facts = Facts {
            at,
            offset_min: minutes as i16,
            pseudonym,
            kind: kind_code,
            role: role_code,
            book: &book,
            session: Some(&session),
            ..Facts::default()
        };
        if chance.random_ratio(9, 10) {
            put("school", json!(school));
            facts.school = &school;
        }
        if chance.random_ratio(1, 2) {
            put("chapter", json!(chapter));
            facts.chapter = &chapter;
        }
        if chance.random_ratio(1, 2) {
            facts.duration_ms = chance.random_range(0..86_400_000);
            put("duration_ms", json!(facts.duration_ms));
        }
        if chance.random_ratio(1, 2) {
            let (device, code) = DEVICES[chance.random_range(0..DEVICES.len())];
            put("device", json!(device));
            facts.device = code;
        }
        let query = format!("õpik \"{}\" \\ 🎉", chance.random_range(0..1000));
        if kind == "search" {
            put("query", json!(query));
            facts.query = Some(&query);
        }
        if matches!(kind, "impression" | "click") {
            put("placement", json!("  Home  Banner"));
            put("campaign", json!("Autumn"));
            put("variant", json!("b"));
            (facts.placement, facts.campaign, facts.variant) = (Some("home banner"), Some("autumn"), Some("b"));
            let (x, y) = (chance.random_range(0..800) as f32 / 8.0, chance.random_range(0..800) as f32 / 8.0);
            put("x", json!(x));
            put("y", json!(y));
            (facts.x, facts.y) = (Some(x), Some(y));
        }
        if chance.random_ratio(1, 8) {
            put("referrer", json!("https://www.search.example/find?q=secret"));
            facts.referrer = Some("search.example");
        }
        let stored = chance.random_ratio(1, 4).then(|| {
            let score = chance.random_range(0..100);
            // The person's id, repeated, is the pseudonym there too; a field that is not known is kept.
            put("props", json!({"score": score, "of": [person(person_no), "ä", null, true]}));
            put("app", json!({"version": "4.2"}));
            json!({"score": score, "of": [format!("pseudonym:{}", hex::encode(pseudonym)), "ä", null, true],
                "app": {"version": "4.2"}})
        });
        facts.props = stored.as_ref();
        match bad {
            Some(2) => put("kind", json!("jump")),
            Some(3) => put("school", json!("nowhere")),
            Some(4) => drop(event.remove("person")),
            Some(5) => put("duration_ms", json!(-1)),
            _ => {}
        }
        let fate = match bad {
            None => Fate::Stored(local(at, SITES[site].zone), facts.digest()),
            Some(0 | 3) => Fate::Quarantined { told: false },
            Some(_) => Fate::Quarantined { told: true },
        };
        // The id stands outside of quotes, so that it is told from what the quarantine keeps of a text that is no JSON.
        let broken = || format!(r#"{{"id": {id}, "at": "2026-"#);
        let text = if bad == Some(6) { broken() } else { Value::Object(event).to_string() };
        Made { id, text, fate }
    }
}

/// The calendar day in the site's zone.
fn local(at: DateTime<Utc>, zone: Tz) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

fn person(no: usize) -> String {
    format!("pupil-{no}@school.example")
}

/// As the product has to make it: the first 16 bytes of HMAC-SHA256.
fn pseudonym(secret: &[u8; 32], person: &str) -> [u8; 16] {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(person.as_bytes());
    mac.finalize().into_bytes()[..16].try_into().expect("SHA-256 has 32 bytes")
}

/// A number that looks like chance (splitmix64).
pub fn mixed(seed: u64, number: u64) -> u64 {
    let mut z = seed.wrapping_add(number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn an_event_is_made_again_as_it_was_and_ids_overlap_between_the_sites_alone() {
        let until = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let maker = Maker::new(7, until, &[[1; 32], [2; 32]]);
        let mut ids = [HashSet::new(), HashSet::new()];
        let mut bad = 0;
        for number in 0..6_000 {
            for (site, ids) in ids.iter_mut().enumerate() {
                let made = maker.make(site, number, true);
                assert_eq!(made.text, maker.make(site, number, true).text);
                bad += u32::from(matches!(made.fate, Fate::Quarantined { .. }));
                assert!(ids.insert(made.id), "{} twice in a site", made.id);
            }
        }
        assert!((60..180).contains(&bad), "{bad}");
        assert_eq!(ids[0].intersection(&ids[1]).count(), 2_000);
    }
}
