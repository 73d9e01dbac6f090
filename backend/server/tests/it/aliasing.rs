//! Ids that mean a thing known by another one: what waited for them is released, and the same lands in the same place whichever way it
//! comes.

use ingest::archive::{Archive, Replay};
use ingest::enrich::LATEST;
use ingest::load::batch::Batch;
use ingest::load::intake::{Intake, Rules, Taken};
use ingest::load::strategy::Strategy;
use ingest::{Decoded, Event};
use reference::{NewAlias, What, alias};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{FaultyStore, TestApp, TestDatabase, seed};
use warehouse::Dialect;

use crate::archiving::{TENS, app, count, event, keep, load, send};
use crate::replaying::Numbers;
use crate::staging::stream::{choose, open};
use crate::topics::worker::{octavo, said};

/// The fields of an event, and what they are to mean.
const MEANT: [(&str, &str, &str, &str); 3] = [
    ("book", "OLD-1", "9780000000001", "book"),
    ("school", "old/7", "ee:S1", "school"),
    ("chapter", "one", "9780000000001:1", "chapter"),
];

/// Forty events: ten with a book, five with a school and three with a chapter that nobody knows.
fn some(app: &TestApp, from: u128) -> Vec<Value> {
    let mut events: Vec<Value> = (from..from + 40).map(|n| event(n, app)).collect();
    events[..10].iter_mut().for_each(|event| event["book"] = json!("OLD-1"));
    events[10..15].iter_mut().for_each(|event| event["school"] = json!("old/7"));
    events[15..18].iter_mut().for_each(|event| event["chapter"] = json!("one"));
    events
}

struct Owner<'a> {
    app: &'a TestApp,
    cookie: String,
}

impl Owner<'_> {
    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let request = self.app.as_browser(&self.cookie, method, path);
        let request = if let Some(body) = body { request.json(&body) } else { request };
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap_or_default())
    }

    async fn says(&self, what: &str, given: &str, means: &str) -> (u16, Value) {
        let body = json!({ "site": "ee", "what": what, "given": given, "means": means });
        self.ask(Method::POST, "/api/v1/aliases", Some(body)).await
    }

    async fn releases(&self) -> Value {
        self.ask(Method::POST, "/api/v1/quarantine/release", Some(json!({ "site": "ee" }))).await.1
    }
}

async fn owner(app: &TestApp) -> Owner<'_> {
    Owner { app, cookie: app.sign_in("owner").await }
}

/// How many events there are of a thing, and in all.
async fn stored(app: &TestApp) -> [i64; 4] {
    [
        count(
            app,
            "SELECT count(*) FROM core.event AS e JOIN core.book USING (book_id) WHERE external_id = '9780000000001'",
        )
        .await,
        count(app, "SELECT count(*) FROM core.event AS e JOIN core.school USING (school_id) WHERE external_id = 'S1'")
            .await,
        count(app, "SELECT count(*) FROM core.event AS e JOIN core.chapter USING (chapter_id) WHERE code = '1'").await,
        count(app, "SELECT count(*) FROM core.event").await,
    ]
}

