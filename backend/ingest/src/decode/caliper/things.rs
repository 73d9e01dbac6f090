//! Which book, chapter and school an event is about.

use serde_json::{Map, Value};

use super::entity::{chain, id, kind, text};
use crate::decode::naming::{code, isbn};

/// Entities that are a book when nothing is around them.
const BOOKS: &[&str] = &["Document", "EpubVolume", "Reading"];

/// Entities that are inside of something, and no book even when it is not said of what.
const INSIDE: &[&str] = &["Chapter", "EpubChapter", "EpubPart", "EpubSubChapter", "Frame", "Page", "WebPage"];

const CHAPTERS: &[&str] = &["Chapter", "EpubChapter"];

/// Courses and tests have parts too, but nobody publishes them as books.
const NEVER_BOOKS: &[&str] = &[
    "Assessment",
    "AssessmentItem",
    "AssignableDigitalResource",
    "CourseOffering",
    "CourseSection",
    "Group",
    "LtiLink",
    "Organization",
    "Questionnaire",
    "QuestionnaireItem",
    "SoftwareApplication",
];

/// Book and chapter.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Place {
    pub(super) book: Option<String>,
    pub(super) chapter: Option<String>,
}

/// The book is, along `isPartOf` from the object outwards: the outermost entity with an ISBN; else the outermost that can
/// be a book. The chapter is the outermost entity that calls itself one.
pub(super) fn place(object: &Value) -> Place {
    let parts: Vec<&Value> = chain(object, "isPartOf").collect();
    let can_be = |part: &&Value| kind(part).is_none_or(|kind| !NEVER_BOOKS.contains(&kind));
    let with_isbn = parts.iter().rev().find_map(|part| isbn_of(part));
    let book = with_isbn.or_else(|| {
        let outermost = parts.iter().rposition(can_be)?;
        let is_book = match kind(parts[outermost]) {
            Some(kind) if BOOKS.contains(&kind) => true,
            Some(kind) => outermost > 0 && !INSIDE.contains(&kind),
            // Only an id: of the object itself it cannot be known, of what it is part of it can.
            None => outermost > 0,
        };
        is_book.then(|| id(parts[outermost]).map(code)).flatten()
    });
    let chapter = parts.iter().rev().find(|part| kind(part).is_some_and(|kind| CHAPTERS.contains(&kind)));
    Place { book, chapter: chapter.and_then(|part| id(part)).map(code) }
}

/// An entity's ISBN: its `isbn`, of itself or its extensions, or its id.
fn isbn_of(entity: &Value) -> Option<String> {
    let own = entity.get("isbn").or_else(|| entity.get("extensions")?.get("isbn")).and_then(Value::as_str);
    own.and_then(isbn).or_else(|| id(entity).and_then(isbn_in))
}

/// The ISBN that an id is or ends in.
fn isbn_in(id: &str) -> Option<String> {
    isbn(&code(id))
}

/// The school: `school` of the event's extensions; else the innermost entity of type `Organization`, from `group` and then
/// from the membership's `organization` outwards. Courses and their sections are organisations to Caliper and no schools.
pub(super) fn school(event: &Map<String, Value>) -> Option<String> {
    let said = event.get("extensions").and_then(|extensions| extensions.get("school")).and_then(Value::as_str);
    if let Some(said) = said.map(str::trim).filter(|said| !said.is_empty()) {
        return Some(said.to_owned());
    }
    let group = event.get("group");
    let organization = event.get("membership").and_then(|membership| membership.get("organization"));
    let school = [group, organization]
        .into_iter()
        .flatten()
        .flat_map(|start| chain(start, "subOrganizationOf"))
        .find(|unit| kind(unit) == Some("Organization"))?;
    sourced_id(school).or_else(|| id(school).map(code))
}

