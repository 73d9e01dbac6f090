//! Closing a month, and what is true ever after.

use chrono::{DateTime, NaiveDate, Utc};
use store::{NewLine, NewStatement, Period, StatementFilter, Store, StoreError};
use uuid::Uuid;

use crate::database;

fn now() -> DateTime<Utc> {
    "2026-11-21T07:00:00Z".parse().unwrap()
}

fn october() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, 1).unwrap()
}

fn line(book_id: i32, views: i64, amount_minor: i64) -> NewLine {
    NewLine {
        book_id,
        book_code: format!("978{book_id:010}"),
        book_name: format!("Book {book_id}"),
        views,
        weight_milli: 1000,
        units_milli: views * 1000,
        amount_minor,
    }
}

fn statement(publisher_id: i32, lines: Vec<NewLine>) -> NewStatement {
    NewStatement {
        publisher_id,
        publisher_code: format!("p{publisher_id}"),
        publisher_name: format!("Publisher {publisher_id}"),
        amount_minor: lines.iter().map(|l| l.amount_minor).sum(),
        units_milli: lines.iter().map(|l| l.units_milli).sum(),
        units_total_milli: 10_000,
        lines,
    }
}

/// 100.00 over 10 units: publisher 1 has two books and 60.00, publisher 2 one and 40.00.
fn period() -> Period {
    Period {
        site: "ee".into(),
        month: october(),
        amount_minor: 10_000,
        currency: "EUR".into(),
        entered_by: "owner".into(),
        statements: vec![
            statement(1, vec![line(11, 5, 5_000), line(12, 1, 1_000)]),
            statement(2, vec![line(21, 4, 4_000)]),
        ],
    }
}

async fn everything(store: &Store) -> (usize, usize) {
    let statements = store.statements().list(StatementFilter::default()).await.unwrap();
    (store.pools().list().await.unwrap().len(), statements.len())
}

#[tokio::test]
async fn a_closed_month_reads_back_as_it_was_written() {
    let (store, _) = database::store().await;
    let ids = store.pools().close_month(&period(), now()).await.unwrap();
    let pool = store.pools().list().await.unwrap().remove(0);
    assert_eq!((pool.site.as_str(), pool.month, pool.amount_minor, pool.stated), ("ee", october(), 10_000, true));
    assert_eq!((pool.currency.as_str(), pool.entered_by.as_str(), pool.entered_at), ("EUR", "owner", now()));

    let listed = store.statements().list(StatementFilter::default()).await.unwrap();
    assert_eq!(listed.iter().map(|s| s.id).collect::<Vec<_>>(), ids);
    let got = store.statements().get(ids[0], None).await.unwrap().unwrap();
    assert_eq!(got.statement, listed[0]);
    assert_eq!((got.statement.amount_minor, got.statement.pool_minor), (6_000, 10_000));
    assert_eq!((got.statement.units_milli, got.statement.units_total_milli), (6_000, 10_000));
    let lines: Vec<_> = got.lines.iter().map(|l| (l.book_id, l.views, l.amount_minor)).collect();
    assert_eq!(lines, [(11, 5, 5_000), (12, 1, 1_000)]);
}

#[tokio::test]
async fn a_publisher_never_sees_another_publishers_statement() {
    let (store, _) = database::store().await;
    let ids = store.pools().close_month(&period(), now()).await.unwrap();
    let of = |publishers| StatementFilter { publishers: Some(publishers), ..Default::default() };
    let seen = |list: Vec<store::Statement>| list.iter().map(|s| s.publisher_id).collect::<Vec<_>>();
    assert_eq!(seen(store.statements().list(of(&[1])).await.unwrap()), [1]);
    assert_eq!(seen(store.statements().list(of(&[2])).await.unwrap()), [2]);
    assert_eq!(seen(store.statements().list(of(&[])).await.unwrap()), Vec::<i32>::new());
    assert!(store.statements().get(ids[0], Some(&[1])).await.unwrap().is_some());
    for publishers in [&[2][..], &[], &[99]] {
        let other = store.statements().get(ids[0], Some(publishers)).await.unwrap();
        assert_eq!(other, store.statements().get(Uuid::nil(), Some(publishers)).await.unwrap());
        assert_eq!(other, None);
    }
}

#[tokio::test]
async fn the_filter_knows_sites_and_months() {
    let (store, _) = database::store().await;
    let september = NaiveDate::from_ymd_opt(2026, 9, 1).unwrap();
    for (site, month) in [("ee", october()), ("ee", september), ("lv", october())] {
        store.pools().close_month(&Period { site: site.into(), month, ..period() }, now()).await.unwrap();
    }
    let count = async |site, month| {
        store.statements().list(StatementFilter { site, month, ..Default::default() }).await.unwrap().len()
    };
    assert_eq!(count(None, None).await, 6);
    assert_eq!(count(Some("ee"), None).await, 4);
    assert_eq!(count(None, Some(october())).await, 4);
    assert_eq!(count(Some("lv"), Some(september)).await, 0);
    let first = store.statements().list(StatementFilter::default()).await.unwrap().remove(0);
    assert_eq!((first.site.as_str(), first.month, first.publisher_id), ("ee", october(), 1));
}

