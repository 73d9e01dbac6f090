//! A day of a site: lessons, homework and other visits, until the day's volume is reached.

use chrono::{Datelike, NaiveDate};

use crate::calendar::{DayKind, Moment};
use crate::dice::{Dice, Salt, Stream, mix};
use crate::draft::{Draft, Person};
use crate::local_day::LocalDay;
use crate::platform::Platform;
use crate::roll::Roll;
use crate::session::{Habits, Session, chapter_of, length};
use crate::shelf::slot;
use crate::site_plan::SitePlan;

/// Part of a school day's events that happen in lessons, in thousandths.
const LESSONS: u64 = 650;
/// Pupils of a class who open the book the teacher asks for, in thousandths.
const TAKES_PART: u32 = 780;
/// A teacher's events in a lesson for each of the pupils', in thousandths.
const TEACHES: u64 = 45;
/// Lessons with the platform that a class has on one day at most.
const LESSONS_A_DAY: usize = 2;
/// Of visits outside of lessons on a school day: those at home in the evening, in thousandths.
const EVENINGS: u32 = 600;
/// Of evening visits: those that follow a lesson of the day, in thousandths.
const HOMEWORK: u32 = 600;
/// Visits outside of lessons by teachers and by others, in thousandths.
const TEACHERS: u32 = 90;
const OTHERS: u32 = 15;

const EVENING_HOURS: [u32; 24] = [1, 0, 0, 0, 0, 0, 2, 8, 0, 0, 0, 0, 0, 0, 0, 10, 16, 18, 22, 24, 17, 8, 3, 1];
const FREE_HOURS: [u32; 24] = [1, 1, 0, 0, 0, 0, 1, 3, 6, 9, 12, 13, 12, 12, 13, 14, 15, 15, 16, 17, 14, 9, 4, 2];

/// A pupil in a lesson, and the book of it.
struct Attended {
    class: usize,
    seat: u32,
    book: u32,
}

/// A day in the making.
struct Day<'a> {
    platform: &'a Platform,
    site: &'a SitePlan,
    moment: Moment,
    local: LocalDay,
    habits: Habits,
    dice: Dice,
    drafts: Vec<Draft>,
    /// Events the day still gets.
    left: usize,
    attended: Vec<Attended>,
    /// Classes that had a lesson, one entry a lesson.
    taught: Vec<usize>,
}

/// The drafts of a site's day, ascending by time, and the dice as they lie then.
pub fn drafts(platform: &Platform, site: &SitePlan, date: NaiveDate) -> (Vec<Draft>, LocalDay, Dice) {
    let moment = site.calendar.moment(date);
    let mut dice = Dice::new(platform.seed, Stream::Day, site.index, i64::from(date.num_days_from_ce()));
    let volume = site.volume.events(moment.kind, date, &mut dice);
    let mut day = Day {
        platform,
        site,
        moment,
        local: LocalDay::new(site.site.zone, date),
        habits: Habits::new(platform.seed, site.index, site.country.devices, &moment),
        dice,
        drafts: Vec::with_capacity(volume),
        left: volume,
        attended: Vec::new(),
        taught: Vec::new(),
    };
    if moment.kind == DayKind::School {
        day.lessons(volume - (volume as u64 * LESSONS / 1000) as usize);
    }
    day.visits();
    // Stable, so that events of one millisecond stay in the order they were made in.
    day.drafts.sort_by_key(|draft| draft.at);
    (day.drafts, day.local, day.dice)
}

