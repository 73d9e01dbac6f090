//! The list of what this crate sends.

use model::Model;
use warehouse::{Dialect, Statement};

use crate::{accounts, install, rights};

/// Every right, policy, view and account. On Redshift there is no second wall yet.
pub fn statements(dialect: Dialect, model: &Model) -> Vec<Statement> {
    if dialect == Dialect::Redshift {
        return Vec::new();
    }
    let named = |name: &str, sql: &str| Statement::new(format!("wall: {name}"), sql);
    let mut out = vec![
        named("lock the definitions", install::LOCK),
        named("close the database", rights::DATABASE),
        named("read what stands", install::DEFINED),
    ];
    out.extend(install::script(model).iter().map(|sql| named("put it up", sql)));
    out.push(named("are locks for everybody", install::LOCKS_ARE_OPEN));
    out.extend([named("forget what stood", install::FORGET), named("note what stands", install::DEFINE)]);
    out.push(named("name the database", accounts::DATABASE));
    let user = "octavo_bi_0123456789ab";
    out.extend(
        accounts::create(user, "SCRAM-SHA-256$…", None, "octavo").iter().map(|sql| named("make an account", sql)),
    );
    out.extend([
        named("note an account", accounts::NOTE),
        named("list the accounts", accounts::LIST),
        named("follow an organisation", accounts::FOLLOW),
        named("end an account", accounts::END),
        named("is there still its role", accounts::IS_ROLE),
        named("let it log in no more", &accounts::lock_out(user)),
        named("may the login do all", accounts::MAY_ALL),
        named("join its role", &accounts::join(user)),
        named("disconnect it", accounts::DISCONNECT),
    ]);
    out.extend(accounts::remove(user).iter().map(|sql| named("remove its role", sql)));
    out
}
