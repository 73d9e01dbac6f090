//! A record recognised again.
//!
//! A topic that is deleted and made anew has the same name and the same offsets. The protocol gives it another id, but
//! librdkafka does not tell it. So the last record that was read is remembered beside the position.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::error::KafkaError;

/// Offset and fingerprint of a record. As text `OFFSET-FINGERPRINT`, for a column beside the position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    pub offset: i64,
    print: u64,
}

impl Mark {
    pub(crate) fn of(offset: i64, timestamp: Option<i64>, bytes: &[u8]) -> Self {
        let mut hash = Sha256::new();
        hash.update(timestamp.unwrap_or(-1).to_be_bytes());
        hash.update(bytes);
        let hash = hash.finalize();
        Self { offset, print: u64::from_be_bytes(hash[..8].try_into().expect("it has 32 bytes")) }
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:016x}", self.offset, self.print)
    }
}

impl FromStr for Mark {
    type Err = KafkaError;

    fn from_str(text: &str) -> Result<Self, KafkaError> {
        let parsed = text.split_once('-').and_then(|(offset, print)| {
            Some(Self { offset: offset.parse().ok()?, print: u64::from_str_radix(print, 16).ok()? })
        });
        parsed.ok_or_else(|| KafkaError::Mark(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_survives_as_text_and_knows_time_and_bytes() {
        let mark = Mark::of(41, Some(1_700_000_000_000), b"{}");
        assert_eq!(mark.to_string().parse::<Mark>().unwrap(), mark);
        assert_ne!(Mark::of(41, Some(1_700_000_000_001), b"{}"), mark);
        assert_ne!(Mark::of(41, Some(1_700_000_000_000), b"[]"), mark);
        assert!("41".parse::<Mark>().is_err());
    }
}
