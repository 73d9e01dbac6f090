//! The demo's money: the pools of the last months that are over, entered as the owner would.

use access::Role;
use anyhow::Context;
use api::ApiState;
use api::origin::Origin;
use api::settle::close_month;
use chrono::Months;
use model::Grain;

use super::accounts::SignIns;

/// Months that have their statements.
const MONTHS: u32 = 3;

pub async fn enter_pools(state: &ApiState, sign_ins: &SignIns) -> anyhow::Result<()> {
    let owner = sign_ins.accounts.iter().find(|a| a.role == Role::Owner.as_str()).context("the demo has no owner")?;
    let accounts = state.store.accounts();
    let account = accounts.find_account(&owner.email).await?.context("the demo has no owner")?;
    let owner = accounts.caller_by_account(account, state.now()).await?.context("the demo's owner has no role")?;
    let there = state.store.pools().list().await?;
    let snapshot = state.engine.snapshot();
    for site in snapshot.directory.sites.values() {
        // Net, in minor units: about what such a platform takes in a month.
        let Some(amount) = (match site.code.as_str() {
            "ee" => Some(12_500_000),
            "fi" => Some(21_000_000),
            "lt" => Some(9_800_000),
            "kz" => Some(4_250_000_000),
            "ke" => Some(655_000_000),
            _ => None,
        }) else {
            continue;
        };
        for back in 1..=MONTHS {
            let month = Grain::Month.start(site.day(state.now())) - Months::new(back);
            if there.iter().any(|p| p.site == site.code && p.month == month) {
                continue;
            }
            close_month(state, &owner, &Origin::default(), (site, month), amount)
                .await
                .map_err(|p| anyhow::anyhow!("the pool of {} {month} could not be entered: {}", site.code, p.detail))?;
        }
    }
    Ok(())
}
