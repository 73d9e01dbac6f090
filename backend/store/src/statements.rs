//! Statements, read. Whose they are is part of the query, so what is not the caller's cannot be found.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use crate::error::StoreError;

#[derive(Debug, Clone, Copy)]
pub struct Statements<'a> {
    pub(crate) pool: &'a PgPool,
}

/// A publisher's part of a pool. Amounts are in minor units of the currency, units in thousandths.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Statement {
    pub id: Uuid,
    #[sqlx(rename = "site_code")]
    pub site: String,
    /// The first day of the month.
    pub month: NaiveDate,
    pub publisher_id: i32,
    pub publisher_code: String,
    pub publisher_name: String,
    pub currency: String,
    pub amount_minor: i64,
    pub pool_minor: i64,
    pub units_milli: i64,
    pub units_total_milli: i64,
    pub created_at: DateTime<Utc>,
}

/// What one book earned. Weight and units are in thousandths.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct StatementLine {
    pub book_id: i32,
    pub book_code: String,
    pub book_name: String,
    pub views: i64,
    pub weight_milli: i64,
    pub units_milli: i64,
    pub amount_minor: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementWithLines {
    pub statement: Statement,
    /// By book code.
    pub lines: Vec<StatementLine>,
}

/// Which statements. `None` is no restriction; **an empty list of publishers is none of them**.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StatementFilter<'a> {
    /// The publishers the caller may see.
    pub publishers: Option<&'a [i32]>,
    pub site: Option<&'a str>,
    /// The first day of the month.
    pub month: Option<NaiveDate>,
}

impl Statements<'_> {
    /// The statements that pass the filter: the newest month first, then by site and publisher code.
    pub async fn list(&self, filter: StatementFilter<'_>) -> Result<Vec<Statement>, StoreError> {
        let statements = sqlx::query_as(
            "SELECT id, site_code, month, publisher_id, publisher_code, publisher_name, currency, amount_minor, pool_minor,
                    units_milli, units_total_milli, created_at
             FROM app.statement
             WHERE ($1::integer[] IS NULL OR publisher_id = ANY ($1))
               AND ($2::text IS NULL OR site_code = $2)
               AND ($3::date IS NULL OR month = $3)
             ORDER BY month DESC, site_code, publisher_code, id",
        )
        .bind(filter.publishers)
        .bind(filter.site)
        .bind(filter.month)
        .fetch_all(self.pool)
        .await?;
        Ok(statements)
    }

    /// One statement with its lines. `None` when there is none of this id, or it is of none of `publishers`: the two are
    /// not told apart.
    pub async fn get(&self, id: Uuid, publishers: Option<&[i32]>) -> Result<Option<StatementWithLines>, StoreError> {
        let statement: Option<Statement> = sqlx::query_as(
            "SELECT id, site_code, month, publisher_id, publisher_code, publisher_name, currency, amount_minor, pool_minor,
                    units_milli, units_total_milli, created_at
             FROM app.statement
             WHERE id = $1 AND ($2::integer[] IS NULL OR publisher_id = ANY ($2))",
        )
        .bind(id)
        .bind(publishers)
        .fetch_optional(self.pool)
        .await?;
        let Some(statement) = statement else { return Ok(None) };
        let lines = sqlx::query_as(
            "SELECT book_id, book_code, book_name, views, weight_milli, units_milli, amount_minor
             FROM app.statement_line WHERE statement_id = $1 ORDER BY book_code, book_id",
        )
        .bind(statement.id)
        .fetch_all(self.pool)
        .await?;
        Ok(Some(StatementWithLines { statement, lines }))
    }
}
