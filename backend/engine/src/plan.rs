//! Planning: from a scoped query to what is read, how it is restricted and how it is grouped.

use std::collections::{BTreeMap, BTreeSet};

use access::{Rows, Sites};
use chrono::NaiveDate;
use model::metric::Thing;
use model::{Formula, Grain, Key, MeasureKind, Model};
use query::ScopedQuery;

use crate::attribute::Attribute;
use crate::cover::{Stretch, cover};
use crate::matcher::{Match, matches};
use crate::snapshot::Snapshot;

/// Where rows are read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Position in the model's rollups.
    Rollup(usize),
    Events,
}

/// A condition that every row is held to, exactly, after reading.
#[derive(Debug, Clone)]
pub struct Condition {
    pub attribute: Attribute,
    pub values: BTreeSet<i32>,
    pub negated: bool,
}

/// What is read and how.
#[derive(Debug, Clone)]
pub struct Plan {
    pub source: Source,
    pub stretches: Vec<Stretch>,
    /// The same for the range compared with.
    pub compared: Option<Vec<Stretch>>,
    pub sites: BTreeSet<i16>,
    /// Keys that are read, beside the site.
    pub keys: Vec<Key>,
    /// Whether the period of each row is read.
    pub periods: bool,
    /// Positions of the measures that are read.
    pub measures: Vec<usize>,
    /// Values of keys outside of which no row can matter; narrows what is read.
    pub restrict: BTreeMap<Key, BTreeSet<i32>>,
    pub conditions: Vec<Condition>,
    pub grouping: Vec<Attribute>,
    /// Why this rollup and not another, in words.
    pub reasons: Vec<String>,
}

/// Plans the query.
pub fn plan(query: &ScopedQuery, model: &Model, snapshot: &Snapshot) -> Plan {
    let q = query.query();
    let attribute = |d: usize| Attribute::of(&model.dimensions[d]).expect("checked when the engine was made");
    let grouping: Vec<Attribute> = q.dimensions.iter().map(|d| attribute(*d)).collect();

    let mut conditions: Vec<Condition> = q
        .filters
        .iter()
        .map(|f| {
            let attribute = attribute(f.dimension);
            // A value that does not exist matches nothing, exactly like one that is not the caller's.
            let values = f.values.iter().filter_map(|v| attribute.number(snapshot, v)).collect();
            Condition { attribute, values, negated: f.negated }
        })
        .collect();
    let scope = scope_condition(query.scope().rows(), snapshot);
    let sites = sites(query, &conditions, scope.as_ref(), snapshot);
    conditions.extend(scope);

    let (mut keys, mut measures) = (BTreeSet::new(), BTreeSet::new());
    keys.extend(grouping.iter().map(|a| a.key()));
    keys.extend(conditions.iter().map(|c| c.attribute.key()));
    let mut things_change = Vec::new();
    for metric in &q.metrics {
        match model.metrics[*metric].formula {
            Formula::Sum { measure, .. } => {
                measures.insert(measure);
            }
            Formula::Weighted { measure, .. } => {
                measures.insert(measure);
                keys.insert(Key::Book);
            }
            Formula::Persons { measure, role } => {
                measures.insert(measure);
                keys.extend(role.map(|_| Key::Role));
            }
            Formula::Things { thing, having } => {
                measures.insert(having);
                keys.insert(thing.key());
                things_change.extend((thing == Thing::Publisher).then_some(Attribute::Publisher));
            }
        }
    }
    keys.remove(&Key::Site);

    let (source, mut reasons) = choose(model, &keys);
    let mut restrict = restrict(&conditions, snapshot);
    // When all that is counted are events of one kind, rows of other kinds hold none of it.
    if let Some(kind) = only_kind(model, &measures) {
        let kept = match source {
            Source::Rollup(i) => model.rollups[i].keys.contains(&Key::Kind),
            Source::Events => true,
        };
        if kept && !keys.contains(&Key::Kind) {
            restrict.insert(Key::Kind, [kind].into());
        }
    }
    let changing: Vec<Attribute> =
        grouping.iter().copied().chain(conditions.iter().map(|c| c.attribute)).chain(things_change).collect();
    let changes = |from, to| changing.iter().any(|a| a.changes_within(snapshot, from, to));
    let coarse = q.grain.unwrap_or(Grain::Month);
    let closed = sites.iter().filter_map(|s| snapshot.sites.get(s)?.closed_through).min();
    let mut by_day = false;
    let mut stretches = |from: NaiveDate, to: NaiveDate| {
        let in_days = source == Source::Events || changes(from, to);
        by_day |= in_days;
        cover(from, to, if in_days { Grain::Day } else { coarse }, closed)
    };
    let (current, compared) = (stretches(q.from, q.to), q.compared_range().map(|(from, to)| stretches(from, to)));
    if by_day && source != Source::Events {
        reasons.push("read by days, for an attribute changes within the range".into());
    }
    Plan {
        source,
        stretches: current,
        compared,
        sites,
        keys: keys.into_iter().collect(),
        periods: q.grain.is_some() || by_day,
        measures: measures.into_iter().collect(),
        restrict,
        conditions,
        grouping,
        reasons,
    }
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
    Some(Condition { attribute, values, negated: false })
}

