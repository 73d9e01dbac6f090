//! Reading the stretches of a plan and merging their rows.

use chrono::NaiveDate;
use futures::TryStreamExt;
use model::{Formula, Grain, Key, Model, PersonSet};
use reference::directory::as_of;
use roaring::RoaringBitmap;
use tokio_postgres::IsolationLevel;
use tokio_postgres::types::ToSql;
use warehouse::{Warehouse, WarehouseError};

use crate::attribute::RowKeys;
use crate::cover::Stretch;
use crate::merge::{Counted, Counter, Groups, count, counters};
use crate::plan::{Condition, Plan, Source};
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
    /// The question's grain; None makes the whole range one period.
    pub grain: Option<Grain>,
}

impl Fetch<'_> {
    /// Reads the stretches, which lie in `from..=to`.
    pub async fn run(&self, stretches: &[Stretch], from: NaiveDate) -> Result<Fetched, WarehouseError> {
        let mut out = Fetched { groups: Groups::new(), sums: counters(self.formulas), rows_read: 0 };
        let nothing = self.plan.sites.is_empty() || self.plan.restrict.values().any(|ids| ids.is_empty());
        if nothing {
            return Ok(out);
        }
        // One moment for all stretches: a refresh between two of them must not show in half of an answer.
        let mut client = self.warehouse.client().await?;
        let moment = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true);
        let tx = moment.start().await?;
        for stretch in stretches {
            let select = select(self.plan, self.model, stretch);
            let params = select.params.iter().map(|p| p.as_ref() as &(dyn ToSql + Sync));
            let statement = tx.prepare_cached(&select.sql).await?;
            let mut rows = std::pin::pin!(tx.query_raw(&statement, params).await?);
            while let Some(row) = rows.try_next().await? {
                out.rows_read += 1;
                self.merge(&row, stretch, from, &mut out)?;
            }
        }
        Ok(out)
    }

    fn merge(
        &self,
        row: &tokio_postgres::Row,
        stretch: &Stretch,
        from: NaiveDate,
        out: &mut Fetched,
    ) -> Result<(), WarehouseError> {
        let plan = self.plan;
        let mut column = 0;
        let mut next = || {
            column += 1;
            column - 1
        };
        // Where the period is not read, nothing changes within the stretch, and its first day stands for all.
        let day = if plan.periods { row.get(next()) } else { stretch.from };
        let site: i16 = row.get(next());
        let mut keys = RowKeys::default();
        keys.set(Key::Site, i32::from(site));
        for key in &plan.keys {
            keys.set(*key, row.get(next()));
        }
        if !plan.conditions.iter().all(|c| self.holds(c, &keys, day)) {
            return Ok(());
        }
        let mut sums = vec![0i64; self.model.measures.len()];
        let mut sets: Vec<Option<RoaringBitmap>> = vec![None; self.model.measures.len()];
        let person = || row.get::<_, i32>(row.len() - 1) as u32;
        for m in &plan.measures {
            let at = next();
            match (self.model.measures[*m].is_set(), plan.source) {
                (false, _) => sums[*m] = row.get(at),
                (true, Source::Rollup(_)) => {
                    sets[*m] =
                        Some(PersonSet::decode(row.get(at)).map_err(|e| WarehouseError::Damaged(e.to_string()))?);
                }
                (true, Source::Events) => {
                    sets[*m] = (row.get::<_, i32>(at) == 1).then(|| [person()].into_iter().collect())
                }
            }
        }
        let book = keys.get(Key::Book);
        let fact = self.snapshot.directory.books.get(&book);
        let counted = Counted {
            site,
            role: keys.get(Key::Role),
            sums: &sums,
            sets: &sets,
            weight_milli: fact.map_or(0, |b| i64::from(b.weight_milli)),
            school: keys.get(Key::School),
            book,
            publisher: fact.and_then(|b| as_of(&b.publishers, day)).unwrap_or(0),
        };
        let period = self.grain.map_or(0, |g| period_index(g, from, day));
        for group in self.groups_of(period, &keys, day) {
            let own = out.groups.entry(group).or_insert_with(|| counters(self.formulas));
            count(self.formulas, own, &counted);
        }
        for (formula, counter) in self.formulas.iter().zip(&mut out.sums) {
            if matches!(counter, Counter::Sum(_) | Counter::Weighted(_)) {
                count(std::slice::from_ref(formula), std::slice::from_mut(counter), &counted);
            }
        }
        Ok(())
    }

    fn holds(&self, condition: &Condition, keys: &RowKeys, day: NaiveDate) -> bool {
        let mut any = false;
        condition.attribute.values(self.snapshot, keys, day, |v| any |= condition.values.contains(&v));
        any != condition.negated
    }

    /// The groups a row belongs to: one, or more where a dimension has several values.
    fn groups_of(&self, period: i32, keys: &RowKeys, day: NaiveDate) -> Vec<Vec<i32>> {
        let mut out = vec![vec![period]];
        for attribute in &self.plan.grouping {
            let mut values = Vec::with_capacity(1);
            attribute.values(self.snapshot, keys, day, |v| values.push(v));
            if let [value] = values[..] {
                out.iter_mut().for_each(|g| g.push(value));
            } else {
                out = out.iter().flat_map(|g| values.iter().map(|v| [g.as_slice(), &[*v]].concat())).collect();
            }
        }
        out
    }
}

/// Which period of the range a day lies in, from 0.
fn period_index(grain: Grain, from: NaiveDate, day: NaiveDate) -> i32 {
    use chrono::Datelike;
    let (first, own) = (grain.start(from), grain.start(day));
    match grain {
        Grain::Day => (own - first).num_days() as i32,
        Grain::Week => ((own - first).num_days() / 7) as i32,
        Grain::Month => (own.year() - first.year()) * 12 + own.month() as i32 - first.month() as i32,
    }
}
