//! The door: a caller and a question go in, a reply comes out. There is no other way to the warehouse's numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use access::policy::publication_scope;
use access::{Action, Caller, Lens, permits, scope_of};
use arc_swap::ArcSwap;
use bytes::Bytes;
use cache::{Answers, CacheKey};
use chrono::{DateTime, NaiveDate, Utc};
use model::{Formula, Model};
use query::{Invalid, Query, Question, ScopedQuery, validate};
use thiserror::Error;
use warehouse::{Warehouse, WarehouseError};

use crate::answer::{Answer, Body, Freshness, PlanInfo};
use crate::attribute::Attribute;
use crate::entities::Visible;
use crate::fetch::{Fetch, Fetched};
use crate::merge::{Counter, formulas};
use crate::plan::{Plan, Source, plan};
use crate::published::{Counts, census, hide, pattern};
use crate::snapshot::Snapshot;
use crate::table::{Writer, rows, totals};

#[derive(Debug, Error)]
pub enum EngineError {
    #[error("this is not for this role")]
    Forbidden,
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    Warehouse(#[from] WarehouseError),
    #[error(transparent)]
    Reference(#[from] reference::ReferenceError),
    #[error("the answer could not be computed: {0}")]
    Shared(Arc<EngineError>),
    #[error("dimension '{0}' is in the model, but the engine cannot read it")]
    Dimension(String),
}

/// An answer, ready to send.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The answer as JSON.
    pub json: Bytes,
    /// Differs whenever the numbers, the question or the scope do.
    pub etag: String,
    pub hit: bool,
}

impl Reply {
    pub fn answer(&self) -> Result<Answer, serde_json::Error> {
        serde_json::from_slice(&self.json)
    }
}

pub struct Engine {
    model: Arc<Model>,
    warehouse: Warehouse,
    answers: Answers,
    snapshot: ArcSwap<Snapshot>,
    most_events: i128,
}

/// Events that a question which no rollup can serve may read.
const MOST_EVENTS: i128 = 3_000_000;

impl Engine {
    /// Reads the first snapshot. Fails when the model holds a dimension the engine cannot read.
    pub async fn open(model: Arc<Model>, warehouse: Warehouse, answers: Answers) -> Result<Self, EngineError> {
        if let Some(d) = model.dimensions.iter().find(|d| Attribute::of(d).is_none_or(|a| a.key() != d.key)) {
            return Err(EngineError::Dimension(d.name.clone()));
        }
        let snapshot = Snapshot::read(&warehouse, &Snapshot::default()).await?;
        Ok(Self { model, warehouse, answers, snapshot: ArcSwap::from_pointee(snapshot), most_events: MOST_EVENTS })
    }

    /// The same with another bound on the events that a question may read.
    pub fn with_most_events(self, most_events: i128) -> Self {
        Self { most_events, ..self }
    }

    /// Takes notice of what changed in the warehouse. Called every second; answers are as new as the last call.
    pub async fn renew(&self) -> Result<(), EngineError> {
        let next = Snapshot::read(&self.warehouse, &self.snapshot.load()).await?;
        self.snapshot.store(Arc::new(next));
        Ok(())
    }

    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.load_full()
    }

    pub fn model(&self) -> &Model {
        &self.model
    }

    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    pub fn warehouse(&self) -> &Warehouse {
        &self.warehouse
    }

    /// Answers the question within what the caller may see.
    pub async fn answer(&self, caller: &Caller, question: &Question, now: DateTime<Utc>) -> Result<Reply, EngineError> {
        if !permits(caller, Action::UsageRead) {
            return Err(EngineError::Forbidden);
        }
        let snapshot = self.snapshot();
        let scoped = validate(question, &self.model, scope_of(caller))?;
        let plan = plan(&scoped, &self.model, &snapshot);
        let today = today(&plan.sites, &snapshot, now);
        if scoped.scope().lens() == Lens::Protected && today.is_some_and(|t| scoped.query().to >= t) {
            return Err(Invalid::new(
                "cannot_answer",
                "/to",
                "protected numbers are published for months that are over",
            )
            .into());
        }
        let versions: Vec<_> =
            plan.sites.iter().map(|s| (s, snapshot.sites.get(s).map_or(0, |state| state.data_version))).collect();
        // The plan's own wording is left out: the query, the scope and what the plan is made from decide it.
        let versions = (snapshot.installation, versions, snapshot.directory.version, today);
        let key = CacheKey::new(scoped.scope(), scoped.query(), &versions);
        let compute = async {
            let body = self.compute(&scoped, &plan, &snapshot, today).await?;
            Ok(Bytes::from(serde_json::to_vec(&body).expect("an answer can be written")))
        };
        let found = self.answers.get_or_compute(&key, compute).await.map_err(EngineError::Shared)?;
        Ok(Reply {
            json: with_freshness(&found.bytes, &plan.sites, &snapshot),
            etag: key.as_str()[..32].into(),
            hit: found.hit,
        })
    }

