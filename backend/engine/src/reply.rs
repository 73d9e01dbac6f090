//! Replies: the stored answer with what moves without the numbers moving, freshness, before it.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;

use crate::answer::{Answer, Freshness};
use crate::explain::Explanation;
use crate::snapshot::Snapshot;

/// An answer, ready to send.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The answer as JSON.
    pub json: Bytes,
    /// Differs whenever the numbers, the question or the scope do.
    pub etag: String,
    pub hit: bool,
}

impl Reply {
    /// The same with the explanation before it.
    pub fn with_explanation(mut self, explanation: &Explanation) -> Self {
        let head = serde_json::json!({ "explanation": explanation }).to_string();
        self.json = spliced(&head, &self.json);
        self
    }

    pub fn answer(&self) -> Result<Answer, serde_json::Error> {
        serde_json::from_slice(&self.json)
    }
}

/// The freshness of these sites, worst of them first of all, as the head of an answer.
pub fn freshness(sites: &BTreeSet<i16>, snapshot: &Snapshot) -> String {
    let mut freshness = BTreeMap::new();
    for site in sites {
        let (Some(site), Some(state)) = (snapshot.directory.sites.get(site), snapshot.sites.get(site)) else {
            continue;
        };
        let Some(refreshed_at) = state.refreshed_at else { continue };
        let fresh =
            Freshness { refreshed_at: Some(refreshed_at), last_event_at: state.last_event_at, pending: state.pending };
        freshness.insert(site.code.clone(), fresh);
    }
    let as_of = freshness.values().filter_map(|f| f.refreshed_at).min();
    serde_json::json!({ "as_of": as_of, "freshness": freshness }).to_string()
}

/// The fields of two JSON objects as one object.
pub fn spliced(head: &str, body: &Bytes) -> Bytes {
    let mut out = Vec::with_capacity(head.len() + body.len());
    out.extend_from_slice(&head.as_bytes()[..head.len() - 1]);
    out.push(b',');
    out.extend_from_slice(&body[1..]);
    out.into()
}
