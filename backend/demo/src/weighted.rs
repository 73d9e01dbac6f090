//! Drawing by weight from many.

/// Items with weights; a draw is a binary search.
#[derive(Debug, Clone, Default)]
pub struct Weighted {
    items: Vec<u32>,
    /// Running sums of the weights.
    ends: Vec<u64>,
}

impl Weighted {
    /// Items of weight 0 are left out.
    pub fn new(pairs: impl IntoIterator<Item = (u32, u64)>) -> Weighted {
        let mut table = Weighted::default();
        let mut end = 0;
        for (item, weight) in pairs {
            if weight > 0 {
                end += weight;
                table.items.push(item);
                table.ends.push(end);
            }
        }
        table
    }

    /// The item that 64 random bits fall on; `None` only if there are no items.
    pub fn at(&self, bits: u64) -> Option<u32> {
        let total = *self.ends.last()?;
        let point = ((u128::from(bits) * u128::from(total)) >> 64) as u64;
        let index = self.ends.partition_point(|&end| end <= point);
        Some(self.items[index])
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_gets_its_part() {
        let table = Weighted::new([(7, 1), (8, 0), (9, 3)]);
        assert_eq!(table.at(0), Some(7));
        assert_eq!(table.at(u64::MAX / 4 - 1), Some(7));
        assert_eq!(table.at(u64::MAX / 4 + 2), Some(9));
        assert_eq!(table.at(u64::MAX), Some(9));
        assert_eq!(Weighted::default().at(5), None);
    }
}
