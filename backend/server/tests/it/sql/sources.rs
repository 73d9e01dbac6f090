//! No statement escapes the list: every text of SQL in the source of what speaks to the warehouse is found in what
//! `octavo sql` prints, in one dialect or the other.

use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};

use super::printed;

/// `store` speaks to the other database and `spool` to its own; the rest is no part of the product.
const NOT_SEARCHED: [&str; 6] = ["store", "spool", "cluster", "testkit", "bench", "torture"];

/// What a statement begins with.
const VERBS: &[&str] = &[
    "ALTER",
    "ANALYZE",
    "BEGIN",
    "CALL",
    "COMMENT",
    "COMMIT",
    "COPY",
    "CREATE",
    "DELETE",
    "DO",
    "DROP",
    "END",
    "EXPLAIN",
    "GRANT",
    "INSERT",
    "LISTEN",
    "LOCK",
    "MERGE",
    "NOTIFY",
    "REFRESH",
    "RELEASE",
    "REVOKE",
    "ROLLBACK",
    "SAVEPOINT",
    "SELECT",
    "SET",
    "START",
    "TRUNCATE",
    "UNLOAD",
    "UPDATE",
    "VACUUM",
    "VALUES",
    "WITH",
];

#[test]
fn every_statement_in_the_source_is_in_the_list() {
    let listed = listed();
    let rooms = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    for room in std::fs::read_dir(rooms).unwrap().map(|e| e.unwrap().path()) {
        let name = room.file_name().unwrap().to_string_lossy().into_owned();
        if !NOT_SEARCHED.contains(&name.as_str()) {
            sources(&room.join("src"), &mut files);
        }
    }
    assert!(files.len() > 100);
    let mut found = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let name = file.strip_prefix(rooms).unwrap().display().to_string();
        found.extend(unlisted(&text, &listed).into_iter().map(|(line, sql)| format!("{name}:{line}: {sql}")));
    }
    assert_eq!(found, Vec::<String>::new(), "add them to the `statements` of their crate");
}

#[test]
fn a_planted_statement_is_found() {
    let listed = listed();
    let planted = |text: &str| unlisted(text, &listed).into_iter().map(|(line, _)| line).collect::<Vec<_>>();
    assert_eq!(planted("fn f() {\n    c.query(\"SELECT pseudonym FROM core.person\", &[]);\n}"), [2]);
    assert_eq!(planted("const S: &str = r#\"TRUNCATE \"raw\".dirty\"#;"), [1]);
    assert_eq!(planted("fn f() -> String { format!(\"VACUUM {table}\") }"), [1]);
    assert_eq!(planted("fn f() { x(\"BEGIN; DELETE FROM core.person; COMMIT\"); }"), [1]);
    // What is listed, what runs in tests only and what is no SQL is left alone.
    let none = Vec::<usize>::new();
    assert_eq!(planted("const S: &str = \"SELECT reference_version\n    FROM core.installation\";"), none);
    assert_eq!(planted("#[cfg(test)]\nmod tests { const S: &str = \"DROP TABLE core.event\"; }"), none);
    assert_eq!(planted("const S: &str = \"Select a book and start.\"; /* SELECT 2 */"), none);
}

fn listed() -> Vec<String> {
    ["postgres", "redshift"].into_iter().flat_map(printed).map(|s| spaced(&s.sql)).collect()
}

fn sources(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

/// Lines and texts of the statements that are not in the list.
fn unlisted(source: &str, listed: &[String]) -> Vec<(usize, String)> {
    let mut literals = Vec::new();
    collect(source.parse().unwrap(), &mut literals);
    let statements = literals.into_iter().flat_map(|(line, text)| {
        let parts: Vec<String> = text.split(';').map(spaced).collect();
        parts.into_iter().map(move |part| (line, part))
    });
    let verb = |sql: &str| VERBS.contains(&sql.split(' ').next().unwrap_or_default());
    statements.filter(|(_, sql)| verb(sql) && !listed.iter().any(|s| fits(sql, s))).collect()
}

/// The string literals outside of tests.
fn collect(tokens: TokenStream, out: &mut Vec<(usize, String)>) {
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) if group.to_string().replace(' ', "") == "[cfg(test)]" => {
                tokens.by_ref().find(|t| matches!(t, TokenTree::Group(_)) || t.to_string() == ";");
            }
            TokenTree::Group(group) => collect(group.stream(), out),
            TokenTree::Literal(literal) => {
                let line = literal.span().start().line;
                if let syn::Lit::Str(text) = syn::Lit::new(literal) {
                    out.push((line, text.value()));
                }
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
}

/// Whether a statement is the literal with something in its places, `{…}`; more may have been added to its end.
fn fits(literal: &str, statement: &str) -> bool {
    let mut rest = statement;
    for (i, part) in literal.split('{').enumerate() {
        let fixed = if i == 0 { part } else { part.split_once('}').map_or("", |(_, fixed)| fixed) };
        match rest.find(fixed) {
            Some(at) if i > 0 || at == 0 => rest = &rest[at + fixed.len()..],
            _ => return false,
        }
    }
    true
}

/// With single spaces only.
fn spaced(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}
