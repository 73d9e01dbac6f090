//! Loading once more what a site's topic still has, from a time on. It belongs to no group: who loads the topic meanwhile goes on.
//!
//! Only what the warehouse had when it began is read: what is not loaded yet comes by itself.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, bail};
use chrono::{DateTime, NaiveDate, Utc};
use ingest::archive::{PastLoad, TopicReplay};
use ingest::load::batch::{Batch, Counts, Outcome};
use ingest::load::intake::Intake;
use kafka::{Consumer, Event, KafkaError, Mark, Record, Settings, Stop};
use warehouse::Warehouse;

use crate::topics::received;

/// When nothing comes for so long, brokers are away; it goes on when it is told to again.
const QUIET: Duration = Duration::from_secs(60);

/// What it is at.
pub enum Progress {
    /// So many offsets will be read, to see that all of it is there, and to load it.
    Reads(u64),
    Checked(u64),
    Removed(NaiveDate),
    Loaded(u64, Counts),
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Summary {
    pub partitions: usize,
    /// Without what an earlier run of the same replay has loaded.
    pub counts: Counts,
    /// Offsets that retention took while they were to be read.
    pub lost: i64,
}

/// What is read of a partition.
#[derive(Debug, Clone, Copy)]
struct Span {
    first: i64,
    end: i64,
    /// The last record that the warehouse had.
    mark: Option<Mark>,
}

pub struct Again<'a> {
    pub warehouse: &'a Warehouse,
    pub settings: Settings,
    pub from: DateTime<Utc>,
    pub anew: bool,
}

