//! A union of sets of persons in the making. Uniting bitmaps one after another copies what was united before with each of
//! thousands of small sets; here a member costs the same wherever it comes in.

use model::PersonSet;
use model::person_set::{DamagedSet, Part};

/// Members as they come while they are few, then a bit for each number: persons are numbered densely.
#[derive(Debug, Clone, Default)]
pub struct Persons {
    few: Vec<u32>,
    /// In whole containers.
    many: Vec<u64>,
    /// The largest member of `few`.
    largest: u32,
}

/// Words of the bits of one upper half.
const CONTAINER: usize = 1024;

impl Persons {
    pub fn add(&mut self, member: u32) {
        if self.many.is_empty() {
            self.few.push(member);
            self.largest = self.largest.max(member);
            self.spread_if_many();
        } else {
            set(self.container((member >> 16) as u16), member as u16);
        }
    }

    /// Unites a set in its stored form.
    pub fn unite(&mut self, stored: &[u8]) -> Result<(), DamagedSet> {
        PersonSet::each(stored, |part| match part {
            Part::One(member) => self.add(member),
            Part::Array(upper, members) => self.unite_array(upper, members),
            Part::Bits(upper, words) => {
                self.spread();
                let own = self.container(upper);
                own.iter_mut().zip(words).for_each(|(own, word)| *own |= u64::from_le_bytes(*word));
            }
        })
    }

    fn unite_array(&mut self, upper: u16, members: &[[u8; 2]]) {
        if self.many.is_empty() {
            let member = |lower: &[u8; 2]| u32::from(upper) << 16 | u32::from(u16::from_le_bytes(*lower));
            self.few.extend(members.iter().map(member));
            self.largest = self.largest.max(members.last().map_or(0, member));
            self.spread_if_many();
        } else {
            let own = self.container(upper);
            members.iter().for_each(|lower| set(own, u16::from_le_bytes(*lower)));
        }
    }

    pub fn unite_other(&mut self, other: &Persons) {
        if other.many.is_empty() {
            other.few.iter().for_each(|member| self.add(*member));
            return;
        }
        self.spread();
        if self.many.len() < other.many.len() {
            self.many.resize(other.many.len(), 0);
        }
        self.many.iter_mut().zip(&other.many).for_each(|(own, other)| *own |= other);
    }

    pub fn is_empty(&self) -> bool {
        self.few.is_empty() && self.many.is_empty()
    }

    /// How many different members there are.
    pub fn len(&self) -> u64 {
        if self.many.is_empty() {
            let mut all = self.few.clone();
            all.sort_unstable();
            all.dedup();
            return all.len() as u64;
        }
        self.many.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// As soon as the bits take no more room than the numbers.
    fn spread_if_many(&mut self) {
        if self.few.len() > ((self.largest >> 16) as usize + 1) * CONTAINER * 2 {
            self.spread();
        }
    }

    fn spread(&mut self) {
        self.container((self.largest >> 16) as u16);
        for member in std::mem::take(&mut self.few) {
            set(self.container((member >> 16) as u16), member as u16);
        }
    }

    /// The bits of one upper half.
    fn container(&mut self, upper: u16) -> &mut [u64; CONTAINER] {
        let from = usize::from(upper) * CONTAINER;
        if self.many.len() < from + CONTAINER {
            self.many.resize(from + CONTAINER, 0);
        }
        self.many[from..].first_chunk_mut().expect("it is there")
    }
}

fn set(bits: &mut [u64; CONTAINER], lower: u16) {
    bits[usize::from(lower >> 6)] |= 1 << (lower & 63);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use roaring::RoaringBitmap;

    /// Sets as they occur: a handful, some thousands, most of a site.
    fn sets() -> impl Strategy<Value = Vec<RoaringBitmap>> {
        let size = prop_oneof![0usize..40, 40usize..3_000, 3_000usize..12_000];
        let set = (size, 1u32..300_000, any::<u64>()).prop_map(|(size, largest, seed)| {
            let step = |i: u64| (seed.wrapping_mul(i + 1).wrapping_add(i * i * 2_654_435_761) >> 7) as u32 % largest;
            (0..size as u64).map(step).collect()
        });
        proptest::collection::vec(set, 0..8)
    }

    proptest! {
        #[test]
        fn what_is_united_is_what_bitmaps_unite(sets in sets(), ones in proptest::collection::vec(0u32..200_000, 0..50)) {
            let mut expected = RoaringBitmap::new();
            let (mut all, mut rest) = (Persons::default(), Persons::default());
            for (i, set) in sets.iter().enumerate() {
                expected |= set;
                // Half of them on their own first, as groups are before they are a total.
                let into = if i % 2 == 0 { &mut all } else { &mut rest };
                into.unite(&PersonSet::encode(set)).unwrap();
            }
            for one in ones {
                expected.insert(one);
                all.add(one);
            }
            all.unite_other(&rest);
            prop_assert_eq!(all.len(), expected.len());
            prop_assert_eq!(all.is_empty(), expected.is_empty());
        }

        #[test]
        fn a_damaged_set_is_an_error_and_never_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            // A set with a member this large would only take memory here.
            let _ = PersonSet::each(&bytes, |_| {});
        }
    }

    #[test]
    fn a_cut_bitmap_is_an_error() {
        let stored = PersonSet::encode(&(0..5_000).collect());
        assert!(Persons::default().unite(&stored[..stored.len() - 1]).is_err());
    }
}
