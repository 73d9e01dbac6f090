//! Replays: what the archive holds can be loaded once more at any time, and no number changes by it.

use chrono::{DateTime, TimeDelta, Utc};
use ingest::archive::{Archive, ArchiveError, Piece, Replay, Summary};
use ingest::enrich::{LATEST, Robots};
use ingest::load::intake::{Intake, Rules};
use ingest::rollup::check::check;
use ingest::rollup::refresh::refresh_all;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use testkit::{Fault, FaultyStore, TestApp, TestDatabase, seed};
use warehouse::Dialect;

use crate::archiving::{TENS, app, count, event, keep, load, send};

/// A platform that was sent events for some hours, among them such as come twice, late, again with other words, or are none.
struct World {
    app: TestApp,
    store: FaultyStore,
}

/// Everything that anybody could count.
#[derive(Debug, PartialEq)]
pub struct Numbers {
    pub events: Vec<String>,
    persons: Vec<String>,
    quarantine: Vec<String>,
    /// Sent, loaded, duplicate, quarantined, skipped.
    pub health: (i64, i64, i64, i64, i64),
}

impl Numbers {
    /// Of the site `ee`, its rollups refreshed and compared with its events.
    pub async fn read(db: &TestDatabase, now: DateTime<Utc>) -> Numbers {
        let (warehouse, model) = (&db.warehouse, &db.model);
        refresh_all(warehouse, model, now).await.unwrap();
        let site = reference::read::directory(warehouse).await.unwrap().site("ee").unwrap().clone();
        let report = check(warehouse, model, &site, |_| {}).await.unwrap();
        assert_eq!((report.differences, report.pending), (vec![], 0));
        let health = ingest::health::read(warehouse, now).await.unwrap();
        let h = health.sites.into_iter().find(|site| site.site == "ee").unwrap();
        assert_eq!(h.sent, h.loaded + h.duplicate + h.quarantined + h.skipped, "{h:?}");
        let client = warehouse.client().await.unwrap();
        let texts = async |sql: &str| {
            client.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect::<Vec<String>>()
        };
        Numbers {
            events: texts("SELECT (to_jsonb(e) - 'load_id')::text FROM core.event AS e ORDER BY event_id, day").await,
            persons: texts("SELECT p::text FROM core.person AS p ORDER BY p").await,
            quarantine: texts(
                "SELECT (q.reason, q.detail, q.record, q.received_at, q.settled_load_id IS NULL)::text AS t
                    FROM raw.quarantine AS q ORDER BY t",
            )
            .await,
            health: (h.sent, h.loaded, h.duplicate, h.quarantined, h.skipped),
        }
    }
}

impl World {
    async fn new(seed: u64) -> World {
        let (app, store) = (app().await, FaultyStore::new());
        let world = World { app, store };
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let archive = world.archive();
        for hour in 0..5_u128 {
            for _ in 0..rng.random_range(1..4) {
                let size = rng.random_range(1..25);
                let events: Vec<Value> = (0..size).map(|_| some(&mut rng, hour, &world.app)).collect();
                send(&world.app, &events).await;
                if rng.random_ratio(2, 3) {
                    load(&world.app, &archive).await.unwrap();
                    keep(&world.app, &archive, TENS).await.unwrap();
                }
            }
            world.app.clock.advance(TimeDelta::hours(1));
        }
        load(&world.app, &archive).await.unwrap();
        keep(&world.app, &archive, TENS).await.unwrap();
        // Some stay in the spool.
        let last: Vec<Value> = (0..5).map(|n| event(5000 + n, &world.app)).collect();
        send(&world.app, &last).await;
        load(&world.app, &archive).await.unwrap();
        world.refresh().await;
        world
    }

    fn archive(&self) -> Archive {
        Archive::new(self.store.objects(1), "ee")
    }

    async fn refresh(&self) {
        refresh_all(&self.app.db.warehouse, &self.app.db.model, self.app.clock.now()).await.unwrap();
    }

