//! Many ask the same at once, in several processes, and nothing of it is cached.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use testkit::TestApp;
use tokio::task::JoinSet;

use crate::locked::Locked;

const CLIENTS: usize = 1000;
const PATH: &str = "/api/v1/query?metrics=views,readers&dimensions=book&from=2026-01-01&to=2026-03-31";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_clients_of_three_processes_cost_three_queries_at_most() {
    let first = TestApp::start().await;
    let apps = [first.beside().await, first.beside().await, first];
    let locked = Locked::rollups(&apps[0].db, "").await;
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let request = apps[client % apps.len()].as_user("owner", Method::GET, PATH);
        clients.spawn(async move {
            let response = request.send().await.unwrap();
            let (status, tag) = (response.status(), response.headers().get("etag").cloned());
            (status, tag, response.bytes().await.unwrap())
        });
    }
    // None can be answered yet, so whatever was asked of the warehouse waits there.
    let mut most = 0;
    for _ in 0..15 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        most = most.max(locked.waiting().await);
    }
    assert!((1..=3).contains(&most), "{most} queries for {CLIENTS} clients");
    locked.release().await;
    let answers = clients.join_all().await;
    assert_eq!(answers[0].0, StatusCode::OK, "{:?}", answers[0].2);
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}
