//! What is true of every route of a kind is written into the document here, and not at each route: what the layers and the
//! extractors answer, in which media type a problem is sent, what can be had as CSV, and how a stream tells what it tells.

use axum::http::StatusCode;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{HttpMethod, Operation};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{Content, OpenApi, PathItem, Ref, RefOr, Response, Schema};

use crate::problem::MEDIA_TYPE;

/// What decides which answers a route can give beside its own.
struct Kind {
    method: HttpMethod,
    /// It asks who calls.
    has_caller: bool,
    has_body: bool,
    names_something: bool,
}

type Rule = (u16, fn(&Kind) -> bool, &'static str);

/// Status, which routes can answer with it, and when they do.
const RULES: &[Rule] = &[
    (400, |_| true, "The address, a parameter or the body cannot be read"),
    (401, |kind| kind.has_caller, "Nobody is signed in, or the key is not known"),
    (403, |kind| kind.has_caller, "The role, or this key's scopes, do not permit it"),
    (403, |kind| kind.method != HttpMethod::Get, "Sent from another site's page"),
    (404, |kind| kind.names_something, "There is nothing here, or it is not the caller's"),
    (404, |kind| kind.has_caller, "The organisation in the address is not the caller's"),
    (413, |kind| kind.has_body, "The body is larger than 256 KB"),
    (415, |kind| kind.has_body, "The body is not sent as JSON"),
    (429, |kind| kind.has_caller, "More than the quota; Retry-After says when to try again"),
    (500, |_| true, "A defect; it was noted"),
    (503, |kind| kind.has_caller, "A part of the installation cannot be reached; Retry-After says when to try again"),
    (504, |_| true, "It took too long and was stopped"),
];

/// The document with what the routes do not say themselves.
pub fn complete(mut document: OpenApi) -> OpenApi {
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            let kind = Kind {
                method,
                has_caller: operation.responses.responses.contains_key("401"),
                has_body: operation.request_body.is_some(),
                names_something: path.contains('{'),
            };
            add_what_layers_answer(operation, &kind);
            add_csv(operation);
            for (status, response) in &mut operation.responses.responses {
                if let RefOr::T(response) = response {
                    describe(status, response);
                    tell_by_events(response);
                    send_problems_as_such(response);
                }
            }
        }
    }
    document
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    let all = [
        (HttpMethod::Get, &mut item.get),
        (HttpMethod::Put, &mut item.put),
        (HttpMethod::Post, &mut item.post),
        (HttpMethod::Delete, &mut item.delete),
        (HttpMethod::Patch, &mut item.patch),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

fn add_what_layers_answer(operation: &mut Operation, kind: &Kind) {
    let responses = &mut operation.responses.responses;
    for (status, applies, description) in RULES {
        if applies(kind) {
            let problem = Content::new(Some(Ref::from_schema_name("Problem")));
            let new = || Response::builder().description(*description).content(MEDIA_TYPE, problem).build().into();
            responses.entry(status.to_string()).or_insert_with(new);
        }
    }
}

/// Whoever can say in which format gets CSV, too.
fn add_csv(operation: &mut Operation) {
    let formats = operation.parameters.iter().flatten().any(|p| matches!(p, RefOr::T(p) if p.name == "format"));
    if let (true, Some(RefOr::T(found))) = (formats, operation.responses.responses.get_mut("200")) {
        let text = ObjectBuilder::new().schema_type(SchemaType::new(Type::String)).build();
        let csv = ContentBuilder::new().schema(Some(Schema::Object(text))).build();
        found.content.insert("text/csv".into(), csv.into());
    }
}

/// A stream sends events (WHATWG HTML, 9.2), and what the route names is the data of one, as JSON.
fn tell_by_events(response: &mut Response) {
    if let Some(RefOr::T(content)) = response.content.get_mut("text/event-stream") {
        let text = || ObjectBuilder::new().schema_type(SchemaType::new(Type::String));
        let what = match &content.schema {
            Some(RefOr::Ref(schema)) => schema.ref_location.rsplit('/').next().unwrap_or_default().to_string(),
            _ => return,
        };
        let data =
            text().content_media_type("application/json").description(Some(format!("{what}, or the last problem")));
        let event = ObjectBuilder::new().property("event", text()).property("data", data);
        content.schema = Some(Schema::Object(event.required("event").required("data").build()).into());
    }
}

/// OpenAPI 3.1 wants words for every response.
fn describe(status: &str, response: &mut Response) {
    if response.description.is_empty() {
        let status: Option<StatusCode> = status.parse().ok();
        response.description = status.and_then(|s| s.canonical_reason()).unwrap_or_default().into();
    }
}

/// RFC 9457: what is a problem says so in its media type.
fn send_problems_as_such(response: &mut Response) {
    let is_problem = |content: &RefOr<Content>| {
        let RefOr::T(content) = content else { return false };
        matches!(&content.schema, Some(RefOr::Ref(schema)) if schema.ref_location.ends_with("/Problem"))
    };
    let content = std::mem::take(&mut response.content);
    let named =
        |(name, content)| if is_problem(&content) { (MEDIA_TYPE.to_string(), content) } else { (name, content) };
    response.content = content.into_iter().map(named).collect();
}
