//! A cached answer over HTTP, by key and by session, beside a bare route and a static file of the same bytes. Each is
//! served by a process of its own; the load comes from this one, so all lose the same share of the machine to it.

use std::time::Duration;

use access::Role;
use anyhow::{Context, ensure};
use bytes::Bytes;

use crate::nginx::Nginx;
use crate::requests::{Connection, requests_per_second};
use crate::servers::Servers;
use crate::serving::{EMAIL, PASSWORD, Serving};
use crate::table::{Progress, Table, median, times, whole};
use crate::{floor, nginx};

const CONNECTIONS: usize = 16;
const ROUNDS: usize = 5;
/// How long one side has its turn; five of them are five seconds.
const TURN: Duration = Duration::from_secs(1);

/// A dashboard's table: the books of a year.
const PATH: &str = "/api/v1/query?metrics=views,readers,minutes&dimensions=book&from=2025-08-01&to=2026-07-31\
                    &order=-readers&limit=50";

/// One that serves the bytes.
struct Side {
    name: &'static str,
    address: String,
    request: String,
    /// Requests a second in each round.
    rates: Vec<f64>,
}

impl Side {
    fn new(name: &'static str, address: &str, request: String) -> Self {
        Self { name, address: address.into(), request, rates: Vec::new() }
    }

    fn plain(name: &'static str, address: &str, path: &str) -> Self {
        Self::new(name, address, format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n"))
    }
}

pub async fn measure(servers: &Servers, serving: &Serving, progress: &Progress) -> anyhow::Result<Table> {
    let key = serving.request(Role::Owner, PATH);
    let session = serving.request_with(&format!("cookie: {}", sign_in(&serving.address).await?), PATH);
    let body = cached(&serving.address, &key).await?;
    ensure!(body == cached(&serving.address, &session).await?, "key and session give different answers");

    let (_bare, floor) = floor::start(&body).await?;
    let mut sides = vec![
        Side::plain("bare axum route", &floor, floor::PATH),
        Side::new("GET /api/v1/query with an API key", &serving.address, key),
        Side::new("GET /api/v1/query with a session", &serving.address, session),
    ];
    let nginx = Nginx::start(&body).await?;
    if let Some(nginx) = &nginx {
        sides.insert(0, Side::plain("nginx, static file", &nginx.address, nginx::PATH));
    }
    let measured = take_turns(&mut sides, &body, progress).await;
    if let Some(nginx) = nginx {
        nginx.stop().await?;
    }
    measured?;
    Ok(table(&sides, body.len(), servers))
}

async fn take_turns(sides: &mut [Side], body: &Bytes, progress: &Progress) -> anyhow::Result<()> {
    // The first round is not counted: connections to the database are made, buffers find their size.
    for round in 0..=ROUNDS {
        for side in sides.iter_mut() {
            let (address, request) = (side.address.clone(), side.request.clone());
            let rate = requests_per_second(address, request, body.clone(), CONNECTIONS, TURN)
                .await
                .with_context(|| side.name.to_string())?;
            if round > 0 {
                side.rates.push(rate);
            }
        }
        progress.say(&format!("HTTP, round {round} of {ROUNDS}"));
    }
    Ok(())
}

fn table(sides: &[Side], bytes: usize, servers: &Servers) -> Table {
    let title = format!("A cached answer of {} bytes over HTTP, {CONNECTIONS} connections", whole(bytes as f64));
    let mut table = Table::new(title, &["served", "requests/s", "÷ bare route", "÷ nginx"]);
    let find = |start: &str| sides.iter().find(|side| side.name.starts_with(start));
    let ratio = |side: &Side, to: Option<&Side>| match to {
        Some(to) => times(median(side.rates.iter().zip(&to.rates).map(|(own, other)| own / other).collect())),
        None => "-".into(),
    };
    for side in sides {
        table.row(vec![
            side.name.into(),
            whole(median(side.rates.clone())),
            ratio(side, find("bare")),
            ratio(side, find("nginx")),
        ]);
    }
    if find("nginx").is_none() {
        table.row(vec!["nginx: not installed".into(), "-".into(), "-".into(), "-".into()]);
    }
    let kept = if servers.redis().is_some() { "Redis" } else { "PostgreSQL" };
    table.note(format!(
        "Load, servers and databases share the machine. Each request is authenticated: the key, or the session (in {kept}), \
         and its account. Every response is compared. Medians of {ROUNDS} rounds of {} s in which the sides take turns. \
         Targets: half of the bare route, a sixth of nginx.",
        TURN.as_secs()
    ));
    table
}

/// Signs in and returns the cookie as it is sent back.
async fn sign_in(address: &str) -> anyhow::Result<String> {
    let body = serde_json::json!({ "email": EMAIL, "password": PASSWORD }).to_string();
    let request = format!(
        "POST /api/v1/session HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut connection = Connection::open(address).await?;
    connection.ask(&request).await?;
    let cookie = connection.header("set-cookie").context("signing in gave no cookie")?;
    Ok(cookie.split(';').next().unwrap_or_default().to_string())
}

/// The answer's bytes, once it comes from the cache.
async fn cached(address: &str, request: &str) -> anyhow::Result<Bytes> {
    let mut connection = Connection::open(address).await?;
    connection.ask(request).await?;
    let body = connection.ask(request).await?.to_vec();
    ensure!(connection.header("x-octavo-cache") == Some("hit"), "the answer was not cached");
    Ok(body.into())
}
