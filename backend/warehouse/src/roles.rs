//! The roles that the product works as, none of which can log in. A connection logs in as its address says and is one of them
//! from its first statement on. What each may is granted where the tables are made: in `store` for the application's schema,
//! in `wall` for the warehouse.
//!
//! Roles belong to the whole server. They hold no rights beyond the databases that grant them some, so that installations on
//! one server share the names and nothing else.

/// Reads and writes the application's schema; sees nothing of the warehouse.
pub const APP: &str = "octavo_app";
/// Owns the warehouse's tables: it loads, refreshes and makes partitions. Sees nothing of the application's schema.
pub const LOADER: &str = "octavo_loader";
/// Reads for answers; writes nothing.
pub const READER: &str = "octavo_reader";
/// What all BI accounts are members of. It may use the schema `bi`.
pub const BI: &str = "octavo_bi";
/// Owns the views of the schema `bi`, so that what they read is what it may read: never a set of persons, and of each table
/// the rows of whoever asks.
pub const BI_VIEW: &str = "octavo_bi_view";

/// Makes the roles that are missing, whoever else is at it.
pub const CREATE: &str = include_str!("roles.sql").trim_ascii_end();

/// Gives the loader what migrations have made in the warehouse's schemas.
pub const OWN: &str = include_str!("owner.sql").trim_ascii_end();

/// A name as it stands in a statement that takes no binds.
pub fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as it stands in a statement that takes no binds, whatever the server makes of backslashes.
pub fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if quoted.contains('\\') { format!(" E'{}'", quoted.replace('\\', "\\\\")) } else { format!("'{quoted}'") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_quotes_it_stands_in() {
        assert_eq!(identifier(r#"a"; DROP TABLE b; --"#), r#""a""; DROP TABLE b; --""#);
        assert_eq!(literal("a'; DROP TABLE b; --"), "'a''; DROP TABLE b; --'");
        assert_eq!(literal(r"a\'"), r" E'a\\'''");
    }

    #[test]
    fn every_role_is_made() {
        for role in [APP, LOADER, READER, BI, BI_VIEW] {
            assert!(CREATE.contains(&format!("'{role}'")), "{role}");
        }
    }
}
