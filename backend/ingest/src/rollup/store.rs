//! Stored rows of rollups: reading a stretch of them, replacing a period.

use chrono::NaiveDate;
use futures::TryStreamExt;
use model::{Grain, Measure, Model, PersonSet, Rollup};
use tokio_postgres::Transaction;
use tokio_postgres::types::{ToSql, Type};
use warehouse::{BinaryRows, WarehouseError, copy_in};

use super::cells::{Cell, Cells};
use super::install::columns;

/// The rows of `grain` from `from` to `to` (first days of periods, inclusive), united over the periods.
pub async fn united(
    tx: &Transaction<'_>,
    model: &Model,
    rollup: &Rollup,
    grain: Grain,
    site: i16,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Cells, WarehouseError> {
    let sql = format!(
        "SELECT {} FROM {} WHERE site_id = $1 AND period BETWEEN $2 AND $3",
        columns(rollup, &model.measures).join(", "),
        rollup.table(grain)
    );
    let params: [&(dyn ToSql + Sync); 3] = [&site, &from, &to];
    let mut rows = std::pin::pin!(tx.query_raw(&sql, params).await?);
    let mut cells = Cells::new();
    while let Some(row) = rows.try_next().await? {
        let n = rollup.keys.len();
        let keys = (0..n).map(|i| row.get(i)).collect();
        let (mut sums, mut sets): (Vec<i64>, Vec<&[u8]>) = (vec![], vec![]);
        for (i, measure) in model.measures.iter().enumerate() {
            if measure.is_set() { sets.push(row.get(n + i)) } else { sums.push(row.get(n + i)) }
        }
        let cell = cells.entry(keys).or_insert_with(|| Cell::new(&model.measures));
        cell.merge(&sums, &sets).map_err(damaged)?;
    }
    Ok(cells)
}

fn damaged(error: model::person_set::DamagedSet) -> WarehouseError {
    WarehouseError::Damaged(error.to_string())
}

/// Replaces one period's rows.
pub async fn replace(
    tx: &Transaction<'_>,
    model: &Model,
    rollup: &Rollup,
    grain: Grain,
    site: i16,
    period: NaiveDate,
    cells: &Cells,
) -> Result<(), WarehouseError> {
    let table = rollup.table(grain);
    tx.execute(&format!("DELETE FROM {table} WHERE site_id = $1 AND period = $2"), &[&site, &period]).await?;
    copy_in(tx, &Rows::new(model, rollup, &table, site, period, cells)).await?;
    Ok(())
}

/// A value of a row: a key, a sum or a set.
enum Value {
    Int(i32),
    Big(i64),
    Bytes(Vec<u8>),
}

struct Rows {
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
            .collect();
        let target = format!("{table} (site_id, period, {})", columns(rollup, &model.measures).join(", "));
        let rows = cells.iter().map(|(keys, cell)| values(&model.measures, keys, cell)).collect();
        Self { target, types, site, period, rows }
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
    keys.iter().map(|k| Value::Int(*k)).chain(measured).collect()
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

    fn row(&self, index: usize) -> Vec<&(dyn ToSql + Sync)> {
        let mut out: Vec<&(dyn ToSql + Sync)> = vec![&self.site, &self.period];
        out.extend(self.rows[index].iter().map(|value| -> &(dyn ToSql + Sync) {
            match value {
                Value::Int(v) => v,
                Value::Big(v) => v,
                Value::Bytes(v) => v,
            }
        }));
        out
    }
}
