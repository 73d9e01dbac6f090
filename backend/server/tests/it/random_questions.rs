//! Random questions under random scopes give what plain SQL over the events gives.

use std::sync::Arc;

use access::{Caller, Role};
use cache::{Answers, NoTier};
use engine::Engine;
use model::Model;
use query::{Filter, Question};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use testkit::{FaultyStore, TestDatabase, seed};
use warehouse::Warehouse;

use crate::oracle;
use crate::redshift::StandIn;

const DIMENSIONS: &[&str] =
    &["site", "region", "school", "publisher", "book", "chapter", "subject", "grade", "role", "device", "kind"];

/// A value or two of each dimension, one of which does not exist.
fn values(dimension: &str) -> &'static [&'static str] {
    match dimension {
        "site" => &["ee", "us", "xx"],
        "region" => &["ee:harju", "ee:tartu", "us:north", "ee:nowhere"],
        "school" => &["ee:S1", "ee:S4", "us:N1", "ee:S99"],
        "publisher" => &["alma", "birch", "cedar", "nobody"],
        "book" => &["9780000000003", "9780000000000", "9780000000011", "1"],
        "chapter" => &["9780000000003:1", "9780000000000:2", "9780000000003:9"],
        "subject" => &["mathematics", "biology", "magic"],
        "grade" => &["7", "8", "9", "13"],
        "role" => &["student", "teacher", "other"],
        "device" => &["desktop", "phone", "other", "toaster"],
        "kind" => &["page_view", "exercise", "sign_in"],
        _ => unreachable!(),
    }
}

struct Dice(ChaCha8Rng);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        (self.0.next_u64() % n as u64) as usize
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    /// Up to `most` different ones.
    fn some(&mut self, from: &[String], most: usize) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for _ in 0..self.below(most + 1) {
            let one = from[self.below(from.len())].clone();
            if !out.contains(&one) {
                out.push(one);
            }
        }
        out
    }
}

/// A caller of a role with the condition that its scope is in the oracle's SQL. Of things it says their codes, for each warehouse
/// numbers them itself.
fn caller(dice: &mut Dice, engine: &Engine) -> (Caller, String) {
    let d = engine.snapshot().directory.clone();
    let (role, subjects, scope) = match dice.below(4) {
        0 | 1 => (Role::Owner, vec![], "true".to_string()),
        2 => {
            let code = dice.pick(&["ee:S1", "ee:S4", "us:N2"]);
            let (site, school) = code.split_once(':').unwrap();
            let scope = format!(
                "e.school_id = (SELECT school_id FROM core.school JOIN core.site USING (site_id)
                  WHERE code = '{site}' AND external_id = '{school}')"
            );
            (Role::SchoolAdmin, vec![d.school(code).unwrap().id], scope)
        }
        _ => {
            let code = dice.pick(&["alma", "birch", "cedar"]);
            let scope = format!(
                "(SELECT p.code FROM core.book_publisher h JOIN core.publisher p USING (publisher_id)
                  WHERE h.book_id = e.book_id AND h.since <= e.day ORDER BY h.since DESC LIMIT 1) = '{code}'"
            );
            (Role::Publisher, vec![d.publisher(code).unwrap().id], scope)
        }
    };
    let mut caller = Caller::program(role, subjects.clone());
    // The same rows as a part of an organisation that is about more, and of a membership that names more.
    if dice.below(3) == 0 && role != Role::Owner {
        caller.organisation.subjects.extend([1, 2, 3, 4]);
        caller.subset = Some(subjects.into_iter().chain([-1, 999_999]).collect());
    }
    (caller, scope)
}

/// One test of a dimension, of any kind that suits it.
fn leaf(dice: &mut Dice, allowed: &[String]) -> Filter {
    let dimension = allowed[dice.below(allowed.len())].clone();
    let of = |filter: Filter| Filter { dimension: Some(dimension.clone()), ..filter };
    match (dice.below(6), dimension.as_str()) {
        (0, _) => of(Filter {
            contains: Some(dice.pick(&["S1", "canary-al", "BOOK 1", "a", "7", "teach"]).into()),
            ..Filter::default()
        }),
        (1, "grade") => of(Filter { from: Some("8".into()), to: Some("10".into()), ..Filter::default() }),
        (1, "book") => of(Filter { from: Some("9780000000004".into()), ..Filter::default() }),
        (1, "school") => of(Filter { from: Some("ee:S2".into()), to: Some("ee:S5".into()), ..Filter::default() }),
        _ => {
            let all: Vec<String> = values(&dimension).iter().map(|v| v.to_string()).collect();
            let mut some = dice.some(&all, 3);
            if some.is_empty() {
                some = vec![all[0].clone()];
            }
            if dice.below(3) == 0 { Filter::not_in(dimension, some) } else { Filter::is_in(dimension, some) }
        }
    }
}

/// A filter, now and then a tree of them.
fn filter(dice: &mut Dice, allowed: &[String], depth: usize) -> Filter {
    if depth == 0 || dice.below(3) > 0 {
        return leaf(dice, allowed);
    }
    let parts = |dice: &mut Dice| (0..=dice.below(2)).map(|_| filter(dice, allowed, depth - 1)).collect();
    match dice.below(3) {
        0 => Filter { all: Some(parts(dice)), ..Filter::default() },
        1 => Filter { any: Some(parts(dice)), ..Filter::default() },
        _ => Filter { not: Some(Box::new(filter(dice, allowed, depth - 1))), ..Filter::default() },
    }
}

