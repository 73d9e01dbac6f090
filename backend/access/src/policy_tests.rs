use super::*;
use crate::identity::{Organisation, OrganisationKind};

fn session() -> Via {
    Via::Session { sign_in: "s".into() }
}

fn key(scopes: &[KeyScope]) -> Via {
    Via::Key { id: "k".into(), prefix: "12345678".into(), scopes: scopes.to_vec() }
}

fn view() -> Via {
    Via::View { sign_in: "s".into(), by: "b".into(), by_email: "b@example.org".into(), reason: "r".into(), until: 0 }
}

fn caller(role: Role, kind: OrganisationKind, subjects: Vec<i32>, via: Via) -> Caller {
    Caller {
        account: "a".into(),
        email: "a@example.org".into(),
        name: "A".into(),
        role,
        organisation: Organisation { id: "o".into(), slug: "o".into(), name: "O".into(), kind, subjects },
        subset: None,
        second_factor_missing: false,
        via,
    }
}

#[test]
fn the_matrix_is_the_one_that_was_reviewed() {
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/policy_matrix.golden");
    if std::env::var_os("OCTAVO_UPDATE_GOLDEN").is_some() {
        std::fs::write(golden, matrix()).unwrap();
    }
    assert_eq!(matrix(), std::fs::read_to_string(golden).unwrap(), "run `make contracts` and review the change");
}

#[test]
fn a_school_sees_its_schools_and_nothing_when_it_has_none() {
    let one = scope_of(&caller(Role::SchoolAdmin, OrganisationKind::School, vec![7], session()));
    assert_eq!(one.rows(), &Rows::Schools([7].into()));
    let none = scope_of(&caller(Role::SchoolAdmin, OrganisationKind::School, vec![], session()));
    assert_eq!(none.rows(), &Rows::Schools(Default::default()));
}

#[test]
fn a_membership_for_a_part_sees_that_part_and_never_more() {
    let mut c = caller(Role::Publisher, OrganisationKind::PublisherGroup, vec![1, 2, 3], session());
    c.subset = Some(vec![2, 9]);
    assert_eq!(scope_of(&c).rows(), &Rows::Publishers([2].into()));
    c.subset = Some(vec![]);
    assert_eq!(scope_of(&c).rows(), &Rows::Publishers(Default::default()));
}

#[test]
fn a_role_in_the_wrong_organisation_may_nothing_and_sees_nothing() {
    for role in Role::ALL {
        for kind in OrganisationKind::ALL.into_iter().filter(|kind| !role.fits(*kind)) {
            let c = caller(role, kind, vec![7], session());
            assert!(Action::ALL.into_iter().all(|a| !permits(&c, a)), "{role} in {kind:?}");
            assert_eq!(scope_of(&c), nothing(role));
        }
    }
    let c = caller(Role::Operator, OrganisationKind::Owner, vec![], session());
    assert_eq!(scope_of(&c), nothing(Role::Operator));
}

#[test]
fn officials_see_through_the_protected_lens() {
    for kind in [OrganisationKind::Ministry, OrganisationKind::County, OrganisationKind::Municipality] {
        let c = caller(Role::Official, kind, vec![1], session());
        assert_eq!((scope_of(&c).lens(), scope_of(&c).rows()), (Lens::Protected, &Rows::Regions([1].into())));
    }
}

#[test]
fn a_key_narrows_and_never_widens() {
    let via = key(&[KeyScope::StatementsRead]);
    let publisher = caller(Role::Publisher, OrganisationKind::Publisher, vec![1], via.clone());
    assert!(permits(&publisher, Action::StatementRead));
    assert!(!permits(&publisher, Action::UsageRead));
    let school = caller(Role::SchoolAdmin, OrganisationKind::School, vec![1], via);
    assert!(!permits(&school, Action::StatementRead));
    let owner = caller(Role::Owner, OrganisationKind::Owner, vec![], key(&KeyScope::ALL));
    let may: Vec<_> = Action::ALL.into_iter().filter(|a| permits(&owner, *a)).collect();
    assert_eq!(may, [Action::UsageRead, Action::ReferenceRead, Action::StatementRead, Action::EventWrite]);
    assert!(may_have_key(Role::Publisher, KeyScope::StatementsRead));
    assert!(!may_have_key(Role::SchoolAdmin, KeyScope::StatementsRead));
    assert!(!may_have_key(Role::Publisher, KeyScope::EventsWrite));
}

#[test]
fn who_views_as_another_changes_nothing() {
    let c = caller(Role::Owner, OrganisationKind::Owner, vec![], view());
    let refused: Vec<_> = Action::ALL.into_iter().filter(|a| !permits(&c, *a)).map(Action::as_str).collect();
    let writes = [
        "pool.write",
        "load.write",
        "event.write",
        "organisation.write",
        "organisation.secure",
        "people.write",
        "key.write",
        "account.write",
        "account.switch",
        "view_as",
    ];
    assert_eq!(refused, writes);
    assert_eq!(judge(&c, Action::PoolWrite), Verdict::ViewingReadsOnly);
}