#[tokio::test]
async fn what_waits_for_an_unknown_id_is_loaded_once_it_is_said_what_it_means() {
    let app = app().await;
    send(&app, &some(&app, 0)).await;
    app.drain("ee").await;
    assert_eq!(stored(&app).await, [22, 22, 0, 22]);
    let owner = owner(&app).await;
    let (_, waits) = owner.ask(Method::GET, "/api/v1/quarantine", None).await;
    let unknown = |reason: &str| {
        let items = waits["items"].as_array().unwrap();
        items.iter().find(|item| item["reason"] == reason).unwrap()["unknown"].clone()
    };
    assert_eq!(unknown("unknown_book"), json!([{ "given": "OLD-1", "count": 10 }]));
    assert_eq!(unknown("unknown_school"), json!([{ "given": "old/7", "count": 5 }]));
    assert_eq!(unknown("unknown_chapter"), json!([{ "given": "9780000000001:one", "count": 3 }]));

    for (field, given, means, what) in MEANT {
        let given = if field == "chapter" { "9780000000001:one" } else { given };
        assert_eq!(owner.says(what, given, means).await.0, 204, "{field}");
    }
    let told = owner.releases().await;
    assert_eq!((&told["tried"], &told["loaded"], &told["quarantined"]), (&json!(18), &json!(18), &json!(0)), "{told}");
    assert_eq!(stored(&app).await, [40, 40, 3, 40]);
    let numbers = Numbers::read(&app.db, app.clock.now()).await;
    assert_eq!(numbers.health, (40, 40, 0, 0, 0), "sent, loaded, duplicate, quarantined, skipped");

    // What comes from now on needs no release; an id that means nothing again waits again.
    send(&app, &some(&app, 40)).await;
    app.drain("ee").await;
    assert_eq!(stored(&app).await, [80, 80, 6, 80]);
    let path = "/api/v1/aliases?site=ee&what=school&given=old%2F7";
    assert_eq!(owner.ask(Method::DELETE, path, None).await.0, 204);
    assert_eq!(owner.ask(Method::DELETE, path, None).await.0, 404);
    send(&app, &some(&app, 80)).await;
    app.drain("ee").await;
    assert_eq!(stored(&app).await[3], 115);
    let (_, listed) = owner.ask(Method::GET, "/api/v1/aliases", None).await;
    let of: Vec<&Value> = listed["items"].as_array().unwrap().iter().map(|item| &item["what"]).collect();
    assert_eq!(of, ["book", "chapter"]);
    assert_eq!((&listed["items"][0]["name"], &listed["items"][0]["idle"]), (&json!("Book 1"), &json!(false)));
    assert_eq!(listed["items"][0]["made_by"], "owner@example.org");
    let (_, audit) = owner.ask(Method::GET, "/api/v1/audit", None).await;
    let done = |action: &str| audit["items"].as_array().unwrap().iter().filter(|row| row["action"] == action).count();
    assert_eq!((done("alias_made"), done("alias_removed")), (3, 1));
}

#[tokio::test]
async fn an_id_of_a_thing_itself_means_no_other_and_nothing_means_what_is_not_there() {
    let app = app().await;
    let owner = owner(&app).await;
    for (what, given, means) in [
        ("book", "9780000000002", "9780000000001"),
        ("school", "S2", "ee:S1"),
        ("chapter", "9780000000001:2", "9780000000001:1"),
        ("book", "OLD", "9999999999999"),
        // Another site's school.
        ("school", "OLD", "us:N1"),
        // A chapter of another book, or of none.
        ("chapter", "9780000000001:x", "9780000000002:1"),
        ("chapter", "x", "9780000000002:1"),
        ("book", " ", "9780000000001"),
        ("book", "a\0b", "9780000000001"),
        ("kind", "jump", "page_view"),
    ] {
        let (status, told) = owner.says(what, given, means).await;
        assert_eq!((status, &told["code"]), (422, &json!("bad_alias")), "{what} {given}: {told}");
    }
    let body = json!({ "site": "none", "what": "book", "given": "OLD", "means": "9780000000001" });
    assert_eq!(owner.ask(Method::POST, "/api/v1/aliases", Some(body)).await.0, 404);
    assert_eq!(count(&app, "SELECT count(*) FROM core.alias").await, 0);

    // A book that comes later goes before what its id was said to mean.
    assert_eq!(owner.says("book", "LATER", "9780000000001").await.0, 204);
    let mut client = app.db.warehouse.client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    let later = reference::NewBook {
        external_id: "LATER".into(),
        title: "It came".into(),
        publisher: None,
        subject: None,
        grades: vec![],
        language: None,
        weight_milli: 1000,
        since: "2020-01-01".parse().unwrap(),
        chapters: vec![],
    };
    reference::write::books(&tx, Dialect::Postgres, &[later]).await.unwrap();
    tx.commit().await.unwrap();
    drop(client);
    let mut event = event(1, &app);
    event["book"] = json!("LATER");
    send(&app, &[event]).await;
    app.drain("ee").await;
    let of = "SELECT count(*) FROM core.event JOIN core.book USING (book_id) WHERE external_id = 'LATER'";
    assert_eq!(count(&app, of).await, 1);
}

