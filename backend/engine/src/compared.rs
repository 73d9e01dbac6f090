//! The range that a question is compared with.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, Months, NaiveDate, TimeDelta};
use model::{Calendar, Grain, Model};
use query::{Compare, Invalid, Query};

use crate::snapshot::Snapshot;

/// First and last day.
pub type Range = (NaiveDate, NaiveDate);

/// The range to compare with, if asked. `sites` are those whose rows can matter.
pub fn compared(
    query: &Query,
    sites: &BTreeSet<i16>,
    model: &Model,
    snapshot: &Snapshot,
) -> Result<Option<Range>, Invalid> {
    let Some(compare) = query.compare else { return Ok(None) };
    let (from, to) = (query.from, query.to);
    let length = (to - from).num_days() as u64 + 1;
    let back = |days: u64| (from - Days::new(days), to - Days::new(days));
    let range = match (compare, query.match_weekday) {
        (Compare::PreviousPeriod, true) => back(length.div_ceil(7) * 7),
        (Compare::PreviousPeriod, false) if from.day() == 1 && Grain::Month.end(to) == to => {
            let months = (to.year() - from.year()) * 12 + to.month() as i32 - from.month() as i32 + 1;
            (from - Months::new(months as u32), from - Days::new(1))
        }
        (Compare::PreviousPeriod, false) => back(length),
        (Compare::PreviousYear, true) => back(52 * 7),
        (Compare::PreviousYear, false) => (from - Months::new(12), same_end_a_year_before(to)),
        (Compare::SameTermLastYear, match_weekday) => {
            let range = same_term((from, to), one_calendar(sites, model, snapshot)?)?;
            if match_weekday { to_weekday(from, range) } else { range }
        }
    };
    Ok(Some(range))
}

/// The last of February stays the last of February.
fn same_end_a_year_before(to: NaiveDate) -> NaiveDate {
    let earlier = to - Months::new(12);
    if Grain::Month.end(to) == to { Grain::Month.end(earlier) } else { earlier }
}

fn one_calendar<'a>(sites: &BTreeSet<i16>, model: &'a Model, snapshot: &Snapshot) -> Result<&'a Calendar, Invalid> {
    let refuse = |detail: String| Invalid::new("cannot_answer", "/compare", detail);
    let codes: Vec<&str> =
        sites.iter().filter_map(|s| snapshot.directory.sites.get(s)).map(|s| s.code.as_str()).collect();
    match codes[..] {
        [code] => model.calendar(code).ok_or_else(|| refuse(format!("there is no school calendar of {code}"))),
        _ => Err(refuse("terms differ between countries; filter one site to compare its terms".into())),
    }
}

/// The same days of the same term of the year before: the whole of it for the whole term, else as many days from its
/// beginning on.
fn same_term((from, to): Range, calendar: &Calendar) -> Result<Range, Invalid> {
    let refuse = |detail: String| Invalid::new("cannot_answer", "/compare", detail);
    let term = calendar.term(from).filter(|term| term.span.contains(to));
    let term = term.ok_or_else(|| {
        refuse(match calendar.term(from) {
            Some(term) => {
                format!("the range has to lie in one term; {} is {} to {}", term.name, term.span.from, term.span.to)
            }
            None => format!("{from} lies in no term of {}; choose the days of one term", calendar.site),
        })
    })?;
    let year = calendar.years.iter().position(|y| y.terms.iter().any(|t| t.name == term.name));
    let year = year.expect("the term is one of the calendar's");
    let position = calendar.years[year].terms.iter().position(|t| t.name == term.name).expect("it is in this year");
    let before = year.checked_sub(1).and_then(|y| calendar.years[y].terms.get(position));
    let before = before.ok_or_else(|| refuse(format!("the school year before {} is not known", term.name)))?;
    if (from, to) == (term.span.from, term.span.to) {
        return Ok((before.span.from, before.span.to));
    }
    let first = before.span.from + (from - term.span.from);
    if first > before.span.to {
        return Err(refuse(format!("{} was shorter; it ended on {}", before.name, before.span.to)));
    }
    Ok((first, (first + (to - from)).min(before.span.to)))
}

/// The range moved by at most three days, so that it begins on the weekday of `from`.
fn to_weekday(from: NaiveDate, (first, last): Range) -> Range {
    let ahead = (7 + from.weekday().num_days_from_monday() - first.weekday().num_days_from_monday()) % 7;
    let days = TimeDelta::days(if ahead > 3 { i64::from(ahead) - 7 } else { i64::from(ahead) });
    (first + days, last + days)
}
