//! The collector: how much it acknowledges durably, alone and with the loader beside it, and how soon all of it is in the rollups.

use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use chrono::{DateTime, Utc};
use demo::Platform;
use model::{DEVICES, KINDS, ROLES};
use serde_json::json;
use store::Store;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::database::Database;
use crate::requests::Connection;
use crate::servers::Servers;
use crate::serving::memory_of;
use crate::table::{Progress, Table, whole};

const SITE: usize = 0;
const BATCH: usize = 500;
const EVENTS: usize = 1_000_000;
const SINGLES: Duration = Duration::from_secs(10);
/// Connections that send single events, and those that send batches.
const CONNECTIONS: (usize, usize) = (64, 8);

#[expect(clippy::disallowed_methods, reason = "what is live is of today")]
pub(crate) fn clock() -> DateTime<Utc> {
    Utc::now()
}

pub async fn measure(servers: &Servers, platform: &Arc<Platform>, progress: &Progress) -> anyhow::Result<Table> {
    let database = servers.create("collecting").await?;
    database.reference(platform).await?;
    let site = platform.sites()[SITE].site.code.clone();
    let store = Store::connect(&database.url).await?;
    let key = store.write_keys().make(&site, "bench", &[], clock()).await?.key;
    store.close().await;
    let spool = TempDir::new()?;
    progress.say("making events to send");
    let bodies = bodies(platform, EVENTS);
    let mut table = Table::new(
        "Collecting over HTTP, acknowledged when synced",
        &["", "events/s", "p50, ms", "p99, ms", "MiB at most"],
    );

    let (collector, address) = start(&["collect"], &database, &spool).await?;
    let address = address.context("the collector says no address")?;
    wait_for_key(&address, &key).await?;
    progress.say("sending single events");
    let singles = singles(&address, &key, platform).await?;
    table.row(singles.cells("single events, 64 connections (target: 5,000; p99 50 ms)", &collector)?);
    let (loader, _) = start(&["work"], &database, &spool).await?;
    progress.say("sending a million events in batches, the loader beside");
    let started = Instant::now();
    let batches = batches(&address, &key, bodies).await?;
    table.row(batches.cells("batches of 500, 8 connections, the loader beside (target: 20,000)", &collector)?);
    let all = (singles.events + batches.events) as i64;
    while counted(&database).await? < all {
        ensure!(started.elapsed() < Duration::from_secs(600), "not all of it came into the rollups");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let took = started.elapsed().as_secs_f64();
    table.row(vec![
        format!("a million, from the first sent until all are in the rollups: {took:.1} s (target: 60)"),
        whole(batches.events as f64 / took),
        String::new(),
        String::new(),
        whole(memory_of(&loader)?.1),
    ]);
    table.note("The sender takes of the same two cores. Events are a day's of one site, each with a new id; MiB are of the collector, in the last line of the loader.");
    Ok(table)
}

/// What was acknowledged, and how long each request waited for it.
struct Sent {
    events: usize,
    seconds: f64,
    waits: Vec<Duration>,
}

impl Sent {
    fn cells(&self, what: &str, collector: &Child) -> anyhow::Result<Vec<String>> {
        let mut waits = self.waits.clone();
        waits.sort_unstable();
        let at =
            |share: f64| format!("{:.1}", waits[((waits.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0);
        let rate = whole(self.events as f64 / self.seconds);
        Ok(vec![what.into(), rate, at(0.5), at(0.99), whole(memory_of(collector)?.1)])
    }
}

/// Events of today in the native form, each with an id of its own, a body for each so many.
fn bodies(platform: &Platform, events: usize) -> Vec<Vec<u8>> {
    let lines = lines(platform);
    let mut lines = lines.iter().cycle();
    let body = |_| {
        let mut body = Vec::with_capacity(BATCH * 300);
        for (before, after) in lines.by_ref().take(BATCH) {
            body.extend_from_slice(before.as_bytes());
            body.extend_from_slice(Uuid::now_v7().to_string().as_bytes());
            body.extend_from_slice(after.as_bytes());
        }
        body
    };
    (0..events / BATCH).map(body).collect()
}

/// What stands before and after an event's id.
pub(crate) fn lines(platform: &Platform) -> Vec<(String, String)> {
    let now = clock();
    let day = now.with_timezone(&platform.sites()[SITE].site.zone).date_naive();
    let busy = day.iter_days().rev().map(|day| platform.events(SITE, day)).find(|events| events.len() > 1000);
    let line = |event: ingest::Event| {
        let line = json!({
            "id": "", "at": now.to_rfc3339(), "kind": KINDS.name(event.kind), "person": event.person.id(),
            "role": ROLES.name(event.role), "school": event.school, "book": event.book, "chapter": event.chapter,
            "session": event.session, "duration_ms": event.duration_ms, "device": DEVICES.name(event.device),
        });
        let line = format!("{line}\n");
        let (before, after) = line.split_once(r#""id":""#).expect("it has an id");
        (format!(r#"{before}"id":""#), after.to_owned())
    };
    busy.expect("a day of the generator has events").into_iter().map(line).collect()
}

pub(crate) fn request(address: &str, key: &str, body: &[u8]) -> Vec<u8> {
    let mut request = format!(
        "POST /collect/v1/events HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {key}\r\n\
         content-type: application/x-ndjson\r\ncontent-length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    request.extend_from_slice(body);
    request
}

async fn singles(address: &str, key: &str, platform: &Platform) -> anyhow::Result<Sent> {
    let lines = Arc::new(lines(platform));
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for first in 0..CONNECTIONS.0 {
        let (lines, address, key) = (lines.clone(), address.to_owned(), key.to_owned());
        tasks.spawn(async move {
            let mut connection = Connection::open(&address).await?;
            let mut waits = Vec::new();
            for (before, after) in lines.iter().cycle().skip(first * 17) {
                if started.elapsed() > SINGLES {
                    break;
                }
                let request = request(&address, &key, format!("{before}{}{after}", Uuid::now_v7()).as_bytes());
                let sent = Instant::now();
                ensure!(connection.send(&request).await? == 202, "an event was not acknowledged");
                waits.push(sent.elapsed());
            }
            Ok(waits)
        });
    }
    gathered(tasks, started, 1).await
}

async fn batches(address: &str, key: &str, bodies: Vec<Vec<u8>>) -> anyhow::Result<Sent> {
    let started = Instant::now();
    let bodies = Arc::new(std::sync::Mutex::new(bodies));
    let mut tasks = JoinSet::new();
    for _ in 0..CONNECTIONS.1 {
        let (bodies, address, key) = (bodies.clone(), address.to_owned(), key.to_owned());
        tasks.spawn(async move {
            let mut connection = Connection::open(&address).await?;
            let mut waits = Vec::new();
            loop {
                let body = bodies.lock().expect("nobody panics with it").pop();
                let Some(body) = body else { return Ok(waits) };
                let request = request(&address, &key, &body);
                let sent = Instant::now();
                ensure!(connection.send(&request).await? == 202, "a batch was not acknowledged");
                waits.push(sent.elapsed());
            }
        });
    }
    gathered(tasks, started, BATCH).await
}

async fn gathered(
    mut tasks: JoinSet<anyhow::Result<Vec<Duration>>>,
    started: Instant,
    each: usize,
) -> anyhow::Result<Sent> {
    let mut waits = Vec::new();
    while let Some(done) = tasks.join_next().await {
        waits.extend(done??);
    }
    Ok(Sent { events: waits.len() * each, seconds: started.elapsed().as_secs_f64(), waits })
}

/// Page views and all other events that the rollups hold.
async fn counted(database: &Database) -> anyhow::Result<i64> {
    let sql = "SELECT coalesce(sum(events), 0)::bigint FROM mart.site_day";
    Ok(database.warehouse.client().await?.query_one(sql, &[]).await?.get(0))
}

/// The key was made a moment ago: the collector learns of it by and by.
pub(crate) async fn wait_for_key(address: &str, key: &str) -> anyhow::Result<()> {
    let mut connection = Connection::open(address).await?;
    for _ in 0..100 {
        if connection.send(&request(address, key, b"")).await? == 202 {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    anyhow::bail!("the collector does not learn of the write key")
}

async fn start(arguments: &[&str], database: &Database, spool: &TempDir) -> anyhow::Result<(Child, Option<String>)> {
    let program = std::env::current_exe()?.with_file_name("octavo");
    let mut command = Command::new(program);
    command.args(arguments).env_clear().stdout(Stdio::piped()).kill_on_drop(true);
    command.env("OCTAVO_APP_URL", &database.url).env("OCTAVO_WAREHOUSE_URL", &database.url);
    command.env("OCTAVO_SPOOL", spool.path()).env("OCTAVO_LISTEN", "127.0.0.1:0");
    let mut child = command.spawn().context("octavo cannot be started")?;
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let line = lines.next_line().await?.context("octavo ended before it began")?;
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Ok((child, line.strip_prefix("http://").map(str::to_owned)))
}
