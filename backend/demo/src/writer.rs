//! From drafts to events: ids and texts.

use chrono::{DateTime, FixedOffset};
use ingest::Event;
use serde_json::{Map, Value};
use uuid::{Builder, Uuid};

use crate::dice::Dice;
use crate::draft::{Draft, Kind, Person, Role};
use crate::platform::Platform;
use crate::site_plan::SitePlan;

/// Searches that name no book, in thousandths.
const WIDE_SEARCHES: u32 = 500;

const PLACEMENTS: [&str; 4] = ["home_banner", "shelf_top", "chapter_end", "search_side"];
const CAMPAIGNS: [&str; 3] = ["new_titles", "exam_practice", "teacher_guides"];
const VARIANTS: [&str; 2] = ["a", "b"];

/// The event that a draft stands for. The id takes its random bits from `dice`.
pub fn write(platform: &Platform, site: &SitePlan, draft: &Draft, at: DateTime<FixedOffset>, dice: &mut Dice) -> Event {
    let codes = &platform.codes;
    let mut event = Event {
        id: id(draft.at, dice),
        at,
        kind: codes.kinds[draft.kind as usize],
        person: person(site, &draft.person).into(),
        role: codes.roles[draft.person.role as usize],
        school: Some(site.schools[draft.person.school as usize].external_id.clone()),
        book: None,
        chapter: None,
        session: Some(hex(draft.session)),
        duration_ms: draft.duration_ms,
        device: codes.devices[usize::from(draft.device)],
        query: None,
        placement: None,
        campaign: None,
        variant: None,
        referrer: None,
        user_agent: None,
        x: None,
        y: None,
        props: Map::new(),
        creates: None,
    };
    let book = &platform.books()[draft.book as usize];
    let chapter = &book.chapters[usize::from(draft.chapter)];
    let isbn = || Some(book.external_id.clone());
    match draft.kind {
        Kind::SignIn => {}
        Kind::Search => {
            event.query = Some(words(&chapter.title, draft.bits));
            if draft.bits % 1000 >= WIDE_SEARCHES {
                event.book = isbn();
            }
        }
        Kind::Impression | Kind::Click => {
            event.book = isbn();
            event.placement = Some(one_of(&PLACEMENTS, draft.bits));
            event.campaign = Some(one_of(&CAMPAIGNS, draft.bits >> 4));
            event.variant = Some(one_of(&VARIANTS, draft.bits >> 8));
            if draft.kind == Kind::Click {
                event.x = Some((draft.bits & 0xffff) as f32 / 65536.0);
                event.y = Some((draft.bits >> 16) as f32 / 65536.0);
            }
        }
        Kind::PageView | Kind::Media | Kind::Exercise | Kind::Test => {
            event.book = isbn();
            event.chapter = Some(chapter.code.clone());
            if draft.kind == Kind::Exercise {
                // Two in three are right.
                event.props.insert("correct".to_owned(), Value::Bool(!draft.bits.is_multiple_of(3)));
            } else if draft.kind == Kind::Test {
                // Of 100 points; the sum of two throws makes scores near 65 the most frequent.
                let score = 30 + draft.bits % 36 + (draft.bits >> 16) % 35;
                event.props.insert("score".to_owned(), Value::from(score));
            }
        }
    }
    event
}

/// Version 7 (RFC 9562): time-ordered, so that an index grows at its end.
fn id(at: i64, dice: &mut Dice) -> Uuid {
    let mut random = [0; 10];
    random[..8].copy_from_slice(&dice.bits().to_le_bytes());
    random[8..].copy_from_slice(&dice.bits32().to_le_bytes()[..2]);
    Builder::from_unix_timestamp_millis(at.max(0) as u64, &random).into_uuid()
}

/// Such as `ee-S001-p0123`.
fn person(site: &SitePlan, person: &Person) -> String {
    let (letter, width) = match person.role {
        Role::Student => ('p', 4),
        Role::Teacher => ('t', 3),
        Role::Other => ('x', 2),
    };
    let school = &site.schools[person.school as usize].external_id;
    let mut text = String::with_capacity(site.site.code.len() + school.len() + 10);
    text.push_str(&site.site.code);
    text.push('-');
    text.push_str(school);
    text.push('-');
    text.push(letter);
    // By hand, because it is done for every event and formatting takes longer than all the rest.
    let mut digits = [b'0'; 10];
    let mut left = person.number + 1;
    let mut first = digits.len();
    while left > 0 {
        first -= 1;
        digits[first] = b'0' + (left % 10) as u8;
        left /= 10;
    }
    text.extend(digits[first.min(digits.len() - width)..].iter().map(|&digit| char::from(digit)));
    text
}

fn hex(number: u64) -> String {
    (0..16).rev().map(|nibble| char::from(b"0123456789abcdef"[(number >> (4 * nibble)) as usize & 15])).collect()
}

/// What somebody types who looks for a chapter: its title, or only the first word of it.
fn words(title: &str, bits: u32) -> String {
    let all = title.to_lowercase();
    match all.split_once(' ') {
        Some((first, _)) if bits.is_multiple_of(3) && first.chars().count() > 3 => first.to_owned(),
        _ => all,
    }
}

fn one_of(names: &[&str], bits: u32) -> String {
    names[bits as usize % names.len()].to_owned()
}
