//! The SQL of one stretch. Values are binds, always; names come from the model only.

use model::{Key, MeasureKind, Model};
use warehouse::Dialect;
use warehouse::binds::{Binds, Value};

use crate::choose::Source;
use crate::cover::Stretch;
use crate::plan::{Plan, Time};

/// A statement with its values.
pub struct Select {
    pub sql: String,
    pub params: Vec<Value>,
}

/// The quarter of an hour since 1970 (UTC) in which an event was.
const QUARTER: &str = "CAST(floor(extract(epoch FROM at) / 900) AS integer)";

/// Reads, in this order: time (if the plan wants it), site, keys, then the measures. From events, a set is read as
/// 0 or 1, and the person comes last.
pub fn select(plan: &Plan, model: &Model, stretch: &Stretch, dialect: Dialect) -> Select {
    let (table, period) = match plan.source {
        Source::Rollup(i) => (model.rollups[i].table(stretch.grain), "period"),
        Source::Events => ("core.event".to_string(), "day"),
    };
    let mut grouped: Vec<&str> = Vec::new();
    match plan.time {
        Time::Stretch => {}
        Time::Period => grouped.push(period),
        Time::Quarter => grouped.push(QUARTER),
    }
    grouped.push(Key::Site.column());
    grouped.extend(plan.keys.iter().map(|k| k.column()));

    let has_sets = plan.measures.iter().any(|m| model.measures[*m].is_set());
    let mut columns: Vec<String> = grouped.iter().map(|c| c.to_string()).collect();
    for measure in plan.measures.iter().map(|m| &model.measures[*m]) {
        columns.push(match (plan.source, &measure.kind) {
            (Source::Rollup(_), _) if has_sets => measure.name.clone(),
            (Source::Rollup(_), _) => format!("sum({})::bigint", measure.name),
            (Source::Events, MeasureKind::Count(None)) => "count(*)".into(),
            (Source::Events, MeasureKind::Count(Some(kind))) => {
                format!("sum(CASE WHEN kind = {kind} THEN 1 ELSE 0 END)::bigint")
            }
            (Source::Events, MeasureKind::DurationMs) => "sum(duration_ms)::bigint".into(),
            (Source::Events, MeasureKind::Persons(None)) => "1".into(),
            (Source::Events, MeasureKind::Persons(Some(kind))) => {
                format!("max(CASE WHEN kind = {kind} THEN 1 ELSE 0 END)")
            }
        });
    }
    if plan.source == Source::Events {
        grouped.push("person_no");
        columns.push("person_no".into());
    }
    let mut binds = Binds::default();
    let sites = binds.one_of(dialect, "site_id", plan.sites.iter().copied().collect());
    let (from, to) = (binds.add(stretch.from), binds.add(stretch.to));
    let mut sql =
        format!("SELECT {} FROM {table} WHERE {sites} AND {period} BETWEEN {from} AND {to}", columns.join(", "));
    if plan.source == Source::Events {
        // Kept, and counted nowhere.
        sql += " AND NOT robot";
    }
    for (key, ids) in &plan.restrict {
        sql += &format!(" AND {}", binds.one_of(dialect, key.column(), ids.iter().copied().collect()));
    }
    // Rows with sets are merged here, one by one; sums the database can add up itself.
    if !has_sets || plan.source == Source::Events {
        sql += &format!(" GROUP BY {}", grouped.join(", "));
    }
    Select { sql, params: binds.into_values() }
}
