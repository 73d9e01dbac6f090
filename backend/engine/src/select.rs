//! The SQL of one stretch. Values are binds, always; names come from the model only.

use model::{Key, MeasureKind, Model};
use tokio_postgres::types::ToSql;

use crate::cover::Stretch;
use crate::plan::{Plan, Source};

/// A statement with its values.
pub struct Select {
    pub sql: String,
    pub params: Vec<Box<dyn ToSql + Sync + Send>>,
}

/// Reads, in this order: period (if the plan wants it), site, keys, then the measures. From events, a set is read as
/// 0 or 1, and the person comes last.
pub fn select(plan: &Plan, model: &Model, stretch: &Stretch) -> Select {
    let sites: Vec<i16> = plan.sites.iter().copied().collect();
    let mut params: Vec<Box<dyn ToSql + Sync + Send>> =
        vec![Box::new(sites), Box::new(stretch.from), Box::new(stretch.to)];
    let (table, period) = match plan.source {
        Source::Rollup(i) => (model.rollups[i].table(stretch.grain), "period"),
        Source::Events => ("core.event".to_string(), "day"),
    };
    let mut grouped: Vec<&str> = Vec::new();
    if plan.periods {
        grouped.push(period);
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
    let mut sql =
        format!("SELECT {} FROM {table} WHERE site_id = ANY($1) AND {period} BETWEEN $2 AND $3", columns.join(", "));
    for (key, ids) in &plan.restrict {
        params.push(Box::new(ids.iter().copied().collect::<Vec<i32>>()));
        sql += &format!(" AND {} = ANY(${})", key.column(), params.len());
    }
    // Rows with sets are merged here, one by one; sums the database can add up itself.
    if !has_sets || plan.source == Source::Events {
        sql += &format!(" GROUP BY {}", grouped.join(", "));
    }
    Select { sql, params }
}
