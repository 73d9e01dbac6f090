//! What has to hold between answers, whatever the numbers: parts and wholes, a set and its complement, hours and days.

use chrono::{Days, NaiveDate};
use query::{Filter, Question};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use testkit::{TestDatabase, seed};

use crate::asking::{ask, engine};

const SUMS: &[&str] = &["events", "views", "exercises", "tests", "searches"];
const DISTINCT: &[&str] = &["readers", "active", "pupils_active", "teachers_active", "schools", "books", "publishers"];
/// Dimensions of which each event has one value.
const DIMENSIONS: &[&str] =
    &["site", "region", "school", "publisher", "book", "chapter", "subject", "role", "device", "kind"];

fn whole(metrics: &[&str], (from, to): (NaiveDate, NaiveDate)) -> Question {
    let metrics = metrics.iter().map(|m| m.to_string()).collect();
    Question { metrics, from: from.to_string(), to: to.to_string(), limit: Some(100_000), ..Question::default() }
}

/// The numbers of each row, in the order of the metrics.
fn numbers(answer: &engine::Answer, metrics: &[&str]) -> Vec<Vec<i64>> {
    let at = |name: &str| answer.body.columns.iter().position(|c| c.name == name).unwrap();
    let columns: Vec<usize> = metrics.iter().map(|m| at(m)).collect();
    answer.body.rows.iter().map(|row| columns.iter().map(|c| row[*c].as_i64().unwrap()).collect()).collect()
}

fn totals(answer: &engine::Answer, metrics: &[&str]) -> Vec<i64> {
    metrics.iter().map(|m| answer.body.totals[*m].as_i64().unwrap()).collect()
}

fn some_range(rng: &mut ChaCha8Rng) -> (NaiveDate, NaiveDate) {
    let days = (seed::TO - seed::FROM).num_days() as u64;
    let (a, b) = (rng.next_u64() % (days + 1), rng.next_u64() % (days + 1));
    (seed::FROM + Days::new(a.min(b)), seed::FROM + Days::new(a.max(b)))
}

#[tokio::test]
async fn sums_of_parts_are_the_whole_and_distinct_counts_lie_between_the_largest_part_and_the_sum() {
    let db = TestDatabase::platform().await;
    let engine = engine(&db).await;
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let metrics: Vec<&str> = SUMS.iter().chain(DISTINCT).copied().collect();
    for _ in 0..6 {
        let range = some_range(&mut rng);
        let total = totals(&ask(&engine, &whole(&metrics, range)).await, &metrics);
        let dimensions = DIMENSIONS.iter().map(|d| (Some(*d), None));
        let grains = ["day", "week", "month", "term", "school_year"].map(|g| (None, Some(g)));
        for (dimension, grain) in dimensions.chain(grains) {
            let split = Question {
                dimensions: dimension.iter().map(|d| d.to_string()).collect(),
                grain: grain.map(str::to_string),
                ..whole(&metrics, range)
            };
            let answer = ask(&engine, &split).await;
            assert_eq!(totals(&answer, &metrics), total, "{range:?} by {dimension:?} {grain:?}");
            let rows = numbers(&answer, &metrics);
            for (i, metric) in metrics.iter().enumerate() {
                let sum: i64 = rows.iter().map(|r| r[i]).sum();
                let largest = rows.iter().map(|r| r[i]).max().unwrap_or(0);
                if SUMS.contains(metric) {
                    assert_eq!(sum, total[i], "{metric} {range:?} by {dimension:?} {grain:?}");
                } else {
                    assert!(largest <= total[i] && total[i] <= sum, "{metric} {range:?} by {dimension:?} {grain:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_filter_and_its_complement_make_the_whole() {
    let db = TestDatabase::platform().await;
    let engine = engine(&db).await;
    let mut rng = ChaCha8Rng::seed_from_u64(12);
    let filters = [
        Filter::is_in("book", vec!["9780000000003".into(), "9780000000004".into()]),
        Filter::is_in("region", vec!["ee:tartu".into()]),
        Filter::is_in("publisher", vec!["cedar".into()]),
        Filter { dimension: Some("school".into()), contains: Some("s".into()), ..Filter::default() },
        Filter { dimension: Some("grade".into()), from: Some("8".into()), ..Filter::default() },
        Filter {
            any: Some(vec![
                Filter::is_in("role", vec!["teacher".into()]),
                Filter::is_in("subject", vec!["biology".into()]),
            ]),
            ..Filter::default()
        },
    ];
    for a in filters {
        let range = some_range(&mut rng);
        let with = async |filter: Option<Filter>| {
            let question =
                Question { filters: filter.into_iter().collect(), ..whole(&["events", "views", "active"], range) };
            totals(&ask(&engine, &question).await, &["events", "views", "active"])
        };
        let not_a = Filter { not: Some(Box::new(a.clone())), ..Filter::default() };
        let (all, own, rest) = (with(None).await, with(Some(a.clone())).await, with(Some(not_a.clone())).await);
        assert_eq!((own[0] + rest[0], own[1] + rest[1]), (all[0], all[1]), "{a:?}");
        assert!(own[2].max(rest[2]) <= all[2] && all[2] <= own[2] + rest[2], "{a:?}");
        let both = Filter { all: Some(vec![a.clone(), not_a.clone()]), ..Filter::default() };
        let either = Filter { any: Some(vec![a.clone(), not_a]), ..Filter::default() };
        assert_eq!(with(Some(both)).await, [0, 0, 0], "{a:?} and not");
        assert_eq!(with(Some(either)).await, all, "{a:?} or not");
    }
}

#[tokio::test]
async fn a_ratio_is_that_of_the_parts_at_every_level() {
    let db = TestDatabase::platform().await;
    let engine = engine(&db).await;
    let question = Question {
        dimensions: vec!["school".into()],
        grain: Some("month".into()),
        ..whole(&["views", "readers", "views_per_reader"], (seed::FROM, seed::TO))
    };
    let answer = ask(&engine, &question).await;
    let rounded = |views: i64, readers: i64| (views as f64 * 10.0 / readers as f64).round() / 10.0;
    let mut seen = 0;
    for row in &answer.body.rows {
        let (views, readers) = (row[3].as_i64().unwrap(), row[4].as_i64().unwrap());
        if readers > 0 {
            assert_eq!(row[5].as_f64().unwrap(), rounded(views, readers), "{row:?}");
            seen += 1;
        }
    }
    assert!(seen > 20);
    let totals = &answer.body.totals;
    let expected = rounded(totals["views"].as_i64().unwrap(), totals["readers"].as_i64().unwrap());
    assert_eq!(totals["views_per_reader"].as_f64().unwrap(), expected, "the total is no mean of the rows");
}
