//! Loading once more what a topic still has: what the warehouse keeps of it. Whoever reads the topic is elsewhere.

use chrono::{DateTime, NaiveDate, Utc};
use reference::Site;
use warehouse::{Statement, Warehouse};

use super::naming::{literal, logs, replays_of};
use super::run::Run;
use super::{ArchiveError, removal};

/// What the topic brought of records received since, straight or by an earlier replay: site, source, time, replay that is no earlier one.
const LOADS: &str = "SELECT l.load_id, l.partition, l.first, l.next, l.received, r.received_from
    FROM raw.load AS l
    LEFT JOIN raw.replay AS r ON r.log = $2 AND l.source = 'replay:' || r.replay_id || '/' || r.log
    WHERE l.site_id = $1 AND (l.source = $2 OR r.replay_id IS NOT NULL) AND l.received_to >= $3
        AND r.replay_id IS DISTINCT FROM $4
    ORDER BY l.partition, l.first";
const BEGIN_AT: &str = "INSERT INTO raw.position (source, partition, next) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

/// Source.
const STANDINGS: &str = "SELECT partition, next, mark FROM raw.position WHERE source = $1 ORDER BY partition";
/// Source. Whoever loads from it waits.
const HOLD: &str = "SELECT partition FROM raw.position WHERE source = $1 ORDER BY partition FOR UPDATE";
/// The sources of topics of this name that were put away, as LIKE reads them.
const PUT_AWAY: &str = "SELECT count(DISTINCT source) FROM raw.position WHERE source LIKE $1";
/// Source, what is added to it.
const MOVE_POSITIONS: &str = "UPDATE raw.position SET source = source || $2 WHERE source = $1";
/// And the sources of its replays, as LIKE reads them.
const MOVE_LOADS: &str = "UPDATE raw.load SET source = source || $2 WHERE source = $1 OR source LIKE $3";
/// And when. A replay that is not ended can load nothing any more.
const MOVE_REPLAYS: &str = "UPDATE raw.replay SET log = log || $2, ended_at = coalesce(ended_at, $3) WHERE log = $1";
const FORGET: &str = "DELETE FROM raw.log WHERE source = $1";

pub(crate) fn statements() -> [Statement; 9] {
    let named = |name: &str, sql: &str| Statement::new(format!("ingest: {name}"), sql);
    [
        named("read the loads of a topic that can come anew", LOADS),
        named("begin a partition at an offset", BEGIN_AT),
        named("read how far a topic is loaded", STANDINGS),
        named("hold a topic", HOLD),
        named("count the topics of a name that were put away", PUT_AWAY),
        named("put a topic's positions away", MOVE_POSITIONS),
        named("put a topic's loads away", MOVE_LOADS),
        named("put a topic's replays away", MOVE_REPLAYS),
        named("forget how far behind a topic is", FORGET),
    ]
}

/// A replay of a topic that has begun.
pub struct TopicReplay {
    run: Run,
    site: Site,
    log: String,
}

/// What a load before has brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastLoad {
    pub id: i64,
    pub partition: String,
    pub first: i64,
    pub next: i64,
    /// Its records.
    pub received: i64,
    /// It left out what was received before this time.
    pub since: Option<DateTime<Utc>>,
}

impl TopicReplay {
    /// Begins one of the topic that is the log of this source, or goes on with the same one.
    ///
    /// # Errors
    /// [`ArchiveError::Unfinished`]: another one of the site has to be ended first.
    pub async fn begin(
        warehouse: &Warehouse,
        site: &Site,
        log: &str,
        (from, anew): (DateTime<Utc>, bool),
        now: DateTime<Utc>,
    ) -> Result<Self, ArchiveError> {
        let client = warehouse.client().await?;
        let run = Run::begin(&client, site, (from, anew), Some(log), now).await?;
        Ok(Self { run, site: site.clone(), log: log.to_owned() })
    }

    /// The source of its loads.
    pub fn source(&self) -> String {
        format!("{}{}", logs(self.run.id), self.log)
    }

    /// Whether what comes anew is still to be removed.
    pub fn removes(&self) -> bool {
        self.run.anew && !self.run.removed
    }

    /// What the topic brought before of records received from its time on, by partition and offset.
    pub async fn loads(&self, warehouse: &Warehouse) -> Result<Vec<PastLoad>, ArchiveError> {
        let client = warehouse.client().await?;
        let rows = client.query(LOADS, &[&self.site.id, &self.log, &self.run.from, &self.run.id]).await?;
        let load = |row: &tokio_postgres::Row| PastLoad {
            id: row.get(0),
            partition: row.get(1),
            first: row.get(2),
            next: row.get(3),
            received: i64::from(row.get::<_, i32>(4)),
            since: row.get(5),
        };
        Ok(rows.iter().map(load).collect())
    }

    /// Removes what these loads have brought, of records received from its time on. `progress` is told of each day.
    pub async fn remove(
        &mut self,
        warehouse: &Warehouse,
        loads: &[i64],
        now: DateTime<Utc>,
        progress: impl FnMut(NaiveDate),
    ) -> Result<(), ArchiveError> {
        let mut client = warehouse.client().await?;
        removal::remove(&mut client, &self.run, &self.site, loads, now, progress).await?;
        self.run.removed = true;
        Ok(())
    }

    /// Has a partition begin at an offset, unless it was begun before.
    pub async fn begin_at(&self, warehouse: &Warehouse, partition: &str, offset: i64) -> Result<(), ArchiveError> {
        warehouse.client().await?.execute(BEGIN_AT, &[&self.source(), &partition, &offset]).await?;
        Ok(())
    }

    pub async fn end(self, warehouse: &Warehouse, now: DateTime<Utc>) -> Result<(), ArchiveError> {
        Ok(self.run.end(&*warehouse.client().await?, now).await?)
    }
}

/// How far each partition of a topic is loaded, with the mark that was kept beside it.
pub async fn standings(warehouse: &Warehouse, log: &str) -> Result<Vec<(String, i64, Option<String>)>, ArchiveError> {
    let rows = warehouse.client().await?.query(STANDINGS, &[&log]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect())
}

/// Puts a topic away that is no more, so that another of its name is read from the beginning: whatever was loaded from it stays, under a
/// source of another name, which is returned.
pub async fn put_away(warehouse: &Warehouse, log: &str, now: DateTime<Utc>) -> Result<String, ArchiveError> {
    let mut client = warehouse.client().await?;
    let tx = client.transaction().await?;
    tx.query(HOLD, &[&log]).await?;
    // No topic's name has an @.
    let before: i64 = tx.query_one(PUT_AWAY, &[&format!("{}@%", literal(log))]).await?.get(0);
    let suffix = format!("@{}", before + 1);
    tx.execute(MOVE_POSITIONS, &[&log, &suffix]).await?;
    tx.execute(MOVE_LOADS, &[&log, &suffix, &replays_of("", log)]).await?;
    tx.execute(MOVE_REPLAYS, &[&log, &suffix, &now]).await?;
    tx.execute(FORGET, &[&log]).await?;
    tx.commit().await?;
    Ok(format!("{log}{suffix}"))
}
