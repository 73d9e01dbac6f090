//! The door: a caller and a question go in, a reply comes out. There is no other way to the warehouse's numbers.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use access::{Action, Caller, Lens, Scope, permits, scope_of};
use arc_swap::ArcSwap;
use bytes::Bytes;
use cache::Answers;
use chrono::{DateTime, Utc};
use model::Model;
use query::{Invalid, Question, ScopedQuery};
use thiserror::Error;
use tokio::sync::{RwLock, watch};
use warehouse::{Warehouse, WarehouseError};

use crate::answer::{Body, Days, PlanInfo};
use crate::attribute::Attribute;
use crate::choose::Source;
use crate::entities::Visible;
use crate::explain::{Explanation, explain};
use crate::fetch::{Fetch, Fetched, MOST_MEASURES};
use crate::hot::{Asked, Hot};
use crate::live::{Live, Window};
use crate::merge::Counter;
use crate::parts::Parts;
use crate::plan::{Part, Plan, plan};
use crate::prepared::{Moment, Prepared};
use crate::published::{Counts, census, hide, pattern};
use crate::reply::{Reply, spliced};
use crate::snapshot::{Snapshot, Versions};
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
    #[error("the engine reads at most {0} measures")]
    Measures(usize),
}

pub struct Engine {
    model: Arc<Model>,
    warehouse: Warehouse,
    answers: Answers<EngineError>,
    moment: ArcSwap<Moment>,
    versions: watch::Sender<Versions>,
    /// Of the model: answers of other definitions are not found.
    version: u64,
    hot: Hot,
    most_events: f64,
    live: RwLock<Window>,
    happenings: watch::Sender<u64>,
}

/// Events that a question which no rollup can serve may read.
const MOST_EVENTS: f64 = 3_000_000.0;

impl Engine {
    /// Reads the first snapshot. Fails when the model holds a dimension the engine cannot read.
    pub async fn open(
        model: Arc<Model>,
        warehouse: Warehouse,
        answers: Answers<EngineError>,
    ) -> Result<Self, EngineError> {
        if let Some(d) = model.dimensions.iter().find(|d| Attribute::of(d).is_none_or(|a| a.key() != d.key)) {
            return Err(EngineError::Dimension(d.name.clone()));
        }
        if model.measures.len() > MOST_MEASURES {
            return Err(EngineError::Measures(MOST_MEASURES));
        }
        let snapshot = Snapshot::read(&warehouse, &Snapshot::default()).await?;
        let mut version = DefaultHasher::new();
        format!("{model:?}").hash(&mut version);
        let versions = watch::Sender::new(snapshot.versions());
        let (version, moment) = (version.finish(), ArcSwap::from_pointee(Moment::new(snapshot)));
        let (hot, most_events) = (Hot::new(), MOST_EVENTS);
        let (live, happenings) = (RwLock::default(), watch::Sender::new(0));
        Ok(Self { model, warehouse, answers, moment, versions, version, hot, most_events, live, happenings })
    }

    /// The same with another bound on the events that a question may read.
    pub fn with_most_events(self, most_events: f64) -> Self {
        Self { most_events, ..self }
    }

    /// Takes notice of what changed in the warehouse. Called every second; answers are as new as the last call.
    pub async fn renew(&self) -> Result<(), EngineError> {
        let before = self.snapshot();
        let next = Snapshot::read(&self.warehouse, &before).await?;
        // The same again would only forget the questions that are ready.
        if next.state() != before.state() {
            let versions = next.versions();
            let last = self.moment.swap(Arc::new(Moment::new(next)));
            self.hot.note(last.asked());
            self.versions.send_if_modified(|seen| std::mem::replace(seen, versions.clone()) != versions);
        }
        Ok(())
    }

    /// Tells whoever waits on it that data or dimensions are others than before; the snapshot is the new one by then.
    pub fn renewals(&self) -> watch::Receiver<Versions> {
        self.versions.subscribe()
    }

    /// Takes notice of what has just happened, for those who watch it live. Called several times a second.
    pub async fn watch(&self, now: DateTime<Utc>) -> Result<(), EngineError> {
        if self.live.write().await.renew(&self.warehouse, now).await? {
            self.happenings.send_modify(|number| *number += 1);
        }
        Ok(())
    }

    /// Tells whoever waits on it that something has happened.
    pub fn happenings(&self) -> watch::Receiver<u64> {
        self.happenings.subscribe()
    }

