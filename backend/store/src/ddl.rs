//! The statements of the warehouse's migrations, one by one and in order, in either dialect. Redshift's files say how its
//! tables are made and nothing else: what is the same, the comments, is taken from PostgreSQL's.

use std::collections::BTreeSet;

use sqlx::migrate::{Migration, Migrator};
use warehouse::{Dialect, Statement};

use crate::migrate_redshift;

static POSTGRES: Migrator = sqlx::migrate!("../../migrations/warehouse/postgres");
pub(crate) static REDSHIFT: Migrator = sqlx::migrate!("../../migrations/warehouse/redshift");

/// What `octavo migrate` sends to a new warehouse.
pub fn warehouse(dialect: Dialect) -> Vec<Statement> {
    match dialect {
        Dialect::Postgres => POSTGRES.iter().flat_map(statements).collect(),
        Dialect::Redshift => {
            let mut out = migrate_redshift::statements();
            out.extend(REDSHIFT.iter().flat_map(statements));
            out.extend(comments());
            out
        }
    }
}

/// What is said of Redshift's tables: PostgreSQL's comments on what is there too.
pub(crate) fn comments() -> Vec<Statement> {
    let postgres: Vec<Statement> = POSTGRES.iter().flat_map(statements).collect();
    let made: BTreeSet<String> = REDSHIFT.iter().flat_map(statements).filter_map(|s| made(&s.sql)).collect();
    let comments = postgres.iter().filter_map(|s| Some((s, comment(&s.sql, &made)?)));
    // What a later migration says of a thing replaces what an earlier one said.
    let mut latest: Vec<(String, Statement)> = Vec::new();
    for (from, (thing, sql)) in comments {
        latest.retain(|(said_of, _)| *said_of != thing);
        latest.push((thing, Statement::new(&from.name, sql)));
    }
    latest.into_iter().map(|(_, statement)| statement).collect()
}

pub(crate) fn statements(migration: &Migration) -> Vec<Statement> {
    let lines = migration.sql.as_str().lines().filter(|line| !line.starts_with("--"));
    let text: String = lines.map(|line| format!("{line}\n")).collect();
    let name = format!("migration: {}", migration.description);
    text.split(";\n").map(str::trim).filter(|sql| !sql.is_empty()).map(|sql| Statement::new(&name, sql)).collect()
}

/// The schema or table that a statement makes.
fn made(sql: &str) -> Option<String> {
    let rest = sql.strip_prefix("CREATE TABLE ").or_else(|| sql.strip_prefix("CREATE SCHEMA IF NOT EXISTS "))?;
    Some(rest.split_whitespace().next()?.replace('"', ""))
}

/// A comment of PostgreSQL's on what Redshift has too: on what, and the statement. Names are quoted, for some of them are
/// reserved there.
fn comment(sql: &str, made: &BTreeSet<String>) -> Option<(String, String)> {
    let (kind, rest) = sql.strip_prefix("COMMENT ON ")?.split_once(' ')?;
    let (path, text) = rest.split_once(" IS ")?;
    let parts: Vec<&str> = path.split('.').collect();
    let quoted: Vec<String> = parts.iter().map(|part| format!("\"{part}\"")).collect();
    let thing = parts[..parts.len().min(2)].join(".");
    let quoted = quoted.join(".");
    made.contains(&thing).then(|| (format!("{kind} {quoted}"), format!("COMMENT ON {kind} {quoted} IS {text}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_postgresqls_on_what_redshift_has() {
        let redshift: Vec<String> = warehouse(Dialect::Redshift).into_iter().map(|s| s.sql).collect();
        assert!(
            redshift.contains(
                &r#"COMMENT ON COLUMN "raw"."position"."next" IS 'Offset of the first record that is not committed.'"#
                    .to_string()
            )
        );
        assert!(!redshift.iter().any(|sql| sql.contains("person_counter") || sql.contains("dirty_month")));
        let columns = |prefix: &str| redshift.iter().filter(|sql| sql.starts_with(prefix)).count();
        assert_eq!(columns("COMMENT ON TABLE "), columns("CREATE TABLE "));
    }
}
