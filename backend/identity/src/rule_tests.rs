//! Rules and claims, case by case.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn rule(text: &str) -> MembershipRule {
    toml::from_str(text).unwrap()
}

/// The rule for HarID's roles, as the documentation's example has it.
fn harid() -> MembershipRule {
    rule(
        r#"
        claim = "roles"
        when = { marker = ["principal", "director"], active = true }
        role = "school_admin"
        site = "ee"
        about = "provider_ehis_id"
        organisation = "provider_name"
        starts = "start_date"
        ends = "end_date"
        "#,
    )
}

fn codes(rules: &[MembershipRule], claims: Value) -> Vec<String> {
    let day = "2026-11-21".parse().unwrap();
    let found = memberships(rules, claims.as_object().unwrap(), day);
    found.into_iter().map(|m| format!("{} {}", m.role, m.about.unwrap_or("-".to_string()))).collect()
}

#[test]
fn a_principal_at_harid_is_the_administrator_of_their_school() {
    let role = json!({
        "marker": "principal", "active": true, "start_date": "2020-08-01", "end_date": null,
        "provider_ehis_id": 1001, "provider_name": "Tallinna Näidiskool"
    });
    let claims = json!({ "roles": [role] });
    let found = memberships(&[harid()], claims.as_object().unwrap(), "2026-11-21".parse().unwrap());
    let expected = Membership {
        role: Role::SchoolAdmin,
        about: Some("ee:1001".to_string()),
        organisation: Some("Tallinna Näidiskool".to_string()),
    };
    assert_eq!(found, [expected]);
}

#[test]
fn only_what_holds_today_and_names_a_school_counts() {
    let with = |change: Value| {
        let mut role = json!({ "marker": "principal", "active": true, "provider_ehis_id": "1001" });
        role.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        codes(&[harid()], json!({ "roles": [role] }))
    };
    let (one, none) = (vec!["school_admin ee:1001".to_string()], Vec::<String>::new());
    for (change, expected) in [
        (json!({}), &one),
        (json!({ "marker": "director" }), &one),
        (json!({ "marker": ["faculty", "principal"] }), &one),
        (json!({ "marker": "Principal" }), &none),
        (json!({ "marker": null }), &none),
        (json!({ "active": null }), &none),
        (json!({ "active": "true" }), &none),
        (json!({ "end_date": "2026-11-21" }), &one),
        (json!({ "end_date": "2026-11-20" }), &none),
        (json!({ "end_date": "2026-11-21T23:59:59+02:00" }), &one),
        (json!({ "end_date": "soon" }), &none),
        (json!({ "end_date": "21.11.2026" }), &none),
        (json!({ "end_date": 20261121 }), &none),
        (json!({ "end_date": "" }), &one),
        (json!({ "start_date": "2026-11-21" }), &one),
        (json!({ "start_date": "2026-11-22" }), &none),
        (json!({ "provider_ehis_id": null }), &none),
        (json!({ "provider_ehis_id": " " }), &none),
        (json!({ "provider_ehis_id": ["1001"] }), &none),
        (json!({ "provider_ehis_id": "fi:1001" }), &none),
        (json!({ "provider_ehis_id": "1001\n" }), &one),
        (json!({ "provider_ehis_id": "10 01" }), &none),
        (json!({ "provider_ehis_id": 10.5 }), &none),
    ] {
        assert_eq!(&with(change.clone()), expected, "{change}");
    }
}

#[test]
fn a_claim_may_be_an_array_an_object_or_a_single_value() {
    let texts =
        [rule("claim = \"groups\"\nwhen = { value = [\"37\", \"39\"] }\nrole = \"official\"\nabout = \"value\"")];
    assert_eq!(codes(&texts, json!({ "groups": ["37", "40", "39", "37"] })), ["official 37", "official 39"]);
    assert_eq!(codes(&texts, json!({ "groups": "39" })), ["official 39"]);
    assert!(codes(&texts, json!({ "groups": {} })).is_empty());
    let path = [rule("claim = \"app.firm\"\nwhen = { kind = 1 }\nrole = \"publisher\"\nabout = \"code\"")];
    assert_eq!(codes(&path, json!({ "app": { "firm": { "kind": 1, "code": "ALMA" } } })), ["publisher ALMA"]);
    assert_eq!(codes(&path, json!({ "app.firm": { "kind": 1, "code": "ALMA" } })), ["publisher ALMA"]);
    for claims in [json!({}), json!({ "app": null }), json!({ "app": { "firm": null } }), json!({ "app": [1] })] {
        assert!(codes(&path, claims).is_empty());
    }
    let owner = rule("claim = \"staff\"\nwhen = { value = true }\nrole = \"owner\"");
    assert_eq!(codes(&[owner], json!({ "staff": true })), ["owner -"]);
}

#[test]
fn rules_add_up_without_repetition_and_within_bounds() {
    let faculty = rule(
        "claim = \"roles\"\nwhen = { marker = \"faculty\" }\nrole = \"school_admin\"\nsite = \"ee\"\nabout = \"provider_ehis_id\"",
    );
    let roles = json!({ "roles": [
        { "marker": "faculty", "active": true, "provider_ehis_id": "2" },
        { "marker": "principal", "active": true, "provider_ehis_id": "1" },
        { "marker": "faculty", "active": true, "provider_ehis_id": "1" },
    ] });
    assert_eq!(codes(&[harid(), faculty.clone()], roles), ["school_admin ee:1", "school_admin ee:2"]);
    let many: Vec<Value> = (0..1000).map(|n| json!({ "marker": "faculty", "provider_ehis_id": n })).collect();
    assert_eq!(codes(&[faculty], json!({ "roles": many })).len(), MOST);
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z0-9:. -]{0,12}|principal|2026-11-21".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let names = "marker|active|provider_ehis_id|provider_name|start_date|end_date";
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(names, inner, 0..6).prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    })
}

proptest! {
    /// Whatever the claim is, nothing follows but for an item that says principal or director, is active, and has a code;
    /// and the code is one of that site.
    #[test]
    fn nothing_follows_from_what_does_not_say_it(roles in value()) {
        let claims = json!({ "roles": roles });
        let text = claims.to_string();
        for found in memberships(&[harid()], claims.as_object().unwrap(), "2026-11-21".parse().unwrap()) {
            prop_assert!(text.contains("principal") && text.contains("true") && text.contains("provider_ehis_id"));
            let code = found.about.unwrap();
            prop_assert!(code.strip_prefix("ee:").is_some_and(|rest| !rest.is_empty() && !rest.contains(':')));
        }
    }
}