#[tokio::test]
async fn a_replay_puts_what_an_id_means_where_the_release_did() {
    let app = app().await;
    let store = FaultyStore::new();
    let archive = Archive::new(store.objects(1), "ee");
    send(&app, &some(&app, 0)).await;
    load(&app, &archive).await.unwrap();
    keep(&app, &archive, TENS).await.unwrap();
    let owner = owner(&app).await;
    assert_eq!(owner.says("book", "OLD-1", "9780000000001").await.0, 204);
    assert_eq!(owner.says("school", "old/7", "S1").await.0, 204);
    let replay = async |anew: bool| {
        let rules = Rules { latest: Some(LATEST), ..Rules::default() };
        let mut intake = Intake::open(&app.db.warehouse, "ee", &seed::SECRET, rules).await.unwrap();
        let replay = Replay { from: seed::now(), anew };
        replay.run(&app.db.warehouse, &archive, &mut intake, || app.clock.now(), |_| {}).await.unwrap();
        Numbers::read(&app.db, app.clock.now()).await
    };
    // Loaded by the replay itself; then what waits is there already.
    let replayed = replay(false).await.events;
    assert_eq!(stored(&app).await, [37, 37, 0, 37]);
    assert_eq!(owner.releases().await["duplicate"], 15);
    assert_eq!(Numbers::read(&app.db, app.clock.now()).await.events, replayed);
    assert_eq!(replay(true).await.events, replayed);
}

/// Records of ten events with an id that nobody knows.
fn batch(first: i64) -> Batch {
    let named = |event: Event| Event { book: Some("OLD".into()), chapter: None, ..event };
    let events = seed::events(first as u64, "ee", 10).into_iter().map(named);
    Batch::dense("log:1", "p", first, seed::now(), events.map(|event| Decoded::Event(Box::new(event))))
}

#[tokio::test]
async fn loaders_that_run_take_over_what_an_id_means_whichever_way_they_load() {
    for strategy in Strategy::ALL {
        let db = TestDatabase::create().await;
        seed::reference(&db).await;
        choose(&db, strategy).await;
        let store = FaultyStore::new();
        let mut intake = open(&db, Some(&store.objects(1)), 1).await;
        let mut take = async |first| {
            let batch = intake.steps().prepare(batch(first));
            let Taken::Committed { counts, .. } = intake.take(batch, seed::now()).await.unwrap() else {
                panic!("waits")
            };
            (counts.loaded, counts.quarantined)
        };
        // As files nothing is full without an event.
        if strategy == Strategy::Direct {
            assert_eq!(take(0).await, (0, 10));
        }
        let site = reference::read::directory(&db.warehouse).await.unwrap().site("ee").unwrap().clone();
        let new =
            NewAlias { what: What::Book, given: "OLD".into(), means: "9780000000003".into(), made_by: "test".into() };
        let mut client = db.warehouse.client().await.unwrap();
        let tx = client.transaction().await.unwrap();
        alias::make(&tx, db.warehouse.dialect(), &site, &new, seed::now()).await.unwrap();
        tx.commit().await.unwrap();
        let first = if strategy == Strategy::Direct { 10 } else { 0 };
        assert_eq!(take(first).await, (10, 0), "{strategy}");
    }
}

#[tokio::test]
async fn the_command_line_says_and_lists_and_takes_back_what_an_id_means() {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    let run = |args: &[&str]| {
        let output = octavo(&db, "", "none", args).output().unwrap();
        (output.status.success(), said(&output))
    };
    let (done, told) = run(&["quarantine", "alias", "ee", "--school", "OLD", "--means", "S1"]);
    assert!(done && told.contains("school 'OLD' means ee:S1"), "{told}");
    let (_, told) = run(&["quarantine", "aliases"]);
    assert!(told.contains("OLD means ee:S1"), "{told}");
    let (done, told) = run(&["quarantine", "alias", "ee", "--school", "S2", "--means", "S1"]);
    assert!(!done && told.contains("is known by itself"), "{told}");
    let (done, told) = run(&["quarantine", "alias", "fi", "--school", "OLD", "--means", "S1"]);
    assert!(!done && told.contains("there is no site 'fi'"), "{told}");
    let (done, _) = run(&["quarantine", "alias", "ee", "--means", "S1"]);
    assert!(!done);
    assert!(run(&["quarantine", "unalias", "ee", "--school", "OLD"]).0);
    let (done, told) = run(&["quarantine", "unalias", "ee", "--school", "OLD"]);
    assert!(!done && told.contains("means nothing in site ee"), "{told}");
}
