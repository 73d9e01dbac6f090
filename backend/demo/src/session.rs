//! One person's sitting with one book.

use crate::calendar::Moment;
use crate::dice::{Dice, Salt, mix};
use crate::draft::{Draft, Kind, Person, Role};

/// Parts of page_view, exercise, test, search, media, impression and click within a session, in thousandths of all
/// events; the rest, 50, are sign-ins.
const PLAIN_MIX: [u32; 7] = [725, 120, 15, 40, 40, 7, 3];
/// The same in a month of exams.
const EXAM_MIX: [u32; 7] = [690, 130, 40, 40, 40, 7, 3];
/// Sessions that begin with signing in, in thousandths. Others still were. Makes sign-ins 5 % of all events.
const SIGNS_IN: u32 = 400;

/// Median seconds, spread and longest seconds of each kind of [`Kind::WITHIN`]; 0 where duration has no meaning.
const DURATIONS: [(f64, f64, f64); 7] = [
    (40.0, 0.9, 1800.0),
    (75.0, 0.7, 1800.0),
    (480.0, 0.5, 2700.0),
    (0.0, 0.0, 0.0),
    (95.0, 0.8, 1800.0),
    (2.0, 0.5, 30.0),
    (0.0, 0.0, 0.0),
];

/// Whether a person uses their usual device, in thousandths.
const USUAL_DEVICE: u32 = 850;

/// What is said of a session before its events are made.
pub struct Session {
    pub person: Person,
    pub book: u32,
    /// The index of the chapter it is about, and the number of chapters of the book.
    pub chapter: u8,
    pub chapters: u8,
    /// UTC milliseconds.
    pub start: i64,
    /// Events it should have.
    pub length: usize,
    /// UTC milliseconds before which it must be over.
    pub until: i64,
}

/// What sessions of one site on one day have in common.
pub struct Habits {
    seed: u64,
    site: u64,
    devices: [u32; 4],
    mix: [u32; 7],
}

impl Habits {
    pub fn new(seed: u64, site: usize, devices: [u32; 4], moment: &Moment) -> Habits {
        Habits { seed, site: site as u64, devices, mix: if moment.exams { EXAM_MIX } else { PLAIN_MIX } }
    }

    /// Adds the session's events, ascending, and says how many: `length`, or fewer if time runs out.
    pub fn play(&self, session: &Session, dice: &mut Dice, out: &mut Vec<Draft>) -> usize {
        let before = out.len();
        let id = dice.bits();
        let device = self.device(&session.person, dice);
        let mut at = session.start + i64::from(dice.below(1000));
        let mut chapter = session.chapter;
        while out.len() - before < session.length && at < session.until {
            let signs_in = out.len() == before && dice.chance(SIGNS_IN);
            let (kind, duration_ms) = if signs_in { (Kind::SignIn, 0) } else { self.kind(dice) };
            out.push(Draft {
                at,
                person: session.person,
                kind,
                book: session.book,
                chapter,
                device,
                duration_ms,
                session: id,
                bits: dice.bits32(),
            });
            // A few seconds pass between one thing and the next.
            at += i64::from(duration_ms) + i64::from(dice.between(800, 8_000));
            chapter = wander(chapter, session, dice);
        }
        out.len() - before
    }

    /// What happens next, and for how many milliseconds.
    pub fn kind(&self, dice: &mut Dice) -> (Kind, i32) {
        let index = dice.index(&self.mix);
        let (median, spread, longest) = DURATIONS[index];
        let duration = if median > 0.0 { dice.lognormal(median * 1000.0, spread).min(longest * 1000.0) } else { 0.0 };
        (Kind::WITHIN[index], duration as i32)
    }

    /// Mostly the person's usual device.
    pub fn device(&self, person: &Person, dice: &mut Dice) -> u8 {
        if !dice.chance(USUAL_DEVICE) {
            return dice.index(&self.devices) as u8;
        }
        let parts = [self.seed, self.site, u64::from(person.school), person.role as u64, u64::from(person.number)];
        let mut left = (mix(Salt::Device, &parts) % u64::from(self.devices.iter().sum::<u32>())) as u32;
        self.devices
            .iter()
            .position(|&weight| {
                let here = left < weight;
                left = left.saturating_sub(weight);
                here
            })
            .unwrap_or(0) as u8
    }
}

/// A session's number of events, 8 in the mean.
pub fn length(person: &Person, dice: &mut Dice) -> usize {
    let more = if person.role == Role::Other { 2 } else { 9 };
    2 + (dice.below(5) + dice.below(more)) as usize
}

/// The chapter that a class has come to, or one near it.
pub fn chapter_of(progress: u32, chapters: u8, dice: &mut Dice) -> u8 {
    let here = (progress * u32::from(chapters) / 1000) as i32;
    let near = match dice.below(10) {
        0 | 1 => here - 1,
        2 => here + 1,
        _ => here,
    };
    near.clamp(0, i32::from(chapters) - 1) as u8
}

/// Readers stay in the session's chapter, and look around now and then.
fn wander(chapter: u8, session: &Session, dice: &mut Dice) -> u8 {
    match dice.below(20) {
        0 => (chapter + 1).min(session.chapters - 1),
        1 => chapter.saturating_sub(1),
        2 => dice.below(u32::from(session.chapters)) as u8,
        3..=8 => session.chapter,
        _ => chapter,
    }
}
