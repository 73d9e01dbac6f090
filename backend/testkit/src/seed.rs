//! A small platform of several tenants: two sites, schools that are small and not, a book that changes its publisher, a
//! school that changes its region, and names that exist nowhere else (canaries).

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use ingest::load::batch::{Batch, Counts, Outcome};
use ingest::load::intake::{Intake, Rules};
use ingest::{Decoded, Event};
use rand::Rng;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use reference::{NewBook, NewChapter, NewPublisher, NewRegion, NewSchool, NewSite, write};
use uuid::Builder;

use crate::database::TestDatabase;

/// The moment at which every seeded test takes place.
pub fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 4, 2, 12, 0, 0).unwrap()
}

/// First and last day with events.
pub const FROM: NaiveDate = NaiveDate::from_ymd_opt(2025, 12, 20).unwrap();
pub const TO: NaiveDate = NaiveDate::from_ymd_opt(2026, 4, 2).unwrap();
/// The secret of every site's pseudonyms in tests.
pub const SECRET: [u8; 32] = [7; 32];

/// (site, zone, currency, regions with their schools)
type SiteSeed = (&'static str, Tz, &'static str, &'static [(&'static str, &'static [&'static str])]);

const SITES: &[SiteSeed] = &[
    (
        "ee",
        Tz::Europe__Tallinn,
        "EUR",
        &[("harju", &["S1", "S2", "S3", "S4"]), ("tartu", &["S5", "S6"]), ("voru", &["S7", "S8"])],
    ),
    ("us", Tz::America__Los_Angeles, "USD", &[("north", &["N1", "N2", "N3"]), ("south", &["N4", "N5"])]),
];

/// How many persons each school has, by position; small ones are there to be hidden.
const PERSONS: [u32; 8] = [40, 25, 4, 12, 30, 7, 18, 3];

fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Brings the reference data in.
pub async fn reference(db: &TestDatabase) {
    let dialect = db.warehouse.dialect();
    let mut client = db.warehouse.client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    let publishers: Vec<NewPublisher> = ["alma", "birch", "cedar"]
        .iter()
        .map(|code| NewPublisher { code: code.to_string(), name: format!("{} CANARY-{code}", code.to_uppercase()) })
        .collect();
    write::publishers(&tx, dialect, &publishers).await.unwrap();
    write::books(&tx, dialect, &books()).await.unwrap();
    let mut moved = books().remove(3);
    (moved.publisher, moved.since) = (Some("cedar".into()), d("2026-02-10"));
    write::books(&tx, dialect, &[moved]).await.unwrap();
    for (code, zone, currency, regions) in SITES {
        let site = NewSite {
            code: code.to_string(),
            name: code.to_uppercase(),
            zone: *zone,
            currency: currency.to_string(),
            locale: "en".into(),
        };
        let site = write::site(&tx, dialect, &site).await.unwrap();
        let region = |code: &str| NewRegion { code: code.into(), name: format!("{code} county"), parent: None };
        write::regions(&tx, dialect, site, &regions.iter().map(|(r, _)| region(r)).collect::<Vec<_>>()).await.unwrap();
        let school = |id: &str, region: &str| NewSchool {
            external_id: id.into(),
            name: format!("School {id} CANARY-{code}-{id}"),
            region: Some(region.into()),
            licences: Some(50),
            since: d("2020-01-01"),
        };
        let schools: Vec<_> = regions.iter().flat_map(|(r, ids)| ids.iter().map(|id| school(id, r))).collect();
        write::schools(&tx, dialect, site, &schools).await.unwrap();
        if *code == "ee" {
            let moved = NewSchool { since: d("2026-01-20"), ..school("S4", "tartu") };
            write::schools(&tx, dialect, site, &[moved]).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
}

fn books() -> Vec<NewBook> {
    let publishers = ["alma", "birch", "cedar"];
    let subjects = [Some("mathematics"), Some("biology"), None];
    (0..12)
        .map(|i| NewBook {
            external_id: format!("97800000000{i:02}"),
            title: format!("Book {i}"),
            publisher: (i != 11).then(|| publishers[i % 3].to_string()),
            subject: subjects[i % subjects.len()].map(str::to_string),
            grades: [vec!["7"], vec!["7", "8"], vec![], vec!["9"]][i % 4].iter().map(|g| g.to_string()).collect(),
            language: Some("et".into()),
            weight_milli: [1000, 1500, 800][i % 3],
            since: d("2020-01-01"),
            chapters: (1..=3).map(|c| NewChapter { code: c.to_string(), title: format!("Chapter {c}") }).collect(),
        })
        .collect()
}

/// Deterministic events of a site; about `n` of them.
pub fn events(seed: u64, site: &str, n: usize) -> Vec<Event> {
    let (_, zone, _, regions) = SITES.iter().find(|(code, ..)| *code == site).unwrap();
    let schools: Vec<&str> = regions.iter().flat_map(|(_, ids)| ids.iter().copied()).collect();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let days = (TO - FROM).num_days() as u64;
    (0..n)
        .map(|_| {
            let school = rng.random_range(0..schools.len());
            let person = rng.random_range(0..PERSONS[school]);
            let day = FROM + Days::new(rng.random_range(0..days));
            event(&mut rng, *zone, schools[school], person, day)
        })
        .collect()
}

fn event(rng: &mut ChaCha8Rng, zone: Tz, school: &str, person: u32, day: NaiveDate) -> Event {
    // Around midnight as often as not: that is where days are counted wrongly.
    let hour = [0, 1, 2, 9, 13, 22, 23][rng.random_range(0..7)];
    let time = NaiveTime::from_hms_opt(hour, rng.random_range(0..60), rng.random_range(0..60)).unwrap();
    let local = zone.from_local_datetime(&day.and_time(time)).latest();
    // The hour that a clock change leaves out: the next hour is there again.
    let local = local.unwrap_or_else(|| zone.from_local_datetime(&day.and_hms_opt(9, 0, 0).unwrap()).unwrap());
    let at: DateTime<FixedOffset> = local.fixed_offset();
    let kind = [1, 1, 1, 1, 2, 3, 4, 5, 8][rng.random_range(0..9)];
    let book = (!matches!(kind, 4 | 8)).then(|| rng.random_range(0..12));
    Event {
        id: Builder::from_random_bytes(rng.random()).into_uuid(),
        at,
        kind,
        person: format!("{school}-{person}").into(),
        role: if person.is_multiple_of(5) { 2 } else { 1 },
        school: rng.random_ratio(19, 20).then(|| school.to_string()),
        book: book.map(|b| format!("97800000000{b:02}")),
        chapter: book.and(rng.random_ratio(2, 3).then(|| rng.random_range(1..=3).to_string())),
        session: None,
        duration_ms: rng.random_range(0..120_000),
        device: rng.random_range(0..=4),
        query: None,
        placement: None,
        campaign: None,
        variant: None,
        referrer: None,
        user_agent: None,
        x: None,
        y: None,
        props: Default::default(),
        creates: None,
    }
}

/// Loads events as one batch of a log of their own.
pub async fn load(db: &TestDatabase, site: &str, source: &str, events: Vec<Event>) -> Counts {
    let mut intake = Intake::open(&db.warehouse, site, &SECRET, Rules::default()).await.unwrap();
    let records = events.into_iter().map(|e| Decoded::Event(Box::new(e)));
    match intake.load(Batch::dense(source, site, 0, now(), records), now()).await.unwrap() {
        Outcome::Committed(counts) => counts,
        moved => panic!("{moved:?}"),
    }
}

/// The whole platform with its events and rollups; a copy of one is [`TestDatabase::platform`].
pub async fn fill(db: &TestDatabase) {
    reference(db).await;
    load(db, "ee", "seed", events(1, "ee", 3000)).await;
    load(db, "us", "seed", events(2, "us", 1500)).await;
    ingest::rollup::refresh::refresh_all(&db.warehouse, &db.model, now()).await.unwrap();
}
