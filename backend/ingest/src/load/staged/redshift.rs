//! A load on Redshift: files of decoded events, and of refused records, are staged in S3 and copied in by a manifest. One
//! transaction, in the order of [`statements`]: [`LOCK`] first, so that the ledger, the numbers and the position are the
//! latest and stay so; the position is moved by compare-and-set last. No constraint is enforced there, so what is unique is
//! kept so by anti-joins under the lock. What is staged fits [`EVENTS`].

use warehouse::{IamRole, Manifest, Stage, Statement};

/// Keeps every other load waiting until the transaction ends.
pub const LOCK: &str = r#"LOCK TABLE "raw".load"#;

pub const NEXT_LOAD: &str = r#"SELECT coalesce(max(load_id), 0) + 1 FROM "raw".load"#;

/// The longest text that a column holds, in bytes.
pub const LONGEST: usize = 65_535;

/// For a source that is read for the first time: source, partition.
pub const NEW_POSITION: &str = r#"INSERT INTO "raw".position (source, "partition", next) VALUES ($1, $2, 0)"#;

const CODE: &str = "varchar(256)";
const TEXT: &str = "varchar(65535)";

/// Decoded events with the numbers of their schools, books and chapters. `record_offset` is the record's in its source.
pub const EVENTS: Stage = Stage {
    name: "event_stage",
    columns: &[
        ("record_offset", "bigint"),
        ("site_id", "smallint"),
        ("day", "date"),
        ("event_id", "char(36)"),
        ("at", "timestamptz"),
        ("offset_min", "smallint"),
        ("received_at", "timestamptz"),
        ("pseudonym", "char(32)"),
        ("kind", "integer"),
        ("role", "integer"),
        ("device", "integer"),
        ("school_id", "integer"),
        ("book_id", "integer"),
        ("chapter_id", "integer"),
        ("duration_ms", "integer"),
        ("session", TEXT),
        ("query", TEXT),
        ("placement", TEXT),
        ("campaign", TEXT),
        ("variant", TEXT),
        ("x", "real"),
        ("y", "real"),
        ("props", TEXT),
        ("robot", "boolean"),
        ("referrer", TEXT),
    ],
};

/// Records that were refused.
pub const REFUSED: Stage = Stage {
    name: "refused_stage",
    columns: &[
        ("record_offset", "bigint"),
        ("reason", CODE),
        ("detail", TEXT),
        ("record", TEXT),
        ("received_at", "timestamptz"),
        ("given", TEXT),
    ],
};

/// How many events were copied.
pub const COPIED: &str = "SELECT count(*) FROM event_stage";

/// Gives persons who are new their numbers, dense within the site: site.
pub const ADD_PERSONS: &str = "INSERT INTO core.person (site_id, pseudonym, person_no)
    SELECT s.site_id, s.pseudonym, CAST(g.given + row_number() OVER (ORDER BY s.pseudonym) AS integer)
    FROM (SELECT DISTINCT site_id, pseudonym FROM event_stage) AS s
    CROSS JOIN (SELECT coalesce(max(person_no), 0) AS given FROM core.person WHERE site_id = $1) AS g
    LEFT JOIN core.person AS p ON p.site_id = s.site_id AND p.pseudonym = s.pseudonym
    WHERE p.person_no IS NULL";

/// Stores the staged events that are not there yet, the first of those that share an id and a day; says how many: load, first and last day
/// of what is staged, so that no other days are looked through.
pub const STORE: &str =
    "INSERT INTO core.event (site_id, day, event_id, at, offset_min, received_at, load_id, person_no,
        kind, role, device, school_id, book_id, chapter_id, duration_ms, session, query, placement, campaign, variant,
        x, y, props, robot, referrer)
    SELECT s.site_id, s.day, s.event_id, s.at, s.offset_min, s.received_at, CAST($1 AS bigint), p.person_no,
        s.kind, s.role, s.device, s.school_id, s.book_id, s.chapter_id, s.duration_ms, s.session, s.query, s.placement,
        s.campaign, s.variant, s.x, s.y, json_parse(s.props), s.robot, s.referrer
    FROM (SELECT *, row_number() OVER (PARTITION BY site_id, day, event_id ORDER BY record_offset) AS nth
          FROM event_stage) AS s
    JOIN core.person AS p ON p.site_id = s.site_id AND p.pseudonym = s.pseudonym
    LEFT JOIN core.event AS e ON e.site_id = s.site_id AND e.day = s.day AND e.event_id = s.event_id
        AND e.day BETWEEN $2 AND $3
    WHERE s.nth = 1 AND e.event_id IS NULL";

/// Marks the days on which the load has new events: load, site, first and last day of what was staged. The marks are without a load:
/// the days are computed anew.
pub const MARK: &str = r#"INSERT INTO "raw".dirty (site_id, day)
    SELECT DISTINCT site_id, day FROM core.event WHERE load_id = $1 AND site_id = $2 AND day BETWEEN $3 AND $4"#;

/// Load, site.
pub const QUARANTINE: &str = r#"INSERT INTO "raw".quarantine
    (load_id, site_id, record_offset, reason, detail, record, received_at, given)
    SELECT CAST($1 AS bigint), CAST($2 AS smallint), record_offset, reason, detail, record, received_at, given FROM refused_stage"#;

pub(in crate::load) fn statements() -> Vec<Statement> {
    let manifest = Manifest::new("s3://octavo-stage/ee/7/events.manifest").expect("it is sound");
    let role = IamRole::new("arn:aws:iam::123456789012:role/octavo-load").expect("it is sound");
    let named = |name: &str, sql: &str| Statement::new(format!("ingest: {name}"), sql);
    vec![
        named("lock the ledger", LOCK),
        named("make the position", NEW_POSITION),
        named("number the load", NEXT_LOAD),
        named("stage events", &EVENTS.create()),
        named("stage events, by manifest", &EVENTS.copy(&manifest, &role)),
        named("stage refused records", &REFUSED.create()),
        named("stage refused records, by manifest", &REFUSED.copy(&manifest, &role)),
        named("count the staged events", COPIED),
        named("add persons", ADD_PERSONS),
        named("store events", STORE),
        named("mark the days", MARK),
        named("write the quarantine", QUARANTINE),
        named("drop the staged events", &EVENTS.drop()),
        named("drop the staged refused records", &REFUSED.drop()),
    ]
}
