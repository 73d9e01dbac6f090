//! Stored rows of rollups: reading a stretch of them, replacing a period, adding to one.

use chrono::NaiveDate;
use futures::TryStreamExt;
use model::{Grain, Measure, Model, PersonSet, Rollup};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Row, Transaction};
use warehouse::{BinaryRows, RowWriter, WarehouseError, copy_in};

use super::cells::{Cell, Cells};
use super::install::{columns, counts, written};
use super::writing::Writing;
use crate::load::staged::Packing;

/// Reads the rows of a site between two periods.
pub(super) fn stored(model: &Model, rollup: &Rollup, grain: Grain) -> String {
    let columns = columns(rollup, &model.measures).join(", ");
    format!("SELECT {columns} FROM {} WHERE site_id = $1 AND period BETWEEN $2 AND $3", rollup.table(grain))
}

/// Clears a period of a site.
pub(super) fn clear(table: &str) -> String {
    format!("DELETE FROM {table} WHERE site_id = $1 AND period = $2")
}

/// The rows of `grain` from `from` to `to` (first days of periods, inclusive), united over the periods.
pub async fn united(
    tx: &Transaction<'_>,
    model: &Model,
    rollup: &Rollup,
    grain: Grain,
    site: i16,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Cells, WarehouseError> {
    let sql = stored(model, rollup, grain);
    let params: [&(dyn ToSql + Sync); 3] = [&site, &from, &to];
    let mut rows = std::pin::pin!(tx.query_raw(&sql, params).await?);
    let mut cells = Cells::new();
    while let Some(row) = rows.try_next().await? {
        count_in(&mut cells, model, rollup, &row)?;
    }
    Ok(cells)
}

/// Counts a stored row in; returns the bytes of its sets.
fn count_in(cells: &mut Cells, model: &Model, rollup: &Rollup, row: &Row) -> Result<i64, WarehouseError> {
    let n = rollup.keys.len();
    let keys = (0..n).map(|i| row.get(i)).collect();
    let (mut sums, mut sets): (Vec<i64>, Vec<&[u8]>) = (vec![], vec![]);
    for (i, measure) in model.measures.iter().enumerate() {
        if measure.is_set() { sets.push(row.get(n + i)) } else { sums.push(row.get(n + i)) }
    }
    let cell = cells.entry(keys).or_insert_with(|| Cell::new(&model.measures));
    cell.merge(&sums, &sets).map_err(|error| WarehouseError::Damaged(error.to_string()))?;
    Ok(sets.iter().map(|set| set.len() as i64).sum())
}

/// Replaces one period's rows.
pub(super) async fn replace(
    tx: &Transaction<'_>,
    writing: &mut Writing<'_>,
    model: &Model,
    rollup: &Rollup,
    site: i16,
    (grain, period): (Grain, NaiveDate),
    cells: &Cells,
) -> Result<(), WarehouseError> {
    let table = rollup.table(grain);
    tx.execute(&clear(&table), &[&site, &period]).await?;
    let rows = Rows::new(model, rollup, &table, site, period, cells);
    writing.write(tx, &table, &rows).await?;
    let size = (rows.rows.len() as i64, rows.bytes());
    extent(tx, &rollup.name, grain, site, period, size).await
}

/// Replaces one period's rows in PostgreSQL.
pub async fn replace_streamed(
    tx: &Transaction<'_>,
    model: &Model,
    rollup: &Rollup,
    site: i16,
    at: (Grain, NaiveDate),
    cells: &Cells,
) -> Result<(), WarehouseError> {
    replace(tx, &mut Writing::Streamed, model, rollup, site, at, cells).await
}

/// Takes the rows of some keys out of a period of a site and returns them: site, period, an array for each key.
pub(super) fn take(model: &Model, rollup: &Rollup, grain: Grain) -> String {
    let keys: Vec<&str> = rollup.keys.iter().map(|key| key.column()).collect();
    let arrays: Vec<String> = (0..keys.len()).map(|i| format!("${}::integer[]", i + 3)).collect();
    let same: String = keys.iter().map(|key| format!(" AND stored.{key} = taken.{key}")).collect();
    let columns: Vec<String> = columns(rollup, &model.measures).iter().map(|c| format!("stored.{c}")).collect();
    format!(
        "DELETE FROM {} AS stored USING unnest({}) AS taken ({}) \
         WHERE stored.site_id = $1 AND stored.period = $2{same} RETURNING {}",
        rollup.table(grain),
        arrays.join(", "),
        keys.join(", "),
        columns.join(", ")
    )
}

/// Adds to one period's rows: those of the same keys are merged with what is stored, the others stay as they are.
pub async fn add(
    tx: &Transaction<'_>,
    model: &Model,
    rollup: &Rollup,
    grain: Grain,
    site: i16,
    period: NaiveDate,
    mut cells: Cells,
) -> Result<(), WarehouseError> {
    let arrays: Vec<Vec<i32>> =
        (0..rollup.keys.len()).map(|i| cells.keys().map(|values| values[i]).collect()).collect();
    let mut params: Vec<&(dyn ToSql + Sync)> = vec![&site, &period];
    params.extend(arrays.iter().map(|array| array as &(dyn ToSql + Sync)));
    let taken = tx.query(&take(model, rollup, grain), &params).await?;
    let mut bytes = 0;
    for row in &taken {
        bytes += count_in(&mut cells, model, rollup, row)?;
    }
    let rows = Rows::new(model, rollup, &rollup.table(grain), site, period, &cells);
    copy_in(tx, &rows).await?;
    let more = (rows.rows.len() as i64 - taken.len() as i64, rows.bytes() - bytes);
    extend(tx, &rollup.name, grain, site, period, more).await
}

pub(super) const FORGET_EXTENT: &str =
    "DELETE FROM mart.extent WHERE site_id = $1 AND rollup = $2 AND grain = $3 AND period = $4";
pub(super) const NOTE_EXTENT: &str =
    "INSERT INTO mart.extent (site_id, rollup, grain, period, row_count, byte_count) VALUES ($1, $2, $3, $4, $5, $6)";

/// Notes how many rows and bytes a period has now, for the planner.
pub async fn extent(
    tx: &Transaction<'_>,
    rollup: &str,
    grain: Grain,
    site: i16,
    period: NaiveDate,
    (rows, bytes): (i64, i64),
) -> Result<(), WarehouseError> {
    tx.execute(FORGET_EXTENT, &[&site, &rollup, &grain.as_str(), &period]).await?;
    tx.execute(NOTE_EXTENT, &[&site, &rollup, &grain.as_str(), &period, &rows, &bytes]).await?;
    Ok(())
}

pub(super) const EXTEND: &str = "UPDATE mart.extent SET row_count = row_count + $5, byte_count = byte_count + $6
    WHERE site_id = $1 AND rollup = $2 AND grain = $3 AND period = $4";

/// Notes that a period has so many rows and bytes more.
pub async fn extend(
    tx: &Transaction<'_>,
    rollup: &str,
    grain: Grain,
    site: i16,
    period: NaiveDate,
    (rows, bytes): (i64, i64),
) -> Result<(), WarehouseError> {
    let known = tx.execute(EXTEND, &[&site, &rollup, &grain.as_str(), &period, &rows, &bytes]).await?;
    if known == 0 {
        tx.execute(NOTE_EXTENT, &[&site, &rollup, &grain.as_str(), &period, &rows, &bytes]).await?;
    }
    Ok(())
}

/// The table with the columns that rows are copied into.
pub(super) fn target(model: &Model, rollup: &Rollup, table: &str) -> String {
    format!("{table} (site_id, period, {})", written(rollup, &model.measures).join(", "))
}

/// A value of a row: a key, a sum or a set.
enum Value {
    Int(i32),
    Big(i64),
    Bytes(Vec<u8>),
}

/// Rows of one period.
pub(super) struct Rows {
    target: String,
    types: Vec<Type>,
    site: i16,
    period: NaiveDate,
    rows: Vec<Vec<Value>>,
}

impl Rows {
    fn new(model: &Model, rollup: &Rollup, table: &str, site: i16, period: NaiveDate, cells: &Cells) -> Self {
        let types = [Type::INT2, Type::DATE]
            .into_iter()
            .chain(rollup.keys.iter().map(|_| Type::INT4))
            .chain(model.measures.iter().map(|m| if m.is_set() { Type::BYTEA } else { Type::INT8 }))
            .chain(counts(&model.measures).map(|_| Type::INT4))
            .collect();
        let target = target(model, rollup, table);
        let rows = cells.iter().map(|(keys, cell)| values(&model.measures, keys, cell)).collect();
        Self { target, types, site, period, rows }
    }
}

impl Rows {
    /// Adds them to a file, in the order of the table's columns.
    pub fn pack(&self, packing: &mut Packing) {
        for row in &self.rows {
            packing.row(|line| {
                line.plain(self.site);
                line.plain(self.period);
                for value in row {
                    match value {
                        Value::Int(v) => line.plain(v),
                        Value::Big(v) => line.plain(v),
                        Value::Bytes(v) => line.plain(hex::encode(v)),
                    }
                }
            });
        }
    }

    /// Bytes of the sets.
    fn bytes(&self) -> i64 {
        let of = |value: &Value| if let Value::Bytes(bytes) = value { bytes.len() as i64 } else { 0 };
        self.rows.iter().flatten().map(of).sum()
    }
}

fn values(measures: &[Measure], keys: &[i32], cell: &Cell) -> Vec<Value> {
    let (mut sums, mut sets) = (cell.sums.iter(), cell.sets.iter());
    let measured = measures.iter().map(|m| {
        if m.is_set() {
            Value::Bytes(PersonSet::encode(sets.next().expect("one per measure")))
        } else {
            Value::Big(*sums.next().expect("one per measure"))
        }
    });
    // A person's number is an integer, so that the number of persons is one too.
    let counted = cell.sets.iter().map(|set| Value::Int(i32::try_from(set.len()).unwrap_or(i32::MAX)));
    keys.iter().map(|k| Value::Int(*k)).chain(measured).chain(counted).collect()
}

impl BinaryRows for Rows {
    fn target(&self) -> &str {
        &self.target
    }

    fn types(&self) -> &[Type] {
        &self.types
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn write(&self, index: usize, row: &mut RowWriter<'_>) {
        row.put(&self.site);
        row.put(&self.period);
        for value in &self.rows[index] {
            match value {
                Value::Int(v) => row.put(v),
                Value::Big(v) => row.put(v),
                Value::Bytes(v) => row.put(v),
            }
        }
    }
}
