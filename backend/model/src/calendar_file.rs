//! `calendars.toml` as it is written, and its cross-check.

use chrono::{Datelike, Days, NaiveDate};
use serde::Deserialize;

use crate::calendar::{Calendar, Holiday, SchoolYear, Span, Term};
use crate::source::{ModelError, Source};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CalendarsFile {
    pub calendar: Vec<RawCalendar>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawCalendar {
    pub site: String,
    year: Vec<RawYear>,
    holidays: Vec<RawHoliday>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawYear {
    name: String,
    from: NaiveDate,
    to: NaiveDate,
    terms: Vec<RawTerm>,
    breaks: Vec<RawBreak>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTerm {
    from: NaiveDate,
    to: NaiveDate,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBreak {
    name: String,
    from: NaiveDate,
    to: NaiveDate,
}

/// A public holiday: `every` year on `MM-DD`, or `on` the days listed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHoliday {
    name: String,
    every: Option<String>,
    on: Option<Vec<NaiveDate>>,
}

impl RawCalendar {
    /// The calendar, if its days fit together. It is the file's `i`-th.
    pub fn check(self, i: usize, source: &Source) -> Result<Calendar, ModelError> {
        let check = Check { source, site: &self.site, at: format!("/calendar/{i}") };
        let years: Vec<SchoolYear> = self.year.into_iter().map(RawYear::named).collect();
        check.years(&years)?;
        for (y, year) in years.iter().enumerate() {
            let terms: Vec<(&String, Span)> = year.terms.iter().map(|term| (&term.name, term.span)).collect();
            let breaks: Vec<(&String, Span)> = year.breaks.iter().map(|b| (&b.name, b.span)).collect();
            check.follow(year, &format!("year/{y}/terms"), &terms)?;
            check.follow(year, &format!("year/{y}/breaks"), &breaks)?;
            check.breaks(year, y)?;
        }
        let mut calendar = Calendar { site: self.site.clone(), years, holidays: Vec::new() };
        for (h, holiday) in self.holidays.iter().enumerate() {
            let days = check.days(holiday, calendar.known(), h)?;
            let single = |day| Holiday { name: holiday.name.clone(), span: Span { from: day, to: day } };
            calendar.holidays.extend(days.into_iter().map(single));
        }
        calendar.holidays.sort_by_key(|holiday| holiday.span.from);
        Ok(calendar)
    }
}

impl RawYear {
    /// The year as it is, its terms named.
    fn named(self) -> SchoolYear {
        let term = |(n, term): (usize, RawTerm)| Term {
            name: format!("{} T{}", self.name, n + 1),
            span: Span { from: term.from, to: term.to },
        };
        let terms = self.terms.into_iter().enumerate().map(term).collect();
        let breaks = self.breaks.into_iter().map(|b| Holiday { name: b.name, span: Span { from: b.from, to: b.to } });
        SchoolYear { span: Span { from: self.from, to: self.to }, terms, breaks: breaks.collect(), name: self.name }
    }
}

struct Check<'a> {
    source: &'a Source<'a>,
    site: &'a str,
    /// Pointer to the calendar.
    at: String,
}

impl Check<'_> {
    fn fail(&self, at: &str, problem: String) -> ModelError {
        self.source.wrong(&format!("{}/{at}", self.at), format!("calendar '{}': {problem}", self.site))
    }

    /// School years follow each other without a gap, under different names, and have terms.
    fn years(&self, years: &[SchoolYear]) -> Result<(), ModelError> {
        if years.is_empty() {
            return Err(self.fail("year", "has no school year".into()));
        }
        for (y, year) in years.iter().enumerate() {
            let at = format!("year/{y}");
            if year.span.from > year.span.to {
                return Err(self.fail(&format!("{at}/to"), format!("{} ends before it begins", year.name)));
            }
            if year.terms.is_empty() {
                return Err(self.fail(&format!("{at}/terms"), format!("{} has no term", year.name)));
            }
            let Some(before) = y.checked_sub(1).map(|b| &years[b]) else { continue };
            if years[..y].iter().any(|other| other.name == year.name) {
                return Err(self.fail(&format!("{at}/name"), format!("{} is there twice", year.name)));
            }
            let first = before.span.to + Days::new(1);
            if year.span.from != first {
                let problem = format!("{} has to begin on {first}, the day after {}", year.name, before.name);
                return Err(self.fail(&format!("{at}/from"), problem));
            }
        }
        Ok(())
    }

    /// Spans lie within their year, one after the other.
    fn follow(&self, year: &SchoolYear, at: &str, spans: &[(&String, Span)]) -> Result<(), ModelError> {
        for (n, (name, span)) in spans.iter().enumerate() {
            let fail = |problem: &str| Err(self.fail(&format!("{at}/{n}"), format!("{name} {problem}")));
            if span.from > span.to {
                return fail("ends before it begins");
            }
            if span.from < year.span.from || span.to > year.span.to {
                return fail(&format!("does not lie within {}", year.name));
            }
            if n > 0 && span.from <= spans[n - 1].1.to {
                return fail(&format!("begins before {} is over", spans[n - 1].0));
            }
        }
        Ok(())
    }

    /// Breaks have names and do not reach over the edge of a term: one of the two dates would be wrong.
    fn breaks(&self, year: &SchoolYear, y: usize) -> Result<(), ModelError> {
        for (n, Holiday { name, span }) in year.breaks.iter().enumerate() {
            let at = format!("year/{y}/breaks/{n}");
            if name.trim().is_empty() {
                return Err(self.fail(&at, format!("the break from {} has no name", span.from)));
            }
            let over = |term: &&Term| {
                let touches = term.span.from <= span.to && span.from <= term.span.to;
                touches && !(term.span.contains(span.from) && term.span.contains(span.to))
            };
            if let Some(term) = year.terms.iter().find(over) {
                return Err(self.fail(&at, format!("{name} lies partly within {} and partly outside", term.name)));
            }
        }
        Ok(())
    }

    /// The days of a public holiday within the years that are known.
    fn days(&self, holiday: &RawHoliday, known: Span, h: usize) -> Result<Vec<NaiveDate>, ModelError> {
        let fail = |at: &str, problem: String| Err(self.fail(&format!("holidays/{h}{at}"), problem));
        let name = &holiday.name;
        if name.trim().is_empty() {
            return fail("", "a holiday has no name".into());
        }
        match (&holiday.every, &holiday.on) {
            (Some(every), None) => {
                let years = known.from.year()..=known.to.year();
                let days: Option<Vec<NaiveDate>> = years.map(|y| format!("{y}-{every}").parse().ok()).collect();
                match days.filter(|_| every.len() == 5) {
                    Some(days) => Ok(days.into_iter().filter(|day| known.contains(*day)).collect()),
                    None => fail("/every", format!("{name}: '{every}' is no day of every year, such as 12-24")),
                }
            }
            (None, Some(on)) => match on.iter().position(|day| !known.contains(*day)) {
                Some(n) => fail(&format!("/on/{n}"), format!("{name}: {} lies in none of the school years", on[n])),
                None => Ok(on.clone()),
            },
            _ => fail("", format!("{name} has to have exactly one of every and on")),
        }
    }
}
