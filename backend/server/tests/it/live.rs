//! What is happening now: whoever watches sees their own, as soon as it is loaded, and nothing of others.

use std::time::Duration;

use chrono::TimeDelta;
use futures::StreamExt;
use ingest::Event;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use testkit::{TestApp, TestDatabase, seed};

use crate::graphql_walks::canaries;
use crate::socket_client::Client;

/// Whatever GraphQL tells of a moment.
const LIVE: &str = "subscription { live { sites { code name } books { code name } schools { code name } fewest } }";

/// Events of the last minutes: so many readers of a school and book, an event each.
async fn read(app: &TestApp, site: &str, (school, book): (&str, &str), readers: u32, ago: TimeDelta) {
    let template = seed::events(1, site, 1).pop().unwrap();
    let events = (0..readers).map(|n| Event {
        id: uuid::Uuid::now_v7(),
        at: (app.clock.now() - ago).fixed_offset(),
        kind: 1,
        person: format!("{school}-{n}").into(),
        school: Some(school.into()),
        book: Some(book.into()),
        chapter: None,
        ..template.clone()
    });
    seed::load(&app.db, site, &uuid::Uuid::now_v7().to_string(), events.collect()).await;
}

/// A platform on which nothing happened before.
async fn quiet() -> TestApp {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    TestApp::with(db).await
}

struct Watched {
    response: Response,
    read: String,
}

impl Watched {
    async fn begin(app: &TestApp, user: &str) -> Self {
        let response = app.get(user, "/api/v1/live").await;
        assert_eq!(response.status(), 200, "{user}");
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, read: String::new() }
    }

    /// The next event and its data.
    async fn next(&mut self) -> (String, Value) {
        loop {
            if let Some((event, rest)) = self.read.split_once("\n\n") {
                let (event, rest) = (event.to_string(), rest.to_string());
                self.read = rest;
                let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
                if let (Some(name), Some(data)) = (field("event:"), field("data:")) {
                    return (name.to_string(), serde_json::from_str(data).unwrap());
                }
                continue;
            }
            let chunk = tokio::time::timeout(Duration::from_secs(10), self.response.chunk()).await.expect("in time");
            self.read += std::str::from_utf8(&chunk.unwrap().expect("more")).unwrap();
        }
    }
}

#[tokio::test]
async fn each_role_sees_its_own_moment_and_no_others() {
    let app = quiet().await;
    // Books 0 and 1 are of different publishers; S1 and N1 are the two schools that sign in.
    read(&app, "ee", ("S1", "9780000000000"), 12, TimeDelta::minutes(1)).await;
    read(&app, "ee", ("S1", "9780000000000"), 5, TimeDelta::minutes(12)).await;
    read(&app, "ee", ("S2", "9780000000002"), 3, TimeDelta::minutes(1)).await;
    read(&app, "us", ("N1", "9780000000001"), 4, TimeDelta::minutes(1)).await;
    app.engine.watch(app.clock.now()).await.unwrap();
    let first = async |user: &str| Watched::begin(&app, user).await.next().await.1;

    let owner = first("owner").await;
    assert_eq!((&owner["all"]["readers_5"], &owner["all"]["readers_30"]), (&json!(19), &json!(19)));
    assert_eq!(owner["schools"].as_array().unwrap().len(), 3);
    assert_eq!(owner["all"]["events"].as_array().unwrap().iter().filter_map(Value::as_i64).sum::<i64>(), 19);

    let school = first("school").await;
    assert_eq!(school["all"]["readers_5"], 12);
    assert_eq!(school["schools"][0]["code"], "ee:S1");
    assert_eq!((school["schools"].as_array().unwrap().len(), school["sites"].as_array().unwrap().len()), (1, 1));
    let other = first("other_school").await;
    assert_eq!((&other["all"]["readers_5"], &other["schools"][0]["code"]), (&json!(4), &json!("us:N1")));

    // A publisher sees titles that enough people read, and no school.
    let directory = app.engine.snapshot().directory.clone();
    let of = |code: &str| {
        let publisher = directory.book(code).unwrap().publishers.last().unwrap().1;
        directory.publishers[&publisher].code.clone()
    };
    let (mine, few) = (first("publisher").await, first("other_publisher").await);
    assert_eq!(of("9780000000000"), "alma", "the seed's first book");
    assert_eq!((&mine["all"]["readers_5"], &mine["fewest"]), (&json!(12), &json!(10)));
    assert_eq!(mine["books"][0]["code"], "9780000000000");
    assert_eq!(mine["schools"], json!([]));
    assert_eq!(
        (&few["all"]["readers_5"], &few["all"]["events"], &few["books"]),
        (&Value::Null, &json!([]), &json!([]))
    );

    for (user, told) in [("school", school), ("other_school", other), ("publisher", mine), ("other_publisher", few)] {
        let text = told.to_string();
        for (code, name) in directory.schools.values().map(|s| (&s.code, &s.name)) {
            let own = matches!((user, code.as_str()), ("school", "ee:S1") | ("other_school", "us:N1"));
            assert!(own || !text.contains(name.as_str()), "{user} is told of {name}");
        }
    }
    assert_eq!(app.get("official", "/api/v1/live").await.status(), 403);
}

