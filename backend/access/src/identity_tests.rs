use super::*;

#[test]
fn what_is_written_is_read_back_and_nothing_else_is() {
    for role in Role::ALL {
        assert_eq!(role.to_string(), role.as_str());
        assert_eq!(role.as_str().parse(), Ok(role));
    }
    for kind in OrganisationKind::ALL {
        assert_eq!(kind.as_str().parse(), Ok(kind));
    }
    for scope in KeyScope::ALL {
        assert_eq!(scope.as_str().parse(), Ok(scope));
    }
    for wrong in ["", "Owner", "nobody", "usage"] {
        assert!(wrong.parse::<Role>().is_err() && wrong.parse::<KeyScope>().is_err(), "{wrong}");
        assert!(wrong.parse::<OrganisationKind>().is_err(), "{wrong}");
    }
}

#[test]
fn each_role_has_its_kinds_of_organisation() {
    use OrganisationKind as K;
    let roles = |kind: K| Role::of(kind).collect::<Vec<_>>();
    assert_eq!(roles(K::Owner), [Role::Owner, Role::Operator]);
    for kind in [K::Ministry, K::County, K::Municipality] {
        assert_eq!(roles(kind), [Role::Official]);
    }
    for kind in [K::PublisherGroup, K::Publisher] {
        assert_eq!(roles(kind), [Role::Publisher]);
    }
    assert_eq!(roles(K::School), [Role::SchoolAdmin]);
}

#[test]
fn each_kind_stands_below_those_of_its_own_and_the_platform() {
    use OrganisationKind as K;
    let below = |kind: K| K::ALL.into_iter().filter(|above| kind.may_stand_below(*above)).collect::<Vec<_>>();
    assert_eq!(below(K::Owner), []);
    assert_eq!(below(K::Ministry), [K::Owner]);
    assert_eq!(below(K::County), [K::Owner, K::Ministry]);
    assert_eq!(below(K::Municipality), [K::Owner, K::Ministry, K::County]);
    assert_eq!(below(K::PublisherGroup), [K::Owner]);
    assert_eq!(below(K::Publisher), [K::Owner, K::PublisherGroup]);
    assert_eq!(below(K::School), [K::Owner, K::Ministry, K::County, K::Municipality]);
}
