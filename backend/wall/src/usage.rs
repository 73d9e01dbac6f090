//! The views of the usage: a view per rollup and grain, with numbers only where the rollup keeps sets of persons.

use model::{Grain, Key, Measure, Model, ROLES, Rollup};
use warehouse::roles::{BI_VIEW, literal};

use crate::dimensions::View;
use crate::policies;

/// The rollups that are offered, and under which name.
const OFFERED: [(&str, &str); 3] =
    [("school", "usage_by_school"), ("book", "usage_by_book"), ("school_book", "usage_by_school_book")];

/// What stands at the wall for one table.
pub struct Usage {
    pub table: String,
    /// Which of its rows an account sees.
    pub condition: String,
    /// What the role that owns the views may read of it: no set of persons.
    pub grant: String,
    pub view: View,
}

pub fn all(model: &Model) -> Vec<Usage> {
    let offered = |(name, view): &(&str, &'static str)| Some((model.rollups.iter().find(|r| r.name == *name)?, *view));
    let offered: Vec<(&Rollup, &str)> = OFFERED.iter().filter_map(offered).collect();
    offered.into_iter().flat_map(|(rollup, name)| Grain::ALL.map(|grain| of(model, rollup, name, grain))).collect()
}

fn of(model: &Model, rollup: &Rollup, name: &str, grain: Grain) -> Usage {
    let table = rollup.table(grain);
    let by_school = rollup.keys.contains(&Key::School);
    let keys = rollup.keys.iter().map(|k| k.column().to_string());
    let counts = model.measures.iter().map(|m| if m.is_set() { m.count_column() } else { m.name.clone() });
    let stored: Vec<String> = ["site_id".into(), "period".into()].into_iter().chain(keys).chain(counts).collect();
    Usage {
        condition: if by_school { policies::of_schools("school_id") } else { policies::of_books(&table, grain) },
        grant: format!("GRANT SELECT ({}) ON {table} TO {BI_VIEW}", stored.join(", ")),
        view: View {
            name: format!("{name}_{}", grain.as_str()),
            sql: sql(model, rollup, grain, by_school),
            description: described(rollup, grain, by_school),
            columns: columns(model, rollup, grain),
        },
        table,
    }
}

fn sql(model: &Model, rollup: &Rollup, grain: Grain, by_school: bool) -> String {
    let table = rollup.table(grain);
    let keys: String = rollup.keys.iter().map(|k| format!(", {}", key(*k))).collect();
    let measures: String = model.measures.iter().map(|m| format!(", {}", measure(m, grain))).collect();
    let mut rows =
        format!("u.site_id, u.period AS {}{keys}{measures} FROM {table} AS u WHERE {}", grain.as_str(), whole(rollup));
    if !by_school && grain != Grain::Day {
        rows = format!("{rows} UNION ALL SELECT {}", own_days(model, rollup, grain));
    }
    rows
}

/// While a rollup is being computed anew it answers nothing; half of it would look like all.
fn whole(rollup: &Rollup) -> String {
    let name = literal(&rollup.name);
    format!("u.site_id NOT IN (SELECT r.site_id FROM mart.unready AS r WHERE r.rollup = {name})")
}

/// A week or month within which a book became a publisher's or ceased to be: its row is nobody's but the owner's, and the
/// publisher's own days of it are added up. How many readers these days had together no row says.
fn own_days(model: &Model, rollup: &Rollup, grain: Grain) -> String {
    let first = format!("CAST(date_trunc({}, CAST(u.period AS timestamp)) AS date)", literal(grain.as_str()));
    let last = policies::last_day(&first, grain);
    let sums: String =
        model
            .measures
            .iter()
            .map(|m| {
                if m.is_set() {
                    ", CAST(NULL AS integer)".into()
                } else {
                    format!(", CAST(sum(u.{}) AS bigint)", m.name)
                }
            })
            .collect();
    format!(
        "u.site_id, {first}, u.book_id{sums} FROM {days} AS u JOIN core.site AS s ON s.site_id = u.site_id \
         WHERE {whole} AND {last} <= s.closed_through AND {publishers} \
         AND EXISTS (SELECT FROM core.book_publisher AS h WHERE h.book_id = u.book_id AND h.since > {first} AND h.since <= {last}) \
         AND NOT EXISTS (SELECT FROM {table} AS w WHERE w.site_id = u.site_id AND w.period = {first} AND w.book_id = u.book_id) \
         GROUP BY u.site_id, {first}, u.book_id",
        days = rollup.table(Grain::Day),
        whole = whole(rollup),
        publishers = policies::is_for_publishers(),
        table = rollup.table(grain),
    )
}

fn key(key: Key) -> String {
    if key != Key::Role {
        return format!("u.{}", key.column());
    }
    let names: Vec<String> =
        ROLES.names().filter_map(|name| Some(format!("WHEN {} THEN {}", ROLES.code(name)?, literal(name)))).collect();
    format!("CASE u.role {} END AS role", names.join(" "))
}

fn measure(measure: &Measure, grain: Grain) -> String {
    if measure.is_set() {
        format!("u.{} AS {}", measure.count_column(), distinct(measure, grain))
    } else {
        format!("u.{}", measure.name)
    }
}

/// A name that nobody adds up without noticing.
fn distinct(measure: &Measure, grain: Grain) -> String {
    format!("{}_of_the_{}", measure.name, grain.as_str())
}

fn described(rollup: &Rollup, grain: Grain, by_school: bool) -> String {
    let period = grain.as_str();
    let over = if grain == Grain::Day { "" } else { " Only those that are over; the open one is to be read by days." };
    let changed = if by_school || grain == Grain::Day {
        ""
    } else {
        " Where a book changed its publisher within one, a publisher sees its own days added up, and no readers."
    };
    format!("{} One row per {period} with any event.{over}{changed}", rollup.description)
}

fn columns(model: &Model, rollup: &Rollup, grain: Grain) -> Vec<(String, String)> {
    let period = grain.as_str();
    let mut out = vec![
        ("site_id".to_string(), "Joins bi.site.".to_string()),
        (
            period.to_string(),
            if grain == Grain::Day { "Site-local day.".into() } else { format!("First day of the {period}.") },
        ),
    ];
    out.extend(rollup.keys.iter().map(|k| {
        let text = match k {
            Key::School => "Joins bi.school; 0 for none.",
            Key::Book => "Joins bi.book; 0 for none.",
            Key::Role => "student, teacher or other.",
            _ => "As in core.event.",
        };
        (k.column().to_string(), text.to_string())
    }));
    out.extend(model.measures.iter().map(|m| {
        if m.is_set() {
            let what = m.description.trim_end_matches(", as a set of person_no.");
            let text = format!(
                "{what}, each counted once within the {period} and row. NOT ADDITIVE: rows of other {period}s, books, schools or \
                 roles hold the same persons; use the view of the longer period, or ask the API."
            );
            (distinct(m, grain), text)
        } else {
            (m.name.clone(), format!("{} May be added up.", m.description))
        }
    }));
    out
}
