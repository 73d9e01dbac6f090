//! The periods of an answer: which there are, and in which of them a day (or an hour) of a site lies.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Days, Months, NaiveDate, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use model::{Grain, Model, Per};
use query::Invalid;

use crate::snapshot::Snapshot;

/// One period: how it is written, and its first and last day, whether or not the range holds them all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    pub label: String,
    pub first: NaiveDate,
    pub last: NaiveDate,
}

/// When a stored row was: a day, or for hours the quarter of an hour since 1970 (UTC), since every zone's clock is
/// off by whole quarters.
#[derive(Debug, Clone, Copy)]
pub struct When {
    pub day: NaiveDate,
    pub quarter: i32,
}

/// All periods that touch a range, ascending, and the way to them.
#[derive(Debug, Clone)]
pub struct Periods {
    list: Vec<Period>,
    way: Way,
}

#[derive(Debug, Clone)]
enum Way {
    Whole,
    Grain(Grain, NaiveDate),
    /// The first quarter of each hour.
    Hours(Vec<i32>),
    /// Per site: first and last day, position.
    Calendar(HashMap<i16, Vec<(NaiveDate, NaiveDate, i32)>>),
    /// Days, found under the same date of the year after.
    YearBefore(NaiveDate),
}

/// What lies between the terms of a school year.
pub const BETWEEN_TERMS: &str = "between terms";
const QUARTER: i64 = 900;

impl Periods {
    /// The periods of `from..=to`. Fails where the sites' calendars or zones do not give them.
    pub fn new(
        per: Option<Per>,
        (from, to): (NaiveDate, NaiveDate),
        sites: &BTreeSet<i16>,
        model: &Model,
        snapshot: &Snapshot,
    ) -> Result<Periods, Invalid> {
        let Some(per) = per else {
            let whole = Period { label: String::new(), first: from, last: to };
            return Ok(Periods { list: vec![whole], way: Way::Whole });
        };
        if let Some(grain) = per.grain() {
            let period = |first| Period { label: grain.label(first), first, last: grain.end(first) };
            let list = grain.periods(from, to).into_iter().map(period).collect();
            return Ok(Periods { list, way: Way::Grain(grain, grain.start(from)) });
        }
        if per == Per::Hour {
            return hours(from, to, sites, snapshot);
        }
        calendar(per, (from, to), sites, model, snapshot)
    }

    /// These periods, which are days, found from the same dates a year before.
    pub fn a_year_before(&self) -> Periods {
        Periods { list: self.list.clone(), way: Way::YearBefore(self.list[0].first) }
    }

    pub fn list(&self) -> &[Period] {
        &self.list
    }

    /// The position of the period in which something was at a site.
    pub fn index(&self, site: i16, when: When) -> Option<i32> {
        match &self.way {
            Way::Whole => Some(0),
            Way::Grain(grain, first) => Some(distance(*grain, *first, when.day)),
            Way::Hours(starts) => Some(starts.partition_point(|s| *s <= when.quarter) as i32 - 1).filter(|i| *i >= 0),
            Way::Calendar(sites) => {
                let spans = sites.get(&site)?;
                let at = spans.partition_point(|(first, ..)| *first <= when.day).checked_sub(1)?;
                (when.day <= spans[at].1).then_some(spans[at].2)
            }
            // The days that February has in one of the two years alone go to its last day.
            Way::YearBefore(first) => Some(((when.day + Months::new(12)) - *first).num_days() as i32),
        }
    }

    /// The days within the range on which a period begins at one of the sites; stored periods that span one cannot be used.
    pub fn borders(&self, sites: &BTreeSet<i16>) -> BTreeSet<NaiveDate> {
        match &self.way {
            Way::Calendar(all) => sites.iter().filter_map(|s| all.get(s)).flatten().map(|(first, ..)| *first).collect(),
            _ => BTreeSet::new(),
        }
    }
}

/// How many periods lie from the one that begins on `first` to the one that holds `day`.
fn distance(grain: Grain, first: NaiveDate, day: NaiveDate) -> i32 {
    use chrono::Datelike;
    let own = grain.start(day);
    match grain {
        Grain::Day => (own - first).num_days() as i32,
        Grain::Week => ((own - first).num_days() / 7) as i32,
        Grain::Month => (own.year() - first.year()) * 12 + own.month() as i32 - first.month() as i32,
    }
}

