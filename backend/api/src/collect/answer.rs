//! What the sender is told of its events.

use ingest::receive::Delivery;
use serde::Serialize;
use utoipa::ToSchema;

/// All of it is durable: none of it need be sent again.
#[derive(Debug, Serialize, ToSchema)]
pub struct Collected {
    /// Events that will be stored.
    accepted: usize,
    /// Events with the id of an earlier one in the request; one that was sent before is found when it is loaded.
    duplicate: usize,
    /// Events that are not as they should be. They are kept in the quarantine; sending them again as they are is of no use.
    rejected: Vec<Rejected>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Rejected {
    /// Place in the request, from 0.
    index: usize,
    /// One of the closed list of reasons.
    reason: &'static str,
    /// What is wrong with it, in words.
    detail: String,
}

impl From<&Delivery> for Collected {
    fn from(delivery: &Delivery) -> Self {
        let rejected = delivery.refused.iter().map(|(index, reject)| Rejected {
            index: *index,
            reason: reject.reason.as_str(),
            detail: reject.detail.clone(),
        });
        Self { accepted: delivery.accepted, duplicate: delivery.duplicate, rejected: rejected.collect() }
    }
}
