//! Faults planted in the model's files: each is told, with its file and line.

use model::{Model, ModelError};

const FILES: [(&str, &str); 4] = [
    ("metrics.toml", include_str!("../model/metrics.toml")),
    ("dimensions.toml", include_str!("../model/dimensions.toml")),
    ("rollups.toml", include_str!("../model/rollups.toml")),
    ("calendars.toml", include_str!("../model/calendars.toml")),
];

/// The line of a file at which a text begins.
fn line(file: &str, text: &str) -> usize {
    let (_, whole) = FILES.iter().find(|(name, _)| *name == file).unwrap();
    let at = whole.find(text).unwrap_or_else(|| panic!("{text} is not in {file}"));
    whole[..at].matches('\n').count() + 1
}

/// What is said of the real files with one text in one of them exchanged.
fn planted(file: &str, old: &str, new: &str) -> ModelError {
    let files = FILES.map(|(name, text)| if name == file { text.replacen(old, new, 1) } else { text.into() });
    let [metrics, dimensions, rollups, calendars] = files;
    Model::parse(&metrics, &dimensions, &rollups, &calendars).unwrap_err()
}

/// Every fault lies on the last line of what is planted.
fn told(file: &str, faults: &[(&str, &str, &str)]) {
    for (old, new, problem) in faults {
        let error = planted(file, old, new);
        assert_eq!((error.file, error.line), (file, line(file, old) + new.matches('\n').count()), "{new}: {error}");
        assert!(error.to_string().starts_with(&format!("{file} line {}: ", error.line)), "{error}");
        assert!(error.problem.contains(problem), "{new}: {error}");
    }
}

#[test]
fn a_fault_in_the_metrics_is_told_with_its_line() {
    let faults = [
        (r#"sum = "views""#, "sum = ", ""),
        (r#"sum = "views""#, "sum = 7", "invalid type"),
        (r#"sum = "views""#, "sum = \"views\"\ncolour = \"red\"", "unknown field `colour`"),
        (r#"additivity = "sum""#, r#"additivity = "mean""#, "unknown variant `mean`"),
        (r#"name = "views""#, r#"name = "events""#, "metric 'events': is there twice"),
        (r#"owner = "Analytics""#, r#"owner = " ""#, "name an owner"),
        (r#"sum = "views""#, r#"sum = "nothing""#, "metric 'views': 'nothing' is no measure that adds"),
        (r#"persons = "readers""#, r#"persons = "views""#, "'views' is no measure of persons"),
        (r#"having = "views""#, r#"having = "readers""#, "'readers' is no measure that adds up"),
        (r#"role = "student""#, r#"role = "cat""#, "'cat' is no role of a person"),
        (r#"additivity = "distinct""#, r#"additivity = "sum""#, "makes it 'distinct', not 'sum'"),
        ("per = 60000", "per = 0", "per has to be at least 1"),
        ("decimals = 2", "decimals = 7", "decimals has to be at most 6"),
        (r#"ratio = { of = "minutes""#, r#"ratio = { of = "views_per_reader""#, "no metric that a ratio"),
        (r#"of = "views", by"#, r#"of = "events", by"#, "role school_admin may use it, but not its part 'events'"),
        (r#"roles = ["owner"]"#, "roles = [\n\"owner\",\n\"ownr\"]", "'ownr' is no role that asks"),
    ];
    told("metrics.toml", &faults);
}

#[test]
fn a_fault_in_the_dimensions_is_told_with_its_line() {
    let faults = [
        (r#"type = "code""#, r#"type = "colour""#, "unknown variant `colour`"),
        (r#"key = "site""#, r#"key = "planet""#, "unknown variant `planet`"),
        (r#"parent = "site""#, r#"parent = "planet""#, "dimension 'region': its parent 'planet'"),
        (r#"parent = "site""#, r#"parent = "school""#, "dimension 'region': by its parent 'school'"),
        (r#"name = "region""#, r#"name = "site""#, "dimension 'site': is there twice"),
        (r#"roles = ["owner", "publisher""#, r#"roles = ["boss", "publisher""#, "'boss' is no role"),
    ];
    told("dimensions.toml", &faults);
}

#[test]
fn a_fault_in_the_rollups_is_told_with_its_line() {
    let faults = [
        (r#"name = "views""#, r#"name = "events""#, "measure 'events': is there twice"),
        (r#"name = "school""#, r#"name = "site""#, "rollup 'site': is there twice"),
        (r#"count_of = "page_view""#, r#"count_of = "page_turn""#, "'page_turn' is no kind of event"),
        (r#"persons_of = "page_view""#, r#"persons_of = "x""#, "measure 'readers': 'x' is no kind"),
        (r#"keys = ["school", "role"]"#, r#"keys = ["school", "site"]"#, "rollup 'school': the site is"),
        (r#"indexed = ["book"]"#, r#"indexed = ["device"]"#, "rollup 'book': indexed key Device"),
        (r#"summary = ["book"]"#, r#"summary = ["device"]"#, "rollup 'book': summary key Device"),
    ];
    told("rollups.toml", &faults);
}

#[test]
fn a_second_calendar_of_a_site_is_told_with_its_line() {
    told("calendars.toml", &[(r#"site = "fi""#, r#"site = "ee""#, "calendar 'ee': is there twice")]);
}

#[test]
fn what_is_missing_is_told_at_the_heading_of_its_entry() {
    let cases = [
        ("metrics.toml", "unit = \"views\"\n", r#"name = "views""#, "missing field `unit`"),
        ("metrics.toml", "owner = \"Analytics\"\n", r#"name = "views""#, "missing field `owner`"),
        ("metrics.toml", "sum = \"views\"\n", r#"name = "views""#, "metric 'views': has to have exactly one formula"),
        ("dimensions.toml", "type = \"code\"\n", r#"name = "site""#, "missing field `type`"),
        ("rollups.toml", "count_of = \"page_view\"\n", r#"name = "views""#, "measure 'views': has to be one of"),
    ];
    for (file, old, first, problem) in cases {
        let error = planted(file, old, "");
        assert_eq!(error.line, line(file, first) - 1, "{error}");
        assert!(error.problem.contains(problem), "{error}");
    }
}
