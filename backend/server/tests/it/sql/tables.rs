//! Redshift's tables are PostgreSQL's: the same columns in the same order, of the types that stand for each other.

use std::collections::BTreeMap;

use sqlparser::ast::{ColumnOption, CreateTable, Statement};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

use super::parser::parsed;
use super::printed;

/// On PostgreSQL only: the counter is not needed under Redshift's lock, its views refresh themselves, and there are no BI
/// accounts, no logs that are followed, no statements of xAPI and nothing live on it yet.
const NOT_THERE: [&str; 6] =
    ["core.person_counter", "mart.bi_account", "mart.live", "raw.dirty_month", "raw.log", "raw.statement"];

#[test]
fn both_dialects_have_the_same_tables() {
    let (postgres, redshift) = (tables("postgres"), tables("redshift"));
    let names = |tables: &BTreeMap<String, Vec<Column>>| tables.keys().cloned().collect::<Vec<_>>();
    let mut expected = names(&postgres);
    expected.retain(|t| !NOT_THERE.contains(&t.as_str()));
    assert_eq!(names(&redshift), expected);
    assert!(expected.len() > 20);
    for (table, columns) in &redshift {
        let theirs = &postgres[table];
        let names = |columns: &[Column]| columns.iter().map(|c| c.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(columns), names(theirs), "{table}");
        for (own, other) in columns.iter().zip(theirs) {
            let column = format!("{table}.{}", own.name);
            assert!(stands_for(&own.kind, &other.kind), "{column}: {} for {}", own.kind, other.kind);
            assert_eq!(own.required, other.required, "{column}");
        }
    }
}

fn stands_for(redshift: &str, postgres: &str) -> bool {
    match postgres {
        "text" => matches!(redshift, "varchar(256)" | "varchar(65535)"),
        "text[]" => redshift == "varchar(256)",
        "uuid" => redshift == "char(36)",
        "jsonb" => redshift == "super",
        "bytea" => matches!(redshift, "char(32)" | "varbyte(16777216)"),
        same => redshift == same,
    }
}

struct Column {
    name: String,
    kind: String,
    required: bool,
}

/// The tables that stay, without what PostgreSQL's loader makes of them and the notes of what was applied, which sqlx keeps there.
fn tables(dialect: &str) -> BTreeMap<String, Vec<Column>> {
    let sent = printed(dialect);
    let makes = sent.iter().filter(|s| {
        s.sql.starts_with("CREATE TABLE ") && !s.sql.contains("(LIKE ") && !s.sql.contains(" core._migration")
    });
    let read = |sql: &str| match dialect {
        "postgres" => Parser::parse_sql(&PostgreSqlDialect {}, sql).unwrap().remove(0),
        _ => parsed(sql).unwrap(),
    };
    let mut tables: BTreeMap<_, _> = makes.map(|s| columns(read(&s.sql))).collect();
    // A later migration's column, read as that of a table of its own.
    for (table, column) in sent.iter().filter_map(|s| s.sql.strip_prefix("ALTER TABLE ")?.split_once(" ADD COLUMN ")) {
        let (name, more) = columns(read(&format!("CREATE TABLE {table} ({column})")));
        tables.get_mut(&name).expect("it was made before").extend(more);
    }
    tables
}

fn columns(statement: Statement) -> (String, Vec<Column>) {
    let Statement::CreateTable(CreateTable { name, columns, constraints, .. }) = statement else {
        panic!("{statement}")
    };
    // A key is never empty, whether it stands at its column or behind them all.
    let key = constraints.iter().map(|c| c.to_string()).find(|c| c.starts_with("PRIMARY KEY")).unwrap_or_default();
    let of = |column: &sqlparser::ast::ColumnDef| {
        let name = column.name.value.clone();
        let words: Vec<&str> = key.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        let stated =
            column.options.iter().any(|o| matches!(o.option, ColumnOption::NotNull | ColumnOption::PrimaryKey(_)));
        let required = stated || words.contains(&name.as_str());
        Column { name, kind: column.data_type.to_string().to_lowercase(), required }
    };
    (name.to_string().replace('"', ""), columns.iter().map(of).collect())
}