    async fn replay(&self, hour: i64, anew: bool, archive: &Archive, robots: Robots) -> Result<Summary, ArchiveError> {
        let rules = Rules { latest: Some(LATEST), robots: robots.into() };
        let mut intake = Intake::open(&self.app.db.warehouse, "ee", &seed::SECRET, rules).await.unwrap();
        let replay = Replay { from: seed::now() + TimeDelta::hours(hour), anew };
        replay.run(&self.app.db.warehouse, archive, &mut intake, || self.app.clock.now(), |_| {}).await
    }

    async fn numbers(&self) -> Numbers {
        Numbers::read(&self.app.db, self.app.clock.now()).await
    }
}

fn some(rng: &mut ChaCha8Rng, hour: u128, app: &TestApp) -> Value {
    // Of the last two hours: what came before may come again.
    let mut event = event(hour * 40 + rng.random_range(0..80), app);
    match rng.random_range(0..12) {
        0 => event["kind"] = json!("jump"),
        1 => event["at"] = json!((app.clock.now() - TimeDelta::days(35)).to_rfc3339()),
        // With ids of their own: once the school is known, an event that was refused comes before others of its id.
        2 => {
            event = self::event(1000 + rng.random_range(0..40), app);
            event["school"] = json!("S77");
        }
        3 => event["at"] = json!((app.clock.now() - TimeDelta::days(3)).to_rfc3339()),
        4 => event["duration_ms"] = json!(rng.random_range(0..9000)),
        5 => event = json!("no event"),
        6 => event["user_agent"] = json!("Reader/7"),
        _ => {}
    }
    event
}

fn default() -> Robots {
    Robots::default()
}

#[tokio::test]
async fn a_replay_changes_no_number() {
    for seed in 0..3 {
        let world = World::new(seed).await;
        let before = world.numbers().await;
        assert!(before.health.1 > 40 && before.health.2 > 5 && before.health.3 > 3, "{:?}", before.health);
        for hour in [0, 2] {
            let summary = world.replay(hour, false, &world.archive(), default()).await.unwrap();
            let again = summary.counts;
            assert!(again.received > 20 && again.received == again.duplicate, "{again}");
            assert_eq!(world.numbers().await, before);
        }
        // What was lost comes back.
        let lost = "DELETE FROM core.event WHERE received_at >= '2026-04-02T14:00Z' AND event_id::text LIKE '%1'";
        world.app.db.execute(lost).await;
        world.replay(1, false, &world.archive(), default()).await.unwrap();
        let after = "SELECT count(*) FROM core.event";
        let kept = world.archive().pieces().await.unwrap().last().map(|piece| piece.next).unwrap();
        assert!(kept > 40 && count(&world.app, after).await <= before.events.len() as i64);
    }
}

#[tokio::test]
async fn what_comes_anew_gives_the_same_numbers_wherever_it_is_stopped() {
    let mut stopped = 0;
    for seed in 10..12 {
        let world = World::new(seed).await;
        // Something was released meanwhile.
        world.release_school().await;
        let before = world.numbers().await;
        for (fault, hour) in Fault::ALL.into_iter().zip([0, 2, 3]) {
            for nth in (0..).step_by(3) {
                let failing = world.store.failing(nth, fault);
                let done = world.replay(hour, true, &Archive::new(failing.objects(1), "ee"), default()).await;
                if failing.has_failed() {
                    stopped += 1;
                    done.unwrap_err();
                    let other = world.replay(hour, false, &world.archive(), default()).await.unwrap_err();
                    assert!(matches!(other, ArchiveError::Unfinished { .. }), "{other}");
                    world.replay(hour, true, &world.archive(), default()).await.unwrap();
                }
                assert_eq!(world.numbers().await, before, "{fault:?} {nth}");
                if !failing.has_failed() {
                    break;
                }
            }
        }
        // It really was loaded by the replay, and what was not archived was left alone.
        let by = "SELECT count(*) FROM core.event AS e JOIN raw.load AS l USING (load_id) WHERE l.source LIKE";
        assert!(count(&world.app, &format!("{by} 'replay:%'")).await > 20);
        assert!(count(&world.app, &format!("{by} 'spool:%' AND e.received_at >= '2026-04-02T12:00Z'")).await > 0);
    }
    assert!(stopped > 20, "{stopped}");
}

