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

    /// Calls `with` for each part of the stored set, in ascending order, without making a bitmap of it.
    pub fn each<'a>(bytes: &'a [u8], mut with: impl FnMut(Part<'a>)) -> Result<(), DamagedSet> {
        match bytes.split_first() {
            None => Ok(()),
            Some((&ROARING, rest)) => each_container(rest, &mut with),
            Some((&DELTAS, rest)) => each_delta(rest, &mut |member| with(Part::One(member))),
            Some(_) => Err(DamagedSet("unknown form")),
        }
    }

    pub fn decode(bytes: &[u8]) -> Result<RoaringBitmap, DamagedSet> {
        let mut set = RoaringBitmap::new();
        Self::unite(bytes, &mut set)?;
        Ok(set)
    }
}

/// A part of a stored set.
pub enum Part<'a> {
    One(u32),
    /// Upper half of the members, and their lower halves.
    Array(u16, &'a [[u8; 2]]),
    /// Upper half of the members, and a bit for each of 65,536 lower halves.
    Bits(u16, &'a [[u8; 8]]),
}

/// Reads the portable Roaring format as this crate writes it: without run containers.
fn each_container<'a>(bytes: &'a [u8], with: &mut impl FnMut(Part<'a>)) -> Result<(), DamagedSet> {
    const NO_RUNS: u32 = 12346;
    const LARGEST_ARRAY: usize = 4096;
    const DAMAGED: DamagedSet = DamagedSet("not a Roaring bitmap");
    let (cookie, rest) = bytes.split_first_chunk().ok_or(DAMAGED)?;
    if u32::from_le_bytes(*cookie) != NO_RUNS {
        return Err(DAMAGED);
    }
    let (count, rest) = rest.split_first_chunk().ok_or(DAMAGED)?;
    let count = u32::from_le_bytes(*count) as usize;
    let (heads, rest) = rest.split_at_checked(count * 4).ok_or(DAMAGED)?;
    let (_offsets, mut rest) = rest.split_at_checked(count * 4).ok_or(DAMAGED)?;
    for head in heads.as_chunks::<4>().0 {
        let (key, size) =
            (u16::from_le_bytes([head[0], head[1]]), 1 + usize::from(u16::from_le_bytes([head[2], head[3]])));
        let length = if size > LARGEST_ARRAY { 8192 } else { size * 2 };
        let (container, after) = rest.split_at_checked(length).ok_or(DAMAGED)?;
        rest = after;
        with(match size {
            0..=LARGEST_ARRAY => Part::Array(key, container.as_chunks().0),
            _ => Part::Bits(key, container.as_chunks().0),
        });
    }
    Ok(())
}

fn unite_deltas(bytes: &[u8], into: &mut RoaringBitmap) -> Result<(), DamagedSet> {
    each_delta(bytes, &mut |member| {
        into.insert(member);
    })
}

fn each_delta(bytes: &[u8], with: &mut impl FnMut(u32)) -> Result<(), DamagedSet> {
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
        with(member);
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
