//! The tree of organisations, and what each is about at which time.

use access::OrganisationKind::{County, Ministry, Municipality, Owner, Publisher, PublisherGroup, School};
use access::{OrganisationKind, Role};
use chrono::TimeDelta;
use store::{NewOrganisation, StoreError};

use crate::database;
use crate::people_of_a_test::{below, everybody, member, minutes, new, now, organisation, sees, session};

#[tokio::test]
async fn the_rows_of_those_below_count_within_a_family_only() {
    let (store, _) = database::store().await;
    organisation(&store, "Harju", County, None, &[1]).await;
    organisation(&store, "Keila", Municipality, Some("harju"), &[2]).await;
    organisation(&store, "Saue", Municipality, Some("harju"), &[3, 2]).await;
    organisation(&store, "School 1", School, Some("keila"), &[100]).await;
    organisation(&store, "Group", PublisherGroup, None, &[]).await;
    organisation(&store, "Imprint", Publisher, Some("group"), &[7]).await;
    for (slug, role, rows) in [
        ("harju", Role::Official, vec![1, 2, 3]),
        ("keila", Role::Official, vec![2]),
        ("school-1", Role::SchoolAdmin, vec![100]),
        ("group", Role::Publisher, vec![7]),
        ("imprint", Role::Publisher, vec![7]),
    ] {
        let id = store.organisations().find(&everybody(), slug).await.unwrap().unwrap().id;
        let account = member(&store, slug, id, role).await;
        assert_eq!(sees(&store, session(&store, account).await, None, now()).await, Some(rows), "{slug}");
    }
}

#[tokio::test]
async fn a_kept_session_and_key_follow_the_times_of_those_below_to_the_instant() {
    let (store, _) = database::store().await;
    let listening = tokio::spawn(store.clone().listen());
    database::listens(&store).await;
    let (begins, ends) = (now() + minutes(10), now() + minutes(20));
    let group = organisation(&store, "Group", PublisherGroup, None, &[1]).await;
    let timed = |name: &str, subject| new(name, Publisher, Some("group"), &[subject]);
    let later = NewOrganisation { valid_from: Some(begins), ..timed("Later", 2) };
    store.organisations().make(&later).await.unwrap();
    store.organisations().make(&NewOrganisation { valid_until: Some(ends), ..timed("Until", 3) }).await.unwrap();
    let account = member(&store, "alma", group.id, Role::Publisher).await;
    let (_, key) = store.keys().create(account, "A", &access::KeyScope::ALL, None, now()).await.unwrap();
    let (session, millisecond) = (session(&store, account).await, TimeDelta::milliseconds(1));
    for (at, rows) in [
        (now(), vec![1, 3]),
        (begins - millisecond, vec![1, 3]),
        (begins, vec![1, 2, 3]),
        (ends - millisecond, vec![1, 2, 3]),
        (ends, vec![1, 2]),
    ] {
        assert_eq!(sees(&store, session, None, at).await, Some(rows.clone()), "{at}");
        let by_key = store.keys().caller_by_key(&key, None, at).await.unwrap().unwrap();
        assert_eq!(by_key.organisation.subjects, rows, "{at}");
    }
    listening.abort();
}

#[tokio::test]
async fn nobody_calls_for_an_organisation_before_or_after_its_time() {
    let (store, _) = database::store().await;
    let (begins, ends) = (now() + minutes(10), now() + minutes(20));
    let times =
        NewOrganisation { valid_from: Some(begins), valid_until: Some(ends), ..new("Alma", Publisher, None, &[1]) };
    let id = store.organisations().make(&times).await.unwrap().id;
    let session = session(&store, member(&store, "alma", id, Role::Publisher).await).await;
    for (at, rows) in [(now(), None), (begins, Some(vec![1])), (ends, None)] {
        assert_eq!(sees(&store, session, Some("alma"), at).await, rows, "{at}");
    }
}

#[tokio::test]
async fn each_kind_stands_where_it_may_only() {
    let (store, _) = database::store().await;
    for kind in OrganisationKind::ALL {
        organisation(&store, kind.as_str(), kind, None, &[]).await;
    }
    for (kind, above) in OrganisationKind::ALL.into_iter().flat_map(|a| OrganisationKind::ALL.map(|b| (a, b))) {
        let slug = above.as_str().replace('_', "-");
        let name = format!("{} below {}", kind.as_str(), above.as_str());
        let made = store.organisations().make(&new(&name, kind, Some(&slug), &[])).await;
        let moved = new(kind.as_str(), kind, Some(&slug), &[]);
        let moved = store.organisations().change(&kind.as_str().replace('_', "-"), &moved).await;
        for done in [made, moved] {
            match done {
                Ok(done) => assert!(kind.may_stand_below(above) && done.parent == Some(slug.clone()), "{name}"),
                Err(StoreError::DoesNotStandBelow { .. }) => assert!(!kind.may_stand_below(above), "{name}"),
                Err(error) => panic!("{name}: {error}"),
            }
        }
    }
    let nowhere = store.organisations().make(&new("x", School, Some("nowhere"), &[])).await;
    assert!(matches!(nowhere, Err(StoreError::NoOrganisation)));
}

