//! A replay as the warehouse knows it: begun, what is to come anew removed, ended. One of a site at a time.

use chrono::{DateTime, Utc};
use reference::Site;
use tokio_postgres::Client;
use warehouse::Statement;

use super::ArchiveError;

const OPEN: &str = "SELECT replay_id, received_from, anew, removed_at IS NOT NULL, log FROM raw.replay
    WHERE site_id = $1 AND ended_at IS NULL";
const BEGIN: &str = "INSERT INTO raw.replay (site_id, received_from, anew, log, began_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (site_id) WHERE ended_at IS NULL DO NOTHING";
pub(super) const REMOVED: &str = "UPDATE raw.replay SET removed_at = $2 WHERE replay_id = $1 AND removed_at IS NULL";
const END: &str = "UPDATE raw.replay SET ended_at = $2 WHERE replay_id = $1 AND ended_at IS NULL";

pub(crate) fn statements() -> [Statement; 3] {
    [
        Statement::new("ingest: read the replay that is not ended", OPEN),
        Statement::new("ingest: begin a replay", BEGIN),
        Statement::new("ingest: end a replay", END),
    ]
}

/// A replay that has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub id: i64,
    pub from: DateTime<Utc>,
    pub anew: bool,
    /// What comes anew was removed.
    pub removed: bool,
    /// The topic's source; `None` for the archive.
    pub log: Option<String>,
}

impl Run {
    /// The replay of the site that is not ended.
    pub async fn open(client: &Client, site: &Site) -> Result<Option<Run>, tokio_postgres::Error> {
        let row = client.query_opt(OPEN, &[&site.id]).await?;
        Ok(row.map(|row| Run {
            id: row.get(0),
            from: row.get(1),
            anew: row.get(2),
            removed: row.get(3),
            log: row.get(4),
        }))
    }

    /// Begins one, or goes on with the same one.
    ///
    /// # Errors
    /// [`ArchiveError::Unfinished`]: another one has to be ended first, for it may have removed what it alone brings back.
    pub async fn begin(
        client: &Client,
        site: &Site,
        (from, anew): (DateTime<Utc>, bool),
        log: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Run, ArchiveError> {
        client.execute(BEGIN, &[&site.id, &from, &anew, &log, &now]).await?;
        let site_code = || site.code.clone();
        match Self::open(client, site).await? {
            Some(run) if (run.from, run.anew, run.log.as_deref()) == (from, anew, log) => Ok(run),
            Some(run) => Err(ArchiveError::Unfinished {
                site: site_code(),
                from: run.from.to_rfc3339(),
                flags: match (run.log, run.anew) {
                    (None, false) => "",
                    (None, true) => " with --anew",
                    (Some(_), false) => " with --kafka",
                    (Some(_), true) => " with --kafka --anew",
                },
            }),
            // Ended by another process in this moment: theirs was as good.
            None => Box::pin(Self::begin(client, site, (from, anew), log, now)).await,
        }
    }

    pub async fn end(self, client: &Client, now: DateTime<Utc>) -> Result<(), tokio_postgres::Error> {
        client.execute(END, &[&self.id, &now]).await?;
        Ok(())
    }
}
