//! Who is in which class, and when. Pupils move up with their class, some stop in the middle of a year, and others
//! join in their place when the next one begins. Nothing of it is stored per person.

use crate::calendar::Moment;
use crate::dice::{Dice, Salt, mix};
use crate::draft::Person;
use crate::schools::School;
use crate::weighted::Weighted;

/// The school years with classes of their own; earlier and later days use the nearest.
const FIRST_YEAR: i32 = 2022;
const LAST_YEAR: i32 = 2030;

/// Cohorts larger than this are split into parallel classes.
const CLASS_SIZE: u32 = 28;

/// Pupils of a class who stop within a year, in thousandths.
const LEAVING: u64 = 90;

/// How much each of the grades 1 to 12 uses the platform, in thousandths.
const GRADE_USE: [u64; 12] = [400, 500, 700, 900, 1000, 1100, 1200, 1200, 1200, 1000, 950, 1000];

/// Pupils who go through school together.
pub struct Class {
    pub school: usize,
    /// The school year in which they are in the school's first grade.
    start: i32,
    /// Seats are numbered through the school. A seat has one pupil at a time.
    first_seat: u32,
    pub seats: u32,
}

/// All classes of a site.
pub struct Roll {
    seed: u64,
    site: u64,
    classes: Vec<Class>,
    /// First grade of each school.
    first_grades: Vec<i32>,
    /// Seats of each school over all years.
    seats: Vec<u32>,
    teachers: Vec<u32>,
    others: Vec<u32>,
    /// The classes of each school year by how much they use the platform.
    years: Vec<Weighted>,
}

impl Roll {
    pub fn new(seed: u64, site: usize, schools: &[School]) -> Roll {
        let mut classes = Vec::new();
        let mut seats = Vec::new();
        for (school, plan) in schools.iter().enumerate() {
            seats.push(enrol(school, plan, &mut classes));
        }
        let use_in = |class: &Class, year: i32| {
            let plan = &schools[class.school];
            let grade = plan.first_grade + year - class.start;
            if !(plan.first_grade..=plan.last_grade).contains(&grade) {
                return 0;
            }
            u64::from(class.seats) * plan.intensity * GRADE_USE[grade as usize - 1]
        };
        let years = (FIRST_YEAR..=LAST_YEAR)
            .map(|year| Weighted::new(classes.iter().enumerate().map(|(i, class)| (i as u32, use_in(class, year)))))
            .collect();
        Roll {
            seed,
            site: site as u64,
            first_grades: schools.iter().map(|s| s.first_grade).collect(),
            teachers: schools.iter().map(|s| s.teachers).collect(),
            others: schools.iter().map(|s| s.others).collect(),
            classes,
            seats,
            years,
        }
    }

    /// The school year whose classes are in use.
    pub fn year(moment: &Moment) -> i32 {
        moment.year.clamp(FIRST_YEAR, LAST_YEAR)
    }

    /// A class, drawn by how much it uses the platform; `None` only in a site without pupils.
    pub fn draw(&self, moment: &Moment, dice: &mut Dice) -> Option<usize> {
        let year = (Self::year(moment) - FIRST_YEAR) as usize;
        self.years[year].at(dice.bits()).map(|class| class as usize)
    }

    pub fn class(&self, class: usize) -> &Class {
        &self.classes[class]
    }

    /// 1 to 12.
    pub fn grade(&self, class: usize, moment: &Moment) -> usize {
        let class = &self.classes[class];
        (self.first_grades[class.school] + Self::year(moment) - class.start) as usize
    }

    /// Who sits on a seat (0 up to the class's seats) on that day; `None` if that pupil has stopped.
    pub fn pupil(&self, class: usize, seat: u32, moment: &Moment) -> Option<Person> {
        let Class { school, first_seat, .. } = self.classes[class];
        let seat = first_seat + seat;
        let this_year = Self::year(moment);
        let mut before = 0;
        for year in FIRST_YEAR..=this_year {
            let hash = mix(Salt::Leaving, &[self.seed, self.site, school as u64, u64::from(seat), year as u64]);
            if hash % 1000 < LEAVING {
                let stops = ((hash >> 32) % 1000) as u32;
                match year < this_year {
                    true => before += 1,
                    false if moment.progress >= stops => return None,
                    false => {}
                }
            }
        }
        Some(Person::student(school, seat + before * self.seats[school]))
    }

    /// The teacher who teaches a class from its book number `slot`.
    pub fn teacher_of(&self, class: usize, slot: usize) -> Person {
        let school = self.classes[class].school;
        let hash = mix(Salt::Teacher, &[self.seed, self.site, class as u64, slot as u64]);
        Person::teacher(school, (hash % u64::from(self.teachers[school])) as u32)
    }

