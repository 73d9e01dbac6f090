//! `octavo site strategy`: what is chosen can be loaded, and what cannot is told why.

use std::process::Command;

use tempfile::TempDir;
use testkit::{TestDatabase, seed};

use crate::topics::worker::{octavo, said};

#[tokio::test]
async fn a_demos_site_is_staged_beside_its_spool_without_a_store() {
    let dir = TempDir::new().unwrap();
    let run = |args: &[&str]| {
        let data = ["--data", dir.path().to_str().unwrap()];
        let output = Command::new(env!("CARGO_BIN_EXE_octavo")).args(args).args(data).output().unwrap();
        (output.status.success(), said(&output))
    };
    let (done, told) = run(&["site", "add", "ee", "--name", "Eesti", "--zone", "Europe/Tallinn", "--currency", "EUR"]);
    assert!(done, "{told}");
    let (done, told) = run(&["site", "strategy", "ee", "staged"]);
    assert!(done && told.contains("site ee is loaded staged from now on"), "{told}");
    // Where its own loader would stage, files are staged by this one, too.
    let file = dir.path().join("events.ndjson");
    std::fs::write(&file, "no event\n").unwrap();
    let (done, told) = run(&["load", file.to_str().unwrap(), "--site", "ee"]);
    assert!(done && told.contains("received 1 = loaded 0 + duplicate 0 + quarantined 1"), "{told}");
    assert!(dir.path().join("spool/staged").is_dir());
}

#[tokio::test]
async fn an_unknown_site_hears_that_it_is_unknown_and_not_of_the_store() {
    let db = TestDatabase::create().await;
    seed::reference(&db).await;
    let strategy = |site: &str, strategy: &str| {
        let output = octavo(&db, "", "none", &["site", "strategy", site, strategy]).output().unwrap();
        assert!(!output.status.success());
        said(&output)
    };
    for way in ["staged", "direct"] {
        let told = strategy("nowhere", way);
        assert!(told.contains("there is no site 'nowhere'") && !told.contains("OCTAVO_STORE"), "{told}");
    }
    assert!(strategy("ee", "staged").contains("set OCTAVO_STORE"));
}
