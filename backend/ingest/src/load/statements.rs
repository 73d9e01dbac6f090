//! Every statement of a load, of all the parts of this room.

use warehouse::{Dialect, Statement};

use super::rows::COLUMNS;
use super::sql::{
    ADVANCE, LEDGER, LOCKED_POSITION, MARK, NEW_POSITION, NEXT_LOAD, POSITION, QUARANTINE, STAGE, store_new,
};
use super::{gap, keep, live, partitions, persons, refused, staged, strategy};

pub fn statements(dialect: Dialect) -> Vec<Statement> {
    let named = |name: &str, sql: &str| Statement::new(format!("ingest: {name}"), sql);
    let mut out = vec![named("read the position", POSITION)];
    out.extend(strategy::statements());
    match dialect {
        Dialect::Postgres => {
            out.extend([
                named("make the position", NEW_POSITION),
                named("lock the position", LOCKED_POSITION),
                named("number the load", NEXT_LOAD),
                named("store events, plainly", "SAVEPOINT plain"),
                named("store events, plainly", &format!("COPY core.event_20260115 ({COLUMNS}) FROM STDIN BINARY")),
                named("store events, none of them was there", "RELEASE plain"),
                named("store events, some were there", "ROLLBACK TO plain"),
                named("store events, stage", STAGE),
                named("store events, staged rows", &format!("COPY event_stage ({COLUMNS}) FROM STDIN BINARY")),
                named("store events, the new ones", &store_new()),
                named("write the quarantine", QUARANTINE),
                named("mark the days", MARK),
            ]);
            out.extend(gap::statements());
            out.extend(keep::statements());
            out.extend(partitions::statements());
            out.extend(persons::statements());
            out.extend(staged::statements());
            out.extend(live::statements());
        }
        Dialect::Redshift => out.extend(staged::redshift::statements()),
    }
    let log = ("log", "replay:%/log", "ee");
    out.extend([
        named("read what was refused before", &refused::find_before(dialect, log, 1, vec![1, 2]).0),
        named("settle what was quarantined", &refused::settling(dialect, 7, vec![1, 2]).0),
        named("write the ledger", LEDGER),
        named("move the position", ADVANCE),
    ]);
    out
}