#[tokio::test]
async fn closing_twice_is_refused_and_leaves_nothing_half_done() {
    let (store, _) = database::store().await;
    store.pools().close_month(&period(), now()).await.unwrap();
    let before = store.statements().list(StatementFilter::default()).await.unwrap();
    let other = Period {
        amount_minor: 4_000,
        statements: vec![NewStatement { units_total_milli: 4_000, ..statement(3, vec![line(31, 4, 4_000)]) }],
        ..period()
    };
    let again = store.pools().close_month(&other, now()).await;
    assert!(matches!(again, Err(StoreError::PeriodClosed { ref site, month }) if site == "ee" && month == october()));
    assert_eq!(store.statements().list(StatementFilter::default()).await.unwrap(), before);
    assert_eq!(store.pools().list().await.unwrap()[0].amount_minor, 10_000);
}

#[tokio::test]
async fn of_many_who_close_at_once_one_succeeds() {
    let (store, _) = database::store().await;
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.pools().close_month(&period(), now()).await })
        })
        .collect();
    let mut closed = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => closed += 1,
            Err(error) => assert!(matches!(error, StoreError::PeriodClosed { .. }), "{error}"),
        }
    }
    assert_eq!(closed, 1);
    assert_eq!(everything(&store).await, (1, 2));
}

#[tokio::test]
async fn sums_that_do_not_agree_are_refused_and_leave_nothing() {
    let (store, _) = database::store().await;
    let wrong = |change: fn(&mut Period)| {
        let mut period = period();
        change(&mut period);
        period
    };
    for period in [
        wrong(|p| p.amount_minor += 1),
        wrong(|p| p.statements[0].lines[0].amount_minor -= 1),
        wrong(|p| p.statements[0].units_milli += 1),
        wrong(|p| p.statements[1].units_total_milli += 1),
        wrong(|p| p.statements[1].lines[0].weight_milli += 1),
        wrong(|p| p.statements.clear()),
    ] {
        let refused = store.pools().close_month(&period, now()).await;
        assert!(matches!(refused, Err(StoreError::Unbalanced(_))), "{refused:?}");
    }
    let middle = Period { month: NaiveDate::from_ymd_opt(2026, 10, 2).unwrap(), ..period() };
    assert!(matches!(store.pools().close_month(&middle, now()).await, Err(StoreError::NotAMonth(_))));
    assert_eq!(everything(&store).await, (0, 0));
}

#[tokio::test]
async fn what_the_database_refuses_leaves_nothing() {
    let (store, _) = database::store().await;
    let mut twice = period();
    twice.statements[1].publisher_id = 1;
    assert!(matches!(store.pools().close_month(&twice, now()).await, Err(StoreError::Database(_))));
    let mut same_book = period();
    same_book.statements[0].lines[1].book_id = 11;
    assert!(matches!(store.pools().close_month(&same_book, now()).await, Err(StoreError::Database(_))));
    assert_eq!(everything(&store).await, (0, 0));
    store.pools().close_month(&period(), now()).await.unwrap();
}

#[tokio::test]
async fn statements_never_change() {
    let (store, mut connection) = database::store().await;
    store.pools().close_month(&period(), now()).await.unwrap();
    for sql in [
        "UPDATE app.statement SET amount_minor = 1",
        "DELETE FROM app.statement",
        "TRUNCATE app.statement CASCADE",
        "UPDATE app.statement_line SET views = 1",
        "DELETE FROM app.statement_line WHERE book_id = 11",
        "TRUNCATE app.statement_line",
        "UPDATE app.pool SET amount_minor = 1",
        "DELETE FROM app.pool",
    ] {
        let error = sqlx::query(sql).execute(&mut connection).await.unwrap_err();
        assert!(error.to_string().contains("append-only"), "{sql}: {error}");
    }
    for sql in [
        "INSERT INTO app.statement_line SELECT id, 99, 'x', 'X', 1, 1000, 1000, 5 FROM app.statement LIMIT 1",
        "INSERT INTO app.statement SELECT gen_random_uuid(), site_code, month, 99, 'x', 'X', currency, 5, pool_minor, 0,
             units_total_milli, created_at FROM app.statement LIMIT 1",
    ] {
        let error = sqlx::query(sql).execute(&mut connection).await.unwrap_err();
        assert!(error.to_string().contains("do not sum"), "{sql}: {error}");
    }
    assert_eq!(everything(&store).await, (1, 2));
}

#[tokio::test]
async fn a_pool_of_nothing_for_nobody_closes_the_month_too() {
    let (store, _) = database::store().await;
    let nothing = Period { amount_minor: 0, statements: Vec::new(), ..period() };
    assert_eq!(store.pools().close_month(&nothing, now()).await.unwrap(), Vec::<Uuid>::new());
    assert!(!store.pools().list().await.unwrap()[0].stated);
    assert!(matches!(store.pools().close_month(&period(), now()).await, Err(StoreError::PeriodClosed { .. })));
}
