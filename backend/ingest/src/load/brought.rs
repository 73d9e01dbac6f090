//! The statements that a batch brings, to be kept with its load.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::batch::{Received, Retained};
use crate::event::{Decoded, Reason, Reject};
use crate::kept::Kept;

/// A statement of a batch that is to be kept.
#[derive(Debug, Clone)]
pub struct Brought {
    pub offset: i64,
    pub received_at: DateTime<Utc>,
    pub statement: Kept,
    /// The record, if it is one that is skipped.
    pub skipped: Option<Retained>,
}

/// Takes the statements out of a batch. A later one of the same id and other content is refused. One that is repeated is there as often
/// as it came: whatever becomes of the first becomes of each.
pub(crate) fn brought(records: &mut [Received]) -> Vec<Brought> {
    let mut out: Vec<Brought> = Vec::new();
    let mut first: HashMap<Uuid, usize> = HashMap::new();
    for record in records {
        let Some(statement) = record.statement.take() else { continue };
        let at = *first.entry(statement.id).or_insert(out.len());
        if out.get(at).is_some_and(|earlier| !earlier.statement.print.same(&statement.print)) {
            record.decoded = Decoded::Rejected(conflict());
            continue;
        }
        let skipped = matches!(record.decoded, Decoded::Skipped).then(|| record.kept.clone());
        out.push(Brought { offset: record.offset, received_at: record.received_at, statement, skipped });
    }
    out
}

pub(crate) fn conflict() -> Reject {
    Reject::new(Reason::Conflict, "another statement of the same id was accepted before; the first one counts")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::xapi::Fingerprint;

    #[test]
    fn a_repeated_statement_shares_the_fate_of_the_first_and_another_of_its_id_is_refused() {
        let received = |offset, digest: &str| Received {
            offset,
            received_at: DateTime::UNIX_EPOCH,
            decoded: Decoded::Skipped,
            kept: Retained::InSource,
            statement: Some(Kept {
                id: Uuid::from_u128(7),
                stored_at: DateTime::UNIX_EPOCH,
                print: Fingerprint { digest: digest.into(), at: None },
                sender: "lrs".into(),
                json: "{}".into(),
            }),
        };
        let mut records = [received(0, "one"), received(1, "one"), received(2, "another")];
        let brought = brought(&mut records);
        assert_eq!(brought.iter().map(|b| b.offset).collect::<Vec<_>>(), [0, 1]);
        assert!(brought.iter().all(|b| b.skipped.is_some()));
        assert!(matches!(&records[1].decoded, Decoded::Skipped));
        assert!(matches!(&records[2].decoded, Decoded::Rejected(reject) if reject.reason == Reason::Conflict));
    }
}
