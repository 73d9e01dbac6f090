//! Questions made ready: checked, planned and named, once for each state of the warehouse. The same question of the same
//! scope is then found, not planned again.

use std::collections::BTreeSet;
use std::sync::Arc;

use access::Lens;
use cache::CacheKey;
use chrono::{DateTime, NaiveDate, Utc};
use model::Model;
use moka::sync::Cache;
use query::{Invalid, ScopedQuery, validate};

use crate::hot::Asked;
use crate::plan::{Plan, plan};
use crate::reply::freshness;
use crate::snapshot::Snapshot;

/// A question ready to be answered.
#[derive(Debug)]
pub struct Prepared {
    pub scoped: ScopedQuery,
    pub plan: Plan,
    pub key: CacheKey,
    /// The latest site-local date among its sites.
    pub today: Option<NaiveDate>,
    /// The head of its replies.
    pub freshness: String,
}

/// Questions kept ready of one snapshot, at most.
const KEPT: u64 = 2_000;

/// A snapshot with the questions that were made ready of it; they go with it.
#[derive(Debug)]
pub struct Moment {
    pub snapshot: Arc<Snapshot>,
    ready: Cache<Asked, Arc<Prepared>>,
}

impl Moment {
    pub fn new(snapshot: Snapshot) -> Self {
        Self { snapshot: Arc::new(snapshot), ready: Cache::new(KEPT) }
    }

    /// Finds the question, or makes it ready. `version` is that of the model.
    pub fn get(
        &self,
        asked: &Asked,
        (model, version): (&Model, u64),
        now: DateTime<Utc>,
    ) -> Result<Arc<Prepared>, Invalid> {
        let snapshot = &self.snapshot;
        if let Some(found) = self.ready.get(asked)
            && found.today == today(&found.plan.sites, snapshot, now)
        {
            return Ok(found);
        }
        let prepared = Arc::new(prepare(asked, (model, version), snapshot, now)?);
        self.ready.insert(asked.clone(), prepared.clone());
        Ok(prepared)
    }
}

fn prepare(
    (scope, question): &Asked,
    (model, version): (&Model, u64),
    snapshot: &Snapshot,
    now: DateTime<Utc>,
) -> Result<Prepared, Invalid> {
    let scoped = validate(question, model, scope.clone())?;
    let plan = plan(&scoped, model, snapshot)?;
    let today = today(&plan.sites, snapshot, now);
    if scoped.scope().lens() == Lens::Protected && today.is_some_and(|t| scoped.query().to >= t) {
        let detail = "protected numbers are published for months that are over";
        return Err(Invalid::new("cannot_answer", "/to", detail));
    }
    let versions: Vec<_> =
        plan.sites.iter().map(|s| (s, snapshot.sites.get(s).map_or(0, |state| state.data_version))).collect();
    // The plan's own wording is left out: the query, the scope and what the plan is made from decide it.
    let versions = (snapshot.installation, version, versions, snapshot.directory.version, today);
    let key = CacheKey::new(scoped.scope(), scoped.query(), &versions);
    let freshness = freshness(&plan.sites, snapshot);
    Ok(Prepared { scoped, plan, key, today, freshness })
}

/// The latest site-local date among the sites.
fn today(sites: &BTreeSet<i16>, snapshot: &Snapshot, now: DateTime<Utc>) -> Option<NaiveDate> {
    sites.iter().filter_map(|s| snapshot.directory.sites.get(s)).map(|s| s.day(now)).max()
}
