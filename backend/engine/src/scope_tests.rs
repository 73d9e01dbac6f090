//! What a scope lets through: the entities that are seen, and the rows that a plan reads.

use std::collections::BTreeSet;

use access::{Role, Scope};
use model::{Key, Model};
use query::{Filter, Question, validate};

use crate::attribute::Attribute;
use crate::condition::Condition;
use crate::entities::Visible;
use crate::plan::plan;
use crate::sample::{scope, snapshot};

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
    // What was theirs at any time they see.
    assert_eq!(seen(&scope(Role::SchoolAdmin, &[2])), "ee | r2 r3 | s2 | p1 p2 | b1 b2 b3");
    assert_eq!(seen(&scope(Role::Publisher, &[1])), "ee us |  |  | p1 | b1 b2");
    assert_eq!(seen(&scope(Role::Publisher, &[2])), "ee us |  |  | p2 | b2");
    assert_eq!(seen(&scope(Role::Official, &[1])), "ee | r1 r2 | s1 s2 |  | ");
    assert_eq!(seen(&scope(Role::Official, &[4])), "us | r4 | s3 |  | ");
    for nobody in [scope(Role::Operator, &[]), scope(Role::SchoolAdmin, &[])] {
        assert_eq!(seen(&nobody), " |  |  |  | ");
    }
}

#[test]
fn what_is_listed_is_found_by_its_code_and_nothing_else_is() {
    let snapshot = snapshot();
    let d = &snapshot.directory;
    let scopes = [
        scope(Role::Owner, &[]),
        scope(Role::SchoolAdmin, &[1]),
        scope(Role::Publisher, &[1]),
        scope(Role::Official, &[1]),
        scope(Role::Operator, &[]),
    ];
    for scope in &scopes {
        let visible = Visible::new(&snapshot, scope);
        let found: [Vec<bool>; 5] = [
            d.sites.values().map(|s| visible.site(&s.code).is_some_and(|found| found.id == s.id)).collect(),
            d.regions.values().map(|r| visible.region(&r.code).is_some_and(|found| found.id == r.id)).collect(),
            d.schools.values().map(|s| visible.school(&s.code).is_some_and(|found| found.id == s.id)).collect(),
            d.publishers.values().map(|p| visible.publisher(&p.code).is_some_and(|found| found.id == p.id)).collect(),
            d.books.values().map(|b| visible.book(&b.code).is_some_and(|found| found.id == b.id)).collect(),
        ];
        let (sites, regions, schools) = (visible.sites(), visible.regions(), visible.schools());
        let (publishers, books) = (visible.publishers(), visible.books());
        let listed: [Vec<bool>; 5] = [
            d.sites.values().map(|s| sites.iter().any(|listed| listed.id == s.id)).collect(),
            d.regions.values().map(|r| regions.iter().any(|listed| listed.id == r.id)).collect(),
            d.schools.values().map(|s| schools.iter().any(|listed| listed.id == s.id)).collect(),
            d.publishers.values().map(|p| publishers.iter().any(|listed| listed.id == p.id)).collect(),
            d.books.values().map(|b| books.iter().any(|listed| listed.id == b.id)).collect(),
        ];
        assert_eq!(found, listed, "{scope:?}");
        assert!(visible.site("none").is_none() && visible.school("none").is_none() && visible.book("none").is_none());
    }
}

/// Views in January, of what passes the filters.
fn question(filters: Vec<Filter>) -> Question {
    Question {
        metrics: vec!["views".into()],
        grain: Some("month".into()),
        from: "2026-01-01".into(),
        to: "2026-01-31".into(),
        filters,
        ..Question::default()
    }
}

/// Rows of a dimension that has one of these codes.
fn only(dimension: &str, codes: &[&str]) -> Filter {
    let codes = codes.iter().map(|code| code.to_string()).collect();
    Filter { dimension: Some(dimension.into()), is_in: Some(codes), ..Filter::default() }
}

/// The rows and sites that the plan of a question by month reads; `None` is all rows.
fn read(scope: Scope) -> (Option<(Attribute, BTreeSet<i32>)>, BTreeSet<i16>) {
    let (snapshot, model) = (snapshot(), Model::embedded().unwrap());
    let question = question(vec![]);
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

#[test]
fn of_the_filters_only_one_of_the_site_itself_tells_which_sites_are_read() {
    let (snapshot, model) = (snapshot(), Model::embedded().unwrap());
    let sites = |scope: Scope, filters: Vec<Filter>| {
        plan(&validate(&question(filters), &model, scope).unwrap(), &model, &snapshot).unwrap().sites
    };
    let (owner, school) = (scope(Role::Owner, &[]), scope(Role::SchoolAdmin, &[1]));
    assert_eq!(sites(owner.clone(), vec![only("site", &["us"])]), [2].into());
    assert_eq!(sites(owner.clone(), vec![only("site", &["us"]), only("site", &["ee"])]), [].into());
    // Whether there is such a school must not show.
    assert_eq!(sites(owner, vec![only("school", &["s1"])]), [1, 2].into());
    assert_eq!(sites(school.clone(), vec![only("site", &["ee", "us"])]), [1].into());
    assert_eq!(sites(school, vec![only("site", &["us"])]), [].into());
}

#[test]
fn the_scope_stands_beside_the_filters_and_is_read_with_them() {
    let (snapshot, model) = (snapshot(), Model::embedded().unwrap());
    let asked =
        validate(&question(vec![only("school", &["s1", "s2"])]), &model, scope(Role::SchoolAdmin, &[2])).unwrap();
    let plan = plan(&asked, &model, &snapshot).unwrap();
    assert_eq!(plan.conditions.len(), 2);
    assert_eq!(plan.restrict, [(Key::School, [2].into())].into());
    assert!(plan.keys.contains(&Key::School));
}
