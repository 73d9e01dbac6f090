//! Pools, and closing a month: the pool, its statements and their lines, all or nothing.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde_json::json;
use sqlx::{FromRow, PgTransaction};
use uuid::Uuid;

use crate::Store;
use crate::actor::Actor;
use crate::audit::{Audited, Entry, record};
use crate::error::StoreError;

#[derive(Debug, Clone, Copy)]
pub struct Pools<'a> {
    pub(crate) store: &'a Store,
    pub(crate) actor: &'a Actor,
}

/// The money of a site and month. Amounts are in minor units of the currency (ISO 4217).
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Pool {
    #[sqlx(rename = "site_code")]
    pub site: String,
    /// The first day of the month.
    pub month: NaiveDate,
    pub amount_minor: i64,
    pub currency: String,
    pub entered_by: String,
    pub entered_at: DateTime<Utc>,
    /// Whether the month has its statements.
    pub stated: bool,
}

/// A month to be closed: the pool and the statements it was split into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    pub site: String,
    /// The first day of the month.
    pub month: NaiveDate,
    pub amount_minor: i64,
    pub currency: String,
    /// The account's id, or the name of the program.
    pub entered_by: String,
    pub statements: Vec<NewStatement>,
}

/// One publisher's part. Units are in thousandths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStatement {
    pub publisher_id: i32,
    pub publisher_code: String,
    pub publisher_name: String,
    pub amount_minor: i64,
    pub units_milli: i64,
    /// The units of all publishers.
    pub units_total_milli: i64,
    pub lines: Vec<NewLine>,
}

/// One book's part. Weight and units are in thousandths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLine {
    pub book_id: i32,
    pub book_code: String,
    pub book_name: String,
    pub views: i64,
    pub weight_milli: i64,
    pub units_milli: i64,
    pub amount_minor: i64,
}

impl Pools<'_> {
    /// All pools, the newest month first, then by site.
    pub async fn list(&self) -> Result<Vec<Pool>, StoreError> {
        let pools = sqlx::query_as(
            "SELECT site_code, month, amount_minor, currency, entered_by, entered_at,
                    EXISTS (SELECT FROM app.statement AS s WHERE s.site_code = p.site_code AND s.month = p.month) AS stated
             FROM app.pool AS p ORDER BY month DESC, site_code",
        )
        .fetch_all(&self.store.pool)
        .await?;
        Ok(pools)
    }

    /// Closes a month in one transaction; returns the statements' ids in the order of `period.statements`. Who comes
    /// second, even at the same time, gets [`StoreError::PeriodClosed`], and nothing is written.
    ///
    /// # Errors
    /// [`StoreError::NotAMonth`]; [`StoreError::Unbalanced`] unless lines sum to statements and statements to the pool;
    /// [`StoreError::PeriodClosed`].
    pub async fn close_month(&self, period: &Period, now: DateTime<Utc>) -> Result<Vec<Uuid>, StoreError> {
        if period.month.day() != 1 {
            return Err(StoreError::NotAMonth(period.month));
        }
        period.check()?;
        let ids: Vec<Uuid> = period.statements.iter().map(|_| Uuid::new_v4()).collect();
        let mut tx = self.store.pool.begin().await?;
        let entered = sqlx::query(
            "INSERT INTO app.pool (site_code, month, amount_minor, currency, entered_by, entered_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (site_code, month) DO NOTHING",
        )
        .bind(&period.site)
        .bind(period.month)
        .bind(period.amount_minor)
        .bind(&period.currency)
        .bind(&period.entered_by)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        if entered.rows_affected() == 0 {
            return Err(StoreError::PeriodClosed { site: period.site.clone(), month: period.month });
        }
        insert_statements(&mut tx, period, &ids, now).await?;
        insert_lines(&mut tx, period, &ids).await?;
        let detail =
            json!({ "amount_minor": period.amount_minor, "currency": period.currency, "statements": ids.len() });
        let entry = Entry::of(Audited::StatementsMade, format!("{} {}", period.site, period.month.format("%Y-%m")));
        record(&mut tx, self.actor, None, entry.with(detail)).await?;
        tx.commit().await?;
        Ok(ids)
    }
}

