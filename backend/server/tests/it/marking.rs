//! Visits and double clicks, told when events are read, against their definitions.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use ingest::Event;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use testkit::{TestDatabase, seed};
use uuid::Uuid;

/// A stored event, as far as marks depend on it.
struct Stored {
    id: Uuid,
    day: NaiveDate,
    at: DateTime<Utc>,
    person: i32,
    kind: i32,
    item: (i32, i32),
}

impl Stored {
    fn of_the_day_of(&self, other: &Stored) -> bool {
        (self.person, self.day) == (other.person, other.day)
    }

    fn before(&self, other: &Stored) -> bool {
        (self.at, self.id) < (other.at, other.id)
    }
}

/// (begins a visit, number of the visit, double click), each told from all others.
fn marks(all: &[Stored]) -> BTreeMap<Uuid, (bool, i32, bool)> {
    let begins = |one: &Stored| {
        let half_an_hour = TimeDelta::minutes(30);
        !all.iter().any(|o| o.of_the_day_of(one) && o.before(one) && one.at - o.at <= half_an_hour)
    };
    let visit = |one: &Stored| {
        let so_far = |o: &&Stored| o.of_the_day_of(one) && (o.before(one) || o.id == one.id) && begins(o);
        all.iter().filter(so_far).count() as i32
    };
    let double = |one: &Stored| {
        // Requests of an item; searches, impressions and sign-ins are none.
        let request = one.item.0 > 0 && [1, 2, 3, 5, 7].contains(&one.kind);
        let again = |o: &Stored| o.of_the_day_of(one) && (o.kind, o.item) == (one.kind, one.item) && one.before(o);
        request && all.iter().any(|o| again(o) && o.at - one.at <= TimeDelta::seconds(30))
    };
    all.iter().map(|one| (one.id, (begins(one), visit(one), double(one)))).collect()
}

/// Four people's evening, over midnight, with robots among them.
fn evening(rng: &mut ChaCha8Rng) -> Vec<Event> {
    let mut events = seed::events(rng.random(), "ee", 600);
    let mut clock = [DateTime::parse_from_rfc3339("2026-01-14T20:30:00+02:00").unwrap(); 4];
    for (n, event) in events.iter_mut().enumerate() {
        let step = [0, 1, 29, 30, 31, 200, 1799, 1800, 1801, 2500].choose(rng).unwrap();
        clock[n % 4] += TimeDelta::seconds(*step);
        event.at = clock[n % 4];
        event.person = format!("reader {}", n % 4).into();
        event.kind = [1, 1, 1, 1, 1, 4, 6, 7][rng.random_range(0..8)];
        event.book = rng.random_ratio(5, 6).then(|| format!("97800000000{:02}", rng.random_range(0..2)));
        event.chapter = event.book.is_some().then(|| "1".to_owned()).filter(|_| rng.random_ratio(1, 4));
        event.user_agent = rng.random_ratio(1, 8).then(|| "Googlebot/2.1 (+http://www.google.com/bot.html)".to_owned());
    }
    events
}

#[tokio::test]
async fn visits_and_double_clicks_are_what_their_definitions_say_in_whatever_order_events_come() {
    let mut rng = ChaCha8Rng::seed_from_u64(30);
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    let mut events = evening(&mut rng);
    events.shuffle(&mut rng);
    for (n, part) in events.chunks(50).enumerate() {
        seed::load(&db, "ee", &n.to_string(), part.to_vec()).await;
    }

    let client = db.warehouse.reader().await.unwrap();
    let stored = "SELECT event_id, day, at, person_no, kind, book_id, chapter_id FROM core.event WHERE NOT robot";
    let stored: Vec<Stored> = client
        .query(stored, &[])
        .await
        .unwrap()
        .iter()
        .map(|row| Stored {
            id: row.get(0),
            day: row.get(1),
            at: row.get(2),
            person: row.get(3),
            kind: row.get(4),
            item: (row.get(5), row.get(6)),
        })
        .collect();
    assert!(stored.len() < events.len(), "no robots were among them");
    let told = "SELECT event_id, begins_visit, visit_no, double_click FROM core.event_marked";
    let told: BTreeMap<Uuid, (bool, i32, bool)> = client
        .query(told, &[])
        .await
        .unwrap()
        .iter()
        .map(|row| (row.get(0), (row.get(1), row.get(2), row.get(3))))
        .collect();
    let expected = marks(&stored);
    assert!(expected.values().filter(|m| m.0).count() > 8 && expected.values().filter(|m| m.2).count() > 8);
    assert_eq!(told, expected);
}
