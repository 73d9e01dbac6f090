//! Events as rows of `core.event`.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use tokio_postgres::types::Type;
use warehouse::{BinaryRows, RowWriter};

use super::batch::{Refused, Retained};
use super::things::Refs;
use crate::event::{Event, Person, Pseudonym, Reject};

/// The columns, in the order of [`EventRows::write`].
pub const COLUMNS: &str = "site_id, day, event_id, at, offset_min, received_at, load_id, person_no, kind, role, device, \
     school_id, book_id, chapter_id, duration_ms, session, query, placement, campaign, variant, x, y, props, robot, referrer";

const TYPES: &[Type] = &[
    Type::INT2,
    Type::DATE,
    Type::UUID,
    Type::TIMESTAMPTZ,
    Type::INT2,
    Type::TIMESTAMPTZ,
    Type::INT8,
    Type::INT4,
    Type::INT4,
    Type::INT4,
    Type::INT4,
    Type::INT4,
    Type::INT4,
    Type::INT4,
    Type::INT4,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::FLOAT4,
    Type::FLOAT4,
    Type::JSONB,
    Type::BOOL,
    Type::TEXT,
];

/// One event on its way in.
pub struct EventRow {
    pub offset: i64,
    pub received_at: DateTime<Utc>,
    /// The record, should it be refused.
    pub kept: Retained,
    /// In its box, so that sorting rows moves little.
    pub event: Box<Event>,
    pub day: NaiveDate,
    pub at: DateTime<Utc>,
    pub offset_min: i16,
    pub person_no: i32,
    pub refs: Refs,
    pub robot: bool,
    /// The event's, as a value that can be bound.
    pub props: Option<Value>,
}

impl EventRow {
    /// The row before the first step.
    pub fn new(offset: i64, received_at: DateTime<Utc>, mut event: Box<Event>, kept: Retained) -> Self {
        let props = std::mem::take(&mut event.props);
        Self {
            offset,
            received_at,
            kept,
            day: event.at.date_naive(),
            at: event.at.to_utc(),
            offset_min: 0,
            person_no: 0,
            refs: Refs::default(),
            robot: false,
            props: (!props.is_empty()).then_some(Value::Object(props)),
            event,
        }
    }

    /// # Panics
    /// Before the step that makes it.
    pub fn pseudonym(&self) -> Pseudonym {
        match &self.event.person {
            Person::Pseudonym(pseudonym) => *pseudonym,
            Person::Id(_) => panic!("the steps make pseudonyms first"),
        }
    }

    pub fn refused(&mut self, reject: Reject) -> Refused {
        Refused {
            offset: self.offset,
            received_at: self.received_at,
            reject,
            kept: std::mem::replace(&mut self.kept, Retained::InSource),
        }
    }
}

/// New events of a batch, for `core.event` or another table of the same columns.
pub struct EventRows<'a> {
    target: String,
    site_id: i16,
    load_id: i64,
    rows: &'a [EventRow],
}

impl<'a> EventRows<'a> {
    pub fn new(table: &str, site_id: i16, load_id: i64, rows: &'a [EventRow]) -> Self {
        Self { target: format!("{table} ({COLUMNS})"), site_id, load_id, rows }
    }
}

impl BinaryRows for EventRows<'_> {
    fn target(&self) -> &str {
        &self.target
    }

    fn types(&self) -> &[Type] {
        TYPES
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn write(&self, index: usize, row: &mut RowWriter<'_>) {
        let r = &self.rows[index];
        let e = &r.event;
        row.put(&self.site_id);
        row.put(&r.day);
        row.put(&e.id);
        row.put(&r.at);
        row.put(&r.offset_min);
        row.put(&r.received_at);
        row.put(&self.load_id);
        row.put(&r.person_no);
        row.put(&e.kind);
        row.put(&e.role);
        row.put(&e.device);
        row.put(&r.refs.school);
        row.put(&r.refs.book);
        row.put(&r.refs.chapter);
        row.put(&e.duration_ms);
        row.put(&e.session);
        row.put(&e.query);
        row.put(&e.placement);
        row.put(&e.campaign);
        row.put(&e.variant);
        row.put(&e.x);
        row.put(&e.y);
        row.put(&r.props);
        row.put(&r.robot);
        row.put(&e.referrer);
    }
}