/// The local hours of one site. They are walked in UTC, so that the night with 25 of them has 25, each with its offset.
fn hours(from: NaiveDate, to: NaiveDate, sites: &BTreeSet<i16>, snapshot: &Snapshot) -> Result<Periods, Invalid> {
    let zones: Vec<Tz> = sites.iter().filter_map(|s| snapshot.directory.sites.get(s)).map(|s| s.zone).collect();
    let zone = match zones[..] {
        [zone] => zone,
        [] => chrono_tz::UTC,
        _ => {
            let detail = "an hour is a local one, so hours can be asked of one country at a time; filter one site";
            return Err(Invalid::new("bad_grain", "/grain", detail));
        }
    };
    let (mut at, end) = (first_quarter(zone, from), first_quarter(zone, to + Days::new(1)));
    let (mut starts, mut list) = (Vec::new(), Vec::new());
    while at < end {
        let label = instant(at).with_timezone(&zone).format("%Y-%m-%dT%H:00%:z").to_string();
        if list.last().is_none_or(|last: &Period| last.label != label) {
            let day = instant(at).with_timezone(&zone).date_naive();
            list.push(Period { label, first: day, last: day });
            starts.push(at);
        }
        at += 1;
    }
    Ok(Periods { list, way: Way::Hours(starts) })
}

fn instant(quarter: i32) -> DateTime<Utc> {
    DateTime::from_timestamp(i64::from(quarter) * QUARTER, 0).expect("within the dates that can be asked")
}

/// The quarter of an hour in which a local day begins; where a clock change leaves midnight out, the first there is.
fn first_quarter(zone: Tz, day: NaiveDate) -> i32 {
    let midnight = day.and_time(chrono::NaiveTime::MIN);
    let found = zone.from_local_datetime(&midnight).earliest().map(|t| t.timestamp());
    let found = found.unwrap_or_else(|| {
        let before = zone.offset_from_utc_datetime(&(midnight - chrono::TimeDelta::days(1))).fix().local_minus_utc();
        midnight.and_utc().timestamp() - i64::from(before)
    });
    (found / QUARTER) as i32
}

/// The site-local day of a quarter of an hour.
pub fn day_of(zone: Tz, quarter: i32) -> NaiveDate {
    instant(quarter).with_timezone(&zone).date_naive()
}

/// Terms, or school years, of each site's calendar. Those of the same name are one period.
fn calendar(
    per: Per,
    (from, to): (NaiveDate, NaiveDate),
    sites: &BTreeSet<i16>,
    model: &Model,
    snapshot: &Snapshot,
) -> Result<Periods, Invalid> {
    // Label → sort key and period. What lies between the terms comes after them.
    let mut named: BTreeMap<String, (NaiveDate, bool, Period)> = BTreeMap::new();
    let mut spans: HashMap<i16, Vec<(NaiveDate, NaiveDate, String)>> = HashMap::new();
    for site in sites.iter().filter_map(|s| snapshot.directory.sites.get(s)) {
        let calendar = model.calendar(&site.code).ok_or_else(|| {
            Invalid::new("cannot_answer", "/grain", format!("there is no school calendar of {}", site.code))
        })?;
        let known = calendar.known();
        if !known.contains(from) || !known.contains(to) {
            let detail = format!(
                "the school calendar of {} is known from {} to {}; ask within",
                site.code, known.from, known.to
            );
            return Err(Invalid::new("cannot_answer", "/from", detail));
        }
        for year in calendar.years.iter().filter(|y| y.span.from <= to && from <= y.span.to) {
            let mut add = |label: String, first: NaiveDate, last: NaiveDate, between: bool| {
                if first > last || last < from || to < first {
                    return;
                }
                let (begin, end) = if between { (year.span.from, year.span.to) } else { (first, last) };
                let entry = named.entry(label.clone());
                let own = entry.or_insert_with(|| {
                    (
                        if between { end } else { begin },
                        between,
                        Period { label: label.clone(), first: begin, last: end },
                    )
                });
                (own.2.first, own.2.last) = (own.2.first.min(begin), own.2.last.max(end));
                spans.entry(site.id).or_default().push((first, last, label));
            };
            if per == Per::SchoolYear {
                add(year.name.clone(), year.span.from, year.span.to, false);
                continue;
            }
            let between = format!("{} {BETWEEN_TERMS}", year.name);
            let mut next = year.span.from;
            for term in &year.terms {
                add(between.clone(), next, term.span.from - Days::new(1), true);
                add(term.name.clone(), term.span.from, term.span.to, false);
                next = term.span.to + Days::new(1);
            }
            add(between, next, year.span.to, true);
        }
    }
    let mut list: Vec<_> = named.into_values().collect();
    list.sort_by(|a, b| (a.0, a.1, &a.2.label).cmp(&(b.0, b.1, &b.2.label)));
    let list: Vec<Period> = list.into_iter().map(|(_, _, period)| period).collect();
    let position = |label: &str| list.iter().position(|p| p.label == label).expect("made from the same names") as i32;
    let spans = spans
        .into_iter()
        .map(|(site, spans)| (site, spans.into_iter().map(|(a, b, label)| (a, b, position(&label))).collect()))
        .collect();
    Ok(Periods { list, way: Way::Calendar(spans) })
}
