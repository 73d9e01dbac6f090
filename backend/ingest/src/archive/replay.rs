//! Loading once more what the archive holds. Each piece is a log of its own, so a replay that was stopped goes on where its last load
//! was committed, and no record is loaded twice by it.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use tokio::task::spawn_blocking;
use warehouse::Warehouse;

use super::naming::logs;
use super::piece::Piece;
use super::run::Run;
use super::shelf::Archive;
use super::{ArchiveError, removal};
use crate::load::batch::{Batch, Counts, Outcome, Received};
use crate::load::intake::Intake;
use crate::source::spooled::received;

/// Records of one transaction.
const BATCH: usize = 20_000;

/// How far the clocks of a collector and of the store may be apart. A piece is written after its records were received; by more than
/// this too early, and it is left out, and what its loads brought is left as it is.
const CLOCKS: TimeDelta = TimeDelta::hours(1);

/// What is to be loaded once more.
#[derive(Debug, Clone, Copy)]
pub struct Replay {
    /// Records that were received from this time on.
    pub from: DateTime<Utc>,
    /// Remove first what they brought.
    pub anew: bool,
}

/// What it is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress<'a> {
    /// So many pieces will be read.
    Pieces(usize),
    /// A piece was read and is whole; before anything is removed.
    Whole(&'a str),
    Removed(NaiveDate),
    /// A piece was loaded, and what came of all so far.
    Loaded(&'a str, Counts),
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    pub pieces: usize,
    /// Without what an earlier run of the same replay has loaded.
    pub counts: Counts,
}

impl Replay {
    /// Does it; told to again after whatever stopped it, it goes on. `now` is the clock.
    ///
    /// # Errors
    /// With `anew` a piece that is missing or damaged is found before anything is removed.
    pub async fn run(
        self,
        warehouse: &Warehouse,
        archive: &Archive,
        intake: &mut Intake,
        now: impl Fn() -> DateTime<Utc>,
        mut progress: impl FnMut(Progress<'_>),
    ) -> Result<Summary, ArchiveError> {
        let mut client = warehouse.client().await?;
        let site = intake.site().clone();
        let run = Run::begin(&client, &site, (self.from, self.anew), None, now()).await?;
        if run.anew && !run.removed {
            let pieces = self.pieces(archive).await?;
            progress(Progress::Pieces(pieces.len()));
            for piece in &pieces {
                archive.read(piece).await?;
                progress(Progress::Whole(&piece.name));
            }
            let done = |day| progress(Progress::Removed(day));
            let loads = removal::loads(&client, &run, &site, &pieces).await?;
            removal::remove(&mut client, &run, &site, &loads, now(), done).await?;
        }
        let pieces = self.pieces(archive).await?;
        progress(Progress::Pieces(pieces.len()));
        let mut summary = Summary { pieces: pieces.len(), ..Summary::default() };
        for (piece, start) in in_order(&pieces) {
            summary.counts += self.load(&run, archive, intake, (piece, start), &now).await?;
            progress(Progress::Loaded(&piece.name, summary.counts));
        }
        run.end(&client, now()).await?;
        Ok(summary)
    }

    /// The pieces that may have such records.
    async fn pieces(self, archive: &Archive) -> Result<Vec<Piece>, ArchiveError> {
        let mut pieces = archive.pieces().await?;
        pieces.retain(|piece| piece.written_at >= self.from - CLOCKS);
        Ok(pieces)
    }

    /// Loads a piece's records from an offset on.
    async fn load(
        self,
        run: &Run,
        archive: &Archive,
        intake: &mut Intake,
        (piece, start): (&Piece, i64),
        now: &impl Fn() -> DateTime<Utc>,
    ) -> Result<Counts, ArchiveError> {
        let log = format!("{}{}", logs(run.id), piece.name);
        let site = intake.site().code.clone();
        let mut position = intake.position(&log, &site).await?;
        let mut counts = Counts::default();
        if position >= piece.next {
            return Ok(counts);
        }
        let (records, first, from) = (archive.read(piece).await?, piece.first, self.from);
        let opened = spawn_blocking(move || {
            let received = (first..).zip(records).map(|(offset, bytes)| received(offset, bytes));
            received.filter(|record| record.offset >= start && record.received_at >= from).collect::<Vec<_>>()
        });
        let damaged = |what: String| ArchiveError::Damaged { name: piece.name.clone(), what };
        let mut records = opened.await.map_err(|error| damaged(error.to_string()))?;
        records.retain(|record| record.offset >= position);
        let mut records = records.into_iter().peekable();
        while records.peek().is_some() {
            let some: Vec<Received> = records.by_ref().take(BATCH).collect();
            // With the last of them the whole piece is done.
            let next = records.peek().map_or(piece.next, |record| record.offset);
            let batch = Batch {
                source: log.clone(),
                partition: site.clone(),
                first: position,
                next,
                records: some,
                mark: None,
            };
            let steps = intake.steps();
            let prepared = spawn_blocking(move || steps.prepare(batch)).await.map_err(|e| damaged(e.to_string()))?;
            match intake.load_again(prepared, &piece.source, now()).await? {
                Outcome::Committed(done) => {
                    counts += done;
                    position = next;
                }
                // Another process runs the same replay.
                Outcome::Moved { next } => {
                    position = next;
                    let rest: Vec<Received> = records.filter(|record| record.offset >= position).collect();
                    records = rest.into_iter().peekable();
                }
            }
        }
        Ok(counts)
    }
}

/// The pieces in the order to load them, each with the offset from which on no other has its records: those of one log by offset, for
/// of events that share an id the first counts; those of several logs about as they came.
fn in_order(pieces: &[Piece]) -> Vec<(&Piece, i64)> {
    let mut by_offset: Vec<&Piece> = pieces.iter().collect();
    by_offset.sort_by_key(|piece| (&piece.source, piece.first, piece.next));
    let mut logs: HashMap<&str, (i64, DateTime<Utc>)> = HashMap::new();
    let mut found = Vec::new();
    for piece in by_offset {
        let (reached, latest) = logs.entry(&piece.source).or_insert((0, DateTime::UNIX_EPOCH));
        *latest = piece.written_at.max(*latest);
        if piece.next > *reached {
            found.push((*latest, (piece, piece.first.max(*reached))));
            *reached = piece.next;
        }
    }
    found.sort_by_key(|(latest, _)| *latest);
    found.into_iter().map(|(_, piece)| piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_record_is_read_twice_or_before_one_that_came_earlier_in_its_log() {
        let piece = |source: &str, first, next, minute| Piece {
            name: format!("{source}{first}-{next}"),
            source: source.into(),
            first,
            next,
            written_at: DateTime::UNIX_EPOCH + TimeDelta::minutes(minute),
        };
        // Copied elsewhere, so that the second is older than the first; and written by two at once.
        let pieces = [
            piece("b", 0, 9, 6),
            piece("a", 10, 20, 1),
            piece("a", 0, 10, 5),
            piece("a", 18, 30, 7),
            piece("a", 18, 19, 8),
        ];
        let order: Vec<_> = in_order(&pieces).into_iter().map(|(piece, start)| (piece.name.as_str(), start)).collect();
        assert_eq!(order, [("a0-10", 0), ("a10-20", 10), ("b0-9", 0), ("a18-30", 20)]);
    }
}
