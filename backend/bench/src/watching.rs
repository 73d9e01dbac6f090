//! How long an event takes from the sender to a live screen: over HTTP into the spool, the warehouse and the stream of
//! server-sent events, while a site is busy.

use std::sync::Arc;
use std::time::{Duration, Instant};

use access::Role;
use anyhow::{Context, ensure};
use demo::Platform;
use serde_json::Value;
use store::Store;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::watch;
use uuid::Uuid;

use crate::collecting::{clock, lines, request, wait_for_key};
use crate::requests::Connection;
use crate::servers::Servers;
use crate::serving::Serving;
use crate::table::{Progress, Table, quantile, whole};

const SITE: usize = 0;
/// Events of the site's readers that are sent all the time, in each of so many batches a second.
const BUSY: (usize, u32) = (100, 2);
/// New readers whose first event is waited for.
const PROBES: usize = 150;
/// How long one may take.
const PATIENCE: Duration = Duration::from_secs(20);

pub async fn measure(servers: &Servers, platform: &Arc<Platform>, progress: &Progress) -> anyhow::Result<Table> {
    let database = servers.create("watching").await?;
    database.reference(platform).await?;
    let store = Store::connect(&database.url).await?;
    let key = store.write_keys().make(&platform.sites()[SITE].site.code, "bench", &[], clock()).await?.key;
    store.close().await;
    let spool = TempDir::new()?;
    let serving = Serving::start_collecting(servers, &database, platform, spool.path()).await?;
    wait_for_key(&serving.address, &key).await?;

    let lines = Arc::new(lines(platform));
    let mut readers = watched(&serving).await?;
    progress.say("sending events of known readers");
    let everyone = send(&serving.address, &key, &lines).await?;
    let known = settled(&mut readers).await?;
    ensure!(known > 0, "of {everyone} events none is shown");
    let busy = tokio::spawn(keep_busy(serving.address.clone(), key.clone(), lines.clone()));

    let mut connection = Connection::open(&serving.address).await?;
    let mut waits = Vec::with_capacity(PROBES);
    for probe in 0..PROBES {
        progress.say(&format!("watching, {probe} of {PROBES}"));
        // Whatever the stream's own rhythm is, a probe comes at any moment of it.
        tokio::time::sleep(Duration::from_millis(300 + (probe as u64 * 137) % 600)).await;
        let event = stranger(&lines[probe % lines.len()])?;
        let sent = Instant::now();
        ensure!(connection.send(&request(&serving.address, &key, event.as_bytes())).await? == 202, "not acknowledged");
        let seen = readers.wait_for(|shown| *shown > known + probe as i64);
        tokio::time::timeout(PATIENCE, seen).await.context("an event is not shown")??;
        waits.push(sent.elapsed().as_secs_f64());
    }
    busy.abort();
    waits.sort_by(f64::total_cmp);
    drop(serving);
    database.warehouse.close();
    servers.drop(&database.name).await?;

    let mut table = Table::new("From the sender to a live screen", &["", "ms"]);
    for (name, part) in [("p50", 0.5), ("p95 (target: 1,000)", 0.95), ("at most", 1.0)] {
        table.row(vec![name.into(), whole(quantile(&waits, part) * 1000.0)]);
    }
    table.note(format!(
        "{PROBES} events of new readers over HTTP, each until a server-sent event counts its reader; beside them {} events/s.",
        BUSY.0 as u32 * BUSY.1
    ));
    Ok(table)
}

/// Sends an event of each line; returns how many.
async fn send(address: &str, key: &str, lines: &[(String, String)]) -> anyhow::Result<usize> {
    let mut connection = Connection::open(address).await?;
    for part in lines.chunks(500) {
        let body: String = part.iter().map(|(before, after)| format!("{before}{}{after}", Uuid::now_v7())).collect();
        ensure!(connection.send(&request(address, key, body.as_bytes())).await? == 202, "a batch was not acknowledged");
    }
    Ok(lines.len())
}

/// Sends on and on what brings no new readers.
async fn keep_busy(address: String, key: String, lines: Arc<Vec<(String, String)>>) -> anyhow::Result<()> {
    let mut every = tokio::time::interval(Duration::from_secs(1) / BUSY.1);
    for part in lines.chunks(BUSY.0).cycle() {
        every.tick().await;
        send(&address, &key, part).await?;
    }
    Ok(())
}

/// The event of a line, by somebody who was not seen before.
fn stranger((before, after): &(String, String)) -> anyhow::Result<String> {
    let mut event: Value = serde_json::from_str(&format!("{before}{}{after}", Uuid::now_v7()))?;
    event["person"] = Uuid::now_v7().to_string().into();
    Ok(format!("{event}\n"))
}

/// Readers of the last half hour as the owner's stream tells them.
async fn watched(serving: &Serving) -> anyhow::Result<watch::Receiver<i64>> {
    let mut stream = TcpStream::connect(&serving.address).await?;
    stream.write_all(serving.request(Role::Owner, "/api/v1/live").as_bytes()).await?;
    let (send, receive) = watch::channel(0);
    tokio::spawn(async move {
        let mut lines = BufReader::new(stream).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            let Some(live) = line.strip_prefix("data: ").and_then(|data| serde_json::from_str::<Value>(data).ok())
            else {
                continue;
            };
            let _ = send.send(live["all"]["readers_30"].as_i64().unwrap_or(0));
        }
    });
    Ok(receive)
}

/// The number once it has stood still for a while.
async fn settled(readers: &mut watch::Receiver<i64>) -> anyhow::Result<i64> {
    loop {
        let shown = *readers.borrow_and_update();
        match tokio::time::timeout(Duration::from_secs(4), readers.changed()).await {
            Ok(changed) => changed.context("the stream has ended")?,
            Err(_) if shown > 0 => return Ok(shown),
            Err(_) => {}
        }
    }
}
