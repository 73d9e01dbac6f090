//! Callers, as they are looked up, and those that were looked up lately.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use access::{Caller, Organisation, Via};
use chrono::{DateTime, TimeDelta, Utc};
use ipnet::IpNet;
use sqlx::FromRow;
use uuid::Uuid;

use crate::error::StoreError;
use crate::memory::Memory;
use crate::sign_ins::SignedIn;

/// A sign-in, and the slug of the organisation it is used for; without one it is the account's first.
pub(crate) type SessionUse = (Uuid, Option<Arc<str>>);

/// Callers that were looked up lately, as long as every change of one is heard of (see [`crate::listen`]).
#[derive(Debug)]
pub(crate) struct Callers {
    pub by_session: Memory<SessionUse, Arc<SignedIn>>,
    /// By the SHA-256 of the key.
    pub by_key: Memory<[u8; 32], Arc<KeyCaller>>,
}

impl Callers {
    pub fn new() -> Self {
        Self { by_session: Memory::new(), by_key: Memory::new() }
    }

    pub fn forget_all(&self) {
        self.by_session.forget_all();
        self.by_key.forget_all();
    }

    pub fn prove(&self, at: Instant) {
        self.by_session.prove(at);
        self.by_key.prove(at);
    }

    pub fn distrust(&self) {
        self.by_session.distrust();
        self.by_key.distrust();
    }
}

/// The caller behind a key that was not revoked.
#[derive(Debug)]
pub(crate) struct KeyCaller {
    pub id: Uuid,
    pub caller: Arc<Caller>,
    /// From when on it has to be looked up anew: it expires, or the organisation's or the membership's time does.
    pub changes_at: Option<DateTime<Utc>>,
    /// Where it may be used from; anywhere when there are none.
    pub networks: Vec<IpNet>,
    /// Seconds since 1970 of its last noted use; 0 before the first.
    noted: AtomicI64,
}

impl KeyCaller {
    pub fn new(
        id: Uuid,
        caller: Arc<Caller>,
        changes_at: Option<DateTime<Utc>>,
        networks: Vec<IpNet>,
        last_used_at: Option<DateTime<Utc>>,
    ) -> Self {
        let noted = AtomicI64::new(last_used_at.map_or(0, |at| at.timestamp()));
        Self { id, caller, changes_at, networks, noted }
    }

    /// Whether it may be used from there. A key for some networks is worth nothing where it is not known who asks.
    pub fn may_come_from(&self, from: Option<IpAddr>) -> bool {
        self.networks.is_empty()
            || from.is_some_and(|from| self.networks.iter().any(|network| network.contains(&from.to_canonical())))
    }

    /// Whether a use now is to be noted: once a minute, by one of those who use it at the same time.
    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        let noted = self.noted.load(Ordering::Relaxed);
        let now = now.timestamp();
        now - noted >= TimeDelta::minutes(1).num_seconds()
            && self.noted.compare_exchange(noted, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

/// A row of `app.callers_at` with the rows of its organisation.
#[derive(Debug, FromRow)]
pub(crate) struct CallerRow {
    account_id: Uuid,
    email: String,
    account_name: String,
    role: String,
    subset: Option<Vec<i32>>,
    organisation_id: Uuid,
    slug: String,
    organisation_name: String,
    kind: String,
    requires_two_factor: bool,
    subjects: Vec<i32>,
    pub changes_at: Option<DateTime<Utc>>,
}

impl CallerRow {
    /// `second_factor` is whether one was shown, or none is needed for this way of calling.
    pub fn into_caller(self, via: Via, second_factor: bool) -> Result<Caller, StoreError> {
        let needed = self.requires_two_factor && matches!(via, Via::Session { .. });
        Ok(Caller {
            account: self.account_id.to_string(),
            email: self.email,
            name: self.account_name,
            role: self.role.parse().map_err(StoreError::Corrupt)?,
            organisation: Organisation {
                id: self.organisation_id.to_string(),
                slug: self.slug,
                name: self.organisation_name,
                kind: self.kind.parse().map_err(StoreError::Corrupt)?,
                subjects: self.subjects,
            },
            subset: self.subset,
            second_factor_missing: needed && !second_factor,
            via,
        })
    }
}
