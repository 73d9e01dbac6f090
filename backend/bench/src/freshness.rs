//! How long an event takes from its commit into the rollups, while a site is busy and questions are asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use demo::Platform;
use ingest::Event;
use ingest::load::intake::{Intake, Rules};
use ingest::rollup::check::check;
use ingest::rollup::refresh::refresh;
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

use crate::asked::{Asked, six};
use crate::database::{BATCH, Database, FROM, SECRET, batches, load};
use crate::requests::Connection;
use crate::servers::Servers;
use crate::serving::Serving;
use crate::table::{Progress, Table, millis, quantile, whole};

/// The site: the first of the demo's, its largest.
const SITE: usize = 0;
/// Events that the day has before the first that counts.
const BEFORE: usize = 1_000_000;
const EVENTS_PER_SECOND: usize = 600;
/// A commit each.
const COMMIT_EVERY: Duration = Duration::from_millis(500);
/// How often the rollups are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// After the last commit, for its events to come in.
const PATIENCE: Duration = Duration::from_secs(120);

pub async fn measure(
    servers: &Servers,
    platform: &Arc<Platform>,
    seconds: u64,
    progress: &Progress,
) -> anyhow::Result<Table> {
    progress.say(&format!("making a day of {} events", whole(BEFORE as f64)));
    let database = servers.create("freshness").await?;
    database.reference(platform).await?;
    let code = &platform.sites()[SITE].site.code;
    let mut intake = Intake::open(&database.warehouse, code, &SECRET, Rules::default()).await?;
    let today = intake.site().day(clock());
    let mut source = Source { platform, today, from: FROM, events: Vec::new(), number: 0 };
    let mut first = 0;
    for events in batches(source.take(BEFORE)) {
        first += load(&mut intake, code, "day", first, events).await?;
    }
    let started = Instant::now();
    refresh(&database.warehouse, &database.model, intake.site(), clock()).await?;
    let whole_day = started.elapsed();
    database.settle().await?;

    let serving = Arc::new(Serving::start_working(servers, &database, platform).await?);
    let done = Arc::new(AtomicBool::new(false));
    let six = six(platform, &database.directory().await?)?;
    let asking = tokio::spawn(ask(serving.clone(), six, today, done.clone()));
    let looking = tokio::spawn(look(database.clone(), intake.site().id, today, done.clone()));

    let mut commits = Vec::new();
    let mut every = tokio::time::interval(COMMIT_EVERY);
    let each = EVENTS_PER_SECOND * COMMIT_EVERY.as_millis() as usize / 1000;
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(seconds) {
        every.tick().await;
        for events in batches(source.take(each)) {
            first += load(&mut intake, code, "day", first, events).await?;
        }
        commits.push((Instant::now(), first));
    }
    let rate = (first - BEFORE as i64) as f64 / started.elapsed().as_secs_f64();
    progress.say(&format!("{} events/s committed", whole(rate)));
    wait(&database, intake.site().id, today, first).await?;
    done.store(true, Ordering::Relaxed);
    let (seen, asked) = (looking.await??, asking.await??);
    let memory = serving.memory()?;
    drop(serving);

    let report = check(&database.warehouse, &database.model, intake.site(), |_| {}).await?;
    ensure!(report.differences.is_empty(), "the rollups are not equal to the events: {:?}", report.differences);
    database.warehouse.close();
    servers.drop(&database.name).await?;
    table(seconds, rate, &commits, &seen, asked, whole_day, memory)
}

/// The server that is measured lives in the present, and so does what it is given.
#[expect(clippy::disallowed_methods, reason = "this is where the present comes in")]
fn clock() -> DateTime<Utc> {
    Utc::now()
}

/// Events of the site, from many of its days, moved to one.
struct Source<'a> {
    platform: &'a Platform,
    today: NaiveDate,
    from: NaiveDate,
    events: Vec<Event>,
    number: u128,
}

impl Source<'_> {
    fn take(&mut self, wanted: usize) -> Vec<Event> {
        while self.events.len() < wanted {
            self.events.extend(self.platform.events(SITE, self.from));
            self.from = self.from.succ_opt().expect("there is a next day");
        }
        let mut taken = self.events.split_off(self.events.len() - wanted);
        for event in &mut taken {
            // Noon lies on the day in every zone of these countries; ids stay ordered by time, as a platform sends them.
            event.at = self.today.and_time(NaiveTime::MIN).and_utc().fixed_offset() + TimeDelta::hours(10);
            event.id = Uuid::from_u128((u128::from(BATCH as u64) << 96) + self.number);
            self.number += 1;
        }
        taken
    }
}

