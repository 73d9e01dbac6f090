//! The second judge: the crate sqlparser reads each statement in its Redshift dialect, and only what is known to be
//! Redshift's passes: kinds of statements, functions, types and operators by the lists here, each looked up in Amazon's
//! manual; and none of the token sequences of PostgreSQL's own ([`super::refused`]).

use std::ops::ControlFlow;

use sqlparser::ast::{self, BinaryOperator, DataType, Expr, Query, Statement, Visit, Visitor};
use sqlparser::dialect::{PostgreSqlDialect, RedshiftSqlDialect};
use sqlparser::parser::{Parser, ParserError};

use super::printed;
use super::refused::sequences;

const FUNCTIONS: &[&str] =
    &["coalesce", "count", "date_trunc", "greatest", "json_parse", "max", "min", "row_number", "sum"];

#[test]
fn every_statement_of_redshift_holds_only_what_redshift_knows() {
    let told: Vec<String> = printed("redshift")
        .iter()
        .filter_map(|s| judge(&s.sql).err().map(|why| format!("{}: {why}\n{}", s.name, s.sql)))
        .collect();
    assert!(told.is_empty(), "{}", told.join("\n\n"));
}

#[test]
fn what_is_not_known_to_be_redshifts_is_refused() {
    for (sql, why) in [
        ("SELECT date_bin('15 minutes', at, at) FROM core.event", "function date_bin"),
        ("SELECT generate_series(1, 2)", "function generate_series"),
        ("SELECT string_agg(code, ',') FROM core.site", "function string_agg"),
        ("SELECT gen_random_uuid()", "function gen_random_uuid"),
        ("SELECT pg_try_advisory_lock(1, 2)", "function pg_try_advisory_lock"),
        ("SELECT nextval('core.a')", "function nextval"),
        ("CREATE TABLE core.a (b bytea)", "type BYTEA"),
        ("CREATE TABLE core.a (b jsonb)", "type JSONB"),
        ("CREATE TABLE core.a (b uuid)", "type UUID"),
        ("CREATE TABLE core.a (b text)", "type TEXT"),
        ("CREATE TABLE core.a (b text[])", "type TEXT[]"),
        ("CREATE TABLE core.a (b serial)", "type serial"),
        ("SELECT 'core.a'::regclass", "type REGCLASS"),
        ("SELECT props ->> 'a' FROM core.event", "operator ->>"),
        ("SELECT props -> 'a' FROM core.event", "operator ->"),
        ("SELECT props @> '{}' FROM core.event", "operator @>"),
        ("SELECT code FROM core.site WHERE code ~ 'a'", "operator ~"),
        ("SELECT code FROM core.site WHERE site_id = ANY($1)", "ANY"),
        ("SELECT ARRAY[1, 2]", "array"),
        ("SELECT code FROM core.site FOR UPDATE", "lock of rows"),
        ("CREATE INDEX a ON core.event USING brin (site_id)", "statement CREATE INDEX"),
        ("CREATE INDEX a ON core.event (day) WHERE day > '2026-01-01'", "statement CREATE INDEX"),
        ("CREATE SEQUENCE core.a", "statement CREATE SEQUENCE"),
        ("CREATE EXTENSION a", "statement CREATE EXTENSION"),
        ("SET LOCAL plan_cache_mode = force_custom_plan", "statement SET"),
        ("SET statement_timeout = 1", "statement SET"),
        ("LISTEN a", "parse"),
        ("NOTIFY a", "parse"),
        ("SAVEPOINT plain", "statement SAVEPOINT"),
        ("MERGE INTO core.a USING (SELECT 1 AS b) AS s ON a.b = s.b WHEN MATCHED THEN DELETE", "MERGE from a query"),
        ("SELECT 1 FROM core.a WHERE", "parse"),
    ] {
        let told = judge(sql).expect_err(sql);
        assert!(told.contains(why), "{sql}: {told}");
    }
}

/// Why a statement is refused, if it is.
pub fn judge(sql: &str) -> Result<(), String> {
    let statement = parsed(sql).map_err(|e| format!("parse: {e}"))?;
    kind(&statement)?;
    if let ControlFlow::Break(why) = statement.visit(&mut Known) {
        return Err(why);
    }
    sequences(sql).first().map_or(Ok(()), |sequence| Err(format!("sequence {sequence}")))
}

