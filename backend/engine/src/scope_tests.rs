//! What a scope lets through: the entities that are seen, and the rows that a plan reads.

use std::collections::BTreeSet;
use std::sync::Arc;

use access::{Caller, Role, Scope, scope_of};
use chrono::NaiveDate;
use chrono_tz::Tz;
use model::Model;
use query::{Question, validate};
use reference::{Book, Directory, Publisher, Region, School, Site};

use crate::attribute::Attribute;
use crate::condition::Condition;
use crate::entities::Visible;
use crate::plan::plan;
use crate::snapshot::Snapshot;

const SINCE: NaiveDate = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();

/// Two sites; in the first a region (1) with one below it (2), which has school 1, and another (3) with school 2; in the second
/// region 4 with school 3. Two publishers with a book each, and a book of nobody.
fn snapshot() -> Snapshot {
    let mut d = Directory::new(1);
    for (id, code) in [(1, "ee"), (2, "us")] {
        let (code, name, currency, locale) = (code.to_string(), code.to_string(), "EUR".into(), "en".into());
        d.add_site(Site { id, code, name, zone: Tz::UTC, currency, locale });
    }
    for (id, site_id, parent_id) in [(1, 1, None), (2, 1, Some(1)), (3, 1, None), (4, 2, None)] {
        d.add_region(Region { id, site_id, code: format!("r{id}"), name: String::new(), parent_id });
    }
    for (id, site_id, region) in [(1, 1, 2), (2, 1, 3), (3, 2, 4)] {
        let (code, name, regions) = (format!("s{id}"), String::new(), vec![(SINCE, region)]);
        d.add_school(School { id, site_id, code, name, licences: None, regions });
    }
    for id in [1, 2] {
        d.add_publisher(Publisher { id, code: format!("p{id}"), name: String::new() });
    }
    for (id, publishers) in [(1, vec![(SINCE, 1)]), (2, vec![(SINCE, 2)]), (3, vec![])] {
        let (code, title, grades) = (format!("b{id}"), String::new(), vec![]);
        d.add_book(Book { id, code, title, subject: None, grades, language: None, weight_milli: 1000, publishers });
    }
    Snapshot { directory: Arc::new(d), ..Snapshot::default() }
}

fn scope(role: Role, subjects: &[i32]) -> Scope {
    scope_of(&Caller::program(role, subjects.to_vec()))
}

/// Codes of all that is seen: sites, regions, schools, publishers, books.
fn seen(scope: &Scope) -> String {
    let snapshot = snapshot();
    let visible = Visible::new(&snapshot, scope);
    let all = [
        visible.sites().into_iter().map(|s| s.code.as_str()).collect::<Vec<_>>(),
        visible.regions().into_iter().map(|r| r.code.as_str()).collect(),
        visible.schools().into_iter().map(|s| s.code.as_str()).collect(),
        visible.publishers().into_iter().map(|p| p.code.as_str()).collect(),
        visible.books().into_iter().map(|b| b.code.as_str()).collect(),
    ];
    all.map(|codes| codes.join(" ")).join(" | ")
}

#[test]
fn each_sees_the_things_of_its_rows() {
    assert_eq!(seen(&scope(Role::Owner, &[])), "ee us | r1 r2 r3 r4 | s1 s2 s3 | p1 p2 | b1 b2 b3");
    assert_eq!(seen(&scope(Role::SchoolAdmin, &[1])), "ee | r2 | s1 | p1 p2 | b1 b2 b3");
    assert_eq!(seen(&scope(Role::Publisher, &[1])), "ee us |  |  | p1 | b1");
    assert_eq!(seen(&scope(Role::Official, &[1])), "ee | r1 r2 | s1 |  | ");
    for nobody in [scope(Role::Operator, &[]), scope(Role::SchoolAdmin, &[])] {
        assert_eq!(seen(&nobody), " |  |  |  | ");
    }
}

/// The rows and sites that the plan of a question by month reads; `None` is all rows.
fn read(scope: Scope) -> (Option<(Attribute, BTreeSet<i32>)>, BTreeSet<i16>) {
    let (snapshot, model) = (snapshot(), Model::embedded().unwrap());
    let question = Question {
        metrics: vec!["views".into()],
        grain: Some("month".into()),
        from: "2026-01-01".into(),
        to: "2026-01-31".into(),
        ..Question::default()
    };
    let plan = plan(&validate(&question, &model, scope).unwrap(), &model, &snapshot).unwrap();
    assert!(plan.conditions.len() <= 1, "{:?}", plan.conditions);
    let rows = plan.conditions.into_iter().next().map(|condition| match condition {
        Condition::Is { attribute, values } => (attribute, values),
        other => panic!("{other:?}"),
    });
    (rows, plan.sites)
}

#[test]
fn each_plan_reads_the_rows_of_its_scope() {
    assert_eq!(read(scope(Role::Owner, &[])), (None, [1, 2].into()));
    assert_eq!(read(scope(Role::SchoolAdmin, &[1])), (Some((Attribute::School, [1].into())), [1].into()));
    assert_eq!(read(scope(Role::SchoolAdmin, &[3])), (Some((Attribute::School, [3].into())), [2].into()));
    assert_eq!(read(scope(Role::SchoolAdmin, &[])), (Some((Attribute::School, [].into())), [].into()));
    assert_eq!(read(scope(Role::Publisher, &[2])), (Some((Attribute::Publisher, [2].into())), [1, 2].into()));
    assert_eq!(read(scope(Role::Official, &[1])), (Some((Attribute::Region, [1, 2].into())), [1].into()));
}