#[tokio::test]
async fn a_slug_is_had_once_and_stays() {
    let (store, _) = database::store().await;
    let first = organisation(&store, "Tallinna 21. Kool", School, None, &[1]).await;
    assert_eq!(first.slug, "tallinna-21-kool");
    let second = organisation(&store, "Tallinna 21 kool", School, None, &[2]).await;
    assert!(second.slug.starts_with("tallinna-21-kool-") && second.slug != first.slug);
    let renamed = store.organisations().change(&first.slug, &new("Other", School, None, &[1])).await.unwrap();
    assert_eq!((renamed.id, renamed.slug.as_str(), renamed.name.as_str()), (first.id, "tallinna-21-kool", "Other"));
    let taken = store.organisations().change(&second.slug, &new("Other", School, None, &[2])).await;
    assert!(matches!(taken, Err(StoreError::NameTaken(_))));
    let taken = store.organisations().make(&new("Other", School, None, &[2])).await;
    assert!(matches!(taken, Err(StoreError::NameTaken(_))));
    let another_kind = store.organisations().change(&first.slug, &new("Third", County, None, &[1])).await;
    assert!(matches!(another_kind, Err(StoreError::NoOrganisation)));
}

#[tokio::test]
async fn another_organisation_is_the_same_as_none() {
    let (store, _) = database::store().await;
    let organisations = store.organisations();
    let ministry = organisation(&store, "Ministry", Ministry, None, &[]).await;
    let harju = organisation(&store, "Harju", County, Some("ministry"), &[1]).await;
    let tartu = organisation(&store, "Tartu", County, Some("ministry"), &[2]).await;
    organisation(&store, "Keila", Municipality, Some("harju"), &[3]).await;
    let slugs = async |reach| organisations.list(&reach).await.unwrap().into_iter().map(|o| o.slug).collect::<Vec<_>>();
    assert_eq!(slugs(everybody()).await, ["ministry", "harju", "keila", "tartu"]);
    assert_eq!(slugs(below(ministry.id)).await, ["ministry", "harju", "keila", "tartu"]);
    assert_eq!(slugs(below(harju.id)).await, ["harju", "keila"]);
    assert_eq!(slugs(below(tartu.id)).await, ["tartu"]);
    assert_eq!(slugs(below(uuid::Uuid::nil())).await, Vec::<String>::new());
    for (slug, within) in [("harju", true), ("keila", true), ("ministry", false), ("tartu", false), ("none", false)] {
        assert_eq!(organisations.find(&below(harju.id), slug).await.unwrap().is_some(), within, "{slug}");
        let secured = organisations.require_two_factor(&below(harju.id), slug, true).await;
        assert_eq!(secured.is_ok(), within, "{slug}");
    }
    // What stands above the reach is not told.
    let found = organisations.find(&below(harju.id), "harju").await.unwrap().unwrap();
    assert_eq!((found.parent, organisations.list(&below(harju.id)).await.unwrap()[0].parent.clone()), (None, None));
    let required: Vec<bool> =
        organisations.list(&everybody()).await.unwrap().iter().map(|o| o.requires_two_factor).collect();
    assert_eq!(required, [false, true, true, false]);
}

#[tokio::test]
async fn of_many_who_keep_the_same_organisation_at_once_all_have_one() {
    let (store, _) = database::store().await;
    for (round, kind) in [Owner, School, Publisher].into_iter().enumerate() {
        let mut tasks = tokio::task::JoinSet::new();
        for i in 0..16 {
            let (store, name) = (store.clone(), format!("Name {round}"));
            // Some are called the same but for their kind, and would have the same slug.
            let kind = if i % 4 == 0 { County } else { kind };
            tasks.spawn(async move { (kind, store.organisations().keep(&name, kind, &[1, 2]).await.unwrap()) });
        }
        let made: std::collections::HashSet<_> =
            tasks.join_all().await.into_iter().map(|(kind, id)| (kind.as_str(), id)).collect();
        assert_eq!(made.len(), 2);
    }
    assert_eq!(store.organisations().list(&everybody()).await.unwrap().len(), 6);
}
