//! Which books a class uses.

use crate::books::Book;
use crate::dice::{Dice, Salt, mix};
use crate::weighted::Weighted;

/// Books a class has for a school year; the same popular one may be drawn twice.
pub const SLOTS: u32 = 7;

/// The books of a site by grade and popularity. Books are numbers in the platform's list.
pub struct Shelf {
    seed: u64,
    site: u64,
    /// Index 1 to 12; a grade without books has those of the whole site.
    grades: Vec<Weighted>,
    all: Weighted,
}

impl Shelf {
    /// `first` is the number of the first of these books in the platform's list.
    pub fn new(seed: u64, site: usize, first: usize, books: &[Book]) -> Shelf {
        let numbered = || books.iter().enumerate().map(move |(i, book)| ((first + i) as u32, book));
        let all = Weighted::new(numbered().map(|(number, book)| (number, book.popularity)));
        let of_grade = |grade: u32| {
            let matching = numbered().filter(|(_, book)| (book.first_grade..=book.last_grade).contains(&grade));
            Weighted::new(matching.map(|(number, book)| (number, book.popularity)))
        };
        let grades = (0..=12).map(of_grade).map(|table| if table.is_empty() { all.clone() } else { table }).collect();
        Shelf { seed, site: site as u64, grades, all }
    }

    /// The book that a class has in a slot all through a school year.
    pub fn class_book(&self, class: usize, grade: usize, year: i32, slot: u32) -> u32 {
        let hash = mix(Salt::ClassBook, &[self.seed, self.site, class as u64, year as u64, u64::from(slot)]);
        self.grades[grade].at(hash).unwrap_or_default()
    }

    /// Any book for the grade.
    pub fn for_grade(&self, grade: usize, dice: &mut Dice) -> u32 {
        self.grades[grade].at(dice.bits()).unwrap_or_default()
    }

    /// Any book of the site.
    pub fn any(&self, dice: &mut Dice) -> u32 {
        self.all.at(dice.bits()).unwrap_or_default()
    }
}

/// One of the class's slots; the first are its main books.
pub fn slot(dice: &mut Dice) -> u32 {
    dice.below(SLOTS).min(dice.below(SLOTS))
}