    async fn compute(
        &self,
        scoped: &ScopedQuery,
        plan: &Plan,
        snapshot: &Snapshot,
        today: Option<NaiveDate>,
    ) -> Result<Body, EngineError> {
        let query = scoped.query();
        let formulas = formulas(&self.model, &query.metrics);
        let fetch = Fetch {
            warehouse: &self.warehouse,
            model: &self.model,
            snapshot,
            plan,
            formulas: &formulas,
            grain: query.grain,
        };
        if plan.source == Source::Events {
            self.bounded(query, plan, snapshot).await?;
        }
        let current = fetch.run(&plan.stretches, query.from).await?;
        let previous = match (&plan.compared, query.compared_range()) {
            (Some(stretches), Some((from, _))) => Some(fetch.run(stretches, from).await?),
            _ => None,
        };
        let info = self.info(plan, &current, previous.as_ref());
        let mut rows = rows(query, &formulas, &current.groups, previous.as_ref().map(|p| &p.groups));
        let mut all = totals(query, &self.model, &formulas, current, previous);
        if scoped.scope().lens() == Lens::Protected {
            let [schools, regions] = census(query, &self.model)?;
            let (schools, regions) = (self.counts(&schools, snapshot).await?, self.counts(&regions, snapshot).await?);
            let own: Vec<i32> = Visible::new(snapshot, scoped.scope()).regions().iter().map(|r| r.id).collect();
            hide(&pattern(&schools, &regions), query, &self.model, plan, &own, &mut rows);
            // A total over several months is no cell of the published table.
            all.clear();
        }
        let writer =
            Writer { query, model: &self.model, snapshot, grouping: &plan.grouping, formulas: &formulas, today };
        Ok(writer.body(rows, all, info))
    }

    /// Refuses a question on the events themselves that would read too many; the rollups know how many there are.
    async fn bounded(&self, query: &Query, plan: &Plan, snapshot: &Snapshot) -> Result<(), EngineError> {
        let mut events = 0;
        for (from, to) in [Some((query.from, query.to)), query.compared_range()].into_iter().flatten() {
            let question = Question {
                metrics: vec!["events".into()],
                dimensions: vec!["site".into()],
                from: from.to_string(),
                to: to.to_string(),
                ..Question::default()
            };
            let scoped = validate(&question, &self.model, publication_scope())?;
            let of_plan = |key: &[i32]| plan.sites.contains(&(key[1] as i16));
            let counts = self.counts(&scoped, snapshot).await?;
            events += counts.iter().filter(|(key, _)| of_plan(key)).map(|(_, n)| n[0]).sum::<i128>();
        }
        if events <= self.most_events {
            return Ok(());
        }
        let detail = format!(
            "no rollup keeps this combination ({}), and {events} events are too many to read for it; ask for fewer days, or \
             leave out a dimension, filter or metric",
            plan.reasons.join("; ")
        );
        Err(Invalid::new("cannot_answer", "/dimensions", detail).into())
    }

    fn info(&self, plan: &Plan, current: &Fetched, previous: Option<&Fetched>) -> PlanInfo {
        let stretches = plan.stretches.iter().chain(plan.compared.iter().flatten());
        let (rollup, sources): (String, BTreeSet<String>) = match plan.source {
            Source::Rollup(i) => {
                let rollup = &self.model.rollups[i];
                (rollup.name.clone(), stretches.map(|s| rollup.table(s.grain)).collect())
            }
            Source::Events => ("events".into(), ["core.event".to_string()].into()),
        };
        PlanInfo {
            rollup,
            sources: sources.into_iter().collect(),
            rows_read: current.rows_read + previous.map_or(0, |p| p.rows_read),
            reasons: plan.reasons.clone(),
        }
    }

    async fn counts(&self, scoped: &ScopedQuery, snapshot: &Snapshot) -> Result<Counts, EngineError> {
        let plan = plan(scoped, &self.model, snapshot);
        let formulas: Vec<&Formula> = formulas(&self.model, &scoped.query().metrics);
        let fetch = Fetch {
            warehouse: &self.warehouse,
            model: &self.model,
            snapshot,
            plan: &plan,
            formulas: &formulas,
            grain: scoped.query().grain,
        };
        let fetched = fetch.run(&plan.stretches, scoped.query().from).await?;
        Ok(fetched.groups.into_iter().map(|(k, c)| (k, c.iter().map(Counter::count).collect())).collect())
    }
}

/// The latest site-local date among the sites.
fn today(sites: &BTreeSet<i16>, snapshot: &Snapshot, now: DateTime<Utc>) -> Option<NaiveDate> {
    sites.iter().filter_map(|s| snapshot.directory.sites.get(s)).map(|s| s.day(now)).max()
}

/// Puts what moves without the numbers moving, freshness, before the stored body.
fn with_freshness(body: &Bytes, sites: &BTreeSet<i16>, snapshot: &Snapshot) -> Bytes {
    let mut freshness = BTreeMap::new();
    for site in sites {
        let (Some(site), Some(state)) = (snapshot.directory.sites.get(site), snapshot.sites.get(site)) else {
            continue;
        };
        let Some(refreshed_at) = state.refreshed_at else { continue };
        let fresh =
            Freshness { refreshed_at: Some(refreshed_at), last_event_at: state.last_event_at, pending: state.pending };
        freshness.insert(site.code.clone(), fresh);
    }
    let as_of = freshness.values().filter_map(|f| f.refreshed_at).min();
    let head = serde_json::json!({ "as_of": as_of, "freshness": freshness }).to_string();
    let mut out = Vec::with_capacity(head.len() + body.len());
    out.extend_from_slice(&head.as_bytes()[..head.len() - 1]);
    out.push(b',');
    out.extend_from_slice(&body[1..]);
    out.into()
}
