//! The list of what this crate sends.

use warehouse::{Dialect, Statement};

use crate::{alias, merge, read, write};

/// Every statement on the dimensions.
pub fn statements(dialect: Dialect) -> Vec<Statement> {
    let named = |name: &str, sql: &str| Statement::new(format!("reference: {name}"), sql);
    let mut out = vec![
        named("read the version", read::VERSION),
        named("read the sites", read::SITES),
        named("read the regions", read::REGIONS),
        named("read the schools", read::SCHOOLS),
        named("read the schools' regions", read::SCHOOL_REGIONS),
        named("read the publishers", read::PUBLISHERS),
        named("read the books", &read::books(dialect)),
        named("read the books' publishers", read::BOOK_PUBLISHERS),
        named("read the chapters", read::CHAPTERS),
        named("read the aliases", alias::ALL),
    ];
    match dialect {
        Dialect::Postgres => out.extend([
            named("write a site", write::SITE),
            named("write a region", write::REGION),
            named("write schools", write::SCHOOLS),
            named("write the schools' regions", write::SCHOOL_REGIONS),
            named("write publishers", write::PUBLISHERS),
            named("write books", write::BOOKS),
            named("write the books' publishers", write::BOOK_PUBLISHERS),
            named("write chapters", write::CHAPTERS),
        ]),
        Dialect::Redshift => out.extend(merges()),
    }
    out.extend([
        named("write an alias, forget what it meant", alias::REMOVE),
        named("write an alias", alias::MAKE),
        named("say that the dimensions changed", write::CHANGED),
    ]);
    out
}

fn merges() -> Vec<Statement> {
    let named = |name: &str, sql: &str| Statement::new(format!("reference: {name}"), sql);
    let mut out = vec![
        named("lock the dimensions", merge::LOCK),
        named("number a new site", merge::NEXT_SITE),
        named("read a site's zone", merge::SITE_ZONE),
    ];
    for (name, merge) in merge::ALL {
        out.extend(merge.stages.iter().map(|s| named(&format!("write {name}, stage"), &s.create())));
        out.push(named(&format!("write {name}, stage rows"), &merge.stages[0].insert(2)));
        out.extend(merge.steps.iter().map(|sql| named(&format!("write {name}, merge"), sql)));
        out.extend(merge.stages.iter().map(|s| named(&format!("write {name}, drop the stage"), &s.drop())));
    }
    out
}
