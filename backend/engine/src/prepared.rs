//! Questions made ready: checked, planned and named, once for each state of the warehouse. The same question of the same
//! scope is then found, not planned again.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use access::{Lens, Scope};
use cache::CacheKey;
use chrono::{DateTime, NaiveDate, Utc};
use foldhash::fast::RandomState;
use model::Model;
use moka::Equivalent;
use moka::sync::Cache;
use query::{Invalid, Question, ScopedQuery, validate};

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
    /// The quarter of an hour, since 1970, for which `today` was last looked up. Every zone's days begin with one.
    looked_up: AtomicI64,
    asked: AtomicBool,
}

impl Prepared {
    /// Somebody asked it, not only the one who warms.
    pub fn note_asked(&self) {
        if !self.asked.load(Ordering::Relaxed) {
            self.asked.store(true, Ordering::Relaxed);
        }
    }

    fn is_of(&self, snapshot: &Snapshot, now: DateTime<Utc>) -> bool {
        let quarter = quarter(now);
        if self.looked_up.load(Ordering::Relaxed) == quarter {
            return true;
        }
        let same = self.today == today(&self.plan.sites, snapshot, now);
        if same {
            self.looked_up.store(quarter, Ordering::Relaxed);
        }
        same
    }
}

fn quarter(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(900)
}

/// Questions kept ready of one snapshot, at most.
const KEPT: u64 = 2_000;

/// A snapshot with the questions that were made ready of it; they go with it.
#[derive(Debug)]
pub struct Moment {
    pub snapshot: Arc<Snapshot>,
    ready: Cache<Asked, Arc<Prepared>, RandomState>,
}

/// An [`Asked`] that is looked for.
#[derive(Hash)]
struct Name<'a> {
    scope: &'a Scope,
    question: &'a Question,
}

impl Equivalent<Asked> for Name<'_> {
    fn equivalent(&self, asked: &Asked) -> bool {
        *self.scope == asked.scope && *self.question == asked.question
    }
}

impl Moment {
    pub fn new(snapshot: Snapshot) -> Self {
        Self {
            snapshot: Arc::new(snapshot),
            ready: Cache::builder().max_capacity(KEPT).build_with_hasher(RandomState::default()),
        }
    }

    /// Finds the question, or makes it ready. `version` is that of the model.
    pub fn get(
        &self,
        scope: &Scope,
        question: &Question,
        (model, version): (&Model, u64),
        now: DateTime<Utc>,
    ) -> Result<Arc<Prepared>, Invalid> {
        let snapshot = &self.snapshot;
        if let Some(found) = self.ready.get(&Name { scope, question })
            && found.is_of(snapshot, now)
        {
            return Ok(found);
        }
        let asked = Asked { scope: scope.clone(), question: question.clone() };
        let prepared = Arc::new(prepare(&asked, (model, version), snapshot, now)?);
        self.ready.insert(asked, prepared.clone());
        Ok(prepared)
    }

    /// What somebody asked of it.
    pub fn asked(&self) -> impl Iterator<Item = Asked> {
        let asked = self.ready.iter().filter(|(_, prepared)| prepared.asked.load(Ordering::Relaxed));
        asked.map(|(asked, _)| asked.as_ref().clone())
    }
}

fn prepare(
    Asked { scope, question }: &Asked,
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
    let (looked_up, asked) = (AtomicI64::new(quarter(now)), AtomicBool::new(false));
    Ok(Prepared { scoped, plan, key, today, freshness, looked_up, asked })
}

/// The latest site-local date among the sites.
fn today(sites: &BTreeSet<i16>, snapshot: &Snapshot, now: DateTime<Utc>) -> Option<NaiveDate> {
    sites.iter().filter_map(|s| snapshot.directory.sites.get(s)).map(|s| s.day(now)).max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{scope, snapshot};
    use access::Role;

    #[test]
    fn what_was_made_ready_is_found_by_the_same_scope_and_question_only() {
        let question = |metric: &str| Question {
            metrics: vec![metric.into()],
            from: "2026-01-01".into(),
            to: "2026-01-31".into(),
            ..Question::default()
        };
        let (own, other) = (scope(Role::SchoolAdmin, &[1]), scope(Role::SchoolAdmin, &[2]));
        let (views, minutes) = (question("views"), question("minutes"));
        let asked = Asked { scope: own.clone(), question: views.clone() };
        let is = |scope: &Scope, question: &Question| Name { scope, question }.equivalent(&asked);
        assert!(is(&own, &views));
        assert!(!is(&other, &views) && !is(&own, &minutes) && !is(&other, &minutes));

        let (moment, model) = (Moment::new(snapshot()), Model::embedded().unwrap());
        let get = |scope: &Scope| moment.get(scope, &views, (&model, 1), DateTime::UNIX_EPOCH).unwrap();
        assert!(Arc::ptr_eq(&get(&own), &get(&own)));
        assert_ne!(get(&own).key, get(&other).key);
    }
}
