//! Every field of the schema and who has it. A field that a role does not have is not in that role's schema at all.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use access::KeyScope;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{TestApp, seed};

const ROLES: [&str; 5] = ["owner", "school", "publisher", "official", "operator"];

const ALL: [bool; 5] = [true; 5];
const READERS: [bool; 5] = [true, true, true, true, false];
/// Who may see schools and regions.
const PLACES: [bool; 5] = [true, true, false, true, false];
/// Who may see books and publishers.
const TITLES: [bool; 5] = [true, true, true, false, false];
/// Who may see both together.
const BOTH: [bool; 5] = [true, true, false, false, false];

/// Type, who has these fields of it (in the order of [`ROLES`]), and the fields. A field that is not here fails the test, so
/// that none is added without saying who may have it.
const MATRIX: &[(&str, [bool; 5], &str)] = &[
    ("Query", ALL, "me"),
    ("Query", READERS, "catalog answer sites site"),
    ("Query", PLACES, "regions region schools school"),
    ("Query", TITLES, "publishers publisher books book"),
    ("Subscription", READERS, "answer live"),
    ("Session", ALL, "account role organisation memberships lens sites home can needs viewing"),
    ("Account", ALL, "id email name language twoFactor hasPassword"),
    ("Organisation", ALL, "slug name kind"),
    ("Membership", ALL, "organisation role"),
    ("Viewing", ALL, "by reason until"),
    ("Home", ALL, "dimension code name"),
    ("Site", ALL, "code name zone currency locale today"),
    ("SiteConnection", READERS, "pageInfo edges nodes totalCount"),
    ("SiteEdge", READERS, "node cursor"),
    ("PageInfo", READERS, "hasPreviousPage hasNextPage startCursor endCursor"),
    ("Catalog", READERS, "metrics dimensions grains compares calendars rollups"),
    ("Metric", READERS, "name title description unit owner additivity formula decimals"),
    ("Dimension", READERS, "name title description type hierarchy filters entity multiValued"),
    ("Calendar", READERS, "site years holidays"),
    ("SchoolYear", READERS, "name from to terms breaks"),
    ("NamedSpan", READERS, "name from to"),
    ("Rollup", READERS, "name description keys"),
    ("Answer", READERS, "columns rows totals compared asOf complete plan notes freshness"),
    ("Days", READERS, "from to"),
    ("Column", READERS, "name type unit"),
    ("Plan", READERS, "rollup sources rowsRead reasons"),
    ("Note", READERS, "code text period"),
    ("Freshness", READERS, "site refreshedAt lastEventAt pending"),
    ("Region", PLACES, "code name site parent schools"),
    ("RegionConnection", PLACES, "pageInfo edges nodes totalCount"),
    ("RegionEdge", PLACES, "node cursor"),
    ("School", PLACES, "code name licences site region"),
    ("School", BOTH, "books"),
    ("SchoolConnection", PLACES, "pageInfo edges nodes totalCount"),
    ("SchoolEdge", PLACES, "node cursor"),
    ("BookUse", BOTH, "book views readers"),
    ("BookUseConnection", BOTH, "pageInfo edges nodes totalCount"),
    ("BookUseEdge", BOTH, "node cursor"),
    ("Publisher", TITLES, "code name books"),
    ("PublisherConnection", TITLES, "pageInfo edges nodes totalCount"),
    ("PublisherEdge", TITLES, "node cursor"),
    ("Book", TITLES, "code name subject grades language publisher chapters"),
    ("BookConnection", TITLES, "pageInfo edges nodes totalCount"),
    ("BookEdge", TITLES, "node cursor"),
    ("Chapter", TITLES, "code name"),
    ("Live", READERS, "asOf all sites books schools fewest"),
    ("Reading", READERS, "readers5 readers30 eventsPerSecond events"),
    ("LiveItem", READERS, "code name reading"),
];

type Fields = BTreeSet<(String, String)>;

/// The fields that the matrix gives a role.
fn of_matrix(role: usize) -> Fields {
    let rows = MATRIX.iter().filter(|(_, roles, _)| roles[role]);
    rows.flat_map(|(kind, _, fields)| fields.split(' ').map(|f| (kind.to_string(), f.to_string()))).collect()
}

/// A field as the schema has it: what type it gives, if that has fields of its own, and its arguments written down.
struct Field {
    gives: Option<String>,
    arguments: String,
}

/// The whole schema, read from its own language: object type → field.
fn schema() -> BTreeMap<String, BTreeMap<String, Field>> {
    let document = parse_schema(api::graphql::sdl()).unwrap();
    let mut objects = BTreeMap::new();
    for definition in document.definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let TypeKind::Object(object) = definition.node.kind else { continue };
        objects.insert(definition.node.name.node.to_string(), object.fields);
    }
    let names: BTreeSet<String> = objects.keys().cloned().collect();
    let field = |field: async_graphql::parser::types::FieldDefinition| {
        let gives = field.ty.node.to_string().replace(['[', ']', '!'], "");
        let needed = field.arguments.iter().filter(|a| !a.node.ty.node.nullable && a.node.default_value.is_none());
        let arguments: Vec<String> = needed
            .map(|a| match a.node.name.node.as_str() {
                "code" => r#"code: "x""#.to_string(),
                "question" => r#"question: {metrics: ["views"], from: "2026-01-01", to: "2026-01-31"}"#.to_string(),
                day => format!(r#"{day}: "2026-01-01""#),
            })
            .collect();
        let arguments = if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) };
        (field.name.node.to_string(), Field { gives: names.contains(&gives).then_some(gives), arguments })
    };
    objects.into_iter().map(|(n, fields)| (n, fields.into_iter().map(|f| field(f.node)).collect())).collect()
}