    /// What is happening now, within what the caller may see.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`] also for who sees protected numbers only: what is a moment old cannot be protected.
    pub async fn live(&self, caller: &Caller, now: DateTime<Utc>) -> Result<Live, EngineError> {
        if !permits(caller, Action::UsageRead) {
            return Err(EngineError::Forbidden);
        }
        let told = self.live.read().await.tell(&scope_of(caller), &self.snapshot(), now);
        told.ok_or(EngineError::Forbidden)
    }

    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.moment.load().snapshot.clone()
    }

    pub fn model(&self) -> &Model {
        &self.model
    }

    pub fn answers(&self) -> &Answers<EngineError> {
        &self.answers
    }

    pub fn warehouse(&self) -> &Warehouse {
        &self.warehouse
    }

    /// Answers the question within what the caller may see.
    pub async fn answer(
        self: &Arc<Self>,
        caller: &Caller,
        question: &Question,
        now: DateTime<Utc>,
    ) -> Result<Reply, EngineError> {
        if !permits(caller, Action::UsageRead) {
            return Err(EngineError::Forbidden);
        }
        let moment = self.moment.load_full();
        let prepared = self.prepared(&moment, &scope_of(caller), question, now)?;
        prepared.note_asked();
        self.reply(moment, prepared).await
    }

    /// Answers again what was asked lately and is no longer cached, one after the other: for after [`Engine::renew`].
    /// Questions that cannot be answered any more are left out. Returns how many were computed.
    pub async fn warm(self: &Arc<Self>, now: DateTime<Utc>) -> Result<usize, EngineError> {
        let mut computed = 0;
        for Asked { scope, question } in self.hot.list() {
            let moment = self.moment.load_full();
            let Ok(prepared) = self.prepared(&moment, &scope, &question, now) else { continue };
            match self.reply(moment, prepared).await {
                Ok(reply) => computed += usize::from(!reply.hit),
                Err(EngineError::Shared(error)) if matches!(*error, EngineError::Invalid(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(computed)
    }

    async fn reply(self: &Arc<Self>, moment: Arc<Moment>, prepared: Arc<Prepared>) -> Result<Reply, EngineError> {
        let compute = || {
            // Owned, for others may wait for it when this one has gone.
            let (engine, ready) = (self.clone(), prepared.clone());
            async move {
                let body = engine.compute(&ready, &moment.snapshot).await?;
                Ok(Bytes::from(serde_json::to_vec(&body).expect("an answer can be written")))
            }
        };
        let found = self.answers.get_or_compute(&prepared.key, compute).await.map_err(EngineError::Shared)?;
        let json = spliced(&prepared.freshness, &found.bytes);
        Ok(Reply { json, etag: prepared.key.as_str()[..32].into(), hit: found.hit })
    }

    fn prepared(
        &self,
        moment: &Moment,
        scope: &Scope,
        question: &Question,
        now: DateTime<Utc>,
    ) -> Result<Arc<Prepared>, Invalid> {
        moment.get(scope, question, (&self.model, self.version), now)
    }

    /// Explains how the question would be answered, without asking it.
    pub fn explain(
        &self,
        caller: &Caller,
        question: &Question,
        now: DateTime<Utc>,
    ) -> Result<Explanation, EngineError> {
        if !permits(caller, Action::UsageRead) {
            return Err(EngineError::Forbidden);
        }
        let prepared = self.prepared(&self.moment.load(), &scope_of(caller), question, now)?;
        Ok(explain(&prepared.plan, &self.model, prepared.scoped.scope(), self.warehouse.dialect()))
    }

    async fn compute(&self, prepared: &Prepared, snapshot: &Snapshot) -> Result<Body, EngineError> {
        let Prepared { scoped, plan, today, .. } = prepared;
        let query = scoped.query();
        if plan.source == Source::Events && plan.estimated_rows() > self.most_events {
            return Err(too_many(plan).into());
        }
        let parts = Parts::of(&self.model, &query.metrics);
        let current = self.fetch(plan, &plan.current, &parts, snapshot).await?;
        let previous = match &plan.compared {
            Some(against) => Some(self.fetch(plan, against, &parts, snapshot).await?),
            None => None,
        };
        let info = self.info(plan, &current, previous.as_ref());
        let periods = plan.current.periods.list();
        let before = previous.as_ref().map(|p| &p.groups);
        let mut rows = rows(query, &parts.formulas, periods, &current.groups, before);
        let mut all = totals(query, &self.model, &parts, current, previous);
        if scoped.scope().lens() == Lens::Protected {
            let [schools, regions] = census(query, &self.model)?;
            let (schools, regions) = (self.counts(&schools, snapshot).await?, self.counts(&regions, snapshot).await?);
            let own: Vec<i32> = Visible::new(snapshot, scoped.scope()).regions().iter().map(|r| r.id).collect();
            hide(&pattern(&schools, &regions), query, &self.model, plan, &own, &mut rows);
            // A total over several months is no cell of the published table.
            all.clear();
        }
        let grouping = &plan.grouping;
        let compared = plan.compared.as_ref().map(|part| Days { from: part.from, to: part.to });
        let (model, parts) = (&*self.model, &parts);
        let writer = Writer { query, model, snapshot, grouping, parts, periods, compared, today: *today };
        Ok(writer.body(rows, all, info))
    }

    async fn fetch(
        &self,
        plan: &Plan,
        part: &Part,
        parts: &Parts<'_>,
        snapshot: &Snapshot,
    ) -> Result<Fetched, EngineError> {
        let (warehouse, model) = (&self.warehouse, &self.model);
        Ok(Fetch { warehouse, model, snapshot, plan, formulas: &parts.formulas }.run(part).await?)
    }

    fn info(&self, plan: &Plan, current: &Fetched, previous: Option<&Fetched>) -> PlanInfo {
        let stretches = plan.current.stretches.iter().chain(plan.compared.iter().flat_map(|p| &p.stretches));
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
        let plan = plan(scoped, &self.model, snapshot)?;
        let parts = Parts::of(&self.model, &scoped.query().metrics);
        let fetched = self.fetch(&plan, &plan.current, &parts, snapshot).await?;
        Ok(fetched.groups.into_iter().map(|(k, c)| (k, c.iter().map(Counter::count).collect())).collect())
    }
}

/// Refuses a question on the events themselves that would read too many of them.
fn too_many(plan: &Plan) -> Invalid {
    let detail = format!(
        "no rollup keeps this combination ({}), and about {:.0} events are too many to read for it; ask for fewer days, or \
         leave out a dimension, filter or metric",
        plan.reasons.join("; "),
        plan.estimated_rows()
    );
    Invalid::new("cannot_answer", "/dimensions", detail)
}
