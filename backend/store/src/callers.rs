//! Callers, as they are looked up, and those that were looked up lately.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use access::{Caller, Organisation, Via};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::error::StoreError;
use crate::memory::Memory;

/// Callers that were looked up lately, as long as every change of one is heard of (see [`crate::listen`]).
#[derive(Debug)]
pub(crate) struct Callers {
    pub by_account: Memory<Uuid, Arc<Caller>>,
    /// By the SHA-256 of the key.
    pub by_key: Memory<[u8; 32], Arc<KeyCaller>>,
}

impl Callers {
    pub fn new() -> Self {
        Self { by_account: Memory::new(), by_key: Memory::new() }
    }

    pub fn forget_all(&self) {
        self.by_account.forget_all();
        self.by_key.forget_all();
    }

    pub fn prove(&self, at: Instant) {
        self.by_account.prove(at);
        self.by_key.prove(at);
    }

    pub fn distrust(&self) {
        self.by_account.distrust();
        self.by_key.distrust();
    }
}

/// The caller behind a key that was not revoked.
#[derive(Debug)]
pub(crate) struct KeyCaller {
    pub id: Uuid,
    pub caller: Arc<Caller>,
    pub expires_at: Option<DateTime<Utc>>,
    /// Seconds since 1970 of its last noted use; 0 before the first.
    noted: AtomicI64,
}

impl KeyCaller {
    pub fn new(
        id: Uuid,
        caller: Arc<Caller>,
        expires_at: Option<DateTime<Utc>>,
        last_used_at: Option<DateTime<Utc>>,
    ) -> Self {
        Self { id, caller, expires_at, noted: AtomicI64::new(last_used_at.map_or(0, |at| at.timestamp())) }
    }

    /// Whether a use now is to be noted: once a minute, by one of those who use it at the same time.
    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        let noted = self.noted.load(Ordering::Relaxed);
        let now = now.timestamp();
        now - noted >= TimeDelta::minutes(1).num_seconds()
            && self.noted.compare_exchange(noted, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

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