/// Parses. Four forms of Redshift's that the crate cannot read are taken out first, and only in the one way in which they
/// are written: the numbering of a column, where a materialized view lies with its refresh, that no row of a COPY may be wrong,
/// and comments, which the crate reads in PostgreSQL's dialect alone. The other judge reads them as they are.
pub fn parsed(sql: &str) -> Result<Statement, ParserError> {
    let numbered = sql.replace(" integer IDENTITY (1, 1)", " integer").replace(" bigint IDENTITY (1, 1)", " bigint");
    let numbered = numbered.replace(" MAXERROR 0 MANIFEST", " MANIFEST");
    let plain = match (numbered.find(" DISTSTYLE ALL "), numbered.split_once(" AUTO REFRESH YES AS ")) {
        (Some(at), Some((_, query))) if sql.starts_with("CREATE MATERIALIZED VIEW ") => {
            format!("{} AS {query}", &numbered[..at])
        }
        _ => numbered,
    };
    let mut statements = match sql.starts_with("COMMENT ON ") {
        true => Parser::parse_sql(&PostgreSqlDialect {}, &plain)?,
        false => Parser::parse_sql(&RedshiftSqlDialect {}, &plain)?,
    };
    match (statements.pop(), statements.is_empty()) {
        (Some(one), true) => Ok(one),
        _ => Err(ParserError::ParserError("not one statement".into())),
    }
}

fn kind(statement: &Statement) -> Result<(), String> {
    match statement {
        Statement::Merge(merge) if !matches!(merge.source, ast::TableFactor::Table { .. }) => {
            Err("MERGE from a query".into())
        }
        Statement::Insert(_)
        | Statement::Update(_)
        | Statement::Delete(_)
        | Statement::Merge(_)
        | Statement::Query(_)
        | Statement::Copy { .. }
        | Statement::CreateSchema { .. }
        | Statement::CreateTable(_)
        | Statement::CreateView(_)
        | Statement::Drop { .. }
        | Statement::Comment { .. }
        | Statement::Lock(_)
        | Statement::StartTransaction { .. }
        | Statement::Commit { .. }
        | Statement::Rollback { .. } => match statement {
            Statement::CreateTable(table) => table.columns.iter().try_for_each(|c| known_type(&c.data_type)),
            _ => Ok(()),
        },
        // One column at a time, which is all that Redshift adds.
        Statement::AlterTable(ast::AlterTable { operations, .. }) => match operations.as_slice() {
            [ast::AlterTableOperation::AddColumn { column_def, .. }] => known_type(&column_def.data_type),
            _ => Err(format!("statement {statement}")),
        },
        // Valid until the transaction ends, on both.
        Statement::Set(set) if set.to_string().starts_with("SET LOCAL statement_timeout = ") => Ok(()),
        other => Err(format!("statement {other}")),
    }
}

fn known_type(kind: &DataType) -> Result<(), String> {
    let text = kind.to_string().to_lowercase();
    let (name, length) = text.split_once('(').map_or((text.as_str(), false), |(name, _)| (name, true));
    let known = match name {
        "smallint" | "integer" | "bigint" | "real" | "boolean" | "date" | "timestamptz" | "super" => !length,
        "char" | "varchar" | "varbyte" => length,
        _ => false,
    };
    if known { Ok(()) } else { Err(format!("type {kind}")) }
}

/// Stops at what is not known.
struct Known;

impl Visitor for Known {
    type Break = String;

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<String> {
        if query.locks.is_empty() { ControlFlow::Continue(()) } else { ControlFlow::Break("lock of rows".into()) }
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<String> {
        let refuse = |why: String| ControlFlow::Break(why);
        match expr {
            Expr::Function(f) if !FUNCTIONS.contains(&f.name.to_string().to_lowercase().as_str()) => {
                refuse(format!("function {}", f.name))
            }
            Expr::Cast { data_type, .. } => match known_type(data_type) {
                Ok(()) => ControlFlow::Continue(()),
                Err(why) => refuse(why),
            },
            Expr::BinaryOp { op, .. } if !known_operator(op) => refuse(format!("operator {op}")),
            Expr::JsonAccess { .. } | Expr::CompoundFieldAccess { .. } | Expr::Array(_) => refuse("array".into()),
            Expr::AnyOp { .. } | Expr::AllOp { .. } => refuse("ANY".into()),
            _ => ControlFlow::Continue(()),
        }
    }
}

fn known_operator(op: &BinaryOperator) -> bool {
    use BinaryOperator as Op;
    matches!(
        op,
        Op::Plus
            | Op::Minus
            | Op::Multiply
            | Op::Divide
            | Op::Eq
            | Op::NotEq
            | Op::Lt
            | Op::LtEq
            | Op::Gt
            | Op::GtEq
            | Op::And
            | Op::Or
    )
}
