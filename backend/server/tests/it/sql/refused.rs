//! Sequences of tokens that PostgreSQL takes and Redshift does not, whatever a parser makes of them. Quoted names and texts
//! are no tokens of a sequence.

use sqlparser::dialect::RedshiftSqlDialect;
use sqlparser::tokenizer::{Token, Tokenizer};

/// A sequence in capitals, and a statement that has to be refused for it.
const SEQUENCES: &[(&str, &str)] = &[
    ("ON CONFLICT", "INSERT INTO core.a (b) VALUES (1) ON CONFLICT DO NOTHING"),
    ("RETURNING", "INSERT INTO core.a (b) VALUES (1) RETURNING b"),
    ("OVERRIDING", "INSERT INTO core.a (b) OVERRIDING SYSTEM VALUE VALUES (1)"),
    ("FILTER (", "SELECT count(*) FILTER (WHERE b = 1) FROM core.a"),
    ("DISTINCT ON", "SELECT DISTINCT ON (b) b FROM core.a"),
    ("IS DISTINCT FROM", "SELECT b IS DISTINCT FROM c FROM core.a"),
    ("SELECT FROM", "SELECT EXISTS (SELECT FROM core.a)"),
    ("FROM ( VALUES", "SELECT b FROM (VALUES (1), (2)) AS v (b)"),
    ("FOR UPDATE", "SELECT b FROM core.a FOR UPDATE"),
    ("FOR SHARE", "SELECT b FROM core.a FOR SHARE"),
    ("LATERAL", "SELECT b FROM core.a, LATERAL (SELECT 1) AS c"),
    ("WITH ORDINALITY", "SELECT b FROM unnest($1) WITH ORDINALITY AS n (b, i)"),
    ("UNNEST (", "SELECT b FROM unnest($1) AS n (b)"),
    ("GENERATE_SERIES (", "SELECT generate_series(1, 2)"),
    ("DATE_BIN (", "SELECT date_bin('15 minutes', b, c) FROM core.a"),
    ("ANY (", "SELECT b FROM core.a WHERE b = ANY($1)"),
    ("ARRAY [", "SELECT ARRAY[1, 2]"),
    ("->>", "SELECT b ->> 'c' FROM core.a"),
    ("->", "SELECT b -> 'c' FROM core.a"),
    ("@>", "SELECT b FROM core.a WHERE b @> c"),
    ("BYTEA", "SELECT b::bytea FROM core.a"),
    ("JSONB", "SELECT b::jsonb FROM core.a"),
    ("UUID", "SELECT b::uuid FROM core.a"),
    ("TEXT", "SELECT b::text FROM core.a"),
    ("REGCLASS", "SELECT 'core.a'::regclass"),
    ("SERIAL", "CREATE TABLE core.a (b serial)"),
    ("GENERATED", "CREATE TABLE core.a (b integer GENERATED ALWAYS AS IDENTITY)"),
    ("CHECK (", "CREATE TABLE core.a (b integer CHECK (b > 0))"),
    ("PARTITION BY RANGE", "CREATE TABLE core.a (b date) PARTITION BY RANGE (b)"),
    ("PARTITION OF", "CREATE TABLE core.a PARTITION OF core.b FOR VALUES FROM ('2026-01-01') TO ('2026-01-02')"),
    ("ATTACH PARTITION", "ALTER TABLE core.a ATTACH PARTITION core.b FOR VALUES FROM ('2026-01-01') TO ('2026-01-02')"),
    ("INCLUDING ALL", "CREATE TABLE core.a (LIKE core.b INCLUDING ALL)"),
    ("ON COMMIT", "CREATE TEMPORARY TABLE a (LIKE core.b) ON COMMIT DROP"),
    ("UNLOGGED", "CREATE UNLOGGED TABLE core.a (b integer)"),
    ("SET STORAGE", "ALTER TABLE core.a ALTER COLUMN b SET STORAGE EXTERNAL"),
    ("INDEX", "CREATE UNIQUE INDEX i ON core.a (b) WHERE b > 0"),
    ("BRIN", "CREATE INDEX i ON core.a USING brin (b)"),
    ("CONCURRENTLY", "REFRESH MATERIALIZED VIEW CONCURRENTLY core.a"),
    ("FROM STDIN", "COPY core.a FROM STDIN BINARY"),
    ("IN SHARE MODE", "LOCK TABLE core.a IN SHARE MODE"),
    ("LISTEN", "LISTEN a"),
    ("NOTIFY", "NOTIFY a"),
    ("SAVEPOINT", "SAVEPOINT a"),
    // A reserved word, unless it is quoted.
    ("RAW .", "SELECT next FROM raw.position"),
    ("READ , READ ONLY", "START TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"),
];

/// The first words of functions that no sequence can name one by one.
const PREFIXES: &[&str] = &["PG_"];

/// The sequences that a statement holds.
pub fn sequences(sql: &str) -> Vec<String> {
    let tokens = Tokenizer::new(&RedshiftSqlDialect {}, sql).tokenize().unwrap_or_default();
    let words: Vec<String> = tokens.iter().filter_map(word).collect();
    let of = |sequence: &str| sequence.split(' ').map(str::to_string).collect::<Vec<_>>();
    let mut out: Vec<String> = SEQUENCES
        .iter()
        .filter(|(sequence, _)| words.windows(of(sequence).len()).any(|w| w == of(sequence)))
        .map(|(sequence, _)| sequence.to_string())
        .collect();
    out.extend(words.into_iter().filter(|w| PREFIXES.iter().any(|p| w.starts_with(p))));
    out
}

/// A token in capitals; a quoted name and a text are none of ours.
fn word(token: &Token) -> Option<String> {
    match token {
        Token::Whitespace(_) => None,
        Token::Word(w) if w.quote_style.is_some() => Some("\"\"".into()),
        Token::SingleQuotedString(_) => Some("''".into()),
        other => Some(other.to_string().to_uppercase()),
    }
}

#[test]
fn each_sequence_is_refused() {
    for (sequence, planted) in SEQUENCES {
        assert!(sequences(planted).iter().any(|s| s == sequence), "{sequence}: {planted}");
    }
    assert_eq!(sequences("SELECT pg_try_advisory_lock(1, 2)"), ["PG_TRY_ADVISORY_LOCK"]);
}

#[test]
fn a_word_within_a_text_or_a_quoted_name_is_none() {
    assert_eq!(sequences(r#"SELECT 'ON CONFLICT', "returning" FROM core.a"#), Vec::<String>::new());
}
