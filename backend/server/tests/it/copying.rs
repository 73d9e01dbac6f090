//! Binary COPY: what is written is read back the same, and what cannot be written leaves nothing behind.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use serde_json::{Value, json};
use testkit::TestDatabase;
use tokio_postgres::Transaction;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;
use uuid::Uuid;
use warehouse::{BinaryRows, RowWriter, WarehouseError, copy_in};

const TABLE: &str = "CREATE TEMPORARY TABLE copied (no integer, small smallint, big bigint, truth boolean, single real, \
     text text, bytes bytea, json jsonb, at timestamptz, day date, id uuid) ON COMMIT DROP";

const TYPES: &[Type] = &[
    Type::INT4,
    Type::INT2,
    Type::INT8,
    Type::BOOL,
    Type::FLOAT4,
    Type::TEXT,
    Type::BYTEA,
    Type::JSONB,
    Type::TIMESTAMPTZ,
    Type::DATE,
    Type::UUID,
];

/// A row of every type that is copied anywhere.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    no: i32,
    small: Option<i16>,
    big: Option<i64>,
    truth: Option<bool>,
    /// The bits of a number, for no number that is none equals itself.
    single: Option<u32>,
    text: Option<String>,
    bytes: Option<Vec<u8>>,
    json: Option<Value>,
    at: Option<DateTime<Utc>>,
    day: Option<NaiveDate>,
    id: Option<Uuid>,
}

struct Rows(Vec<Row>);

impl BinaryRows for Rows {
    fn target(&self) -> &str {
        "copied (no, small, big, truth, single, text, bytes, json, at, day, id)"
    }