#[tokio::test]
async fn what_the_steps_do_otherwise_by_now_takes_effect_anew_only() {
    let world = World::new(20).await;
    let robots = "SELECT count(*) FROM core.event WHERE robot";
    assert_eq!(count(&world.app, robots).await, 0);
    let list = || Robots::counter(r#"[{"pattern":"^Reader/7"}]"#).unwrap();
    world.replay(0, false, &world.archive(), list()).await.unwrap();
    assert_eq!(count(&world.app, robots).await, 0);
    world.replay(0, true, &world.archive(), list()).await.unwrap();
    assert!(count(&world.app, robots).await > 0);
    let before = world.numbers().await;
    world.replay(0, true, &world.archive(), list()).await.unwrap();
    assert_eq!(world.numbers().await, before);
}

#[tokio::test]
async fn nothing_is_removed_that_does_not_come_again() {
    let world = World::new(30).await;
    let before = world.numbers().await;
    let pieces = world.archive().pieces().await.unwrap();
    let removed = |piece: &Piece| piece.name.clone();
    // A piece is damaged: found before anything is removed.
    let objects = world.store.objects(1);
    let whole = objects.get(&removed(&pieces[1])).await.unwrap();
    objects.delete(&pieces[1].name).await.unwrap();
    objects.put(&pieces[1].name, whole.slice(..whole.len() - 4)).await.unwrap();
    let error = world.replay(0, true, &world.archive(), default()).await.unwrap_err();
    assert!(matches!(&error, ArchiveError::Damaged { name, .. } if *name == pieces[1].name), "{error}");
    // It is gone for good: what its loads brought stays.
    objects.delete(&pieces[1].name).await.unwrap();
    world.replay(0, true, &world.archive(), default()).await.unwrap();
    assert_eq!(world.numbers().await, before);
}

#[tokio::test]
async fn what_is_too_old_goes_from_the_archive_but_not_during_a_replay() {
    let world = World::new(40).await;
    let (archive, warehouse) = (world.archive(), &world.app.db.warehouse);
    let site = reference::read::directory(warehouse).await.unwrap().site("ee").unwrap().clone();
    let pieces = archive.pieces().await.unwrap();
    let (oldest, latest) = (pieces[0].written_at, pieces.last().unwrap().written_at);
    let forget = async |before: DateTime<Utc>| archive.forget(warehouse, &site, before).await.unwrap();
    let failing = world.store.failing(2, Fault::Before);
    world.replay(0, false, &Archive::new(failing.objects(1), "ee"), default()).await.unwrap_err();
    assert_eq!(forget(latest).await, 0, "a replay is not ended");
    world.replay(0, false, &archive, default()).await.unwrap();
    assert_eq!(forget(oldest).await, 0);
    let old = pieces.iter().filter(|piece| piece.written_at < latest).count();
    assert_eq!(forget(latest).await, old);
    assert_eq!(archive.pieces().await.unwrap().len(), pieces.len() - old);
}

impl World {
    /// Brings a school in that events waited for, and releases them.
    async fn release_school(&self) {
        let warehouse = &self.app.db.warehouse;
        let school = reference::NewSchool {
            external_id: "S77".into(),
            name: "School 77".into(),
            region: None,
            licences: None,
            since: "2020-01-01".parse().unwrap(),
        };
        let mut client = warehouse.client().await.unwrap();
        let tx = client.transaction().await.unwrap();
        let site = reference::read::directory(warehouse).await.unwrap().site("ee").unwrap().id;
        reference::write::schools(&tx, Dialect::Postgres, site, &[school]).await.unwrap();
        tx.commit().await.unwrap();
        let mut intake = Intake::open(warehouse, "ee", &seed::SECRET, Rules::default()).await.unwrap();
        let reason = Some("unknown_school");
        let released = ingest::quarantine::release(&mut intake, warehouse, reason, self.app.clock.now()).await.unwrap();
        assert!(released.loaded > 0, "{released}");
    }
}
