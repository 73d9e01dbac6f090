//! The dialects of SQL that a warehouse speaks: what differs between them in statements that both are sent. Where one form
//! is understood by both, that form is sent to both, and nothing stands here.

use std::fmt;
use std::str::FromStr;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Postgres,
    Redshift,
}

impl Dialect {
    pub const ALL: [Dialect; 2] = [Dialect::Postgres, Dialect::Redshift];

    /// What the warehouse of this address speaks: Redshift behind `redshift://`, else PostgreSQL.
    pub fn of(url: &str) -> Dialect {
        if url.starts_with("redshift://") { Dialect::Redshift } else { Dialect::Postgres }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Dialect::Postgres => "postgres",
            Dialect::Redshift => "redshift",
        }
    }

    /// The type of a text of any length. Redshift knows `text` too, but holds 256 bytes in it.
    pub fn text(self) -> &'static str {
        match self {
            Dialect::Postgres => "text",
            Dialect::Redshift => "varchar(65535)",
        }
    }

    /// The type of a set of persons, up to 16 MB.
    pub fn set(self) -> &'static str {
        match self {
            Dialect::Postgres => "bytea",
            Dialect::Redshift => "varbyte(16777216)",
        }
    }

    /// A column of several words as one text with commas between them. Redshift has no arrays and keeps just this text.
    pub fn words(self, column: &str) -> String {
        match self {
            Dialect::Postgres => format!("array_to_string({column}, ',') AS {column}"),
            Dialect::Redshift => column.into(),
        }
    }

    /// Where the rows of a table lie, to be written behind its columns: on the node that `key` decides, else on every one;
    /// in the order of `sorted`. PostgreSQL has indexes instead.
    pub fn placed(self, key: Option<&str>, sorted: &[&str]) -> String {
        match (self, key) {
            (Dialect::Postgres, _) => String::new(),
            (Dialect::Redshift, Some(key)) => format!(" DISTSTYLE KEY DISTKEY ({key}) SORTKEY ({})", sorted.join(", ")),
            (Dialect::Redshift, None) => format!(" DISTSTYLE ALL SORTKEY ({})", sorted.join(", ")),
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Dialect {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let named = |d: &Dialect| d.as_str() == text;
        Dialect::ALL.into_iter().find(named).ok_or_else(|| format!("'{text}' is no dialect; use postgres or redshift"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_which_dialect() {
        assert_eq!(Dialect::of("redshift://user@cluster:5439/octavo"), Dialect::Redshift);
        assert_eq!(Dialect::of("postgresql://user@server/octavo"), Dialect::Postgres);
        assert_eq!(Dialect::of("host=/run/postgresql dbname=redshift://"), Dialect::Postgres);
    }

    #[test]
    fn a_dialect_goes_by_its_name() {
        assert!(Dialect::ALL.into_iter().all(|d| d.as_str().parse() == Ok(d)));
        assert!("mysql".parse::<Dialect>().is_err());
    }
}
