//! A platform too large to keep its events here: they are made, counted into the rollups by the code that counts stored
//! ones, and forgotten.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use anyhow::Context;
use chrono::NaiveDate;
use demo::Platform;
use futures::{StreamExt, TryStreamExt, stream};
use ingest::enrich::SiteSecret;
use ingest::load::things::Things;
use ingest::rollup::cells::{Cells, merge};
use ingest::rollup::compute::Counting;
use ingest::rollup::store::replace_streamed;
use ingest::{Event, Person};
use model::{Grain, Key, Model};
use tokio_postgres::Transaction;

use crate::database::{AT_ONCE, BATCH, Database, FROM, SECRET, TO, now};
use crate::servers::Servers;
use crate::table::{Progress, whole};

/// The database with the rollups, of those named, that the platform of so many events has; from an earlier run, if its
/// servers' data was kept.
pub async fn rolled_up(
    servers: &Servers,
    platform: &Arc<Platform>,
    events: u64,
    rollups: &BTreeSet<String>,
    progress: &Progress,
) -> anyhow::Result<Database> {
    let name = format!("rollups_{events}");
    if let Some(database) = servers.find(&name).await? {
        progress.say(&format!("the rollups of {} events are there already", whole(events as f64)));
        return Ok(database);
    }
    progress.say(&format!("making the rollups of {} events", whole(events as f64)));
    let database = servers.create("unfinished").await?;
    database.reference(platform).await?;
    let mut model = Model::embedded()?;
    model.rollups.retain(|rollup| rollups.contains(&rollup.name));
    let model = Arc::new(model);
    stream::iter(0..platform.sites().len())
        .map(|site| {
            let (database, platform, model) = (database.clone(), platform.clone(), model.clone());
            let name = platform.sites()[site].site.name.clone();
            async move {
                tokio::spawn(async move { fill_site(&database, &platform, &model, site).await }).await??;
                progress.say(&format!("made the rollups of {name}"));
                Ok::<_, anyhow::Error>(())
            }
        })
        .buffer_unordered(AT_ONCE)
        .try_collect::<()>()
        .await?;
    database.settle().await?;
    servers.finish(database, &name).await
}

async fn fill_site(database: &Database, platform: &Platform, model: &Model, site: usize) -> anyhow::Result<()> {
    let directory = database.directory().await?;
    let own = directory.site(&platform.sites()[site].site.code).context("the site is missing")?;
    let things = Things::new(&directory, own.id);
    let mut persons = Persons::default();
    let mut coarse: BTreeMap<(Grain, NaiveDate), Vec<Cells>> = BTreeMap::new();
    let mut client = database.warehouse.client().await?;
    for day in FROM.iter_days().take_while(|day| *day <= TO) {
        let events = platform.events(site, day);
        let cells = count(model, &things, &mut persons, &events)?;
        let tx = client.transaction().await?;
        store(&tx, model, own.id, (Grain::Day, day), &cells).await?;
        for grain in [Grain::Week, Grain::Month] {
            let period = coarse.entry((grain, grain.start(day))).or_insert_with(|| vec![Cells::new(); cells.len()]);
            period.iter_mut().zip(&cells).for_each(|(period, cells)| merge(period, cells));
            if grain.end(day) == day {
                let cells = coarse.remove(&(grain, grain.start(day))).expect("it was made just now");
                store(&tx, model, own.id, (grain, grain.start(day)), &cells).await?;
            }
        }
        tx.commit().await?;
    }
    // What was not filled must not answer.
    let filled: Vec<&str> = model.rollups.iter().map(|rollup| rollup.name.as_str()).collect();
    for rollup in Model::embedded()?.rollups.iter().filter(|rollup| !filled.contains(&rollup.name.as_str())) {
        let sql = "INSERT INTO mart.unready (site_id, rollup, last_mark) VALUES ($1, $2, $3)";
        client.execute(sql, &[&own.id, &rollup.name, &i64::MAX]).await?;
    }
    let sql = "UPDATE core.site SET closed_through = $2, refreshed_at = $3, data_version = data_version + 1 WHERE site_id = $1";
    client.execute(sql, &[&own.id, &TO, &now()]).await?;
    Ok(())
}

async fn store(
    tx: &Transaction<'_>,
    model: &Model,
    site: i16,
    (grain, period): (Grain, NaiveDate),
    cells: &[Cells],
) -> anyhow::Result<()> {
    for (rollup, cells) in model.rollups.iter().zip(cells) {
        replace_streamed(tx, model, rollup, site, (grain, period), cells).await?;
    }
    Ok(())
}

fn count(model: &Model, things: &Things, persons: &mut Persons, events: &[Event]) -> anyhow::Result<Vec<Cells>> {
    let mut counting = Counting::new(model);
    for events in events.chunks(BATCH) {
        persons.learn(events);
        for event in events {
            let refs = things.resolve(event).map_err(|reject| anyhow::anyhow!(reject.detail))?;
            let key = |key| match key {
                Key::Site => unreachable!("the model refuses a rollup that lists the site"),
                Key::School => refs.school,
                Key::Book => refs.book,
                Key::Chapter => refs.chapter,
                Key::Role => event.role,
                Key::Kind => event.kind,
                Key::Device => event.device,
            };
            counting.add(key, event.duration_ms, persons.numbers[&event.person]);
        }
    }
    Ok(counting.finish())
}

/// Numbers given out as the loader does: batch by batch, in the order of the pseudonyms.
struct Persons {
    secret: SiteSecret,
    numbers: HashMap<Person, u32>,
}

impl Default for Persons {
    fn default() -> Self {
        Self { secret: SiteSecret::new(&SECRET), numbers: HashMap::new() }
    }
}

impl Persons {
    fn learn(&mut self, events: &[Event]) {
        let new = events.iter().map(|event| &event.person).filter(|person| !self.numbers.contains_key(*person));
        let new: BTreeMap<_, _> = new.map(|person| (self.secret.of(person), person.clone())).collect();
        let first = self.numbers.len() as u32 + 1;
        self.numbers.extend(new.into_values().zip(first..));
    }
}
