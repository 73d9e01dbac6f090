//! Removing what the archive can bring back: a transaction a day, each with its entry in the ledger, so that the sums stay right
//! whenever it is stopped.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use reference::Site;
use tokio_postgres::{Client, Transaction};
use warehouse::Statement;

use super::ArchiveError;
use super::naming::{logs, piece_of};
use super::piece::Piece;
use super::run::{REMOVED, Run};
use crate::load::sql;

const LOADS: &str = "SELECT load_id, source, first, next FROM raw.load
    WHERE site_id = $1 AND partition = $2 AND received_to >= $3";
const DAYS: &str = "SELECT DISTINCT day FROM core.event
    WHERE site_id = $1 AND load_id = ANY($2) AND received_at >= $3 ORDER BY day";
const EVENTS: &str =
    "DELETE FROM core.event WHERE site_id = $1 AND day = $2 AND load_id = ANY($3) AND received_at >= $4";
/// What was released or tried again stays: its record is known by it.
const REFUSED: &str = "DELETE FROM raw.quarantine
    WHERE load_id = ANY($1) AND settled_load_id IS NULL AND received_at >= $2";
const LIVE: &str = "DELETE FROM mart.live WHERE load_id = ANY($1)";

pub(crate) fn statements() -> [Statement; 6] {
    [
        Statement::new("ingest: read the loads that can come anew", LOADS),
        Statement::new("ingest: read the days of loads", DAYS),
        Statement::new("ingest: remove events that come anew", EVENTS),
        Statement::new("ingest: remove refused records that come anew", REFUSED),
        Statement::new("ingest: remove what is live and comes anew", LIVE),
        Statement::new("ingest: note that a replay has removed", REMOVED),
    ]
}

/// Removes what these loads have brought of records received from the run's time on. `progress` is told of each day.
pub(super) async fn remove(
    client: &mut Client,
    run: &Run,
    site: &Site,
    loads: &[i64],
    now: DateTime<Utc>,
    mut progress: impl FnMut(NaiveDate),
) -> Result<(), ArchiveError> {
    let days: Vec<NaiveDate> =
        client.query(DAYS, &[&site.id, &loads, &run.from]).await?.iter().map(|row| row.get(0)).collect();
    for day in days {
        let tx = client.transaction().await?;
        let events = tx.execute(EVENTS, &[&site.id, &day, &loads, &run.from]).await? as i32;
        if events > 0 {
            // Without a load the mark says: compute the day anew.
            tx.execute(sql::MARK, &[&site.id, &None::<i64>, &vec![day]]).await?;
            enter(&tx, run, site, i64::from(day.num_days_from_ce()), (events, 0), now).await?;
        }
        tx.commit().await?;
        progress(day);
    }
    let tx = client.transaction().await?;
    // Of any number of processes that do the same one is the first.
    if tx.execute(REMOVED, &[&run.id, &now]).await? == 1 {
        let refused = tx.execute(REFUSED, &[&loads, &run.from]).await? as i32;
        tx.execute(LIVE, &[&loads]).await?;
        enter(&tx, run, site, 0, (0, refused), now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// An entry of the ledger that takes back what the loads before have counted.
async fn enter(
    tx: &Transaction<'_>,
    run: &Run,
    site: &Site,
    place: i64,
    (events, refused): (i32, i32),
    now: DateTime<Utc>,
) -> Result<(), ArchiveError> {
    if events + refused == 0 {
        return Ok(());
    }
    let load_id: i64 = tx.query_one(sql::NEXT_LOAD, &[]).await?.get(0);
    let source = format!("{}removed", logs(run.id));
    let received = -(events + refused);
    let none = None::<DateTime<Utc>>;
    tx.execute(
        sql::LEDGER,
        &[
            &load_id,
            &source,
            &site.code,
            &place,
            &place,
            &site.id,
            &received,
            &-events,
            &0_i32,
            &-refused,
            &0_i32,
            &now,
            &none,
            &none,
            &None::<String>,
        ],
    )
    .await?;
    Ok(())
}

/// The loads whose records are all in the pieces, straight from their log or by an earlier replay. No others are touched, so nothing
/// goes that does not come again.
pub(super) async fn loads(client: &Client, run: &Run, site: &Site, pieces: &[Piece]) -> Result<Vec<i64>, ArchiveError> {
    let names: HashSet<&str> = pieces.iter().map(|piece| piece.name.as_str()).collect();
    let ranges = ranges(pieces);
    let own = logs(run.id);
    let whole = |row: &tokio_postgres::Row| {
        let (source, first, next): (&str, i64, i64) = (row.get(1), row.get(2), row.get(3));
        match piece_of(source) {
            Some(name) => !source.starts_with(&own) && names.contains(name),
            None => ranges.get(source).is_some_and(|ranges| ranges.iter().any(|(a, b)| *a <= first && next <= *b)),
        }
    };
    let rows = client.query(LOADS, &[&site.id, &site.code, &run.from]).await?;
    Ok(rows.iter().filter(|row| whole(row)).map(|row| row.get(0)).collect())
}

/// Per source what its pieces cover without a gap.
fn ranges(pieces: &[Piece]) -> BTreeMap<&str, Vec<(i64, i64)>> {
    let sorted: BTreeSet<(&str, i64, i64)> = pieces.iter().map(|p| (p.source.as_str(), p.first, p.next)).collect();
    let mut ranges: BTreeMap<&str, Vec<(i64, i64)>> = BTreeMap::new();
    for (source, first, next) in sorted {
        let ranges = ranges.entry(source).or_default();
        match ranges.last_mut() {
            Some((_, end)) if first <= *end => *end = next.max(*end),
            _ => ranges.push((first, next)),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_without_a_gap_are_one_range() {
        let piece = |source: &str, first, next| Piece {
            name: format!("{source}{first}"),
            source: source.into(),
            first,
            next,
            written_at: DateTime::UNIX_EPOCH,
        };
        let pieces = [piece("b", 0, 5), piece("a", 8, 9), piece("a", 0, 4), piece("a", 3, 6), piece("a", 4, 5)];
        let found = ranges(&pieces);
        assert_eq!(found["a"], [(0, 6), (8, 9)]);
        assert_eq!(found["b"], [(0, 5)]);
    }
}
