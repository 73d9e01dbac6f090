//! Randomness that is the same on every machine.

use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What a sequence of throws is for; different purposes never share one.
#[derive(Debug, Clone, Copy)]
pub enum Stream {
    Books = 1,
    Schools,
    Day,
    Trickle,
    Online,
}

/// What a hash is for.
#[derive(Debug, Clone, Copy)]
pub enum Salt {
    Leaving = 101,
    ClassBook,
    Teacher,
    Device,
    Weather,
    Bell,
}

/// A sequence of throws. Own sampling instead of the crate's, whose algorithms may change between versions.
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The sequence number `number` of a stream of a site.
    pub fn new(seed: u64, stream: Stream, site: usize, number: i64) -> Dice {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&(stream as u64).to_le_bytes());
        key[16..24].copy_from_slice(&(site as u64).to_le_bytes());
        key[24..].copy_from_slice(&number.to_le_bytes());
        Dice(ChaCha8Rng::from_seed(key))
    }

    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    pub fn bits32(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// 0 to `n` - 1; 0 if `n` is 0.
    pub fn below(&mut self, n: u32) -> u32 {
        ((u64::from(self.0.next_u32()) * u64::from(n)) >> 32) as u32
    }

    /// `low` to `high`, both included.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high - low + 1)
    }

    pub fn chance(&mut self, permille: u32) -> bool {
        self.below(1000) < permille
    }

    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u32) as usize]
    }

    /// An index of `weights`, drawn by weight.
    pub fn index(&mut self, weights: &[u32]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (i, &weight) in weights.iter().enumerate() {
            if left < weight {
                return i;
            }
            left -= weight;
        }
        0
    }

    /// Thousandths rounded to a whole number up or down at random, so that the mean is kept.
    pub fn round(&mut self, milli: u64) -> u64 {
        milli / 1000 + u64::from(u64::from(self.below(1000)) < milli % 1000)
    }

    /// A log-normal number with this median and this standard deviation of its logarithm.
    pub fn lognormal(&mut self, median: f64, sigma: f64) -> f64 {
        // The sum of four uniform numbers is near enough to normal: mean 2, variance 1/3. 3 is the cut of both tails.
        let bits = self.0.next_u64();
        let sum: u64 = (0..4).map(|i| (bits >> (16 * i)) & 0xffff).sum();
        let z = (sum as f64 / 65536.0 - 2.0) * 3f64.sqrt();
        median * exp(sigma * z)
    }
}

/// e^x for small x, from operations that IEEE 754 fixes to the last bit, unlike a platform's own `exp`.
fn exp(x: f64) -> f64 {
    let mut power = 1.0 + x / 1024.0;
    for _ in 0..10 {
        power *= power;
    }
    power
}

/// A hash of numbers (splitmix64 of each in turn), for properties that a thing always has.
pub fn mix(salt: Salt, parts: &[u64]) -> u64 {
    let mut hash = salt as u64;
    for part in parts {
        let mut z = (hash ^ part).wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        hash = z ^ (z >> 31);
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lognormal_has_its_median_and_a_long_tail() {
        let mut dice = Dice::new(1, Stream::Books, 0, 0);
        let mut all: Vec<f64> = (0..20_000).map(|_| dice.lognormal(40.0, 0.9)).collect();
        all.sort_by(f64::total_cmp);
        assert!((38.0..42.0).contains(&all[10_000]), "{}", all[10_000]);
        assert!(all[19_000] > 140.0, "{}", all[19_000]);
    }

    #[test]
    fn rounding_keeps_the_mean() {
        let mut dice = Dice::new(1, Stream::Books, 0, 0);
        let sum: u64 = (0..10_000).map(|_| dice.round(1300)).sum();
        assert!((12_800..13_200).contains(&sum), "{sum}");
    }

    #[test]
    fn streams_differ() {
        let first = |stream| Dice::new(1, stream, 0, 0).bits();
        assert_ne!(first(Stream::Day), first(Stream::Trickle));
        assert_eq!(first(Stream::Day), first(Stream::Day));
    }
}