#[tokio::test]
async fn what_is_loaded_is_seen_at_once_and_goes_when_it_is_old() {
    let app = quiet().await;
    let mut watched = Watched::begin(&app, "school").await;
    assert_eq!(watched.next().await.1["all"]["readers_5"], 0);
    read(&app, "ee", ("S1", "9780000000000"), 2, TimeDelta::zero()).await;
    app.engine.watch(app.clock.now()).await.unwrap();
    assert_eq!(watched.next().await.1["all"]["readers_5"], 2);
    // Loaded again it is no more.
    app.engine.watch(app.clock.now()).await.unwrap();
    app.clock.advance(TimeDelta::minutes(6));
    let (_, later) = watched.next().await;
    assert_eq!((&later["all"]["readers_5"], &later["all"]["readers_30"]), (&json!(0), &json!(2)));
    app.clock.advance(TimeDelta::minutes(30));
    app.engine.watch(app.clock.now()).await.unwrap();
    assert_eq!(watched.next().await.1["all"]["readers_30"], 0);
}

#[tokio::test]
async fn a_load_that_commits_after_a_later_one_is_seen_too() {
    let app = quiet().await;
    let mut slow = app.db.warehouse.client().await.unwrap();
    let tx = slow.transaction().await.unwrap();
    let note = "INSERT INTO mart.live (load_id, site_id, committed_at, at, person_no, school_id, book_id)
        VALUES ($1, 1, $2, ARRAY[$2::timestamptz], ARRAY[$3::int], ARRAY[0], ARRAY[0])";
    let now = app.clock.now();
    tx.execute(note, &[&1_000_001_i64, &now, &1]).await.unwrap();
    let quick = app.db.warehouse.client().await.unwrap();
    quick.execute(note, &[&1_000_002_i64, &now, &2]).await.unwrap();
    app.engine.watch(now).await.unwrap();
    tx.commit().await.unwrap();
    for _ in 0..3 {
        app.engine.watch(now).await.unwrap();
    }
    let seen = Watched::begin(&app, "owner").await.next().await.1;
    assert_eq!(seen["all"]["readers_30"], 2, "both, each once");
    assert_eq!(seen["all"]["events"].as_array().unwrap().last(), Some(&json!(2)));
}

#[tokio::test]
async fn who_may_no_longer_see_it_is_told_and_cut_within_seconds() {
    let app = quiet().await;
    let mut watched = Watched::begin(&app, "school").await;
    watched.next().await;
    let key = &app.users["school"].key;
    let (account, prefix) = (&app.users["school"].email, key.split('_').nth(1).unwrap());
    let client = app.db.warehouse.client().await.unwrap();
    drop(client);
    let cookie = app.sign_in("school").await;
    let keys: Value = app.as_browser(&cookie, Method::GET, "/api/v1/keys").send().await.unwrap().json().await.unwrap();
    let mine = keys["items"].as_array().unwrap().iter().find(|k| k["prefix"] == prefix).expect(account);
    let revoked = app.as_browser(&cookie, Method::DELETE, &format!("/api/v1/keys/{}", mine["id"].as_str().unwrap()));
    assert!(revoked.send().await.unwrap().status().is_success());
    let started = std::time::Instant::now();
    let (name, problem) = loop {
        // Something has to move for the stream to say anything at all.
        app.clock.advance(TimeDelta::seconds(1));
        let (name, data) = watched.next().await;
        if name == "end" {
            break (name, data);
        }
    };
    assert_eq!((name.as_str(), &problem["code"]), ("end", &json!("sign_in")));
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
    let rest: Vec<_> = watched.response.bytes_stream().collect().await;
    assert!(rest.iter().all(|chunk| chunk.as_ref().is_ok_and(|c| c.is_empty())), "nothing after the end");
}