#[test]
fn without_the_second_factor_that_is_asked_for_there_is_only_the_own_account() {
    let mut c = caller(Role::Owner, OrganisationKind::Owner, vec![], session());
    c.second_factor_missing = true;
    let may: Vec<_> = Action::ALL.into_iter().filter(|a| permits(&c, *a)).collect();
    assert_eq!(may, [Action::AccountWrite]);
    assert_eq!(scope_of(&c), nothing(Role::Owner));
}

#[test]
fn the_platforms_own_reach_everybody_and_others_themselves_and_below() {
    assert_eq!(reach_of(&caller(Role::Owner, OrganisationKind::Owner, vec![], session())).top(), None);
    assert_eq!(reach_of(&caller(Role::Operator, OrganisationKind::Owner, vec![], session())).top(), None);
    for (role, kind) in [(Role::Official, OrganisationKind::Ministry), (Role::Owner, OrganisationKind::School)] {
        assert_eq!(reach_of(&caller(role, kind, vec![], session())).top(), Some("o"), "{role}");
    }
}

#[test]
fn the_tree_has_no_circles() {
    use OrganisationKind as K;
    let height = |kind| match kind {
        K::Owner => 4,
        K::Ministry | K::PublisherGroup => 3,
        K::County => 2,
        K::Municipality | K::Publisher => 1,
        K::School => 0,
    };
    for (a, b) in K::ALL.into_iter().flat_map(|a| K::ALL.map(|b| (a, b))) {
        assert!(!a.may_stand_below(b) || height(a) < height(b), "{a:?} below {b:?}");
    }
    assert!(K::School.may_stand_below(K::Municipality) && !K::School.may_stand_below(K::Publisher));
}

#[test]
fn the_owner_sees_everything_exactly() {
    let owner = scope_of(&caller(Role::Owner, OrganisationKind::Owner, vec![], session()));
    assert_eq!((owner.rows(), owner.sites(), owner.lens()), (&Rows::All, &Sites::All, Lens::Exact));
}

#[test]
fn a_scope_holds_its_sites_and_no_others() {
    let of = |sites| Scope::new(Role::Owner, sites, Rows::All, Lens::Exact);
    assert!(of(Sites::All).holds_site(7));
    let two = of(Sites::Only([1, 2].into()));
    assert_eq!([0, 1, 2, 3].map(|site| two.holds_site(site)), [false, true, true, false]);
}

#[test]
fn nothing_is_seen_without_a_site_or_a_subject() {
    let is_nothing = |sites, rows| Scope::new(Role::Owner, sites, rows, Lens::Exact).is_nothing();
    let (one, none) = (BTreeSet::from([1]), BTreeSet::new());
    for rows in [Rows::All, Rows::Schools(one.clone()), Rows::Publishers(one.clone()), Rows::Regions(one)] {
        assert!(
            !is_nothing(Sites::All, rows.clone()) && !is_nothing(Sites::Only([1].into()), rows.clone()),
            "{rows:?}"
        );
        assert!(is_nothing(Sites::Only([].into()), rows));
    }
    for rows in [Rows::Schools(none.clone()), Rows::Publishers(none.clone()), Rows::Regions(none)] {
        assert!(is_nothing(Sites::All, rows.clone()), "{rows:?}");
    }
}

#[test]
fn each_verdict_has_words_of_its_own() {
    use Verdict as V;
    let all =
        [V::Permitted, V::RoleDoesNotFit, V::NotOfTheRole, V::NotOfTheKey, V::ViewingReadsOnly, V::SecondFactorMissing];
    assert_eq!(all.map(Verdict::because).into_iter().collect::<BTreeSet<_>>().len(), all.len());
}

#[test]
fn events_are_sent_by_whoever_sees_all_rows_and_with_a_key_for_it() {
    use OrganisationKind as K;
    let sends = |role, kind, via| sends_for(&caller(role, kind, vec![1], via));
    let write = || key(&[KeyScope::EventsWrite]);
    assert_eq!(sends(Role::Owner, K::Owner, write()), Some(Sites::All));
    assert_eq!(sends(Role::Owner, K::Owner, key(&[KeyScope::UsageRead, KeyScope::StatementsRead])), None);
    assert_eq!(sends(Role::Owner, K::School, write()), None);
    for (role, kind) in [
        (Role::SchoolAdmin, K::School),
        (Role::Publisher, K::Publisher),
        (Role::Official, K::County),
        (Role::Operator, K::Owner),
    ] {
        assert_eq!(sends(role, kind, write()), None, "{role}");
    }
}
