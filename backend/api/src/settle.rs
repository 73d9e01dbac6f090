//! Settling a month: its use through the engine, the split, and the statements, all or nothing.

use std::collections::BTreeMap;

use access::{Action, Caller};
use chrono::{Months, NaiveDate};
use engine::Snapshot;
use model::Grain;
use query::{Filter, Question};
use reference::{Directory, Site};
use revenue::{Share, StatementDraft, draft_statements, split};
use store::{NewLine, NewStatement, Period};

use crate::caller::actor;
use crate::origin::Origin;
use crate::problem::Problem;
use crate::state::ApiState;

/// Shares the pool (in minor units of the site's currency) on the weighted views of the month that begins on `first`, and
/// writes a statement for every publisher with usage.
///
/// # Errors
/// `month_open` before the month is over in the site's zone, `unavailable` while its rollups are being computed,
/// `no_usage` without views, `period_closed` when it has its statements.
pub async fn close_month(
    state: &ApiState,
    caller: &Caller,
    origin: &Origin,
    (site, first): (&Site, NaiveDate),
    amount_minor: i64,
) -> Result<(), Problem> {
    let snapshot = state.engine.snapshot();
    let month = Grain::Month.label(first);
    let last = Grain::Month.end(first);
    if last >= site.day(state.now()) {
        let opens = first + Months::new(1);
        return Err(Problem::new(
            "month_open",
            format!("{month} is not over in {}; enter its pool from {opens} on", site.name),
        ));
    }
    // Today's events wait for the refresher all the time; those of the month must not.
    let waiting = ingest::ledger::waiting(state.engine.warehouse(), site.id, (first, last)).await;
    if waiting.map_err(engine::EngineError::from)? {
        return Err(Problem::unavailable("the final count of the month"));
    }
    let shares = shares(state, caller, &snapshot, &site.code, first, last).await?;
    let allocations = split(amount_minor, &shares).map_err(|e| Problem::new("no_usage", e.to_string()))?;
    let period = Period {
        site: site.code.clone(),
        month: first,
        amount_minor,
        currency: site.currency.clone(),
        entered_by: caller.account.clone(),
        statements: draft_statements(allocations).into_iter().map(|d| statement(d, &snapshot.directory)).collect(),
    };
    let actor = actor(caller, Action::PoolWrite, origin);
    state.store.by(&actor).pools().close_month(&period, state.now()).await?;
    Ok(())
}

/// A draft with the names its things have today, for a statement keeps them.
fn statement(draft: StatementDraft, directory: &Directory) -> NewStatement {
    let lines = draft.lines.into_iter().map(|l| NewLine {
        book_id: l.book_id,
        book_name: directory.books.get(&l.book_id).map(|b| b.title.clone()).unwrap_or_default(),
        book_code: l.book,
        views: l.views as i64,
        weight_milli: i64::from(l.weight_milli),
        units_milli: l.units_milli,
        amount_minor: l.amount_minor,
    });
    NewStatement {
        publisher_id: draft.publisher_id,
        publisher_name: directory.publishers.get(&draft.publisher_id).map(|p| p.name.clone()).unwrap_or_default(),
        publisher_code: draft.publisher,
        amount_minor: draft.amount_minor,
        units_milli: draft.units_milli,
        units_total_milli: draft.units_total_milli,
        lines: lines.collect(),
    }
}

/// The month's use by publisher and book, through the engine like any other number.
async fn shares(
    state: &ApiState,
    caller: &Caller,
    snapshot: &Snapshot,
    site: &str,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<Share>, Problem> {
    let question = Question {
        metrics: vec!["views".into()],
        dimensions: vec!["publisher".into(), "book".into()],
        from: first.to_string(),
        to: last.to_string(),
        filters: vec![Filter::is_in("site", vec![site.into()])],
        limit: Some(query::validate::MAX_LIMIT as u32),
        ..Question::default()
    };
    let reply = state.engine.answer(caller, &question, state.now()).await?;
    let answer = reply.answer().map_err(|e| Problem::internal(&e))?;
    if !answer.body.complete {
        return Err(Problem::internal(&"a month's usage did not fit one answer; nothing was stated"));
    }
    let d = &snapshot.directory;
    let mut shares = BTreeMap::new();
    for row in &answer.body.rows {
        // Columns: publisher, publisher_name, book, book_name, views. Views of what has no owner are shared by nobody.
        let text = |i: usize| row[i].as_str();
        let (Some(publisher), Some(book)) = (text(0).and_then(|c| d.publisher(c)), text(2).and_then(|c| d.book(c)))
        else {
            continue;
        };
        let views = row[4].as_u64().unwrap_or(0);
        if views == 0 {
            continue;
        }
        let share = Share {
            key: (publisher.id, book.id),
            publisher: publisher.code.clone(),
            book: book.code.clone(),
            views,
            weight_milli: book.weight_milli as u32,
        };
        shares.insert((publisher.id, book.id), share);
    }
    Ok(shares.into_values().collect())
}
