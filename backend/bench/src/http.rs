//! A cached answer over HTTP, by key and by session, beside a bare route of the same process that returns the same bytes.
//! The load comes from this process too, so both sides lose the same share of the machine to it.

use std::sync::Arc;
use std::time::Duration;

use access::{KeyScope, Role};
use anyhow::{Context, ensure};
use api::ApiState;
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use axum::serve::ListenerExt;
use bytes::Bytes;
use cache::{Answers, NoTier, RedisTier, Tier};
use engine::Engine;
use store::{RedisSessions, Sessions, Store};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::platform::{Database, Servers, now};
use crate::requests::{Connection, requests_per_second};
use crate::table::{Progress, Table, median_of, times, whole};

const CONNECTIONS: usize = 16;
const ROUNDS: usize = 5;
/// How long one side has its turn; five of them are five seconds.
const TURN: Duration = Duration::from_secs(1);

/// A dashboard's table: the books of a year.
const PATH: &str = "/api/v1/query?metrics=views,readers,minutes&dimensions=book&from=2025-08-01&to=2026-07-31\
                    &order=-readers&limit=50";
const EMAIL: &str = "owner@example.org";
const PASSWORD: &str = "correct horse battery staple";

/// Requests a second of one round.
struct Rates {
    floor: f64,
    key: f64,
    session: f64,
}

pub async fn measure(servers: &Servers, database: &Database, progress: &Progress) -> anyhow::Result<Table> {
    let mut tasks = JoinSet::new();
    let (state, key) = app(servers, database).await?;
    let store = state.store.clone();
    let app = serve(&mut tasks, api::router(state, Router::new())).await?;

    let key = request(&app, &format!("authorization: Bearer {key}"));
    let session = request(&app, &format!("cookie: {}", sign_in(&app).await?));
    let body = cached(&app, &key).await?;
    ensure!(body == cached(&app, &session).await?, "key and session give different answers");
    let bytes = body.clone();
    let bare = get(move || async move { ([(CONTENT_TYPE, "application/json")], bytes) });
    let floor = serve(&mut tasks, Router::new().route("/answer", bare)).await?;
    let plain = format!("GET /answer HTTP/1.1\r\nhost: {floor}\r\n\r\n");

    let turn = |address: &str, request: &str| {
        requests_per_second(address.to_string(), request.to_string(), body.clone(), CONNECTIONS, TURN)
    };
    let mut rounds = Vec::new();
    // The first round is not counted: connections to the database are made, buffers find their size.
    for round in 0..=ROUNDS {
        let rates = Rates {
            floor: turn(&floor, &plain).await?,
            key: turn(&app, &key).await?,
            session: turn(&app, &session).await?,
        };
        if round > 0 {
            progress.say(&format!("HTTP, round {round} of {ROUNDS}: {} requests/s by key", whole(rates.key)));
            rounds.push(rates);
        }
    }
    tasks.shutdown().await;
    store.close().await;

    let title = format!("A cached answer of {} bytes over HTTP, {CONNECTIONS} connections", whole(body.len() as f64));
    let mut table = Table::new(title, &["served", "requests/s", "÷ bare route"]);
    let mut row = |name: &str, of: fn(&Rates) -> f64| {
        table.row(vec![name.into(), whole(median_of(&rounds, of)), times(median_of(&rounds, |r| of(r) / r.floor))]);
    };
    row("bare axum route, the same bytes", |r| r.floor);
    row("GET /api/v1/query with an API key", |r| r.key);
    row("GET /api/v1/query with a session", |r| r.session);
    let kept = if servers.redis().is_some() { "Redis" } else { "PostgreSQL" };
    table.note(format!(
        "Load, server and databases share the machine. Each request is authenticated anew: the key, or the session (in \
         {kept}) and its account, is looked up. Every response is compared. Medians of {ROUNDS} rounds of {} s.",
        TURN.as_secs()
    ));
    Ok(table)
}

/// The app as it is served, an owner's account, and a key of it.
async fn app(servers: &Servers, database: &Database) -> anyhow::Result<(ApiState, String)> {
    let store = Store::connect(&database.url).await?;
    let (tier, sessions): (Box<dyn Tier>, _) = match servers.redis() {
        Some(url) => (Box::new(RedisTier::new(url)?), Sessions::Redis(RedisSessions::connect(url).await?)),
        None => (Box::new(NoTier), Sessions::Postgres(store.sessions())),
    };
    let engine = Engine::open(database.model.clone(), database.warehouse.clone(), Answers::new(tier)).await?;
    let accounts = store.accounts();
    let account = accounts.add_account(EMAIL, "Owner", PASSWORD).await?;
    let organisation = accounts.add_organisation("Platform", Role::Owner.organisation_kind(), &[]).await?;
    accounts.add_membership(account, organisation, Role::Owner).await?;
    let (_, key) = store.keys().create(account, "bench", &[KeyScope::UsageRead], None, now()).await?;
    Ok((ApiState { engine: Arc::new(engine), store, sessions, clock: Arc::new(now) }, key))
}

/// Serves on a port of its own; returns its address.
async fn serve(tasks: &mut JoinSet<()>, router: Router) -> anyhow::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    // As the server does: without it an answer may wait for an acknowledgement.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    tasks.spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            eprintln!("bench: serving ended: {error}");
        }
    });
    Ok(address)
}

fn request(address: &str, credentials: &str) -> String {
    format!("GET {PATH} HTTP/1.1\r\nhost: {address}\r\n{credentials}\r\n\r\n")
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
