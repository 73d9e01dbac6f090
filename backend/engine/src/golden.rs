//! The golden questions: one of each kind that is asked. Their plans and their SQL are kept and reviewed.

use std::collections::HashMap;
use std::sync::Arc;

use access::{Caller, Role, scope_of};
use chrono::NaiveDate;
use model::Model;
use query::{Invalid, Question, validate};
use reference::{Book, Directory, Publisher, Region, School, Site};

use crate::plan::{Plan, plan};
use crate::snapshot::{BookFacts, SiteState, Snapshot};

/// Who asks what.
pub const QUESTIONS: &[(Role, &str)] = &[
    (
        Role::Owner,
        r#"{"metrics":["readers"],"grain":"day","from":"2026-01-01","to":"2026-03-31","filters":[{"dimension":"site","in":["ee"]}]}"#,
    ),
    (Role::Owner, r#"{"metrics":["views"],"from":"2026-01-15","to":"2026-03-10"}"#),
    (
        Role::Publisher,
        r#"{"metrics":["views","readers","minutes"],"dimensions":["book"],"grain":"month","from":"2026-01-01","to":"2026-03-31"}"#,
    ),
    (
        Role::SchoolAdmin,
        r#"{"metrics":["pupils_active","teachers_active"],"grain":"week","from":"2026-01-01","to":"2026-03-31"}"#,
    ),
    (Role::Owner, r#"{"metrics":["readers"],"dimensions":["subject","grade"],"from":"2026-01-01","to":"2026-03-31"}"#),
    (Role::Owner, r#"{"metrics":["weighted_views"],"dimensions":["publisher"],"from":"2025-12-20","to":"2026-01-31"}"#),
    (
        Role::Official,
        r#"{"metrics":["active"],"dimensions":["region","school"],"grain":"month","from":"2026-02-01","to":"2026-03-31"}"#,
    ),
    (
        Role::Owner,
        r#"{"metrics":["views","readers"],"dimensions":["device"],"from":"2026-03-01","to":"2026-03-31","filters":[{"dimension":"school","in":["ee:S1"]}]}"#,
    ),
    (
        Role::Owner,
        r#"{"metrics":["views"],"grain":"month","from":"2026-03-01","to":"2026-03-31","compare":"previous_year"}"#,
    ),
    (
        Role::Owner,
        r#"{"metrics":["views","readers"],"grain":"hour","from":"2026-03-10","to":"2026-03-10","filters":[{"dimension":"site","in":["ee"]}]}"#,
    ),
];

/// The plan of a golden question, asked by someone of the role.
pub fn planned(role: Role, question: &str, model: &Model, snapshot: &Snapshot) -> Result<Plan, Invalid> {
    let question: Question = serde_json::from_str(question).expect("a golden question can be read");
    let scoped = validate(&question, model, scope_of(&caller(role, &snapshot.directory)))?;
    plan(&scoped, model, snapshot)
}

/// A school's, a publisher's or a county's own, or one who sees everything.
fn caller(role: Role, directory: &Directory) -> Caller {
    let about = match role {
        Role::SchoolAdmin => directory.school("ee:S1").map(|s| s.id),
        Role::Publisher => directory.publisher("alma").map(|p| p.id),
        Role::Official => directory.region("ee:harju").map(|r| r.id),
        Role::Owner | Role::Operator => None,
    };
    Caller::program(role, about.into_iter().collect())
}

/// A warehouse that nobody has to run: what the golden questions are about, and nothing stored, so that the plans are those
/// of the fewest statements.
pub fn snapshot() -> Snapshot {
    let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).expect("a date");
    let mut directory = Directory::new(1);
    for (id, code, zone) in [(1, "ee", chrono_tz::Europe::Tallinn), (2, "us", chrono_tz::America::Los_Angeles)] {
        let (name, currency, locale) = (code.to_uppercase(), "EUR".into(), "en".into());
        directory.add_site(Site { id, code: code.into(), name, zone, currency, locale });
    }
    directory.add_region(Region { id: 1, site_id: 1, code: "ee:harju".into(), name: "Harju".into(), parent_id: None });
    for id in [1, 2] {
        let (code, name) = (format!("ee:S{id}"), format!("School {id}"));
        let regions = vec![(day(2020, 1, 1), 1)];
        directory.add_school(School { id, site_id: 1, code, name, licences: None, regions });
        directory.add_book(Book {
            id,
            code: format!("978000000000{id}"),
            title: format!("Book {id}"),
            subject: Some("mathematics".into()),
            grades: vec!["7".into()],
            language: None,
            weight_milli: 1000,
            publishers: vec![(day(2020, 1, 1), 1)],
        });
    }
    directory.add_publisher(Publisher { id: 1, code: "alma".into(), name: "Alma".into() });
    let state = SiteState {
        data_version: 1,
        refreshed_at: None,
        closed_through: Some(day(2026, 4, 1)),
        last_event_at: None,
        pending: 0,
        extents: Arc::default(),
        unready: Default::default(),
    };
    let sites = HashMap::from([(1, state.clone()), (2, state)]);
    let facts = Arc::new(BookFacts::new(&directory));
    Snapshot { directory: Arc::new(directory), facts, sites, ..Snapshot::default() }
}
