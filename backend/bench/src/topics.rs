//! A topic of Apache Kafka into `core.event`, as `octavo work` does it in a process of its own. All of it is in the topic before.

use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use chrono::NaiveDate;
use demo::Platform;
use ingest::Event;
use peers::Kafka;
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};
use tokio::process::{Child, Command};
use tokio::task::spawn_blocking;

use crate::cpu::Cpu;
use crate::database::{Database, SEED};
use crate::lines::line;
use crate::servers::Servers;
use crate::serving::memory_of;
use crate::table::{Progress, Table, median_of, times, whole};

const TOPIC: &str = "bench";
const ROUNDS: usize = 3;
const SITE: usize = 0;
const EVENTS: usize = 1_000_000;
const EVENTS_PER_YEAR: u64 = 40_000_000;
const PARTITIONS: i32 = 4;
/// A month in which school is in full swing.
const FROM: NaiveDate = NaiveDate::from_ymd_opt(2025, 10, 1).expect("a date");
const PATIENCE: Duration = Duration::from_secs(300);

/// One round, from its first commit to its last.
struct Round {
    events_per_second: f64,
    cpu: Cpu,
    mib: f64,
}

pub async fn measure(servers: &Servers, progress: &Progress) -> anyhow::Result<Table> {
    let header =
        ["", "events", "partitions", "events/s", "loader, µs CPU", "PostgreSQL, µs CPU", "loader, MiB at most"];
    let mut table = Table::new("Loading a topic of Apache Kafka", &header);
    progress.say("starting Apache Kafka");
    let kafka = match spawn_blocking(Kafka::start).await? {
        Ok(kafka) => kafka,
        Err(why) => {
            table.note(format!("Not measured: {why}"));
            return Ok(table);
        }
    };
    let platform = Platform::new(SEED, EVENTS_PER_YEAR);
    progress.say("making the events of a topic");
    let events: Vec<Event> = FROM.iter_days().flat_map(|day| platform.events(SITE, day)).take(EVENTS).collect();
    fill(&kafka, &events).await?;
    let mut rounds = Vec::new();
    for number in 1..=ROUNDS {
        let round = round(servers, &kafka, &platform, number).await?;
        progress.say(&format!("round {number} of {ROUNDS}: {} events/s loaded", whole(round.events_per_second)));
        rounds.push(round);
    }
    table.row(vec![
        "a busy site".into(),
        whole(EVENTS as f64),
        PARTITIONS.to_string(),
        whole(median_of(&rounds, |r| r.events_per_second)),
        times(median_of(&rounds, |r| r.cpu.loader)),
        times(median_of(&rounds, |r| r.cpu.postgres)),
        whole(median_of(&rounds, |r| r.mib)),
    ]);
    table.note(format!(
        "`octavo work` from its first commit to its last, everything included; the broker takes of the same cores. \
         Medians of {ROUNDS} rounds, each in a new database."
    ));
    Ok(table)
}

/// Brings the events into the topic in the order they happened, a partition after the other, each as if it came at once.
async fn fill(kafka: &Kafka, events: &[Event]) -> anyhow::Result<()> {
    let config = |more: &[(&str, &str)]| {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", kafka.brokers()).set("log_level", "2");
        config.extend(more.iter().map(|(name, value)| (name.to_string(), value.to_string())));
        config
    };
    let admin: AdminClient<DefaultClientContext> = config(&[]).create()?;
    // What happened last year is kept.
    let topic = NewTopic::new(TOPIC, PARTITIONS, TopicReplication::Fixed(1)).set("retention.ms", "-1");
    let made = admin.create_topics([&topic], &AdminOptions::new()).await?;
    ensure!(made.iter().all(Result::is_ok), "the topic was not made: {made:?}");
    let producer: BaseProducer = config(&[("linger.ms", "50"), ("compression.type", "zstd")]).create()?;
    for (event, partition) in events.iter().zip((0..PARTITIONS).cycle()) {
        let text = line(event).to_string();
        let mut record = BaseRecord::<(), str>::to(TOPIC).partition(partition).payload(&text);
        record.timestamp = Some(event.at.timestamp_millis());
        while let Err((_, back)) = producer.send(record) {
            producer.poll(Duration::from_millis(20));
            record = back;
        }
    }
    Ok(producer.flush(PATIENCE)?)
}

async fn round(servers: &Servers, kafka: &Kafka, platform: &Platform, number: usize) -> anyhow::Result<Round> {
    let database = servers.create(&format!("topic_{number}")).await?;
    database.reference(platform).await?;
    database.checkpoint().await?;
    let child = start(&database, &kafka.brokers(), &platform.sites()[SITE].site.code)?;
    let pid = child.id().context("octavo has ended")?;
    let begun = Instant::now();
    let mut first = None;
    let (events, seconds, cpu) = loop {
        ensure!(begun.elapsed() < PATIENCE, "not all of the topic was loaded");
        tokio::time::sleep(Duration::from_millis(10)).await;
        let loaded = loaded(&database).await?;
        let Some((before, at, cpu)) = &first else {
            if loaded > 0 {
                first = Some((loaded, Instant::now(), Cpu::now(pid, servers)?));
            }
            continue;
        };
        if loaded == EVENTS as i64 {
            let events = (loaded - before) as usize;
            break (events as f64, at.elapsed().as_secs_f64(), cpu.since(pid, servers, events)?);
        }
    };
    let mib = memory_of(&child)?.1;
    drop(child);
    database.warehouse.close();
    servers.drop(&database.name).await?;
    Ok(Round { events_per_second: events / seconds, cpu, mib })
}

async fn loaded(database: &Database) -> anyhow::Result<i64> {
    let sql = "SELECT coalesce(sum(loaded), 0)::bigint FROM raw.load";
    Ok(database.warehouse.client().await?.query_one(sql, &[]).await?.get(0))
}

/// Each round is a loader that has read nothing, for the positions are the database's.
fn start(database: &Database, brokers: &str, site: &str) -> anyhow::Result<Child> {
    let mut command = Command::new(std::env::current_exe()?.with_file_name("octavo"));
    command.arg("work").env_clear().stdout(Stdio::null()).kill_on_drop(true);
    command.env("OCTAVO_APP_URL", &database.url).env("OCTAVO_WAREHOUSE_URL", &database.url);
    command.env("OCTAVO_KAFKA_BROKERS", brokers).env("OCTAVO_KAFKA_TOPICS", format!("{site}={TOPIC}"));
    command.env("OCTAVO_KAFKA_GROUP", &database.name).env("OCTAVO_REFRESH_SECONDS", "3600");
    command.spawn().context("octavo cannot be started")
}