    /// Somebody of the school who is neither pupil nor teacher, if it has such.
    pub fn other(&self, school: usize, dice: &mut Dice) -> Option<Person> {
        let others = self.others[school];
        (others > 0).then(|| Person::other(school, dice.below(others)))
    }
}

/// Adds a school's classes for all years, each year's cohorts summing to its pupils exactly. Returns the seats.
fn enrol(school: usize, plan: &School, classes: &mut Vec<Class>) -> u32 {
    let grades = (plan.last_grade - plan.first_grade + 1) as u32;
    let first_start = FIRST_YEAR - grades as i32 + 1;
    let mut first_seat = 0;
    for (i, start) in (first_start..=LAST_YEAR).enumerate() {
        // Any run of `grades` cohorts holds exactly all pupils; where the larger ones are differs by school.
        let place = i as u32 + school as u32 % grades;
        let cohort = (place + 1) * plan.pupils / grades - place * plan.pupils / grades;
        let parallel = cohort.div_ceil(CLASS_SIZE);
        for n in 0..parallel {
            let seats = (n + 1) * cohort / parallel - n * cohort / parallel;
            classes.push(Class { school, start, first_seat, seats });
            first_seat += seats;
        }
    }
    first_seat
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::DayKind;
    use crate::country::COUNTRIES;
    use crate::schools::schools;
    use std::collections::BTreeSet;

    fn moment(year: i32, progress: u32) -> Moment {
        Moment { kind: DayKind::School, year, progress, exams: false }
    }

    fn roll() -> (Vec<School>, Roll) {
        let schools = schools(5, 0, COUNTRIES[0], 20_000);
        let roll = Roll::new(5, 0, &schools);
        (schools, roll)
    }

    /// Numbers of the pupils of a school who are there, grade by grade.
    fn present(roll: &Roll, plan: &School, school: usize, moment: &Moment) -> BTreeSet<u32> {
        let grades = plan.first_grade as usize..=plan.last_grade as usize;
        let of_school = |&class: &usize| roll.classes[class].school == school;
        let in_use = |&class: &usize| {
            let grade = roll.first_grades[school] + Roll::year(moment) - roll.classes[class].start;
            grade >= 1 && grades.contains(&(grade as usize))
        };
        let classes = (0..roll.classes.len()).filter(of_school).filter(in_use);
        let pupils = classes.flat_map(|class| (0..roll.classes[class].seats).map(move |seat| (class, seat)));
        pupils.filter_map(|(class, seat)| roll.pupil(class, seat, moment)).map(|person| person.number).collect()
    }

    #[test]
    fn a_school_has_all_its_pupils_at_the_start_of_every_year() {
        let (schools, roll) = roll();
        for (school, plan) in schools.iter().enumerate() {
            for year in [2024, 2026] {
                // Whoever stops on the very first day is not counted any more.
                let there = present(&roll, plan, school, &moment(year, 0)).len();
                assert!(plan.pupils as usize - there <= 2, "{there} of {}", plan.pupils);
            }
        }
    }

    #[test]
    fn some_stop_through_the_year_for_good_and_others_join() {
        let (schools, roll) = roll();
        let (mut start, mut end, mut back, mut new) = (0, 0, 0, 0);
        for (school, plan) in schools.iter().enumerate() {
            let there = |year, progress| present(&roll, plan, school, &moment(year, progress));
            let (autumn, summer, next) = (there(2025, 0), there(2025, 999), there(2026, 0));
            assert!(summer.is_subset(&autumn));
            start += autumn.len();
            end += summer.len();
            back += next.intersection(&autumn).filter(|pupil| !summer.contains(pupil)).count();
            new += next.difference(&autumn).count();
        }
        let stopped = start - end;
        assert!(stopped * 1000 > start * 60 && stopped * 1000 < start * 120, "{stopped} of {start}");
        assert_eq!(back, 0);
        assert!(new > stopped, "{new} new ones in the place of {stopped} and in the first grade");
    }

    #[test]
    fn classes_are_of_the_right_grades() {
        let (schools, roll) = roll();
        let mut dice = Dice::new(1, crate::dice::Stream::Day, 0, 0);
        for year in 2020..2034 {
            let moment = moment(year, 500);
            for _ in 0..200 {
                let class = roll.draw(&moment, &mut dice).unwrap();
                let plan = &schools[roll.class(class).school];
                assert!((plan.first_grade..=plan.last_grade).contains(&(roll.grade(class, &moment) as i32)));
            }
        }
    }
}
