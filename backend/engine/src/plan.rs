//! Planning: from a scoped query to what is read, how it is restricted and how it is grouped.

use std::collections::BTreeSet;

use access::Rows;
use chrono::NaiveDate;
use model::metric::Thing;
use model::{Formula, Key, MeasureKind, Model, Per};
use query::{Invalid, ScopedQuery};

use crate::attribute::Attribute;
use crate::choose::{Asked, Candidate, Choice, Source, choose};
use crate::compared::compared;
use crate::condition::{Bounds, Condition, intersect};
use crate::cover::Stretch;
use crate::parts::Parts;
use crate::periods::Periods;
use crate::snapshot::Snapshot;

/// What is read of when a row was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Time {
    /// Nothing: everything that depends on it is the same within each stretch.
    Stretch,
    /// The first day of its stored period.
    Period,
    /// The quarter of an hour, from events.
    Quarter,
}

/// One range of days: its periods and the stored rows that hold it.
#[derive(Debug, Clone)]
pub struct Part {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub periods: Periods,
    pub stretches: Vec<Stretch>,
}

/// What is read and how.
#[derive(Debug, Clone)]
pub struct Plan {
    pub source: Source,
    pub current: Part,
    pub compared: Option<Part>,
    pub sites: BTreeSet<i16>,
    /// Keys that are read, beside the site.
    pub keys: Vec<Key>,
    pub time: Time,
    /// Positions of the measures that are read.
    pub measures: Vec<usize>,
    /// Values of keys outside of which no row can matter; narrows what is read.
    pub restrict: Bounds,
    pub conditions: Vec<Condition>,
    pub grouping: Vec<Attribute>,
    /// Every source that was weighed, the chosen one among them.
    pub candidates: Vec<Candidate>,
    /// Why this source, in words.
    pub reasons: Vec<String>,
}

impl Plan {
    /// What the chosen source is estimated to hold of the question.
    pub fn estimated_rows(&self) -> f64 {
        self.candidates.iter().find(|c| c.chosen).map_or(0.0, |c| c.extent.rows)
    }
}

/// Plans the query. Fails where calendars or zones do not give what it asks.
pub fn plan(query: &ScopedQuery, model: &Model, snapshot: &Snapshot) -> Result<Plan, Invalid> {
    let q = query.query();
    let attribute = |d: &usize| Attribute::of(&model.dimensions[*d]).expect("checked when the engine was made");
    let grouping: Vec<Attribute> = q.dimensions.iter().map(attribute).collect();
    let mut conditions: Vec<Condition> = q.filters.iter().map(|f| Condition::of(f, model, snapshot)).collect();
    let scope = scope_condition(query.scope().rows(), snapshot);
    let sites = sites(query, &conditions, scope.as_ref(), snapshot);
    conditions.extend(scope);

    let parts = Parts::of(model, &q.metrics);
    let (mut keys, measures, things) = needed(&parts);
    keys.extend(grouping.iter().map(|a| a.key()));
    let tested: Vec<Attribute> = conditions.iter().flat_map(|c| c.attributes()).collect();
    keys.extend(tested.iter().map(|a| a.key()));
    keys.remove(&Key::Site);

    let mut restrict = Bounds::new();
    conditions.iter().for_each(|c| intersect(&mut restrict, c.bounds(snapshot)));
    let changing: Vec<Attribute> = grouping.iter().chain(&tested).copied().chain(things).collect();
    let part = |(from, to)| -> Result<(Part, BTreeSet<NaiveDate>), Invalid> {
        let periods = Periods::new(q.per, (from, to), &sites, model, snapshot)?;
        let mut borders = periods.borders(&sites);
        borders.extend(changing.iter().flat_map(|a| a.changes(snapshot, from, to)));
        Ok((Part { from, to, periods, stretches: vec![] }, borders))
    };
    let (mut current, mut borders) = part((q.from, q.to))?;
    let mut against = match compared(q, &sites, model, snapshot)? {
        Some(range) => {
            let (mut against, more) = part(range)?;
            borders.extend(more);
            // Moved by a year and not by weeks, a day stands beside the same date, also after a leap day.
            if q.per == Some(Per::Day) && q.compare == Some(query::Compare::PreviousYear) && !q.match_weekday {
                against.periods = current.periods.a_year_before();
            }
            Some(against)
        }
        None => None,
    };
    let mut ranges = vec![(current.from, current.to)];
    ranges.extend(against.as_ref().map(|a| (a.from, a.to)));
    let kind = only_kind(model, &measures);
    let asked = Asked {
        per: q.per,
        ranges,
        sites: &sites,
        keys: &keys,
        measures: &measures,
        kind,
        restrict: &restrict,
        borders,
    };
    let Choice { source, mut stretches, by_day, candidates, reasons } = choose(&asked, model, snapshot);
    if let Some(against) = &mut against {
        against.stretches = stretches.pop().expect("one for each range");
    }
    current.stretches = stretches.pop().expect("one for each range");
    // When all that is counted are events of one kind, rows of other kinds hold none of it.
    let keeps_kind = match source {
        Source::Rollup(i) => model.rollups[i].keys.contains(&Key::Kind),
        Source::Events => true,
    };
    if let (Some(kind), true, false) = (kind, keeps_kind, keys.contains(&Key::Kind)) {
        restrict.insert(Key::Kind, [kind].into());
    }
    let time = match q.per {
        Some(Per::Hour) => Time::Quarter,
        Some(per) if per.grain().is_some() => Time::Period,
        _ if by_day => Time::Period,
        _ => Time::Stretch,
    };
    Ok(Plan {
        source,
        current,
        compared: against,
        sites,
        keys: keys.into_iter().collect(),
        time,
        measures: measures.into_iter().collect(),
        restrict,
        conditions,
        grouping,
        candidates,
        reasons,
    })
}