/// A document that asks for each field, by the shortest way that leads there through fields that are the role's; where
/// there is none, by any.
fn documents(own: &Fields) -> BTreeMap<(String, String), String> {
    let schema = schema();
    let mut ways = BTreeMap::from([("Query".to_string(), "{ @ }".to_string())]);
    let mut out = BTreeMap::new();
    for by_any in [false, true] {
        let mut open: VecDeque<String> = ways.keys().cloned().collect();
        while let Some(kind) = open.pop_front() {
            let way = ways[&kind].clone();
            for (name, field) in &schema[&kind] {
                let step = format!("{name}{}", field.arguments);
                let mine = by_any || own.contains(&(kind.clone(), name.clone()));
                if let Some(gives) = field.gives.as_ref().filter(|g| mine && !ways.contains_key(*g)) {
                    ways.insert(gives.clone(), way.replace('@', &format!("{step} {{ @ }}")));
                    open.push_back(gives.clone());
                }
                let leaf = if field.gives.is_some() { " { __typename }" } else { "" };
                out.insert((kind.clone(), name.clone()), way.replace('@', &format!("{step}{leaf}")));
            }
        }
    }
    out
}

#[tokio::test]
async fn every_field_is_in_the_matrix_and_answers_each_role_as_it_says() {
    let all: Fields =
        schema().into_iter().flat_map(|(kind, f)| f.into_keys().map(move |name| (kind.clone(), name))).collect();
    let listed: Fields = (0..ROLES.len()).flat_map(of_matrix).collect();
    assert_eq!(all, listed, "the schema and the matrix have to have the same fields; say who may have each");

    let app = TestApp::start().await;
    for (role, user) in ROLES.iter().enumerate() {
        let own = of_matrix(role);
        for ((kind, name), document) in documents(&own) {
            let response = app.graphql(user, &document).await;
            let unknown = response["errors"].as_array().into_iter().flatten().any(|e| {
                e["extensions"]["code"] == "bad_document" && e["message"].as_str().unwrap().starts_with("Unknown field")
            });
            let has = own.contains(&(kind.clone(), name.clone()));
            assert_eq!(unknown, !has, "{kind}.{name} by {user}: {document} → {response}");
            assert!(has || response["data"].is_null(), "{kind}.{name} by {user}: {response}");
        }
    }
    for document in documents(&of_matrix(0)).into_values() {
        let nobody = app.request(Method::POST, "/graphql").json(&json!({ "query": document }));
        assert_eq!(nobody.send().await.unwrap().status(), 401, "{document}");
    }
}

#[tokio::test]
async fn a_roles_own_schema_holds_its_fields_and_no_others() {
    let app = TestApp::start_with(testkit::Options { introspection: true, ..Default::default() }).await;
    for (role, user) in ROLES.iter().enumerate() {
        let response = app.graphql(user, "{ __schema { types { name kind fields { name } } } }").await;
        let types = response["data"]["__schema"]["types"].as_array().unwrap();
        let objects = types.iter().filter(|t| t["kind"] == "OBJECT" && !t["name"].as_str().unwrap().starts_with("__"));
        let text = |v: &Value| v["name"].as_str().unwrap().to_string();
        let own: Fields =
            objects.flat_map(|t| t["fields"].as_array().unwrap().iter().map(|f| (text(t), text(f)))).collect();
        assert_eq!(own, of_matrix(role), "{user}");
    }
}

#[tokio::test]
async fn a_field_that_is_not_the_roles_is_refused_like_one_that_is_not() {
    let app = TestApp::start().await;
    for (user, hidden, nonsense) in [
        (
            "publisher",
            "{ schools { nodes { name licenses } } me { role x } }",
            "{ schoolz { nodes { name licenses } } me { role x } }",
        ),
        (
            "official",
            "{ schools { nodes { books(from: 1) { x } } } }",
            "{ schools { nodes { bookz(from: 1) { x } } } }",
        ),
        ("official", "{ me { ... on Book { code } } }", "{ me { ... on Bouk { code } } }"),
        ("operator", "{ catalog { grains } }", "{ catalok { grains } }"),
    ] {
        let text = app.graphql(user, hidden).await.to_string();
        let hidden_words: Vec<&str> = hidden.split(|c: char| !c.is_alphanumeric()).collect();
        let nonsense_words: Vec<&str> = nonsense.split(|c: char| !c.is_alphanumeric()).collect();
        let (was, is) = hidden_words.iter().zip(&nonsense_words).find(|(a, b)| a != b).unwrap();
        assert_eq!(text.replace(was, is), app.graphql(user, nonsense).await.to_string(), "{user}");
    }
}

#[tokio::test]
async fn a_key_that_may_not_read_usage_can_know_whose_it_is() {
    let app = TestApp::start().await;
    let account = app.store.accounts().find_account("owner@example.org").await.unwrap().unwrap();
    let scopes = [KeyScope::StatementsRead];
    let (_, key) = app.store.keys().create(account, "statements", &scopes, None, seed::now()).await.unwrap();
    let send = async |document: &str| {
        let request = app.request(Method::POST, "/graphql").bearer_auth(&key).json(&json!({ "query": document }));
        request.send().await.unwrap().json::<Value>().await.unwrap()
    };
    assert_eq!(send("{ me { role } }").await, json!({"data": {"me": {"role": "owner"}}}));
    for document in ["{ catalog { grains } }", "{ schools { totalCount } }"] {
        assert_eq!(send(document).await["errors"][0]["extensions"]["code"], "bad_document");
    }
}
