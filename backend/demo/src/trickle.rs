//! A few events every second of day and night, so that a live demo is never still.

use chrono::{DateTime, Utc};
use ingest::Event;

use crate::dice::{Dice, Stream};
use crate::draft::{Draft, Kind};
use crate::local_day::local;
use crate::platform::Platform;
use crate::roll::Roll;
use crate::session::{Habits, chapter_of};
use crate::shelf::slot;
use crate::site_plan::SitePlan;
use crate::writer::write;

/// Events a second over all sites, in thousandths.
const RATE: u64 = 2000;

/// Seconds for which the same persons are online, and how many over all sites.
const WINDOW: i64 = 600;
const ONLINE: u64 = 120;

/// The trickle of a site in one second, ascending by time; fractions of `second` do not matter.
pub fn trickle(platform: &Platform, site: &SitePlan, second: DateTime<Utc>) -> Vec<Event> {
    let seconds = second.timestamp();
    let (date, offset) = local(site.site.zone, second);
    let moment = site.calendar.moment(date);
    let habits = Habits::new(platform.seed, site.index, site.country.devices, &moment);
    let mut dice = Dice::new(platform.seed, Stream::Trickle, site.index, seconds);
    let count = dice.round(RATE * site.country.share / 1000);
    let mut drafts: Vec<Draft> = (0..count)
        .filter_map(|_| {
            let place = u64::from(dice.below((ONLINE * site.country.share / 1000) as u32));
            // Who is online is thrown anew for every window; the same throws give the same person, book and session.
            let window = seconds.div_euclid(WINDOW) * ONLINE as i64 + place as i64;
            let mut online = Dice::new(platform.seed, Stream::Online, site.index, window);
            let class = site.roll.draw(&moment, &mut online)?;
            let slot = slot(&mut online);
            let seat = online.below(site.roll.class(class).seats);
            let person = match online.below(100) {
                0..=5 => site.roll.teacher_of(class, slot as usize),
                _ => site.roll.pupil(class, seat, &moment)?,
            };
            let grade = site.roll.grade(class, &moment);
            let book = site.shelf.class_book(class, grade, Roll::year(&moment), slot);
            let device = habits.device(&person, &mut online);
            let session = online.bits();
            let chapters = platform.books()[book as usize].chapters.len() as u8;
            let (kind, duration_ms) = if dice.chance(30) { (Kind::SignIn, 0) } else { habits.kind(&mut dice) };
            Some(Draft {
                at: seconds * 1000 + i64::from(dice.below(1000)),
                person,
                kind,
                book,
                chapter: chapter_of(moment.progress, chapters, &mut dice),
                device,
                duration_ms,
                session,
                bits: dice.bits32(),
            })
        })
        .collect();
    drafts.sort_by_key(|draft| draft.at);
    let time = |ms| DateTime::from_timestamp_millis(ms).unwrap_or(second).with_timezone(&offset);
    drafts.iter().map(|draft| write(platform, site, draft, time(draft.at), &mut dice)).collect()
}