impl Period {
    /// Whether every sum is what it should be. Sums are `i128`, so that wrong numbers cannot make them overflow.
    fn check(&self) -> Result<(), StoreError> {
        let agree = |what: String, is: i128, should: i128| match is == should {
            true => Ok(()),
            false => Err(StoreError::Unbalanced(format!("{what} sum to {is} instead of {should}"))),
        };
        for s in &self.statements {
            let money = s.lines.iter().map(|l| i128::from(l.amount_minor)).sum();
            agree(format!("the lines of {}", s.publisher_code), money, s.amount_minor.into())?;
            let units = s.lines.iter().map(|l| i128::from(l.units_milli)).sum();
            agree(format!("the units of {}", s.publisher_code), units, s.units_milli.into())?;
            for l in &s.lines {
                let units = i128::from(l.views) * i128::from(l.weight_milli);
                agree(format!("the views of {} times their weight", l.book_code), units, l.units_milli.into())?;
            }
        }
        let money = self.statements.iter().map(|s| i128::from(s.amount_minor)).sum();
        agree("the statements".to_string(), money, self.amount_minor.into())?;
        let units: i128 = self.statements.iter().map(|s| i128::from(s.units_milli)).sum();
        self.statements.iter().try_for_each(|s| agree("the units".to_string(), units, s.units_total_milli.into()))
    }
}

/// Inserts all statements at once, for a trigger compares their sum with the pool.
async fn insert_statements(
    tx: &mut PgTransaction<'_>,
    period: &Period,
    ids: &[Uuid],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let of = &period.statements;
    sqlx::query(
        "INSERT INTO app.statement (site_code, month, currency, pool_minor, created_at,
             id, publisher_id, publisher_code, publisher_name, amount_minor, units_milli, units_total_milli)
         SELECT $1, $2, $3, $4, $5, u.*
         FROM unnest($6::uuid[], $7::integer[], $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::bigint[]) AS u",
    )
    .bind(&period.site)
    .bind(period.month)
    .bind(&period.currency)
    .bind(period.amount_minor)
    .bind(now)
    .bind(ids)
    .bind(column(of, |s| s.publisher_id))
    .bind(column(of, |s| s.publisher_code.as_str()))
    .bind(column(of, |s| s.publisher_name.as_str()))
    .bind(column(of, |s| s.amount_minor))
    .bind(column(of, |s| s.units_milli))
    .bind(column(of, |s| s.units_total_milli))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Inserts all lines at once, for a trigger compares their sums with the statements.
async fn insert_lines(tx: &mut PgTransaction<'_>, period: &Period, ids: &[Uuid]) -> Result<(), StoreError> {
    let lines: Vec<(Uuid, &NewLine)> =
        period.statements.iter().zip(ids).flat_map(|(s, id)| s.lines.iter().map(|line| (*id, line))).collect();
    sqlx::query(
        "INSERT INTO app.statement_line
             (statement_id, book_id, book_code, book_name, views, weight_milli, units_milli, amount_minor)
         SELECT * FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::bigint[], $6::bigint[],
             $7::bigint[], $8::bigint[])",
    )
    .bind(column(&lines, |(id, _)| *id))
    .bind(column(&lines, |(_, line)| line.book_id))
    .bind(column(&lines, |(_, line)| line.book_code.as_str()))
    .bind(column(&lines, |(_, line)| line.book_name.as_str()))
    .bind(column(&lines, |(_, line)| line.views))
    .bind(column(&lines, |(_, line)| line.weight_milli))
    .bind(column(&lines, |(_, line)| line.units_milli))
    .bind(column(&lines, |(_, line)| line.amount_minor))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// One value of every row, for `unnest`.
fn column<'r, R, T>(rows: &'r [R], value: impl Fn(&'r R) -> T) -> Vec<T> {
    rows.iter().map(value).collect()
}
