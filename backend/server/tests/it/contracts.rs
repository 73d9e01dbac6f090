//! What is generated and committed is what the code says.

#[test]
fn the_openapi_document_is_the_committed_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/openapi.json");
    let committed = std::fs::read_to_string(path).unwrap();
    let now = api::openapi().to_pretty_json().unwrap() + "\n";
    assert!(now == committed, "openapi/openapi.json is not what the handlers say: run `make contracts` and review");
}

#[test]
fn every_operation_has_an_id_of_its_own() {
    let document = serde_json::to_value(api::openapi()).unwrap();
    let mut ids = std::collections::BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id.to_string()), "{method} {path}: {id} is taken");
        }
    }
}
