//! Reading the record: whose it is, and what is looked for in it.

use access::OrganisationKind::{Publisher, PublisherGroup};
use serde_json::json;
use store::{Actor, AuditFilter, Audited, Entry, Store};
use uuid::Uuid;

use crate::database;
use crate::people_of_a_test::{below, everybody, organisation, publisher};

async fn list(store: &Store, filter: AuditFilter) -> Vec<String> {
    let filter = AuditFilter { limit: 100, ..filter };
    store.audit().list(&everybody(), &filter).await.unwrap().into_iter().map(|row| row.subject).collect()
}

#[tokio::test]
async fn an_organisation_sees_its_own_record_and_that_of_those_below() {
    let (store, _) = database::store().await;
    let group = organisation(&store, "Group", PublisherGroup, None, &[]).await.id;
    let imprint = organisation(&store, "Imprint", Publisher, Some("group"), &[1]).await.id;
    let (alma, other) = publisher(&store, "alma", 2).await;
    let audit = store.audit();
    let entry = |subject: &str| Entry::of(Audited::Export, subject);
    audit.record(None, entry("of the group").in_organisation(group)).await.unwrap();
    audit.record(None, entry("of the imprint").in_organisation(imprint)).await.unwrap();
    audit.record(Some(alma), entry("of alma")).await.unwrap();
    audit.record(None, entry("of both").in_organisation(imprint).in_organisation(other)).await.unwrap();
    audit.record(None, entry("of nobody")).await.unwrap();
    let seen = async |reach, organisation: Option<&str>| {
        let filter = AuditFilter {
            action: Some("export".into()),
            organisation: organisation.map(Into::into),
            limit: 100,
            ..Default::default()
        };
        let rows = audit.list(&reach, &filter).await.unwrap();
        rows.into_iter().map(|row| (row.subject, row.organisation.unwrap_or_default())).collect::<Vec<_>>()
    };
    let rows = |rows: &[(&str, &str)]| rows.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect::<Vec<_>>();
    let (both, of_imprint) = (("of both", "Imprint"), ("of the imprint", "Imprint"));
    assert_eq!(seen(below(group), None).await, rows(&[both, of_imprint, ("of the group", "Group")]));
    assert_eq!(seen(below(imprint), None).await, rows(&[both, of_imprint]));
    assert_eq!(seen(below(group), Some("imprint")).await, rows(&[both, of_imprint]));
    assert_eq!(seen(below(other), None).await, rows(&[("of both", "alma"), ("of alma", "alma")]));
    assert_eq!(seen(below(Uuid::nil()), None).await, []);
    // What is of both names the one within reach only; that of another is as that of none.
    for slug in ["alma", "nowhere"] {
        assert_eq!(seen(below(group), Some(slug)).await, [], "{slug}");
    }
    assert_eq!(seen(everybody(), None).await.len(), 5);
}

#[tokio::test]
async fn text_is_looked_for_as_it_is_and_pages_do_not_overlap() {
    let (store, _) = database::store().await;
    let actor = Actor { name: Some("Olivia@example.org".into()), from: Some("192.0.2.7".into()), ..Actor::program() };
    for subject in ["100%", "a_b", "acb", r"back\slash", "plain", "' OR 1=1 --"] {
        let entry = Entry::of(Audited::Export, subject).with(json!({ "rows": 1 }));
        store.by(&actor).audit().record(None, entry).await.unwrap();
    }
    for (text, found) in [
        ("%", 1),
        ("_", 1),
        ("a_b", 1),
        ("\\", 1),
        ("K\\S", 1),
        ("%%", 0),
        ("' or 1=1", 1),
        ("olivia@", 6),
        ("192.0.2.7", 6),
        ("", 6),
        (".*", 0),
    ] {
        let filter = AuditFilter { text: Some(text.into()), ..Default::default() };
        assert_eq!(list(&store, filter).await.len(), found, "{text}");
    }
    let page = async |before| {
        let filter = AuditFilter { before, limit: 4, ..Default::default() };
        store.audit().list(&everybody(), &filter).await.unwrap()
    };
    let first = page(None).await;
    let second = page(first.last().map(|row| row.id)).await;
    let ids: Vec<i64> = first.iter().chain(&second).map(|row| row.id).collect();
    assert!(ids.len() == 6 && ids.is_sorted_by(|a, b| a > b), "{ids:?}");
    let (at, other) = (first[0].at, AuditFilter { action: Some("key_made".into()), ..Default::default() });
    assert_eq!(list(&store, other).await, Vec::<String>::new());
    let since = AuditFilter { from: Some(at), ..Default::default() };
    let until = AuditFilter { until: Some(at), ..Default::default() };
    assert_eq!((list(&store, since).await.len(), list(&store, until).await.len()), (1, 5));
}
