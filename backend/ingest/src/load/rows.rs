//! Events as rows of `core.event`.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use tokio_postgres::types::{ToSql, Type};
use warehouse::BinaryRows;

use super::batch::{Refused, Retained};
use super::things::Refs;
use crate::event::{Event, Person, Pseudonym, Reject};

/// The columns, in the order of [`EventRows::row`].
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
    pub event: Event,
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
    pub fn new(offset: i64, received_at: DateTime<Utc>, mut event: Event, kept: Retained) -> Self {
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

/// All new events of a batch.
pub struct EventRows {
    pub target: String,
    pub site_id: i16,
    pub load_id: i64,
    pub rows: Vec<EventRow>,
}

impl EventRows {
    /// The same rows for another table of the same columns.
    pub fn aim(&mut self, table: &str) {
        self.target = format!("{table} ({COLUMNS})");
    }
}

impl BinaryRows for EventRows {
    fn target(&self) -> &str {
        &self.target
    }

    fn types(&self) -> &[Type] {
        TYPES
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn row(&self, index: usize) -> Vec<&(dyn ToSql + Sync)> {
        let r = &self.rows[index];
        let e = &r.event;
        vec![
            &self.site_id,
            &r.day,
            &e.id,
            &r.at,
            &r.offset_min,
            &r.received_at,
            &self.load_id,
            &r.person_no,
            &e.kind,
            &e.role,
            &e.device,
            &r.refs.school,
            &r.refs.book,
            &r.refs.chapter,
            &e.duration_ms,
            &e.session,
            &e.query,
            &e.placement,
            &e.campaign,
            &e.variant,
            &e.x,
            &e.y,
            &r.props,
            &r.robot,
            &e.referrer,
        ]
    }
}
