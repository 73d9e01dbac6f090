//! Reading and trimming a log.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::error::SpoolError;
use crate::log::Log;
use crate::pack;

/// Rows one call of trimming deletes, so that the writer never waits long for it.
const MOST_TRIMMED_PACKS: i64 = 64;

/// What is kept of one site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteState {
    pub site: String,
    /// The first offset that is kept.
    pub first: i64,
    /// The offset the next record gets.
    pub next: i64,
}

impl SiteState {
    /// Records that are kept.
    pub fn waiting(&self) -> u64 {
        self.next.abs_diff(self.first)
    }
}

/// What one call of trimming did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trimmed {
    /// The first offset that is kept now.
    pub first: i64,
    /// Whether there is more to trim below what was asked: call again.
    pub more: bool,
}

impl Log {
    /// Every site that ever sent something, by its code.
    pub(crate) fn sites(&self) -> Result<Vec<SiteState>, SpoolError> {
        let mut sites = self.connection.prepare_cached("SELECT code, first, next FROM site ORDER BY code")?;
        let states =
            sites.query_map([], |row| Ok(SiteState { site: row.get(0)?, first: row.get(1)?, next: row.get(2)? }))?;
        Ok(states.collect::<Result<_, _>>()?)
    }

    /// Records from an offset on, with their offsets: at most so many and so many bytes, but one at least if there is one.
    ///
    /// # Errors
    /// [`SpoolError::Gone`] and [`SpoolError::Ahead`] where `from` is not between what is kept and what comes next.
    pub(crate) fn read(
        &mut self,
        site: &str,
        from: i64,
        most_records: usize,
        most_bytes: usize,
    ) -> Result<Vec<(i64, Vec<u8>)>, SpoolError> {
        // One snapshot for the site's row and its packs, or a trim between the two looks like damage.
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
        let Some((no, next)) = kept(&transaction, site, from)? else { return Ok(Vec::new()) };
        let mut read = Vec::new();
        let mut bytes = 0;
        let mut expected = None;
        let mut packs = transaction.prepare_cached(
            "SELECT first, records, size, body FROM pack WHERE site = ?1 AND first >= coalesce(
                 (SELECT max(first) FROM pack WHERE site = ?1 AND first <= ?2), ?2)
             ORDER BY first",
        )?;
        let mut rows = packs.query([no, from])?;
        while let Some(row) = rows.next()? {
            let first: i64 = row.get(0)?;
            let damaged = |what: String| SpoolError::Damaged { site: site.to_owned(), first, what };
            if first > expected.unwrap_or(from) || expected.is_some_and(|expected| first < expected) {
                return Err(damaged(format!("the one before ends at {}", expected.unwrap_or(from))));
            }
            let body = row.get_ref(3)?.as_blob().map_err(|error| damaged(error.to_string()))?;
            let records = pack::unpack(body, row.get(2)?, row.get(1)?).map_err(damaged)?;
            expected = Some(first + records.len() as i64);
            for (offset, record) in (first..).zip(records).skip_while(|(offset, _)| *offset < from) {
                bytes += record.len();
                if read.len() >= most_records.max(1) || (bytes > most_bytes && !read.is_empty()) {
                    return Ok(read);
                }
                read.push((offset, record));
            }
        }
        match expected {
            Some(end) if end == next => Ok(read),
            None if from == next => Ok(read),
            end => Err(SpoolError::Damaged {
                site: site.to_owned(),
                first: end.unwrap_or(from),
                what: format!("nothing is there, and the next offset is {next}"),
            }),
        }
    }

    /// Forgets records below an offset, a bounded number at a time. Their pages are used for the next ones.
    ///
    /// # Errors
    /// [`SpoolError::Ahead`]: nothing is trimmed.
    pub(crate) fn trim(&mut self, site: &str, below: i64) -> Result<Trimmed, SpoolError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let state = transaction
            .prepare_cached("SELECT no, first, next FROM site WHERE code = ?1")?
            .query_row([site], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?)))
            .optional()?;
        let (no, first, next) = state.unwrap_or((0, 0, 0));
        if below > next {
            return Err(SpoolError::Ahead { site: site.to_owned(), from: below, next });
        }
        if below <= first {
            return Ok(Trimmed { first, more: false });
        }
        // A pack goes when all of it is below: until then its records are only hidden by `first`.
        let ends: Vec<i64> = transaction
            .prepare_cached("SELECT first + records FROM pack WHERE site = ?1 AND first < ?2 ORDER BY first LIMIT ?3")?
            .query_map(params![no, below, MOST_TRIMMED_PACKS], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let whole = ends.iter().copied().filter(|end| *end <= below).max().unwrap_or(first);
        let more = ends.len() as i64 == MOST_TRIMMED_PACKS && whole < below && ends.last() == Some(&whole);
        let first = if more { whole } else { below };
        transaction
            .prepare_cached("DELETE FROM pack WHERE site = ?1 AND first < ?2 AND first + records <= ?2")?
            .execute([no, whole])?;
        transaction.prepare_cached("UPDATE site SET first = ?2 WHERE no = ?1")?.execute([no, first])?;
        transaction.commit()?;
        Ok(Trimmed { first, more })
    }
}

/// The site's number and next offset, if `from` may be read.
fn kept(connection: &Connection, site: &str, from: i64) -> Result<Option<(i64, i64)>, SpoolError> {
    let mut state = connection.prepare_cached("SELECT no, first, next FROM site WHERE code = ?1")?;
    let state = state.query_row([site], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
    let Some((no, first, next)) = state else {
        return if from == 0 { Ok(None) } else { Err(SpoolError::Ahead { site: site.to_owned(), from, next: 0 }) };
    };
    match from {
        from if from < first => Err(SpoolError::Gone { site: site.to_owned(), from, first }),
        from if from > next => Err(SpoolError::Ahead { site: site.to_owned(), from, next }),
        from if from == next => Ok(None),
        _ => Ok(Some((no, next))),
    }
}