/// Asks one question after the other, each with another limit; returns the seconds of each answer, ascending.
async fn ask(
    serving: Arc<Serving>,
    six: Vec<Asked>,
    day: NaiveDate,
    done: Arc<AtomicBool>,
) -> anyhow::Result<Vec<f64>> {
    let mut connection = Connection::open(&serving.address).await?;
    let mut took = Vec::new();
    let range = (day - Days::new(89), day);
    while !done.load(Ordering::Relaxed) {
        for asked in &six {
            let request = serving.request(asked.role, &asked.path(range, asked.limit + took.len()));
            let started = Instant::now();
            connection.ask(&request).await?;
            took.push(started.elapsed().as_secs_f64());
        }
    }
    took.sort_by(f64::total_cmp);
    Ok(took)
}

/// Looks at the rollups over and over: how many of the day's events they hold, and when that was seen first.
async fn look(
    database: Database,
    site: i16,
    day: NaiveDate,
    done: Arc<AtomicBool>,
) -> anyhow::Result<Vec<(Instant, i64)>> {
    let client = connect(&database).await?;
    let mut seen: Vec<(Instant, i64)> = Vec::new();
    while !done.load(Ordering::Relaxed) {
        let held = held(&client, site, day).await?;
        if seen.last().is_none_or(|(_, last)| *last < held) {
            seen.push((Instant::now(), held));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(seen)
}

async fn wait(database: &Database, site: i16, day: NaiveDate, all: i64) -> anyhow::Result<()> {
    let client = connect(database).await?;
    let started = Instant::now();
    while held(&client, site, day).await? < all {
        ensure!(started.elapsed() < PATIENCE, "the last events are not in the rollups after {} s", PATIENCE.as_secs());
        tokio::time::sleep(LOOK_EVERY * 2).await;
    }
    // What looks meanwhile has seen it too.
    tokio::time::sleep(LOOK_EVERY * 4).await;
    Ok(())
}

async fn connect(database: &Database) -> anyhow::Result<Client> {
    let (client, connection) = tokio_postgres::connect(&database.url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

async fn held(client: &Client, site: i16, day: NaiveDate) -> anyhow::Result<i64> {
    let sql = "SELECT coalesce(sum(events), 0)::bigint FROM mart.site_day WHERE site_id = $1 AND period = $2";
    Ok(client.query_one(sql, &[&site, &day]).await?.get(0))
}

fn table(
    seconds: u64,
    rate: f64,
    commits: &[(Instant, i64)],
    seen: &[(Instant, i64)],
    asked: Vec<f64>,
    whole_day: Duration,
    memory: (f64, f64),
) -> anyhow::Result<Table> {
    let mut waits = Vec::new();
    for (at, events) in commits {
        let (first, _) =
            seen.iter().find(|(_, held)| held >= events).context("a commit never came into the rollups")?;
        waits.push(first.saturating_duration_since(*at).as_secs_f64());
    }
    waits.sort_by(f64::total_cmp);
    let title = format!(
        "From commit into the rollups: {} events/s for {seconds} s on a site that has {} events in the day",
        whole(rate),
        whole(BEFORE as f64)
    );
    let mut table = Table::new(title, &["", "p50", "p95", "most"]);
    let in_seconds = |part: f64| format!("{:.1} s", quantile(&waits, part));
    let in_millis = |part: f64| format!("{} ms", millis(quantile(&asked, part)));
    table.row(vec!["an event's way (at most 60 s)".into(), in_seconds(0.5), in_seconds(0.95), in_seconds(1.0)]);
    let name = format!("{} questions asked meanwhile", whole(asked.len() as f64));
    table.row(vec![name, in_millis(0.5), in_millis(0.95), in_millis(1.0)]);
    table.note(format!(
        "`octavo serve --all` refreshes and answers; events are committed every {} ms through the load transaction; the \
         rollups are looked at every {} ms; the six questions are asked of the last 90 days one after the other, nothing cached. Afterwards \
         every rollup is recomputed from the events and compared. Memory of the process: {} MiB at most. Computing the whole \
         day from its events takes {:.1} s.",
        COMMIT_EVERY.as_millis(),
        LOOK_EVERY.as_millis(),
        whole(memory.1),
        whole_day.as_secs_f64()
    ));
    Ok(table)
}