#[tokio::test]
async fn no_moment_holds_another_tenants_canary() {
    let app = quiet().await;
    let directory = app.engine.snapshot().directory.clone();
    let of = |code: &str| directory.publisher(code).unwrap().id;
    // Who watches; the canaries and the publisher's books that may show, and have to.
    let watchers = [
        ("school", &["ee-S1"][..], None),
        ("other_school", &["us-N1"], None),
        ("publisher", &[], Some(of("alma"))),
        ("other_publisher", &[], Some(of("cedar"))),
    ];
    let mut watching = Vec::new();
    for watcher in watchers {
        let (mut stream, mut socket) = (Watched::begin(&app, watcher.0).await, Client::connect(&app, watcher.0).await);
        socket.subscribe("live", LIVE, &json!({})).await;
        stream.next().await;
        socket.next("live").await;
        watching.push((watcher, stream, socket));
    }
    let publisher_of = |publishers: &[(_, i32)]| publishers.last().map(|(_, publisher)| *publisher);
    let books: Vec<_> = directory.books.values().map(|book| (&book.code, publisher_of(&book.publishers))).collect();
    for round in 1..=3 {
        // All in one moment; a reader more each round, of each book at each school.
        for (n, (code, _)) in books.iter().enumerate() {
            let (site, school) = [("ee", "S1"), ("ee", "S2"), ("us", "N1")][n % 3];
            read(&app, site, (school, code), 12 + round, TimeDelta::zero()).await;
        }
        app.engine.watch(app.clock.now()).await.unwrap();
        for ((user, own, publisher), stream, socket) in &mut watching {
            for told in [stream.next().await.1, socket.next("live").await] {
                let text = told.to_string();
                assert!(canaries(&text).iter().all(|canary| own.contains(canary)), "{user}: {text}");
                assert!(own.iter().all(|canary| text.contains(canary)), "{user} sees its own: {text}");
                let Some(publisher) = *publisher else { continue };
                let mut shown = books.iter().filter(|(code, _)| text.contains(code.as_str())).peekable();
                assert!(shown.peek().is_some(), "{user} sees its own: {text}");
                assert!(shown.all(|(_, of)| *of == Some(publisher)), "{user}: {text}");
            }
        }
    }
}

#[tokio::test]
async fn a_lost_role_closes_every_stream_within_five_seconds() {
    let app = quiet().await;
    let mut stream = Watched::begin(&app, "school").await;
    let mut socket = Client::connect(&app, "school").await;
    socket.subscribe("live", LIVE, &json!({})).await;
    stream.next().await;
    socket.next("live").await;
    let owner = app.sign_in("owner").await;
    let account = app.store.accounts().find_account("school@example.org").await.unwrap().unwrap();
    let path = format!("/api/v1/organisations/school-s1/people/{account}");
    let ended = app.as_browser(&owner, Method::DELETE, &path).send().await.unwrap();
    assert_eq!(ended.status(), 204);

    let since = std::time::Instant::now();
    let (name, problem) = stream.next().await;
    assert_eq!((name.as_str(), &problem["code"]), ("end", &json!("sign_in")));
    // Whichever looks first: the subscription or the connection.
    loop {
        match socket.hear().await {
            Ok(message) if message["type"] == "complete" => {}
            Ok(message) => assert_eq!(message["payload"]["errors"][0]["extensions"]["code"], "sign_in", "{message}"),
            Err((code, _)) => break assert_eq!(code, 4403),
        }
    }
    assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
}
