//! What is staged of a log and not loaded yet.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use reference::Site;
use stage::Objects;
use tokio::task::spawn_blocking;

use super::manifest::{self, FILE, File, MANIFEST};
use super::{Limits, csv};
use crate::enrich::Prepared;
use crate::load::batch::{LoadError, Retained};
use crate::load::brought::Brought;
use crate::load::stored::{Range, range};

/// A range of neighbouring records of one log. Their events are in files; what is refused, and what is to be kept beside the events, is
/// here.
pub(crate) struct Waiting {
    /// All batches as one, without rows and statements.
    batch: Prepared,
    staged: Staged,
    /// When the first of them was taken.
    pub since: DateTime<Utc>,
}

/// The part of it that is for the way into `core.event`.
#[derive(Default)]
pub(crate) struct Staged {
    pub files: Vec<File>,
    /// The latest time of an event of each day.
    pub latest: BTreeMap<NaiveDate, DateTime<Utc>>,
    pub received: Option<Range>,
    /// The statements of each batch.
    pub statements: Vec<Vec<Brought>>,
    /// The records of those statements whose events are in the files, should they be refused.
    pub kept: HashMap<i64, Retained>,
    /// Offsets of statements that were refused because they name what is not known.
    pub unresolved: HashSet<i64>,
}

/// One batch, written.
pub(crate) struct Part {
    batch: Prepared,
    staged: Staged,
}

impl Part {
    /// Writes a batch's rows to a file, if it has any. What it refused from `unresolved` on names what is not known.
    pub async fn write(
        objects: &Objects,
        site: &Site,
        mut batch: Prepared,
        unresolved: usize,
    ) -> Result<Self, LoadError> {
        let mut rows = std::mem::take(&mut batch.rows);
        let mut staged = Staged::default();
        let statements = std::mem::take(&mut batch.statements);
        let brought: HashSet<i64> = statements.iter().map(|brought| brought.offset).collect();
        let refused = batch.refused[unresolved..].iter().map(|refused| refused.offset);
        staged.unresolved = refused.filter(|offset| brought.contains(offset)).collect();
        if !statements.is_empty() {
            staged.statements.push(statements);
        }
        for row in &mut rows {
            let latest = staged.latest.entry(row.day).or_insert(row.at);
            *latest = row.at.max(*latest);
            if brought.contains(&row.offset) {
                staged.kept.insert(row.offset, std::mem::replace(&mut row.kept, Retained::InSource));
            }
        }
        staged.received = range(None, rows.iter().map(|row| row.received_at));
        if !rows.is_empty() {
            let (count, id) = (rows.len() as u64, site.id);
            let bytes = spawn_blocking(move || csv::pack(id, &rows)).await.map_err(LoadError::Packing)?;
            let (log, range) = ((batch.source.as_str(), batch.partition.as_str()), (batch.first, batch.next));
            let name = manifest::name(&site.code, log, range, FILE, &bytes);
            staged.files.push(File { name: name.clone(), bytes: bytes.len() as u64, rows: count });
            objects.put(&name, bytes).await?;
        }
        Ok(Self { batch, staged })
    }
}

impl Waiting {
    pub fn new(part: Part, now: DateTime<Utc>) -> Self {
        let Part { batch, staged } = part;
        Self { batch, staged, since: now }
    }

    /// Where the log goes on behind it.
    pub fn next(&self) -> i64 {
        self.batch.next
    }

    /// Puts the neighbouring batch behind it.
    pub fn add(&mut self, part: Part) {
        let Part { batch, staged } = part;
        let all = &mut self.batch;
        all.next = batch.next;
        all.received += batch.received;
        all.skipped += batch.skipped;
        all.refused.extend(batch.refused);
        all.tally.add(&batch.tally);
        all.mark = batch.mark;
        let all = &mut self.staged;
        all.files.extend(staged.files);
        for (day, at) in staged.latest {
            let latest = all.latest.entry(day).or_insert(at);
            *latest = at.max(*latest);
        }
        all.received = range(all.received, staged.received.into_iter().flat_map(|(from, to)| [from, to]));
        all.statements.extend(staged.statements);
        all.kept.extend(staged.kept);
        all.unresolved.extend(staged.unresolved);
    }

    pub fn is_full(&self, limits: &Limits) -> bool {
        let rows: u64 = self.staged.files.iter().map(|file| file.rows).sum();
        let statements: usize = self.staged.statements.iter().map(Vec::len).sum();
        rows >= limits.rows || self.batch.refused.len() + statements >= limits.held
    }

    /// Writes the manifest; where there is no file there is none.
    pub async fn write_manifest(&self, objects: &Objects, site: &Site) -> Result<Option<String>, LoadError> {
        if self.staged.files.is_empty() {
            return Ok(None);
        }
        let Prepared { source, partition, first, next, .. } = &self.batch;
        let bytes = manifest::manifest(objects, &self.staged.files);
        let name = manifest::name(&site.code, (source, partition), (*first, *next), MANIFEST, &bytes);
        objects.put(&name, bytes).await?;
        Ok(Some(name))
    }

    pub fn into_parts(self) -> (Prepared, Staged) {
        (self.batch, self.staged)
    }
}
