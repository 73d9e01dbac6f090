//! What is generated and committed is what the code says.

#[test]
fn the_openapi_document_is_the_committed_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/openapi.json");
    let committed = std::fs::read_to_string(path).unwrap();
    let now = api::openapi().to_pretty_json().unwrap() + "\n";
    assert!(now == committed, "openapi/openapi.json is not what the handlers say: run `make contracts` and review");
}