/// The sites whose rows can matter. Of the filters only one on the site itself narrows them: by any other, the sites named
/// in the answer would tell whether a thing exists that is not the caller's.
fn sites(query: &ScopedQuery, filters: &[Condition], scope: Option<&Condition>, snapshot: &Snapshot) -> BTreeSet<i16> {
    let d = &snapshot.directory;
    let mut sites: BTreeSet<i16> = match query.scope().sites() {
        Sites::All => d.sites.keys().copied().collect(),
        Sites::Only(ids) => ids.clone(),
    };
    let mut keep = |of: BTreeSet<i16>| sites.retain(|s| of.contains(s));
    match scope.map(|c| (c.attribute, &c.values)) {
        Some((Attribute::School, ids)) => {
            keep(ids.iter().filter_map(|v| d.schools.get(v)).map(|s| s.site_id).collect())
        }
        Some((Attribute::Region, ids)) => {
            keep(ids.iter().filter_map(|v| d.regions.get(v)).map(|r| r.site_id).collect())
        }
        _ => {}
    }
    for filter in filters.iter().filter(|c| c.attribute == Attribute::Site && !c.negated) {
        keep(filter.values.iter().map(|v| *v as i16).collect());
    }
    sites
}

fn restrict(conditions: &[Condition], snapshot: &Snapshot) -> BTreeMap<Key, BTreeSet<i32>> {
    let mut out: BTreeMap<Key, BTreeSet<i32>> = BTreeMap::new();
    for c in conditions.iter().filter(|c| !c.negated && c.attribute != Attribute::Site) {
        let values: Vec<i32> = c.values.iter().copied().collect();
        let ids: BTreeSet<i32> = c.attribute.keys_with(snapshot, &values).unwrap_or(values).into_iter().collect();
        out.entry(c.attribute.key()).and_modify(|own| own.retain(|id| ids.contains(id))).or_insert(ids);
    }
    out
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

/// The first rollup that matches; they are declared from small to large.
fn choose(model: &Model, keys: &BTreeSet<Key>) -> (Source, Vec<String>) {
    let mut reasons = Vec::new();
    for (i, rollup) in model.rollups.iter().enumerate() {
        match matches(rollup, keys) {
            Match::Full => {
                reasons.push(format!("{} keeps just this", rollup.name));
                return (Source::Rollup(i), reasons);
            }
            Match::Partial(reason) => {
                reasons.push(reason);
                return (Source::Rollup(i), reasons);
            }
            Match::No(reason) => reasons.push(reason),
        }
    }
    (Source::Events, reasons)
}