impl Day<'_> {
    /// Lessons until only `rest` events are left.
    fn lessons(&mut self, rest: usize) {
        // Classes that were drawn too often, or have nobody in them, must not keep the day from ending.
        let mut attempts = 64 + self.left;
        while self.left > rest && attempts > 0 {
            attempts -= 1;
            let Some(class) = self.site.roll.draw(&self.moment, &mut self.dice) else { return };
            if self.taught.iter().filter(|&&other| other == class).count() < LESSONS_A_DAY {
                self.taught.push(class);
                self.lesson(class);
            }
        }
    }

    /// A class opens the same book within the same minutes.
    fn lesson(&mut self, class: usize) {
        let slot = slot(&mut self.dice);
        let book = self.class_book(class, slot);
        let chapters = self.chapters(book);
        let chapter = chapter_of(self.moment.progress, chapters, &mut self.dice);
        let hour = self.dice.index(&self.site.country.lesson_hours);
        let school = self.site.roll.class(class).school;
        // Every school has its own bell.
        let bell = mix(Salt::Bell, &[self.platform.seed, self.site.index as u64, school as u64]) % 5;
        let second = bell as u32 * 300 + self.dice.below(600);
        let Some(start) = self.local.at(hour, second) else { return };
        let mut made = 0;
        for seat in 0..self.site.roll.class(class).seats {
            let Some(person) = self.site.roll.pupil(class, seat, &self.moment) else { continue };
            if self.dice.chance(TAKES_PART) {
                self.attended.push(Attended { class, seat, book });
                let length = length(&person, &mut self.dice);
                let start = start + i64::from(self.dice.below(240)) * 1000;
                made += self.play(person, book, chapter, start, length);
            }
        }
        let length = self.dice.round(made as u64 * TEACHES) as usize;
        let teacher = self.site.roll.teacher_of(class, slot as usize);
        self.play(teacher, book, chapter, start, length);
    }

    /// Everything outside of lessons, until no events are left.
    fn visits(&mut self) {
        let mut attempts = 64 + 8 * self.left;
        while self.left > 0 && attempts > 0 {
            attempts -= 1;
            let evening = self.moment.kind == DayKind::School && self.dice.chance(EVENINGS);
            let hours = match (self.moment.kind, evening) {
                (DayKind::School, false) => &self.site.country.lesson_hours,
                (DayKind::School, true) => &EVENING_HOURS,
                _ => &FREE_HOURS,
            };
            let hour = self.dice.index(hours);
            let second = self.dice.below(3600);
            let Some(start) = self.local.at(hour, second) else { continue };
            let Some((person, book)) = self.visitor(evening) else { continue };
            let chapters = self.chapters(book);
            let chapter = match self.dice.chance(700) {
                true => chapter_of(self.moment.progress, chapters, &mut self.dice),
                false => self.dice.below(u32::from(chapters)) as u8,
            };
            let length = length(&person, &mut self.dice);
            self.play(person, book, chapter, start, length);
        }
    }

    /// Who comes, and for which book.
    fn visitor(&mut self, evening: bool) -> Option<(Person, u32)> {
        let roll = &self.site.roll;
        if evening && !self.attended.is_empty() && self.dice.chance(HOMEWORK) {
            let Attended { class, seat, book } = *self.dice.pick(&self.attended);
            return Some((roll.pupil(class, seat, &self.moment)?, book));
        }
        let class = roll.draw(&self.moment, &mut self.dice)?;
        let slot = slot(&mut self.dice);
        let grade = roll.grade(class, &self.moment);
        let book = match self.dice.below(100) {
            0..=64 => self.class_book(class, slot),
            65..=84 => self.site.shelf.for_grade(grade, &mut self.dice),
            _ => self.site.shelf.any(&mut self.dice),
        };
        let person = match self.dice.below(1000) {
            throw if throw < TEACHERS => roll.teacher_of(class, slot as usize),
            throw if throw < TEACHERS + OTHERS => roll.other(roll.class(class).school, &mut self.dice)?,
            _ => roll.pupil(class, self.dice.below(roll.class(class).seats), &self.moment)?,
        };
        Some((person, book))
    }

    fn play(&mut self, person: Person, book: u32, chapter: u8, start: i64, length: usize) -> usize {
        let session = Session {
            person,
            book,
            chapter,
            chapters: self.chapters(book),
            start,
            length: length.min(self.left),
            until: self.local.end(),
        };
        let made = self.habits.play(&session, &mut self.dice, &mut self.drafts);
        self.left -= made;
        made
    }

    fn class_book(&self, class: usize, slot: u32) -> u32 {
        let grade = self.site.roll.grade(class, &self.moment);
        self.site.shelf.class_book(class, grade, Roll::year(&self.moment), slot)
    }

    fn chapters(&self, book: u32) -> u8 {
        self.platform.books()[book as usize].chapters.len() as u8
    }
}