/// The keys and measures that the metrics are counted from, and the attribute of things that changes over time.
fn needed(parts: &Parts) -> (BTreeSet<Key>, BTreeSet<usize>, Option<Attribute>) {
    let (mut keys, mut measures, mut things) = (BTreeSet::new(), BTreeSet::new(), None);
    for formula in &parts.formulas {
        match formula {
            Formula::Sum { measure, .. } => {
                measures.insert(*measure);
            }
            Formula::Weighted { measure, .. } => {
                measures.insert(*measure);
                keys.insert(Key::Book);
            }
            Formula::Persons { measure, role } => {
                measures.insert(*measure);
                keys.extend(role.map(|_| Key::Role));
            }
            Formula::Things { thing, having } => {
                measures.insert(*having);
                keys.insert(thing.key());
                things = things.or((*thing == Thing::Publisher).then_some(Attribute::Publisher));
            }
            Formula::Ratio { .. } => unreachable!("a ratio is counted by its parts"),
        }
    }
    (keys, measures, things)
}

/// The caller's rows as a condition like any other.
fn scope_condition(rows: &Rows, snapshot: &Snapshot) -> Option<Condition> {
    let (attribute, values) = match rows {
        Rows::All => return None,
        Rows::Schools(ids) => (Attribute::School, ids.clone()),
        Rows::Publishers(ids) => (Attribute::Publisher, ids.clone()),
        Rows::Regions(ids) => {
            let d = &snapshot.directory;
            let below = d.regions.keys().copied().filter(|r| d.ancestry(*r).iter().any(|a| ids.contains(a)));
            (Attribute::Region, below.collect())
        }
    };
    Some(Condition::Is { attribute, values })
}

/// The sites whose rows can matter. Of the filters only one on the site itself narrows them: by any other, the sites named
/// in the answer would tell whether a thing exists that is not the caller's.
fn sites(query: &ScopedQuery, filters: &[Condition], scope: Option<&Condition>, snapshot: &Snapshot) -> BTreeSet<i16> {
    let d = &snapshot.directory;
    let mut sites: BTreeSet<i16> = d.sites.keys().copied().filter(|site| query.scope().holds_site(*site)).collect();
    let mut keep = |of: BTreeSet<i16>| sites.retain(|s| of.contains(s));
    match scope {
        Some(Condition::Is { attribute: Attribute::School, values }) => {
            keep(values.iter().filter_map(|v| d.schools.get(v)).map(|s| s.site_id).collect())
        }
        Some(Condition::Is { attribute: Attribute::Region, values }) => {
            keep(values.iter().filter_map(|v| d.regions.get(v)).map(|r| r.site_id).collect())
        }
        _ => {}
    }
    filters.iter().filter_map(|c| c.sites()).for_each(keep);
    sites
}

/// The one kind of event that all these measures count, if there is one.
fn only_kind(model: &Model, measures: &BTreeSet<usize>) -> Option<i32> {
    let mut kinds = measures.iter().map(|m| match model.measures[*m].kind {
        MeasureKind::Count(kind) | MeasureKind::Persons(kind) => kind,
        MeasureKind::DurationMs => None,
    });
    let first = kinds.next()??;
    kinds.all(|k| k == Some(first)).then_some(first)
}
