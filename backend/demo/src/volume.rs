//! How many events a site has on a day.

use chrono::{Datelike, NaiveDate};

use crate::calendar::{Calendar, DayKind};
use crate::country::Country;
use crate::dice::{Dice, Salt, mix};

/// Use of each weekday, Monday first, in thousandths of a plain school day.
const WEEKDAYS: [u64; 5] = [1010, 1050, 1050, 1020, 870];
/// Use of a weekend day and of a day of holidays, in thousandths of a plain school day.
const WEEKEND: u64 = 80;
const HOLIDAY: u64 = 30;

/// How far good and bad days lie from each other, in thousandths, with the mean in the middle.
const WEATHER: u64 = 160;

/// Growth is counted from this day.
const GROWTH_FROM: NaiveDate = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a date");

/// The volume of one site.
pub struct Volume {
    seed: u64,
    site: u64,
    /// Events in a mean year.
    annual_events: u64,
    /// Weights of all known days of the calendar, and their number.
    known_weight: u64,
    known_days: u64,
    season: [u64; 12],
    growth: i64,
}

impl Volume {
    /// `annual_events` are those of this site.
    pub fn new(seed: u64, site: usize, country: &Country, calendar: &Calendar, annual_events: u64) -> Volume {
        let known = calendar.known();
        let mut volume = Volume {
            seed,
            site: site as u64,
            annual_events,
            known_weight: 0,
            known_days: 0,
            season: country.season,
            growth: country.growth,
        };
        for day in known.from.iter_days().take_while(|&day| day <= known.to) {
            volume.known_weight += volume.weight(calendar.kind(day), day);
            volume.known_days += 1;
        }
        volume
    }

    /// The number of events of a day.
    pub fn events(&self, kind: DayKind, day: NaiveDate, dice: &mut Dice) -> usize {
        let number = i64::from(day.num_days_from_ce());
        let weather = 1000 - WEATHER / 2 + mix(Salt::Weather, &[self.seed, self.site, number as u64]) % (WEATHER + 1);
        // Far from the years of the demo, growth stops.
        let years_milli = ((day - GROWTH_FROM).num_days() * 1000 / 365).clamp(-2000, 2000);
        let growth = (1000 + self.growth * years_milli / 1000) as u128;
        let weight = u128::from(self.weight(kind, day)) * u128::from(weather) * growth;
        let milli = u128::from(self.annual_events) * weight * u128::from(self.known_days)
            / (u128::from(self.known_weight) * 365 * 1000);
        dice.round(milli as u64) as usize
    }

    /// In thousandths of a plain school day.
    fn weight(&self, kind: DayKind, day: NaiveDate) -> u64 {
        match kind {
            DayKind::School => {
                let weekday = WEEKDAYS[day.weekday().num_days_from_monday() as usize % WEEKDAYS.len()];
                weekday * self.season[day.month0() as usize] / 1000
            }
            DayKind::Weekend => WEEKEND,
            DayKind::Holiday => HOLIDAY,
        }
    }
}
