//! Events in the native form, as a platform writes them.

use ingest::Event;
use model::{DEVICES, KINDS, ROLES};
use serde_json::{Value, json};

/// The event's line. What it does not have is left out.
pub fn line(event: &Event) -> Value {
    let mut line = json!({
        "id": event.id, "at": event.at.to_rfc3339(), "kind": KINDS.name(event.kind), "person": event.person.id(),
        "role": ROLES.name(event.role), "school": event.school, "book": event.book, "chapter": event.chapter,
        "session": event.session, "duration_ms": event.duration_ms, "device": DEVICES.name(event.device),
        "query": event.query, "placement": event.placement, "campaign": event.campaign, "variant": event.variant,
        "x": event.x, "y": event.y,
    });
    let fields = line.as_object_mut().expect("it was made as one");
    if !event.props.is_empty() {
        fields.insert("props".to_owned(), Value::Object(event.props.clone()));
    }
    fields.retain(|_, value| !value.is_null());
    line
}
