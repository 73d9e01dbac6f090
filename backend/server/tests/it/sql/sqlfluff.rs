//! The first judge: sqlfluff with its Redshift dialect. It knows Redshift's types, reserved words and the grammar of what
//! makes tables and loads them. Only what it cannot parse counts; how SQL is laid out is none of its business here.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::printed;

#[test]
fn sqlfluff_parses_every_statement_of_redshift() {
    let sent = printed("redshift");
    let refused = refused(&sent.iter().map(|s| s.sql.as_str()).collect::<Vec<_>>());
    let told: Vec<String> =
        refused.iter().map(|(i, why)| format!("{}: {why}\n{}", sent[*i].name, sent[*i].sql)).collect();
    assert!(told.is_empty(), "{}", told.join("\n\n"));
}

#[test]
fn sqlfluff_refuses_what_only_postgresql_knows() {
    let planted = [
        "INSERT INTO core.person_counter (site_id, given) VALUES ($1, 0) ON CONFLICT DO NOTHING",
        "INSERT INTO core.site (code) VALUES ($1) RETURNING site_id",
        "INSERT INTO core.site (site_id) OVERRIDING SYSTEM VALUE VALUES ($1)",
        "CREATE TABLE core.a (b bytea)",
        "CREATE TABLE core.a (b jsonb)",
        "CREATE TABLE core.a (b uuid)",
        "CREATE TABLE core.a (b text[])",
        "CREATE TABLE core.a (b integer GENERATED ALWAYS AS IDENTITY)",
        "CREATE TABLE core.a (b date) PARTITION BY RANGE (b)",
        "CREATE TABLE core.a (b integer CHECK (b > 0))",
        "CREATE TABLE core.a (LIKE core.event INCLUDING ALL)",
        "CREATE TEMPORARY TABLE a (LIKE core.event) ON COMMIT DROP",
        "COPY core.event FROM STDIN BINARY",
        "SELECT relid::regclass::text FROM core.event",
        "SELECT next FROM raw.position",
        "SELECT partition FROM core.event",
        "SAVEPOINT plain",
        "LOCK TABLE core.event IN SHARE MODE",
        "START TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    ];
    let refused = refused(&planted);
    let taken: Vec<&str> = (0..planted.len()).filter(|i| !refused.contains_key(i)).map(|i| planted[i]).collect();
    assert_eq!(taken, Vec::<&str>::new());
}

/// Which of the statements cannot be parsed, and why.
fn refused(statements: &[&str]) -> BTreeMap<usize, String> {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/sqlfluff/bin/sqlfluff");
    assert!(program.exists(), "there is no sqlfluff; `make test` installs it, or `make target/sqlfluff/.installed`");
    let dir = tempfile::tempdir().unwrap();
    for (i, sql) in statements.iter().enumerate() {
        std::fs::write(dir.path().join(format!("{i}.sql")), format!("{sql};\n")).unwrap();
    }
    // One rule and not even that one: the parser alone.
    let rules = ["--rules", "CP01", "--exclude-rules", "CP01"];
    let out = Command::new(program)
        .args(["lint", "--dialect", "redshift", "--format", "json", "--processes", "2"])
        .args(rules)
        .arg(dir.path())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&out.stderr);
    let files: Vec<Value> = serde_json::from_slice(&out.stdout).unwrap_or_else(|e| panic!("{e}: {told}"));
    assert_eq!(files.len(), statements.len(), "{told}");
    let mut refused = BTreeMap::new();
    for file in &files {
        let index =
            Path::new(file["filepath"].as_str().unwrap()).file_stem().unwrap().to_string_lossy().parse().unwrap();
        for violation in file["violations"].as_array().unwrap() {
            refused.insert(index, violation["description"].to_string());
        }
    }
    refused
}
