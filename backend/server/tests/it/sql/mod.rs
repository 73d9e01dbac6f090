//! What is sent to the warehouse, as `octavo sql` prints it: reviewed, complete, and in Redshift's dialect judged by two
//! parsers that are not ours.

mod golden;
pub mod parser;
mod refused;
mod sources;
mod sqlfluff;
mod tables;

use std::process::Command;

/// A printed statement.
pub struct Printed {
    pub name: String,
    pub sql: String,
}

/// What `octavo sql` prints.
pub fn printed(dialect: &str) -> Vec<Printed> {
    let out = Command::new(env!("CARGO_BIN_EXE_octavo")).args(["sql", "--dialect", dialect]).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let text = String::from_utf8(out.stdout).unwrap();
    let one = |part: &str| {
        let (name, sql) = part.split_once('\n').unwrap();
        Printed { name: name.trim_start_matches("-- ").into(), sql: sql.trim().trim_end_matches(';').into() }
    };
    text.trim_end().split("\n\n-- ").map(one).collect()
}
