//! The list of what the rollups send.

use model::{Grain, Model, Rollup};
use warehouse::staged::copy;
use warehouse::{Dialect, IamRole, Manifest, Statement};

use super::{check, compute, counted, install, refresh, store, summary};

/// Every statement that makes, fills or checks a rollup.
pub fn statements(dialect: Dialect, model: &Model) -> Vec<Statement> {
    let mut out: Vec<Statement> =
        install::definitions(dialect).iter().map(|sql| named("definitions of the rollups", sql)).collect();
    out.extend([
        named("lock the definitions", install::LOCK),
        named("read a definition", install::DEFINED),
        named("forget a definition", install::FORGET),
        named("note a definition", install::DEFINE),
        named("mark every day", install::MARK_ALL),
        named("forget what is not ready", install::FORGET_UNREADY),
        named("note what is not ready", install::UNREADY),
    ]);
    out.extend(model.rollups.iter().flat_map(|rollup| tables(dialect, model, rollup)));
    out.extend([
        named("read the marks", refresh::MARKS),
        named("read a day's events", compute::EVENTS),
        named("read how far periods are over", refresh::CLOSED),
        named("delete marks", &refresh::unmark(dialect, vec![1, 2]).0),
        named("read the first mark", refresh::FIRST_MARK),
        named("note what is ready", refresh::READY),
        named("say how far a site is", refresh::STATE),
        named("forget an extent", store::FORGET_EXTENT),
        named("note an extent", store::NOTE_EXTENT),
        named("read the days that are marked", check::DIRTY_DAYS),
        named("read the days that have events", check::EVENT_DAYS),
    ]);
    if dialect == Dialect::Postgres {
        out.extend([
            named("read what loads brought of a day", &format!("{}{}", compute::EVENTS, compute::OF_LOADS)),
            named("extend an extent", store::EXTEND),
            named("mark a month", summary::MARK),
            named("read the marks of months", summary::MARKS),
            named("delete marks of months", summary::UNMARK),
        ]);
    }
    out.extend(model.rollups.iter().flat_map(|rollup| rows(dialect, model, rollup)));
    out
}

fn named(name: &str, sql: &str) -> Statement {
    Statement::new(format!("ingest: {name}"), sql)
}

/// Making a rollup and its summary.
fn tables(dialect: Dialect, model: &Model, rollup: &Rollup) -> Vec<Statement> {
    let name = &rollup.name;
    let drop = |grain: &Grain| named(&format!("drop {name}"), &install::drop_table(&rollup.table(*grain)));
    let mut out = vec![named(&format!("drop the summary of {name}"), &summary::drop_view(rollup))];
    out.extend(Grain::ALL.iter().map(drop));
    out.extend(install::tables(model, rollup, dialect).iter().map(|sql| named(&format!("make {name}"), sql)));
    let summary = rollup.summary.iter().flat_map(|keys| summary::view(model, rollup, keys, dialect));
    out.extend(summary.map(|sql| named(&format!("make the summary of {name}"), &sql)));
    out
}

/// Reading and writing a rollup's rows.
fn rows(dialect: Dialect, model: &Model, rollup: &Rollup) -> Vec<Statement> {
    let name = &rollup.name;
    let mut out = vec![named(&format!("read the days of {name}"), &check::rollup_days(rollup))];
    for grain in Grain::ALL {
        let table = rollup.table(grain);
        out.push(named(&format!("read rows of {name}"), &store::stored(model, rollup, grain)));
        out.push(named(&format!("read the counts of {name}"), &counted::counted(model, rollup, grain)));
        out.push(named(&format!("clear a period of {name}"), &store::clear(&table)));
        out.push(named(&format!("write rows of {name}"), &copied(dialect, model, rollup, &table)));
        if dialect == Dialect::Postgres {
            out.push(named(&format!("take rows of {name}"), &store::take(model, rollup, grain)));
        }
    }
    if dialect == Dialect::Postgres && rollup.summary.is_some() {
        out.push(named(&format!("refresh the summary of {name}"), &summary::refresh_view(rollup)));
    }
    out
}

fn copied(dialect: Dialect, model: &Model, rollup: &Rollup, table: &str) -> String {
    match dialect {
        Dialect::Postgres => format!("COPY {} FROM STDIN BINARY", store::target(model, rollup, table)),
        // The staged files hold all columns in their order.
        Dialect::Redshift => {
            let manifest = Manifest::new("s3://octavo-stage/ee/7/rows.manifest").expect("it is sound");
            copy(table, &manifest, &IamRole::new("arn:aws:iam::123456789012:role/octavo-load").expect("it is sound"))
        }
    }
}
