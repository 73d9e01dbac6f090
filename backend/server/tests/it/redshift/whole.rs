//! The program itself, as somebody installs it: with its settings, against the stand-in and a bucket.

use std::process::Command;

use serde_json::json;
use tempfile::TempDir;

use super::bucket::{ADDRESS, Bucket};
use super::{ROLE, StandIn};
use crate::asking::{ask, engine, question};

/// The program with these settings; whether it did what it was told to, and what it said.
fn octavo(own: &StandIn, bucket: &Bucket, settings: &[(&str, &str)], args: &[&str]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_octavo"));
    command.args(args).envs(bucket.settings()).env("OCTAVO_STORE", ADDRESS);
    command.env("OCTAVO_APP_URL", &own.app_url).env("OCTAVO_WAREHOUSE_URL", &own.wire.url);
    command.env("OCTAVO_REDSHIFT_ROLE", ROLE).envs(settings.iter().copied());
    let out = command.output().unwrap();
    (out.status.success(), String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned())
}

fn event(n: usize) -> String {
    let id = uuid::Uuid::from_u128((7 << 76) | (2 << 62) | n as u128);
    let school = if n.is_multiple_of(10) { "S9" } else { "S1" };
    let at = format!("2026-03-{:02}T10:00:00+02:00", 1 + n % 20);
    let person = format!("p{}", n % 7);
    json!({ "id": id, "at": at, "kind": "page_view", "person": person, "role": "student", "school": school, "book": "B1" })
        .to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_installation_is_made_filled_and_checked_by_the_program_alone() {
    let bucket = Bucket::serve().await;
    let own = StandIn::empty(&bucket.objects()).await;
    let dir = TempDir::new().unwrap();
    let run = |args: &[&str]| {
        let (done, told) = octavo(&own, &bucket, &[], args);
        assert!(done, "{args:?}: {told}");
        told
    };
    for (setting, value, why) in [
        ("OCTAVO_STORE", "", "set OCTAVO_STORE to s3://BUCKET/PREFIX"),
        ("OCTAVO_STORE", dir.path().to_str().unwrap(), "set OCTAVO_STORE to s3://BUCKET/PREFIX"),
        ("OCTAVO_REDSHIFT_ROLE", "", "set OCTAVO_REDSHIFT_ROLE"),
        ("OCTAVO_REDSHIFT_ROLE", "octavo", "'octavo' is no role; give arn:aws:iam::"),
    ] {
        let (done, told) = octavo(&own, &bucket, &[(setting, value)], &["migrate"]);
        assert!(!done && told.contains(why), "{told}");
    }
    for _ in 0..2 {
        assert!(run(&["migrate"]).contains("up to date"));
    }
    let zone = ["--name", "Eesti", "--zone", "Europe/Tallinn", "--currency", "EUR"];
    run(&[&["site", "add", "ee"][..], &zone].concat());
    let (done, told) = octavo(
        &own,
        &bucket,
        &[],
        &["site", "add", "ee", "--name", "Eesti", "--zone", "Europe/Riga", "--currency", "EUR"],
    );
    assert!(!done && told.contains("a zone cannot change"), "{told}");
    let file = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let import = |of: &str, text: &str| {
        octavo(&own, &bucket, &[], &["import", "csv", &file(of, text), "--of", of, "--site", "ee"])
    };
    for (of, text) in [
        ("regions", "code,name,parent\nharju,Harju,\ntallinn,Tallinn,harju\n"),
        ("schools", "id,name,region\nS1,School one,tallinn\n"),
        ("publishers", "code,name\nalma,Alma\n"),
        ("books", "id,title,publisher,grades\nB1,Book one,alma,7 8\n"),
        ("chapters", "book,code,title\nB1,1,First\n"),
    ] {
        let (done, told) = import(of, text);
        assert!(done && told.contains("brought in"), "{of}: {told}");
    }
    for (of, text, why) in [
        ("schools", "id,name,region\nS2,School two,nowhere\n", "a school names a region that does not exist"),
        ("schools", "id,name\nS2,Two\nS2,Two again\n", "\"S2\" stands there twice"),
        ("chapters", "book,code,title\nB7,1,First\n", "a chapter names a book that does not exist"),
    ] {
        let (done, told) = import(of, text);
        assert!(!done && told.contains(why), "{of}: {told}");
    }
    let lines: Vec<String> = (0..200).chain(20..30).map(event).collect();
    let events = file("events.ndjson", &lines.join("\n"));
    for counts in ["loaded 180 + duplicate 9 + quarantined 21", "loaded 0 + duplicate 210 + quarantined 0"] {
        let told = run(&["load", &events, "--site", "ee"]);
        assert!(told.contains(&format!("received 210 = {counts} + skipped 0")), "{told}");
    }
    assert!(run(&["check"]).contains(": 0 differ"));
    let told = run(&["quarantine", "list"]);
    assert!(told.contains("ee  unknown_school  21 records"), "{told}");
    let readers =
        question(r#"{ "metrics": ["readers"], "dimensions": ["book"], "from": "2026-03-01", "to": "2026-03-20" }"#);
    let answer = ask(&engine(&own.db).await, &readers).await;
    assert_eq!(answer.body.totals["readers"], 7, "{:?}", answer.body.rows);
    for (args, what) in [
        (
            &["replay", "ee", "--from", "2026-03-01T00:00Z"][..],
            "replays are loaded with a warehouse in PostgreSQL only",
        ),
        (&["account", "bi", "list"][..], "BI accounts read with a warehouse in PostgreSQL only"),
    ] {
        let (done, told) = octavo(&own, &bucket, &[], args);
        assert!(!done && told.contains(what), "{told}");
    }
    own.beside.batch_execute("DELETE FROM mart.site_day WHERE period = '2026-03-05'").await.unwrap();
    let (done, told) = octavo(&own, &bucket, &[], &["check"]);
    assert!(!done && told.contains("site_day of ee 2026-03-05"), "{told}");
}
