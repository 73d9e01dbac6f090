//! Sets of `person_no` as they are stored: small ones as deltas, large ones as Roaring bitmaps.
//!
//! First byte 0: LEB128 numbers, the first absolute, the following the distance to the one before (ascending).
//! First byte 1: a bitmap in the portable Roaring format (RoaringFormatSpec). Most sets of a school's day hold a
//! handful of persons, where Roaring's header alone would outweigh the members.

use roaring::RoaringBitmap;
use thiserror::Error;

/// Sets of up to this many members are stored as deltas.
const SMALL: u64 = 32;
const DELTAS: u8 = 0;
const ROARING: u8 = 1;

#[derive(Debug, Error, PartialEq, Eq)]
#[error("a stored set of persons is damaged: {0}")]
pub struct DamagedSet(&'static str);

/// Reads and writes stored sets.
pub struct PersonSet;

impl PersonSet {
    /// The stored form; empty for the empty set.
    pub fn encode(set: &RoaringBitmap) -> Vec<u8> {
        if set.is_empty() {
            return Vec::new();
        }
        if set.len() > SMALL {
            let mut out = Vec::with_capacity(1 + set.serialized_size());
            out.push(ROARING);
            set.serialize_into(&mut out).expect("writing to memory cannot fail");
            return out;
        }
        let mut out = Vec::with_capacity(1 + set.len() as usize * 3);
        out.push(DELTAS);
        let mut last = 0;
        for member in set {
            let mut delta = member - last;
            while delta >= 0x80 {
                out.push((delta as u8) | 0x80);
                delta >>= 7;
            }
            out.push(delta as u8);
            last = member;
        }
        out
    }

    /// Unites the stored set into `into`.
    pub fn unite(bytes: &[u8], into: &mut RoaringBitmap) -> Result<(), DamagedSet> {
        match bytes.split_first() {
            None => Ok(()),
            Some((&ROARING, rest)) => {
                let other = RoaringBitmap::deserialize_from(rest).map_err(|_| DamagedSet("not a Roaring bitmap"))?;
                *into |= other;
                Ok(())
            }
            Some((&DELTAS, rest)) => unite_deltas(rest, into),
            Some(_) => Err(DamagedSet("unknown form")),
        }
    }

    pub fn decode(bytes: &[u8]) -> Result<RoaringBitmap, DamagedSet> {
        let mut set = RoaringBitmap::new();
        Self::unite(bytes, &mut set)?;
        Ok(set)
    }
}

fn unite_deltas(bytes: &[u8], into: &mut RoaringBitmap) -> Result<(), DamagedSet> {
    let (mut member, mut delta, mut shift) = (0u32, 0u64, 0);
    for &byte in bytes {
        delta |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 != 0 {
            shift += 7;
            if shift > 28 {
                return Err(DamagedSet("a number of more than 32 bits"));
            }
            continue;
        }
        let step = u32::try_from(delta).map_err(|_| DamagedSet("a number of more than 32 bits"))?;
        member = member.checked_add(step).ok_or(DamagedSet("a number of more than 32 bits"))?;
        into.insert(member);
        (delta, shift) = (0, 0);
    }
    if shift != 0 { Err(DamagedSet("cut in the middle of a number")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(members in proptest::collection::btree_set(any::<u32>(), 0..100)) {
            let set: RoaringBitmap = members.iter().copied().collect();
            prop_assert_eq!(PersonSet::decode(&PersonSet::encode(&set)).unwrap(), set);
        }

        #[test]
        fn rubbish_is_an_error_or_a_set_but_never_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = PersonSet::decode(&bytes);
        }
    }

    #[test]
    fn a_handful_of_members_costs_a_few_bytes() {
        let set: RoaringBitmap = [70_000, 70_001, 70_010].into_iter().collect();
        assert_eq!(PersonSet::encode(&set).len(), 6);
    }

    #[test]
    fn a_cut_set_is_an_error() {
        let bytes = PersonSet::encode(&[70_000].into_iter().collect());
        assert!(PersonSet::decode(&bytes[..bytes.len() - 1]).is_err());
    }
}