fn question(dice: &mut Dice, model: &Model, role: &str) -> Question {
    let metrics: Vec<String> = model.metrics.iter().filter(|m| m.allows(role)).map(|m| m.name.clone()).collect();
    let allowed: Vec<String> = DIMENSIONS
        .iter()
        .filter(|d| model.dimension(d).is_some_and(|d| d.allows(role)))
        .map(|d| d.to_string())
        .collect();
    let mut chosen = dice.some(&metrics, 4);
    if chosen.is_empty() {
        chosen = vec!["readers".into()];
    }
    let grains = [None, Some("day"), Some("week"), Some("month"), Some("term"), Some("school_year"), Some("hour")];
    let grain = grains[dice.below(grains.len())];
    let length = if grain == Some("hour") { [0, 2, 9][dice.below(3)] } else { [0, 6, 30, 60, 103][dice.below(5)] };
    let from = seed::FROM + chrono::Days::new(dice.below(104 - length) as u64);
    let mut filters: Vec<Filter> = (0..dice.below(3)).map(|_| filter(dice, &allowed, 2)).collect();
    if grain == Some("hour") {
        // Hours are those of one site.
        filters.push(Filter::is_in("site", vec![dice.pick(&["ee", "us"]).to_string()]));
    }
    Question {
        metrics: chosen,
        dimensions: dice.some(&allowed, 2),
        grain: grain.map(str::to_string),
        from: from.to_string(),
        to: (from + chrono::Days::new(length as u64)).to_string(),
        filters,
        limit: Some(100_000),
        ..Question::default()
    }
}

/// An engine that has only some of the rollups: all, none, or those of the mask's bits.
async fn engine(db: &TestDatabase, warehouse: &Warehouse, mask: u32) -> Arc<Engine> {
    let mut model = db.model.clone();
    let mut bit = 0;
    model.rollups.retain(|_| {
        bit += 1;
        mask >> (bit - 1) & 1 == 1
    });
    let engine = Engine::open(Arc::new(model), warehouse.clone(), Answers::new(Box::new(NoTier))).await.unwrap();
    Arc::new(engine.with_most_events(f64::MAX))
}

/// How many cases; more with OCTAVO_CASES.
fn cases() -> u64 {
    std::env::var("OCTAVO_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(400)
}

#[tokio::test]
async fn random_questions_under_random_scopes_equal_plain_sql() {
    let db = TestDatabase::platform().await;
    let mut engines = vec![engine(&db, &db.warehouse, u32::MAX).await];
    let standing_in = StandIn::platform(&FaultyStore::new().objects(1)).await;
    for mask in [u32::MAX, 0] {
        engines.push(engine(&standing_in.db, &standing_in.db.warehouse, mask).await);
    }
    // So few rows are cheapest by days; with many times as many the planner takes weeks and months wherever it may.
    db.execute("UPDATE mart.extent SET row_count = row_count * 10000, byte_count = byte_count * 10000").await;
    for mask in [u32::MAX, u32::MAX, 0, 0b1, 0b10010, 0b00101, 0b11000] {
        engines.push(engine(&db, &db.warehouse, mask).await);
    }
    let (mut from_events, mut coarse) = (0, 0);
    for case in 0..cases() {
        let mut dice = Dice(ChaCha8Rng::seed_from_u64(case));
        let engine = &engines[dice.below(engines.len())];
        let (caller, scope) = caller(&mut dice, engine);
        let question = question(&mut dice, engine.model(), caller.role.as_str());
        let reply = match engine.answer(&caller, &question, seed::now()).await {
            Ok(reply) => reply,
            Err(error) => panic!("case {case}: {error} of {question:?}"),
        };
        let answer = reply.answer().unwrap();
        let expected: oracle::Rows =
            oracle::ask(&db, &question, &scope).await.into_iter().filter(|(_, c)| oracle::counted(c)).collect();
        let got = oracle::rows_of(&answer, &question);
        assert_eq!(got, expected, "case {case}: {question:?} as {:?}", caller.role);
        // Milliseconds can round to no minutes, and a ratio to nothing; every other count that is there is seen.
        let rounds = question.metrics.iter().any(|m| m.contains("minutes") || m.contains("_per_"));
        let no_empty_rows = got.len() == answer.body.rows.len();
        assert!(question.dimensions.is_empty() || rounds || no_empty_rows, "case {case}: rows of nothing");
        assert!(answer.body.complete);
        totals(&db, &answer, &question, &scope, case).await;
        from_events += u32::from(answer.body.plan.rollup == "events");
        coarse += u32::from(answer.body.plan.sources.iter().any(|s| s.ends_with("_month") || s.ends_with("_week")));
    }
    // The test would be worth little if it met only one road.
    assert!(from_events > 0 && coarse > 0, "{from_events} from events, {coarse} from weeks or months");
}

/// The totals are the same question without dimensions and grain.
async fn totals(db: &TestDatabase, answer: &engine::Answer, question: &Question, scope: &str, case: u64) {
    let whole = Question { dimensions: vec![], grain: None, ..question.clone() };
    let expected = oracle::ask(db, &whole, scope).await.into_values().next().unwrap_or_default();
    for (metric, expected) in question.metrics.iter().zip(expected) {
        // Nothing counted is 0, but of a ratio it is null.
        let got = answer.body.totals[metric].as_f64().unwrap_or_default();
        let expected: f64 = if expected == "-" { 0.0 } else { expected.parse().unwrap() };
        assert_eq!(got, expected, "case {case}: total of {metric}: {question:?}");
    }
}
