//! Every statement in both dialects, kept as golden files: a change shows in review. `make contracts` writes them anew.

use super::printed;

#[test]
fn statements_are_the_ones_that_were_reviewed() {
    for dialect in ["postgres", "redshift"] {
        // Comments are words, and most of the text.
        let sent = printed(dialect).into_iter().filter(|s| !s.sql.starts_with("COMMENT ON "));
        let text: String = sent.map(|s| format!("-- {}\n{};\n\n", s.name, s.sql)).collect();
        let golden = format!("{}/tests/it/sql/{dialect}.golden", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("OCTAVO_UPDATE_GOLDEN").is_some() {
            std::fs::write(&golden, &text).unwrap();
        }
        let reviewed = std::fs::read_to_string(&golden).unwrap_or_default();
        assert!(text == reviewed, "run `make contracts` and review the change of {dialect}.golden");
    }
}
