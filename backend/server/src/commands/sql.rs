//! `octavo sql`: every statement that can be sent to the warehouse, in either dialect, each under its name.

use std::fmt::Write as _;
use std::io::{ErrorKind, Write};

use model::Model;
use warehouse::Statement;

use crate::cli::SqlArgs;

pub fn run(args: &SqlArgs) -> anyhow::Result<()> {
    let (dialect, model) = (args.dialect, Model::embedded()?);
    let mut out = store::ddl::warehouse(dialect);
    out.extend(warehouse::statement::statements(dialect));
    out.extend(reference::statements(dialect));
    out.extend(ingest::statements(dialect, &model));
    out.extend(engine::statements(dialect, &model)?);
    out.extend(wall::statements(dialect, &model));
    match std::io::stdout().write_all(text(&out).as_bytes()) {
        // Whoever reads it has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

/// A line with the name, the statement, a semicolon and an empty line each.
fn text(statements: &[Statement]) -> String {
    let mut out = String::new();
    for Statement { name, sql } in statements {
        let _ = writeln!(out, "-- {name}\n{sql};\n");
    }
    out
}
