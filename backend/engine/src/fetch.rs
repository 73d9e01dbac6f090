//! Reading the stretches of a plan and merging their rows.

use futures::TryStreamExt;
use model::person_set::DamagedSet;
use model::{Formula, Key, Model};
use reference::directory::as_of;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use warehouse::{Warehouse, WarehouseError};

use crate::attribute::{Attribute, RowKeys};
use crate::choose::Source;
use crate::cover::Stretch;
use crate::merge::{Counted, Counter, Groups, Stored, count, counters};
use crate::periods::{When, day_of};
use crate::plan::{Part, Plan, Time};
use crate::select::select;
use crate::snapshot::Snapshot;

/// The merged rows of one range.
pub struct Fetched {
    pub groups: Groups,
    /// Each row counted once, whatever groups it went to.
    pub sums: Vec<Counter>,
    pub rows_read: u64,
}

/// What a fetch needs beside the plan.
pub struct Fetch<'a> {
    pub warehouse: &'a Warehouse,
    pub model: &'a Model,
    pub snapshot: &'a Snapshot,
    pub plan: &'a Plan,
    pub formulas: &'a [&'a Formula],
}

impl Fetch<'_> {
    /// Reads one range of the plan.
    pub async fn run(&self, part: &Part) -> Result<Fetched, WarehouseError> {
        let mut out = Fetched { groups: Groups::new(), sums: counters(self.formulas), rows_read: 0 };
        let nothing = self.plan.sites.is_empty() || self.plan.restrict.values().any(|ids| ids.is_empty());
        if nothing {
            return Ok(out);
        }
        // One moment for all stretches: a refresh between two of them must not show in half of an answer.
        let reading = self.warehouse.read().await?;
        for stretch in &part.stretches {
            let select = select(self.plan, self.model, stretch, self.warehouse.dialect());
            let params: Vec<_> = select.params.iter().map(|p| p.as_ref() as &(dyn ToSql + Sync)).collect();
            let mut rows = std::pin::pin!(reading.query(&select.sql, &params).await?);
            let mut merger = Merger::new(self, part, stretch);
            while let Some(row) = rows.try_next().await? {
                merger.merge(&row, &mut out).map_err(|e| WarehouseError::Damaged(e.to_string()))?;
            }
        }
        reading.end().await?;
        Ok(out)
    }
}

/// Merges the rows of one stretch. What it needs for each row is made once.
struct Merger<'a> {
    fetch: &'a Fetch<'a>,
    part: &'a Part,
    stretch: &'a Stretch,
    sums: Vec<i64>,
    group: Vec<i32>,
    /// Formulas whose whole is not to be had from the groups: those that add up.
    adding: Vec<usize>,
    publishers: bool,
}

impl<'a> Merger<'a> {
    fn new(fetch: &'a Fetch<'a>, part: &'a Part, stretch: &'a Stretch) -> Self {
        let adds = |f: &Formula| matches!(f, Formula::Sum { .. } | Formula::Weighted { .. });
        let adding = fetch.formulas.iter().enumerate().filter(|(_, f)| adds(f)).map(|(i, _)| i).collect();
        let publishers =
            fetch.formulas.iter().any(|f| matches!(f, Formula::Things { thing: model::metric::Thing::Publisher, .. }));
        let sums = vec![0; fetch.model.measures.len()];
        Self { fetch, part, stretch, sums, group: Vec::new(), adding, publishers }
    }

    fn merge(&mut self, row: &Row, out: &mut Fetched) -> Result<(), DamagedSet> {
        out.rows_read += 1;
        let Fetch { plan, model, snapshot, formulas, .. } = *self.fetch;
        let mut column = usize::from(plan.time != Time::Stretch);
        let mut next = || {
            column += 1;
            column - 1
        };
        let site: i16 = row.get(next());
        let when = match plan.time {
            // Nothing changes within the stretch, and its first day stands for all.
            Time::Stretch => When { day: self.stretch.from, quarter: 0 },
            Time::Period => When { day: row.get(0), quarter: 0 },
            Time::Quarter => {
                let quarter = row.get(0);
                let zone = snapshot.directory.sites.get(&site).map_or(chrono_tz::UTC, |s| s.zone);
                When { day: day_of(zone, quarter), quarter }
            }
        };
        let mut keys = RowKeys::default();
        keys.set(Key::Site, i32::from(site));
        for key in &plan.keys {
            keys.set(*key, row.get(next()));
        }
        if !plan.conditions.iter().all(|c| c.holds(snapshot, &keys, when.day)) {
            return Ok(());
        }
        let Some(period) = self.part.periods.index(site, when) else { return Ok(()) };
        let mut sets = [Stored::Nothing; MOST_MEASURES];
        for m in &plan.measures {
            let at = next();
            match (model.measures[*m].is_set(), plan.source) {
                (false, _) => self.sums[*m] = row.get(at),
                (true, Source::Rollup(_)) => sets[*m] = Stored::Set(row.get(at)),
                (true, Source::Events) if row.get::<_, i32>(at) == 1 => {
                    sets[*m] = Stored::One(row.get::<_, i32>(row.len() - 1) as u32)
                }
                (true, Source::Events) => {}
            }
        }
        let book = keys.get(Key::Book);
        let fact = if book == 0 { None } else { snapshot.directory.books.get(&book) };
        let publisher = fact.filter(|_| self.publishers).and_then(|b| as_of(&b.publishers, when.day));
        let counted = Counted {
            site,
            role: keys.get(Key::Role),
            sums: &self.sums,
            sets: &sets,
            weight_milli: fact.map_or(0, |b| i64::from(b.weight_milli)),
            school: keys.get(Key::School),
            book,
            publisher: publisher.unwrap_or(0),
        };
        for at in &self.adding {
            count(formulas[*at], &mut out.sums[*at], &counted)?;
        }
        self.group.clear();
        self.group.push(period);
        let place = Place { snapshot, keys: &keys, when };
        into_groups(&plan.grouping, &place, formulas, &mut self.group, &mut out.groups, &counted)
    }
}

/// Where a row stands.
struct Place<'a> {
    snapshot: &'a Snapshot,
    keys: &'a RowKeys,
    when: When,
}

/// Counts a row into the groups it belongs to: one, or more where a dimension has several values.
fn into_groups(
    grouping: &[Attribute],
    place: &Place<'_>,
    formulas: &[&Formula],
    group: &mut Vec<i32>,
    groups: &mut Groups,
    row: &Counted<'_>,
) -> Result<(), DamagedSet> {
    let Some((attribute, rest)) = grouping.split_first() else {
        if !groups.contains_key(group) {
            groups.insert(group.clone(), counters(formulas));
        }
        let own = groups.get_mut(group).expect("it was put there");
        return formulas.iter().zip(own).try_for_each(|(formula, counter)| count(formula, counter, row));
    };
    let mut result = Ok(());
    attribute.values(place.snapshot, place.keys, place.when.day, |value| {
        group.push(value);
        if result.is_ok() {
            result = into_groups(rest, place, formulas, group, groups, row);
        }
        group.pop();
    });
    result
}

/// Measures of a model at most; checked when the engine is made.
pub const MOST_MEASURES: usize = 16;