    fn types(&self) -> &[Type] {
        TYPES
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn write(&self, index: usize, row: &mut RowWriter<'_>) {
        let r = &self.0[index];
        row.put(&r.no);
        row.put(&r.small);
        row.put(&r.big);
        row.put(&r.truth);
        row.put(&r.single.map(f32::from_bits));
        row.put(&r.text);
        row.put(&r.bytes);
        row.put(&r.json);
        row.put(&r.at);
        row.put(&r.day);
        row.put(&r.id);
    }
}

/// Mostly ordinary values, with the ends of each range and nothing among them.
fn random(dice: &mut ChaCha8Rng, no: i32) -> Row {
    let mut one_of = |most: u32| dice.next_u32() % most;
    let epoch = DateTime::UNIX_EPOCH;
    let texts = ["", " ", "õpik", "🎉 \u{301}", "\u{1}\u{7f}\u{feff}", "\\N\t\"{}'", "\u{10ffff}"];
    Row {
        no,
        small: [None, Some(i16::MIN), Some(i16::MAX), Some(7)][one_of(4) as usize],
        big: [None, Some(i64::MIN), Some(i64::MAX), Some(-1)][one_of(4) as usize],
        truth: [None, Some(true), Some(false)][one_of(3) as usize],
        single: [
            None,
            Some(f32::MIN.to_bits()),
            Some(f32::NAN.to_bits()),
            Some((-0.0_f32).to_bits()),
            Some(one_of(1 << 23)),
        ][one_of(5) as usize],
        text: match one_of(40) {
            0 => None,
            // Longer than what is sent at once.
            1 => Some("ä".repeat(one_of(200_000) as usize)),
            n => Some(texts[n as usize % texts.len()].repeat(n as usize / 10)),
        },
        bytes: (one_of(3) > 0).then(|| (0..one_of(300)).map(|n| n as u8).collect()),
        json: [None, Some(json!(null)), Some(json!({"a": [1, -2.5, "õ\n"], "": {}}))][one_of(3) as usize].clone(),
        at: [None, Some(epoch), Some(epoch + TimeDelta::microseconds(i64::from(one_of(u32::MAX)) * 1_000_001))]
            [one_of(3) as usize],
        day: [None, NaiveDate::from_ymd_opt(1, 1, 1), NaiveDate::from_ymd_opt(9999, 12, 31)][one_of(3) as usize],
        id: [None, Some(Uuid::nil()), Some(Uuid::max()), Some(Uuid::from_u64_pair(1, 2))][one_of(4) as usize],
    }
}

async fn stored(tx: &Transaction<'_>) -> Vec<Row> {
    let rows = tx.query("SELECT * FROM copied ORDER BY no", &[]).await.unwrap();
    let read = |row: &tokio_postgres::Row| Row {
        no: row.get(0),
        small: row.get(1),
        big: row.get(2),
        truth: row.get(3),
        single: row.get::<_, Option<f32>>(4).map(f32::to_bits),
        text: row.get(5),
        bytes: row.get(6),
        json: row.get(7),
        at: row.get(8),
        day: row.get(9),
        id: row.get(10),
    };
    rows.iter().map(read).collect()
}

#[tokio::test]
async fn rows_are_read_back_as_they_were_written() {
    let db = TestDatabase::create().await;
    let mut client = db.warehouse.client().await.unwrap();
    // Few enough for one chunk, none at all, and many chunks of rows of very different lengths.
    for (seed, count) in [(1, 0), (2, 1), (3, 3), (4, 2_000)] {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let rows = Rows((0..count).map(|no| random(&mut dice, no)).collect());
        let tx = client.transaction().await.unwrap();
        tx.batch_execute(TABLE).await.unwrap();
        assert_eq!(copy_in(&tx, &rows).await.unwrap(), count as u64);
        assert_eq!(stored(&tx).await, rows.0, "seed {seed}");
    }
}

#[tokio::test]
async fn what_cannot_be_stored_fails_the_whole_copy() {
    let db = TestDatabase::create().await;
    let mut client = db.warehouse.client().await.unwrap();
    let mut dice = ChaCha8Rng::seed_from_u64(5);
    let good: Vec<Row> = (0..2_000).map(|no| random(&mut dice, no)).collect();
    let bad = [
        (Row { text: Some("a\0".into()), ..good[0].clone() }, SqlState::CHARACTER_NOT_IN_REPERTOIRE),
        (Row { json: Some(json!({"a": "\0"})), ..good[0].clone() }, SqlState::UNTRANSLATABLE_CHARACTER),
        (Row { day: Some(NaiveDate::MIN), ..good[0].clone() }, SqlState::DATETIME_FIELD_OVERFLOW),
    ];
    for (bad, code) in bad {
        let mut rows = good.clone();
        rows.push(bad);
        let mut tx = client.transaction().await.unwrap();
        tx.batch_execute(TABLE).await.unwrap();
        let plain = tx.savepoint("plain").await.unwrap();
        assert_eq!(copy_in(&plain, &Rows(rows)).await.unwrap_err().code(), Some(&code));
        plain.rollback().await.unwrap();
        assert_eq!(stored(&tx).await, []);
    }
}

/// Says other types than it writes.
struct Mistaken(Rows);

impl BinaryRows for Mistaken {
    fn target(&self) -> &str {
        self.0.target()
    }

    fn types(&self) -> &[Type] {
        &[Type::TEXT]
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn write(&self, index: usize, row: &mut RowWriter<'_>) {
        row.put(&self.0.0[index].no);
    }
}

#[tokio::test]
async fn a_value_of_another_type_is_never_sent() {
    let db = TestDatabase::create().await;
    let mut client = db.warehouse.client().await.unwrap();
    let mut tx = client.transaction().await.unwrap();
    tx.batch_execute(TABLE).await.unwrap();
    let row = random(&mut ChaCha8Rng::seed_from_u64(6), 0);
    let plain = tx.savepoint("plain").await.unwrap();
    let refused = copy_in(&plain, &Mistaken(Rows(vec![row]))).await;
    assert!(matches!(refused, Err(WarehouseError::Unwritable(_))), "{refused:?}");
    plain.rollback().await.unwrap();
    assert_eq!(stored(&tx).await, []);
}
