//! The split of a pool over usage: pro rata, by largest remainder (Hare quota), exact to the minor unit.

use std::cmp::Reverse;

use thiserror::Error;

/// The most units, in thousandths and over all lines, that one split takes. It bounds pool × units below 2^126, so that
/// `u128` holds every product exactly; at weight 1 these are nine quadrillion views.
pub const MAX_UNITS_MILLI: i64 = i64::MAX;

/// The usage of one book of one publisher within the period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// (publisher_id, book_id): unique within a split, and the last word when two lines tie.
    pub key: (i32, i32),
    /// The publisher's code.
    pub publisher: String,
    /// The book's code.
    pub book: String,
    pub views: u64,
    /// What one view counts, in thousandths: 1000 is one unit.
    pub weight_milli: u32,
}

/// A share with what it is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocation {
    pub share: Share,
    /// views × weight, in thousandths of a unit.
    pub units_milli: i64,
    /// Money in minor units.
    pub amount_minor: i64,
}

/// Why a pool cannot be split.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SplitError {
    #[error("the pool is negative: {0}")]
    NegativePool(i64),
    #[error("nothing was used in the period, so there is nothing to split by")]
    NoUsage,
    #[error("book {book} of publisher {publisher} is there twice")]
    DuplicateLine { publisher: i32, book: i32 },
    #[error("the usage is too large to split exactly")]
    TooLarge,
}

/// Splits `pool_minor` (minor units) over `lines` in proportion to views × weight. The result is sorted by key, has one
/// allocation per line, and sums to the pool exactly.
///
/// Each line first gets its exact share rounded down; the minor units that are left go one each to the lines with the
/// largest remainders, on a tie to the smaller key. So every line is less than one minor unit away from its exact share;
/// a line with more units than another never gets less; and a line whose units grow while the others' stay never loses.
/// (When several lines change at once, one that grew can lose a minor unit: that is true of every largest-remainder split.)
///
/// # Errors
/// [`SplitError`]: a negative pool, no units at all, a key that is there twice, or more than [`MAX_UNITS_MILLI`].
pub fn split(pool_minor: i64, lines: &[Share]) -> Result<Vec<Allocation>, SplitError> {
    let pool = u128::try_from(pool_minor).map_err(|_| SplitError::NegativePool(pool_minor))?;
    let mut sorted = lines.to_vec();
    sorted.sort_by_key(|line| line.key);
    if let Some(pair) = sorted.windows(2).find(|pair| pair[0].key == pair[1].key) {
        let (publisher, book) = pair[0].key;
        return Err(SplitError::DuplicateLine { publisher, book });
    }
    // u64 × u32 is below 2^96, so the sum of any number of lines that fits in memory is below 2^128.
    let units: Vec<u128> = sorted.iter().map(|line| u128::from(line.views) * u128::from(line.weight_milli)).collect();
    let total: u128 = units.iter().sum();
    match total {
        0 => return Err(SplitError::NoUsage),
        t if t > MAX_UNITS_MILLI as u128 => return Err(SplitError::TooLarge),
        _ => {}
    }

    let mut amounts: Vec<u128> = units.iter().map(|u| pool * u / total).collect();
    let left = usize::try_from(pool - amounts.iter().sum::<u128>()).map_err(|_| SplitError::TooLarge)?;
    // Positions are in the order of the keys, so the position breaks ties as the key would.
    let mut by_remainder: Vec<usize> = (0..units.len()).collect();
    by_remainder.sort_by_key(|&i| (Reverse(pool * units[i] % total), i));
    for &i in by_remainder.iter().take(left) {
        amounts[i] += 1;
    }

    sorted
        .into_iter()
        .zip(units.into_iter().zip(amounts))
        .map(|(share, (units, amount))| {
            Ok(Allocation {
                share,
                units_milli: i64::try_from(units).map_err(|_| SplitError::TooLarge)?,
                amount_minor: i64::try_from(amount).map_err(|_| SplitError::TooLarge)?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(publisher: i32, book: i32, views: u64, weight_milli: u32) -> Share {
        Share {
            key: (publisher, book),
            publisher: format!("p{publisher}"),
            book: format!("b{book}"),
            views,
            weight_milli,
        }
    }

    fn amounts(pool: i64, lines: &[Share]) -> Vec<i64> {
        split(pool, lines).unwrap().iter().map(|a| a.amount_minor).collect()
    }

    #[test]
    fn the_cent_that_plain_rounding_loses_goes_to_the_largest_remainder() {
        // 7.80 to pay by shares that are worth 306.4, 133.3, 257.3, 59 and 24 cents.
        let usage = [30_640, 13_330, 25_730, 5_900, 2_400];
        let lines: Vec<Share> = usage.iter().enumerate().map(|(i, v)| line(1, i as i32, *v, 1000)).collect();
        let plain: u64 = usage.iter().map(|v| (v * 780 + 39_000) / 78_000).sum();
        assert_eq!(plain, 779);
        assert_eq!(amounts(780, &lines), [307, 133, 257, 59, 24]);
    }

    #[test]
    fn rounding_a_rate_first_would_underpay() {
        // 999.00 over 360,000 minutes is 0.002775 each: printed as 0.0027, 108 minutes would pay 0.2916 instead of 0.2997.
        let lines = [line(1, 1, 108, 1000), line(1, 2, 360_000 - 108, 1000)];
        assert_eq!(amounts(99_900, &lines), [30, 99_870]);
    }

    #[test]
    fn thirds_tie_and_the_smallest_key_gets_the_cent() {
        let lines = [line(3, 1, 5, 1000), line(1, 9, 5, 1000), line(2, 4, 5, 1000)];
        let split = split(100, &lines).unwrap();
        let by_key: Vec<_> = split.iter().map(|a| (a.share.key, a.amount_minor)).collect();
        assert_eq!(by_key, [((1, 9), 34), ((2, 4), 33), ((3, 1), 33)]);
    }

    #[test]
    fn weights_count_like_views() {
        assert_eq!(amounts(1000, &[line(1, 1, 10, 1500), line(1, 2, 15, 1000)]), [500, 500]);
        assert_eq!(amounts(1000, &[line(1, 1, 10, 0), line(1, 2, 1, 1)]), [0, 1000]);
    }

    #[test]
    fn a_pool_of_nothing_is_split_into_nothing() {
        assert_eq!(amounts(0, &[line(1, 1, 10, 1000), line(2, 2, 5, 1000)]), [0, 0]);
    }

    #[test]
    fn the_largest_sums_stay_exact() {
        let half = MAX_UNITS_MILLI as u64 / 2;
        let lines = [line(1, 1, half, 1), line(2, 1, half, 1), line(3, 1, 1, 1)];
        let got = amounts(i64::MAX, &lines);
        assert_eq!(got, [half as i64, half as i64, 1]);
    }

    #[test]
    fn what_cannot_be_split_says_why() {
        assert_eq!(split(100, &[]), Err(SplitError::NoUsage));
        assert_eq!(split(100, &[line(1, 1, 0, 1000), line(1, 2, 9, 0)]), Err(SplitError::NoUsage));
        assert_eq!(split(-1, &[line(1, 1, 1, 1000)]), Err(SplitError::NegativePool(-1)));
        assert_eq!(split(100, &[line(1, 1, u64::MAX, 1)]), Err(SplitError::TooLarge));
        assert_eq!(
            split(100, &[line(1, 1, 1, 1000), line(2, 1, 1, 1000), line(1, 1, 2, 1000)]),
            Err(SplitError::DuplicateLine { publisher: 1, book: 1 })
        );
    }
}
