//! Rows that become a caller.

use access::{Caller, Organisation, Via};
use sqlx::FromRow;
use uuid::Uuid;

use crate::error::StoreError;

/// An active account with one membership, as selected below.
#[derive(Debug, FromRow)]
pub(crate) struct CallerRow {
    account_id: Uuid,
    email: String,
    account_name: String,
    role: String,
    organisation_id: Uuid,
    organisation_name: String,
    kind: String,
    subjects: Vec<i32>,
}

impl CallerRow {
    pub fn into_caller(self, via: Via) -> Result<Caller, StoreError> {
        Ok(Caller {
            account: self.account_id.to_string(),
            email: self.email,
            name: self.account_name,
            role: self.role.parse().map_err(StoreError::Corrupt)?,
            organisation: Organisation {
                id: self.organisation_id.to_string(),
                name: self.organisation_name,
                kind: self.kind.parse().map_err(StoreError::Corrupt)?,
                subjects: self.subjects,
            },
            via,
        })
    }
}
