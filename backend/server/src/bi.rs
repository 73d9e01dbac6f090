//! BI accounts see what a member of their organisation sees: the rows come from the same policy, and follow it.

use std::time::Duration;

use access::{Caller, Family, Lens, Role, Rows, Sites, scope_of};
use chrono::Utc;
use serde_json::json;
use store::{Audited, Entry, Store, Tenant};
use wall::{Account, Own, Recorder, Unrecorded};

/// Between two looks whether an organisation is about something else, or is gone.
const EVERY: Duration = Duration::from_secs(60);

/// The rows of an organisation's BI accounts; `None` where it may have none, for its members see protected numbers only.
pub fn own(tenant: &Tenant) -> Option<Own> {
    let role = match tenant.kind.family() {
        Family::Owner => Role::Owner,
        Family::School => Role::SchoolAdmin,
        Family::Publisher => Role::Publisher,
        Family::Authority => Role::Official,
    };
    let scope = scope_of(&Caller::program(role, tenant.subjects.clone()));
    let rows = match (scope.lens(), scope.sites(), scope.rows()) {
        (Lens::Exact, Sites::All, Rows::All) => wall::Rows::All,
        (Lens::Exact, Sites::All, Rows::Schools(ids)) => wall::Rows::Schools(ids.iter().copied().collect()),
        (Lens::Exact, Sites::All, Rows::Publishers(ids)) => wall::Rows::Publishers(ids.iter().copied().collect()),
        // The policies know neither a part of the sites nor protected numbers: nothing, rather than too much.
        _ => return None,
    };
    Some(Own { organisation_id: tenant.id, organisation: tenant.name.clone(), rows })
}

/// Gives every BI account the rows that its organisation has now.
pub async fn follow(store: &Store, warehouse_url: &str) -> anyhow::Result<usize> {
    let owns: Vec<Own> = store.tenants().await?.iter().filter_map(own).collect();
    let mut client = wall::connect(warehouse_url).await?;
    Ok(wall::accounts::follow(&mut client, &owns, Utc::now(), &Record(store)).await?)
}

/// The record of what was done, in the application's database: of the program, and of the organisation whose rows they are.
pub struct Record<'a>(pub &'a Store);

impl Record<'_> {
    async fn write(&self, what: Audited, account: &Account) -> Result<(), Unrecorded> {
        let Account { user, name, own, ended_at, .. } = account;
        let detail =
            json!({ "name": name, "organisation": own.organisation, "rows": own.rows.as_str(), "until": ended_at });
        let entry = Entry::of(what, user).in_organisation(own.organisation_id).with(detail);
        Ok(self.0.audit().record(None, entry).await?)
    }
}

impl Recorder for Record<'_> {
    async fn made(&self, account: &Account) -> Result<(), Unrecorded> {
        self.write(Audited::BiAccountMade, account).await
    }

    async fn ended(&self, account: &Account) -> Result<(), Unrecorded> {
        self.write(Audited::BiAccountEnded, account).await
    }
}

/// The same again and again, for ever.
pub async fn keep_following(store: Store, warehouse_url: String) {
    loop {
        tokio::time::sleep(EVERY).await;
        match follow(&store, &warehouse_url).await {
            Ok(0) => {}
            Ok(changed) => tracing::info!(changed, "BI accounts follow their organisations"),
            Err(error) => tracing::error!(%error, "BI accounts could not follow their organisations; trying again"),
        }
    }
}

#[cfg(test)]
mod tests {
    use access::OrganisationKind;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn an_authority_has_no_rows_and_a_school_its_own() {
        let tenant = |kind| Tenant { id: Uuid::nil(), name: "O".into(), kind, subjects: vec![3, 7] };
        let rows = |kind| own(&tenant(kind)).map(|own| own.rows);
        assert_eq!(rows(OrganisationKind::Ministry), None);
        assert_eq!(rows(OrganisationKind::PublisherGroup), rows(OrganisationKind::Publisher));
        assert_eq!(rows(OrganisationKind::Owner), Some(wall::Rows::All));
        assert_eq!(rows(OrganisationKind::School), Some(wall::Rows::Schools(vec![3, 7])));
        assert_eq!(rows(OrganisationKind::Publisher), Some(wall::Rows::Publishers(vec![3, 7])));
    }
}
