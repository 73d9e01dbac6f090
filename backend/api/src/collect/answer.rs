//! What the sender is told of its events.

use ingest::Reject;
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

/// The same of an envelope.
#[derive(Debug, Serialize, ToSchema)]
pub struct CollectedEnvelope {
    /// Events that will be stored.
    accepted: usize,
    /// Events with the id of an earlier one in the envelope; one that was sent before is found when it is loaded.
    duplicate: usize,
    /// Events that Octavo leaves out by rule, and descriptions of entities.
    skipped: usize,
    /// Items that Octavo cannot count. They are kept in the quarantine; sending them again as they are is of no use.
    rejected: Vec<Rejected>,
}

impl From<&Delivery> for Collected {
    fn from(delivery: &Delivery) -> Self {
        Self { accepted: delivery.accepted, duplicate: delivery.duplicate, rejected: rejected(delivery) }
    }
}

impl From<&Delivery> for CollectedEnvelope {
    fn from(delivery: &Delivery) -> Self {
        let Delivery { accepted, duplicate, skipped, .. } = *delivery;
        Self { accepted, duplicate, skipped, rejected: rejected(delivery) }
    }
}

fn rejected(delivery: &Delivery) -> Vec<Rejected> {
    let one = |(index, reject): &(usize, Reject)| Rejected {
        index: *index,
        reason: reject.reason.as_str(),
        detail: reject.detail.clone(),
    };
    delivery.refused.iter().map(one).collect()
}