impl Again<'_> {
    /// Does it; told to again after whatever stopped it, it goes on.
    pub async fn run(self, intake: &mut Intake, mut progress: impl FnMut(Progress)) -> anyhow::Result<Summary> {
        let mut consumer = Consumer::alone(self.settings.clone()).await?;
        let done = self.read(&mut consumer, intake, &mut progress).await;
        consumer.close().await;
        done
    }

    async fn read(
        &self,
        consumer: &mut Consumer,
        intake: &mut Intake,
        progress: &mut impl FnMut(Progress),
    ) -> anyhow::Result<Summary> {
        let log = consumer.log_name().to_owned();
        let spans = self.spans(consumer, intake, &log).await?;
        anyhow::ensure!(!spans.is_empty(), "nothing of {log} has been loaded; `octavo work` loads it");
        let site = intake.site().clone();
        let range = (self.from, self.anew);
        let mut replay = TopicReplay::begin(self.warehouse, &site, &log, range, Utc::now()).await?;
        if replay.removes() {
            let loads = self.whole(consumer, &replay.loads(self.warehouse).await?, &spans, progress).await?;
            replay.remove(self.warehouse, &loads, Utc::now(), |day| progress(Progress::Removed(day))).await?;
        }
        let summary = self.load(consumer, intake, &replay, &log, &spans, progress).await?;
        replay.end(self.warehouse, Utc::now()).await?;
        Ok(summary)
    }

    /// What there is to be read of each partition: from the first record of that time on to where the warehouse is.
    async fn spans(&self, consumer: &mut Consumer, intake: &Intake, log: &str) -> anyhow::Result<BTreeMap<i32, Span>> {
        let mut spans = BTreeMap::new();
        for partition in consumer.partitions().await? {
            let (end, mark) = intake.standing(log, &partition.to_string()).await?;
            let mark: Option<Mark> = mark.map(|mark| mark.parse()).transpose()?;
            if end == 0 {
                continue;
            }
            same(consumer, partition, end, mark).await?;
            let first = consumer.offset_at(partition, self.from.timestamp_millis()).await?.min(end);
            spans.insert(partition, Span { first, end, mark });
        }
        Ok(spans)
    }

    /// The loads all of whose records are in the topic still: read before anything is removed, so that nothing goes that does not come
    /// again.
    async fn whole(
        &self,
        consumer: &mut Consumer,
        loads: &[PastLoad],
        spans: &BTreeMap<i32, Span>,
        progress: &mut impl FnMut(Progress),
    ) -> anyhow::Result<Vec<i64>> {
        let mut there: Vec<i64> = vec![0; loads.len()];
        let mut left = BTreeMap::new();
        for (partition, span) in spans {
            let own = loads.iter().filter(|load| load.partition == partition.to_string());
            let (low, _) = consumer.watermarks(*partition).await?;
            // Where a load began before that time.
            if let Some(first) = own.map(|load| load.first).min().filter(|first| *first < span.end) {
                left.insert(*partition, Span { first: first.max(low), ..*span });
            }
        }
        left.retain(|_, span| span.first < span.end);
        progress(Progress::Reads(left.values().map(|span| (span.end - span.first) as u64).sum()));
        left.iter().for_each(|(partition, span)| consumer.start(*partition, span.first, None));
        while !left.is_empty() {
            let batch = match self.next(consumer).await? {
                Event::Records(batch) => batch,
                Event::Stopped { why: Stop::Trimmed { low, .. }, partition } => {
                    consumer.start(partition, low, None);
                    continue;
                }
                Event::Stopped { why, .. } => bail!(why),
                _ => continue,
            };
            let Some(span) = left.get(&batch.partition).copied() else { continue };
            same(consumer, batch.partition, span.end, span.mark).await?;
            let name = batch.partition.to_string();
            let of = |load: &&PastLoad| load.partition == name && load.first < batch.next && batch.first < load.next;
            for (at, load) in loads.iter().enumerate().filter(|(_, load)| of(load)) {
                let covers = |record: &&Record| {
                    (load.first..load.next).contains(&record.offset)
                        && load.since.is_none_or(|since| time(record).is_none_or(|time| time >= since))
                };
                there[at] += batch.records.iter().filter(covers).count() as i64;
            }
            progress(Progress::Checked((batch.next.min(span.end) - batch.first).max(0) as u64));
            if batch.next >= span.end {
                consumer.leave_off(batch.partition);
                left.remove(&batch.partition);
            }
        }
        let whole = |(load, there): &(&PastLoad, i64)| {
            let end = load.partition.parse().ok().and_then(|partition: i32| spans.get(&partition)).map(|span| span.end);
            load.received == *there && end.is_some_and(|end| load.next <= end)
        };
        Ok(loads.iter().zip(there).filter(whole).map(|(load, _)| load.id).collect())
    }

    async fn load(
        &self,
        consumer: &mut Consumer,
        intake: &mut Intake,
        replay: &TopicReplay,
        log: &str,
        spans: &BTreeMap<i32, Span>,
        progress: &mut impl FnMut(Progress),
    ) -> anyhow::Result<Summary> {
        let source = replay.source();
        let mut summary = Summary { partitions: spans.len(), ..Summary::default() };
        // Where each partition is that is not done.
        let mut left = BTreeMap::new();
        for (partition, span) in spans {
            let name = partition.to_string();
            replay.begin_at(self.warehouse, &name, span.first).await?;
            let (position, mark) = intake.standing(&source, &name).await?;
            if position < span.end {
                consumer.start(*partition, position, mark.map(|mark| mark.parse()).transpose()?);
                left.insert(*partition, position);
            }
        }
        let ahead = left.iter().map(|(partition, position)| (spans[partition].end - position) as u64).sum();
        progress(Progress::Reads(ahead));
        while !left.is_empty() {
            let batch = match self.next(consumer).await? {
                Event::Records(batch) => batch,
                // What is gone cannot come again; the rest can.
                Event::Stopped { why: Stop::Trimmed { low, position, .. }, partition }
                    if left.contains_key(&partition) =>
                {
                    summary.lost += low.min(spans[&partition].end) - position;
                    consumer.start(partition, low, None);
                    continue;
                }
                Event::Stopped { why, .. } => bail!(why),
                _ => continue,
            };
            let partition = batch.partition;
            let (Some(position), Some(span)) = (left.get(&partition).copied(), spans.get(&partition)) else { continue };
            same(consumer, partition, span.end, span.mark).await?;
            let next = batch.next.min(span.end);
            let mark = batch.mark.filter(|mark| mark.offset < next).map(|mark| mark.to_string());
            let ours = |record: &Record| record.offset < span.end && time(record).is_none_or(|time| time >= self.from);
            let now = Utc::now();
            let records = batch.records.into_iter().filter(ours).map(|record| received(record, now)).collect();
            let name = partition.to_string();
            let batch = Batch { source: source.clone(), partition: name, first: position, next, records, mark };
            let steps = intake.steps();
            let prepared = tokio::task::spawn_blocking(move || steps.prepare(batch)).await?;
            let reached = match intake.load_again(prepared, log, now).await? {
                Outcome::Committed(counts) => {
                    summary.counts += counts;
                    next
                }
                // Another process runs the same replay.
                Outcome::Moved { next } => {
                    let (_, mark) = intake.standing(&source, &partition.to_string()).await?;
                    consumer.start(partition, next, mark.map(|mark| mark.parse()).transpose()?);
                    next
                }
            };
            progress(Progress::Loaded((reached - position).max(0) as u64, summary.counts));
            if reached >= span.end {
                consumer.leave_off(partition);
                left.remove(&partition);
            } else {
                left.insert(partition, reached);
            }
        }
        Ok(summary)
    }

    async fn next(&self, consumer: &mut Consumer) -> anyhow::Result<Event> {
        let event = tokio::time::timeout(QUIET, consumer.next()).await;
        let event = event.with_context(|| {
            format!("nothing came from {} for {QUIET:?}; run the same again", self.settings.brokers)
        })??;
        if let Event::Trouble(what) = &event {
            tracing::warn!("Kafka: {what}");
        }
        Ok(event)
    }
}

/// When a record was received, as far as the topic says.
fn time(record: &Record) -> Option<DateTime<Utc>> {
    record.timestamp.and_then(DateTime::from_timestamp_millis)
}

/// That the partition is still of the topic that was loaded.
async fn same(consumer: &mut Consumer, partition: i32, end: i64, mark: Option<Mark>) -> anyhow::Result<()> {
    let found: Result<Option<Stop>, KafkaError> = consumer.differs(partition, end, mark).await;
    match found? {
        Some(why) => Err(why.into()),
        None => Ok(()),
    }
}
