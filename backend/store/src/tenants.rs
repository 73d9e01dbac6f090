//! The organisations as the second wall sees them: whose they are and about what, at this moment.

use access::OrganisationKind;
use sqlx::FromRow;
use uuid::Uuid;

use crate::Store;
use crate::error::StoreError;

/// An organisation with what it and those of its family below it are about: the warehouse's numbers of schools, publishers or regions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    pub id: Uuid,
    pub name: String,
    pub kind: OrganisationKind,
    pub subjects: Vec<i32>,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    name: String,
    kind: String,
    subjects: Vec<i32>,
}

impl Store {
    /// Every organisation that there is now, by name.
    pub async fn tenants(&self) -> Result<Vec<Tenant>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT o.id, o.name, o.kind, r.subjects FROM app.organisation AS o
                 CROSS JOIN LATERAL app.organisation_rows(o.id, now()) AS r
                 WHERE coalesce(o.valid_from <= now(), true) AND coalesce(o.valid_until > now(), true)
                 ORDER BY o.name, o.kind",
        )
        .fetch_all(&self.pool)
        .await?;
        let tenant = |row: Row| {
            let kind = row.kind.parse().map_err(StoreError::Corrupt)?;
            Ok(Tenant { id: row.id, name: row.name, kind, subjects: row.subjects })
        };
        rows.into_iter().map(tenant).collect()
    }
}
