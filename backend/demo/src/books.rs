//! The books of one site: titles, grades, chapters, and how popular each is.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use reference::{NewBook, NewChapter};

use crate::country::Country;
use crate::dice::{Dice, Stream};
use crate::isbn::isbn13;
use crate::publishers::PUBLISHERS;
use crate::words::{Language, SUBJECTS, TOPICS};

/// Everything is in force well before the first event.
pub const SINCE: NaiveDate = NaiveDate::from_ymd_opt(2020, 1, 1).expect("a date");

/// Weights of one view in the revenue share, in thousandths; most books have the plain one.
const WEIGHTS: [i32; 6] = [800, 1000, 1000, 1000, 1200, 1500];

/// Of the least popular books, one in this many is nearly forgotten.
const FORGOTTEN: usize = 25;

/// A book and what only the generator knows of it.
pub struct Book {
    pub data: NewBook,
    pub first_grade: u32,
    pub last_grade: u32,
    /// How readily it is chosen among those of its grade.
    pub popularity: u64,
}

/// The books of a country, in no order of popularity.
pub fn books(seed: u64, site: usize, country: &Country) -> Vec<Book> {
    let mut dice = Dice::new(seed, Stream::Books, site, 0);
    let mut titles = BTreeSet::new();
    let ranks = shuffled(&mut dice, country.books);
    let sellers: Vec<usize> = (0..PUBLISHERS.len()).filter(|&p| PUBLISHERS[p].sites.contains(&country.code)).collect();
    let seller_weights: Vec<u32> = sellers.iter().map(|&p| PUBLISHERS[p].weight).collect();
    let subject_weights = SUBJECTS.map(|subject| subject.weight);
    (0..country.books)
        .map(|number| {
            // The first books go round all sellers, so that none is without.
            let place = if number < sellers.len() { number } else { dice.index(&seller_weights) };
            let publisher = sellers[place];
            let subject = dice.index(&subject_weights);
            let (first_grade, last_grade) = grades(&mut dice, subject);
            let language = match country.second {
                Some((second, permille)) if dice.chance(permille as u32) => second,
                _ => country.language,
            };
            let title = title(&mut dice, language, subject, first_grade, last_grade, &mut titles);
            let data = NewBook {
                external_id: isbn13(country.isbn_group, publisher, number),
                title,
                publisher: Some(PUBLISHERS[publisher].code.to_owned()),
                subject: Some(SUBJECTS[subject].name.to_owned()),
                grades: (first_grade..=last_grade).map(|grade| grade.to_string()).collect(),
                language: Some(language.code.to_owned()),
                weight_milli: *dice.pick(&WEIGHTS),
                since: SINCE,
                chapters: chapters(&mut dice, language, subject, first_grade),
            };
            Book { data, first_grade, last_grade, popularity: popularity(ranks[number], country.books) }
        })
        .collect()
}

/// One grade, or two that follow each other, in which the subject is taught.
fn grades(dice: &mut Dice, subject: usize) -> (u32, u32) {
    let subject = &SUBJECTS[subject];
    let first = dice.between(subject.first_grade, subject.last_grade);
    let two = first < subject.last_grade && dice.chance(350);
    (first, first + u32::from(two))
}

/// Zipf's law (after Mandelbrot: flattened at its very top), and a tail that hardly anybody opens.
fn popularity(rank: usize, books: usize) -> u64 {
    let weight = 1_000_000_000 / (rank as u64 + 4);
    if rank + books / FORGOTTEN >= books { weight / 3 } else { weight }
}

/// A title that the site does not have yet.
fn title(
    dice: &mut Dice,
    language: &Language,
    subject: usize,
    first: u32,
    last: u32,
    taken: &mut BTreeSet<String>,
) -> String {
    let grades = if first == last { first.to_string() } else { format!("{first}–{last}") };
    let start = dice.below(language.titles.len() as u32) as usize;
    let mut volume = 1;
    loop {
        for step in 0..language.titles.len() {
            let pattern = language.titles[(start + step) % language.titles.len()];
            let mut title = pattern.replace("{s}", language.subjects[subject]).replace("{g}", &grades);
            if volume > 1 {
                title.push_str(&format!(" ({volume})"));
            }
            if taken.insert(title.clone()) {
                return title;
            }
        }
        volume += 1;
    }
}

/// Eight to fourteen chapters: introduction, topics with a revision among them, summary, extras.
fn chapters(dice: &mut Dice, language: &Language, subject: usize, grade: u32) -> Vec<NewChapter> {
    let topics = language.topics(subject, grade);
    // Three chapters are in every book.
    let shown = dice.between(5, TOPICS as u32) as usize;
    let extras = dice.below(language.extras.len() as u32 + 1) as usize;
    let mut titles = vec![language.introduction];
    titles.extend(&topics[..shown / 2]);
    titles.push(language.revision);
    titles.extend(&topics[shown / 2..shown]);
    titles.push(language.summary);
    titles.extend(&language.extras[..extras]);
    titles
        .iter()
        .enumerate()
        .map(|(i, title)| NewChapter { code: format!("c{:02}", i + 1), title: (*title).to_owned() })
        .collect()
}

/// 0 to `n` - 1 in random order (Fisher-Yates).
fn shuffled(dice: &mut Dice, n: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    for i in (1..n).rev() {
        order.swap(i, dice.below(i as u32 + 1) as usize);
    }
    order
}