/// The id that OneRoster has for the organisation, where the sensor tells it (Caliper 1.2, `otherIdentifiers`).
fn sourced_id(unit: &Value) -> Option<String> {
    let known = unit.get("otherIdentifiers")?.as_array()?.iter().filter_map(Value::as_object);
    let mut sourced =
        known.filter(|known| matches!(text(known, "identifierType"), Some("LisSourcedId" | "OneRosterSourcedId")));
    sourced.find_map(|known| text(known, "identifier")).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn found(object: Value) -> (Option<String>, Option<String>) {
        let place = place(&object);
        (place.book, place.chapter)
    }

    fn both(book: &str, chapter: &str) -> (Option<String>, Option<String>) {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        (some(book), some(chapter))
    }

    #[test]
    fn decode_caliper_books_and_chapters_come_from_what_the_object_is_part_of() {
        let book = json!({"id": "https://r.test/books/9780306406157", "type": "Document"});
        let chapter = json!({"id": "https://r.test/books/1/chapters/c-3", "type": "Chapter", "isPartOf": book});
        let page = json!({"id": "https://r.test/pages/7", "type": "Page", "isPartOf": chapter});
        assert_eq!(found(page), both("9780306406157", "c-3"));
        assert_eq!(found(json!({"id": "https://r.test/etexts/201.epub", "type": "Document"})), both("201.epub", ""));
        assert_eq!(found(json!({"id": "https://r.test/p/2", "type": "WebPage"})), both("", ""));
        assert_eq!(found(json!({"id": "https://r.test/c/2", "type": "Chapter"})), both("", "2"));
        assert_eq!(found(json!("https://r.test/p/2")), both("", ""));
        assert_eq!(found(json!("urn:isbn:0-306-40615-2")), both("9780306406157", ""));
        let thin = json!({"id": "https://r.test/p/2", "type": "Page", "isPartOf": "https://r.test/books/b-1"});
        assert_eq!(found(thin), both("b-1", ""));
    }

    #[test]
    fn decode_caliper_an_isbn_is_the_book_wherever_it_stands_and_courses_never_are() {
        let course = json!({"id": "https://r.test/courses/7", "type": "CourseOffering"});
        let book = json!({"id": "x", "type": "DigitalResource", "isbn": "978-0-306-40615-7", "isPartOf": course});
        assert_eq!(found(json!({"id": "p", "type": "Page", "isPartOf": book})), both("9780306406157", ""));
        let item = json!({"id": "i", "type": "AssessmentItem", "isPartOf": {"id": "a", "type": "Assessment"}});
        assert_eq!(found(item), both("", ""));
        let video = json!({"id": "https://r.test/v/1", "type": "VideoObject", "isPartOf": course});
        assert_eq!(found(video), both("", ""));
        let read =
            json!({"id": "b", "type": "Assessment", "isPartOf": {"id": "https://r.test/d/5", "type": "Document"}});
        assert_eq!(found(read), both("5", ""));
    }

    #[test]
    fn decode_caliper_schools_are_found_in_their_order() {
        let school = |event: Value| school(event.as_object().unwrap());
        let unit = json!({"id": "https://r.test/orgs/s-7", "type": "Organization"});
        let section = json!({"id": "https://r.test/sections/1", "type": "CourseSection",
            "subOrganizationOf": {"id": "https://r.test/courses/1", "type": "CourseOffering", "subOrganizationOf": unit}});
        assert_eq!(school(json!({"group": section})).as_deref(), Some("s-7"));
        assert_eq!(school(json!({"group": {"id": "g", "type": "CourseSection"}})), None);
        assert_eq!(school(json!({"group": "https://r.test/orgs/s-7"})), None);
        assert_eq!(school(json!({"membership": {"organization": unit}})).as_deref(), Some("s-7"));
        assert_eq!(school(json!({"group": section, "extensions": {"school": "s-1"}})).as_deref(), Some("s-1"));
        let known = json!({"id": "o", "type": "Organization",
            "otherIdentifiers": [{"identifierType": "SystemId", "identifier": "9"},
                                 {"identifierType": "LisSourcedId", "identifier": "ee-42"}]});
        assert_eq!(school(json!({"group": known})).as_deref(), Some("ee-42"));
    }
}
