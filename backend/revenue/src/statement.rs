//! Statements: the allocations of one split, grouped by publisher.

use crate::split::Allocation;

/// What one book earned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub book_id: i32,
    /// The book's code.
    pub book: String,
    pub views: u64,
    /// What one view counted, in thousandths.
    pub weight_milli: u32,
    /// views × weight, in thousandths of a unit.
    pub units_milli: i64,
    /// Money in minor units.
    pub amount_minor: i64,
}

/// One publisher's part of a pool. Its amount is the sum of its lines; the amounts of all drafts of a split sum to the pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementDraft {
    pub publisher_id: i32,
    /// The publisher's code.
    pub publisher: String,
    /// Money in minor units.
    pub amount_minor: i64,
    /// The publisher's units, in thousandths.
    pub units_milli: i64,
    /// The units of all publishers, in thousandths: with the pool, this lets the reader recompute the amount.
    pub units_total_milli: i64,
    /// By book_id, ascending.
    pub lines: Vec<Line>,
}

/// Groups the allocations of **one** split by publisher, ascending by publisher_id.
pub fn draft_statements(mut allocations: Vec<Allocation>) -> Vec<StatementDraft> {
    let units_total_milli = allocations.iter().map(|a| a.units_milli).sum();
    allocations.sort_by_key(|a| a.share.key);
    let mut drafts: Vec<StatementDraft> = Vec::new();
    for Allocation { share, units_milli, amount_minor } in allocations {
        let (publisher_id, book_id) = share.key;
        let line = Line {
            book_id,
            book: share.book,
            views: share.views,
            weight_milli: share.weight_milli,
            units_milli,
            amount_minor,
        };
        match drafts.last_mut().filter(|draft| draft.publisher_id == publisher_id) {
            Some(draft) => {
                draft.amount_minor += amount_minor;
                draft.units_milli += units_milli;
                draft.lines.push(line);
            }
            None => drafts.push(StatementDraft {
                publisher_id,
                publisher: share.publisher,
                amount_minor,
                units_milli,
                units_total_milli,
                lines: vec![line],
            }),
        }
    }
    drafts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::split::{Share, split};

    #[test]
    fn lines_sum_to_statements_and_statements_to_the_pool() {
        let share = |publisher: i32, book: i32, views: u64, weight_milli: u32| Share {
            key: (publisher, book),
            publisher: format!("p{publisher}"),
            book: format!("b{book}"),
            views,
            weight_milli,
        };
        let usage = [share(2, 7, 3, 1000), share(1, 9, 1, 2000), share(2, 3, 1, 500), share(1, 8, 0, 1000)];
        let drafts = draft_statements(split(1_000, &usage).unwrap());

        // Units: 3.000 + 2.000 + 0.500 = 5.500; exact minor units 545.45, 363.64, 90.91.
        let summary: Vec<_> = drafts.iter().map(|d| (d.publisher.as_str(), d.amount_minor, d.units_milli)).collect();
        assert_eq!(summary, [("p1", 364, 2000), ("p2", 636, 3500)]);
        assert!(drafts.iter().all(|d| d.units_total_milli == 5500));
        assert!(drafts.iter().all(|d| d.lines.iter().map(|l| l.amount_minor).sum::<i64>() == d.amount_minor));
        let books: Vec<_> = drafts.iter().flat_map(|d| d.lines.iter().map(|l| (l.book_id, l.amount_minor))).collect();
        assert_eq!(books, [(8, 0), (9, 364), (3, 91), (7, 545)]);
    }
}
