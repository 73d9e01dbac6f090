//! Events as rows of `core.event`.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;
use warehouse::BinaryRows;

use super::pseudonym::Pseudonym;
use super::things::Refs;
use crate::event::Event;

/// The columns, in the order of [`EventRows::row`].
pub const COLUMNS: &str = "site_id, day, event_id, at, offset_min, received_at, load_id, person_no, kind, role, device, \
     school_id, book_id, chapter_id, duration_ms, session, query, placement, campaign, variant, x, y, props";

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
];

/// One event on its way in.
pub struct EventRow {
    pub id: Uuid,
    pub day: NaiveDate,
    pub at: DateTime<Utc>,
    pub offset_min: i16,
    pub pseudonym: Pseudonym,
    pub person_no: i32,
    pub refs: Refs,
    pub event: Event,
    pub props: Option<Value>,
}

/// All new events of a batch.
pub struct EventRows {
    pub target: String,
    pub site_id: i16,
    pub load_id: i64,
    pub received_at: DateTime<Utc>,
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
            &r.id,
            &r.at,
            &r.offset_min,
            &self.received_at,
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
        ]
    }
}
