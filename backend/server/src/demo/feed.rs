//! The demo's events into the warehouse, through the load transaction like any other: a log per site with a partition per
//! month, which a start after a stop goes on reading where it was.

use std::sync::Arc;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use demo::Platform;
use futures::{StreamExt, TryStreamExt, stream};
use indicatif::{ProgressBar, ProgressStyle};
use ingest::load::batch::{Batch, Outcome};
use ingest::load::intake::{Intake, Rules};
use ingest::{Decoded, Event};
use model::Grain;
use warehouse::Dialect;

use super::settings::Settings;
use crate::connect::Installation;

/// Events of one transaction.
const BATCH: usize = 50_000;

/// One site's log.
pub struct Feed {
    platform: Arc<Platform>,
    site: usize,
    intake: Intake,
    since: NaiveDate,
    source: String,
    /// Events of the days before today in today's month, once they were counted.
    before_today: Option<(NaiveDate, i64)>,
}

/// Brings the reference data in and opens a log per site.
pub async fn open(
    installation: &Installation,
    platform: &Arc<Platform>,
    settings: &Settings,
) -> anyhow::Result<Vec<Feed>> {
    if reference::read::directory(&installation.warehouse).await?.sites.is_empty() {
        let mut client = installation.warehouse.client().await?;
        let tx = client.transaction().await?;
        reference::write::publishers(&tx, Dialect::Postgres, platform.publishers()).await?;
        reference::write::books(&tx, Dialect::Postgres, platform.books()).await?;
        for plan in platform.sites() {
            let site = reference::write::site(&tx, Dialect::Postgres, &plan.site).await?;
            reference::write::regions(&tx, Dialect::Postgres, site, &plan.regions).await?;
            reference::write::schools(&tx, Dialect::Postgres, site, &plan.schools).await?;
        }
        tx.commit().await?;
    }
    let mut feeds = Vec::new();
    for (site, plan) in platform.sites().iter().enumerate() {
        let code = &plan.site.code;
        let secret = installation.secret(code).await?;
        feeds.push(Feed {
            platform: platform.clone(),
            site,
            intake: Intake::open(&installation.warehouse, code, &secret, Rules::default()).await?,
            since: settings.since,
            source: format!("demo:{code}"),
            before_today: None,
        });
    }
    Ok(feeds)
}

/// Loads everything up to `now` and computes the rollups, two sites at a time.
pub async fn backfill(installation: &Installation, feeds: Vec<Feed>, now: DateTime<Utc>) -> anyhow::Result<Vec<Feed>> {
    let months = feeds.iter().map(|f| Grain::Month.periods(f.since, f.today(now)).len() as u64).sum();
    let bar = ProgressBar::new(months);
    bar.set_style(
        ProgressStyle::with_template("{wide_bar} {pos}/{len} months {msg}").expect("the template is a constant"),
    );
    let done = stream::iter(feeds)
        .map(|mut feed| {
            let bar = bar.clone();
            async move {
                for month in Grain::Month.periods(feed.since, feed.today(now)) {
                    feed.load_month(month, now).await?;
                    bar.inc(1);
                }
                let site = feed.intake.site().clone();
                while ingest::rollup::refresh::refresh(&installation.warehouse, &installation.model, &site, now)
                    .await?
                    .pending
                    > 0
                {}
                Ok::<_, anyhow::Error>(feed)
            }
        })
        .buffer_unordered(2)
        .try_collect()
        .await?;
    bar.finish_and_clear();
    Ok(done)
}

impl Feed {
    fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        self.intake.site().day(now)
    }

    async fn load_month(&mut self, month: NaiveDate, now: DateTime<Utc>) -> anyhow::Result<()> {
        let next_month = Grain::Month.label(Grain::Month.next(month));
        // The following month has been begun, so this one is whole.
        if self.intake.position(&self.source, &next_month).await? > 0 {
            return Ok(());
        }
        let last = Grain::Month.end(month).min(self.today(now));
        let mut events = Vec::new();
        let mut day = month.max(self.since);
        while day <= last {
            events.extend(self.platform.events(self.site, day).into_iter().filter(|e| e.at <= now));
            day = day + Days::new(1);
        }
        self.load(&Grain::Month.label(month), 0, events, now).await
    }

    /// Loads what has happened today up to `now`.
    pub async fn catch_up(&mut self, now: DateTime<Utc>) -> anyhow::Result<()> {
        let today = self.today(now);
        if today.day() == 1 {
            // The last minutes of the month that has just ended.
            self.load_month(Grain::Month.start(today - Days::new(1)), now).await?;
        }
        let before = match self.before_today {
            Some((day, count)) if day == today => count,
            _ => {
                let month = Grain::Month.start(today).max(self.since);
                let days = month.iter_days().take_while(|d| *d < today);
                let count = days.map(|d| self.platform.events(self.site, d).len() as i64).sum();
                self.before_today = Some((today, count));
                count
            }
        };
        let events = self.platform.events(self.site, today).into_iter().filter(|e| e.at <= now).collect();
        self.load(&Grain::Month.label(today), before, events, now).await
    }

    /// Loads the thin trickle that keeps a demo alive at night.
    pub async fn trickle(&mut self, now: DateTime<Utc>) -> anyhow::Result<()> {
        let events = self.platform.trickle(self.site, now);
        let (source, partition) = (format!("{}:trickle", self.source), "now");
        let first = self.intake.position(&source, partition).await?;
        let records = events.into_iter().map(|e| Decoded::Event(Box::new(e))).collect::<Vec<_>>();
        if !records.is_empty() {
            self.intake.load(Batch::dense(source, partition, first, now, records), now).await?;
        }
        Ok(())
    }

    /// Loads those of `events`, which begin at offset `first` of the partition, that are not committed yet.
    async fn load(
        &mut self,
        partition: &str,
        first: i64,
        events: Vec<Event>,
        now: DateTime<Utc>,
    ) -> anyhow::Result<()> {
        let mut next = self.intake.position(&self.source, partition).await?;
        let known = (next - first).clamp(0, events.len() as i64) as usize;
        let mut rest = events.into_iter().skip(known).peekable();
        while rest.peek().is_some() {
            let records: Vec<_> = rest.by_ref().take(BATCH).map(|e| Decoded::Event(Box::new(e))).collect();
            let batch = Batch::dense(&self.source, partition, next, now, records);
            match self.intake.load(batch, now).await? {
                Outcome::Committed(counts) => next += counts.received as i64,
                Outcome::Moved { .. } => anyhow::bail!("another demo is loading into this database"),
            }
        }
        Ok(())
    }
}
