//! What handlers work with.

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRef;
use chrono::{DateTime, Utc};
use engine::Engine;
use identity::Providers;
use ingest::enrich::Robots;
use mail::{Language, Letter, MailError, Mailer};
use store::{Sessions, Store};

use crate::attempts::Attempts;
use crate::connections::Connections;
use crate::limits::SessionLimits;
use crate::origin::TrustedProxies;
use crate::quotas::Quotas;

/// The time, as an argument.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// The parts, shared: every request has its own handle on them.
#[derive(Clone)]
pub struct ApiState(Arc<Parts>);

pub struct Parts {
    pub engine: Arc<Engine>,
    pub store: Store,
    pub sessions: Sessions,
    pub clock: Clock,
    /// What GraphQL's schema is may be asked.
    pub introspection: bool,
    /// Of live streams and WebSockets.
    pub connections: Connections,
    pub quotas: Arc<Quotas>,
    pub attempts: Attempts,
    pub limits: SessionLimits,
    pub proxies: TrustedProxies,
    /// Where people may sign in elsewhere.
    pub providers: Providers,
    pub mailer: Mailer,
    /// Who counts as a robot, for what is tried again.
    pub robots: Arc<Robots>,
    /// Where people reach this installation, such as `https://octavo.example`; links in letters begin with it.
    pub public_url: String,
    /// Where pages reach the collector.
    pub collector_url: String,
    /// Whom to tell of a weakness: a `mailto:` or `https:` address; empty for nobody.
    pub security_contact: String,
}

impl FromRef<ApiState> for TrustedProxies {
    fn from_ref(state: &ApiState) -> Self {
        state.proxies
    }
}

impl Deref for ApiState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl From<Parts> for ApiState {
    fn from(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl ApiState {
    pub fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// A link of a letter. What is secret stands behind the `#`, which no browser sends to a server.
    pub fn link(&self, page: &str, token: &str) -> String {
        format!("{}/{page}#{token}", self.public_url.trim_end_matches('/'))
    }

    /// Sends a letter and waits for it to be taken.
    pub async fn send(&self, to: &str, language: &str, letter: &Letter) -> Result<(), MailError> {
        self.mailer.send(to, Language::of(language), letter, self.now()).await
    }

    /// Sends a letter that nobody waits for. That it could not be sent is in the log.
    pub fn post(&self, to: String, language: String, letter: Letter) {
        let state = self.clone();
        tokio::spawn(async move { state.send(&to, &language, &letter).await });
    }

    /// Hears of changes of callers and of sessions that other processes make, for ever: see [`Store::listen`].
    pub async fn listen(self) {
        tokio::join!(self.store.clone().listen(), self.sessions.clone().listen());
    }

    /// Whether changes are heard of, so that callers and sessions that were looked up are kept.
    pub fn is_listening(&self) -> bool {
        self.store.is_listening() && self.sessions.is_listening()
    }
}
