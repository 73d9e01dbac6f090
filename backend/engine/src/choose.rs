//! Choosing: every rollup that can answer is weighed by what would have to be read, and the cheapest one is taken.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use model::{Grain, Key, Model, Per};

use crate::condition::Bounds;
use crate::cover::{Stretch, cover};
use crate::extent::{EVENTS, Extent};
use crate::matcher::{Match, matches};
use crate::snapshot::Snapshot;

/// Where rows are read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Position in the model's rollups.
    Rollup(usize),
    Events,
}

/// What is needed of a source.
pub struct Asked<'a> {
    pub per: Option<Per>,
    /// The range of the question, and the one compared with.
    pub ranges: Vec<(NaiveDate, NaiveDate)>,
    pub sites: &'a BTreeSet<i16>,
    pub keys: &'a BTreeSet<Key>,
    pub measures: &'a BTreeSet<usize>,
    /// The one kind of event that is counted, if there is one.
    pub kind: Option<i32>,
    pub restrict: &'a Bounds,
    /// Days on which a period begins or an attribute changes: no stored period that spans one can be used.
    pub borders: BTreeSet<NaiveDate>,
}

/// A source that was weighed.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub name: String,
    pub verdict: Match,
    /// What would be read at best; nothing for one that cannot answer.
    pub extent: Extent,
    pub chosen: bool,
}

/// The choice.
pub struct Choice {
    pub source: Source,
    /// For each range.
    pub stretches: Vec<Vec<Stretch>>,
    /// Whether stored periods have to be days, for there are too many borders to go round.
    pub by_day: bool,
    pub candidates: Vec<Candidate>,
    pub reasons: Vec<String>,
}

/// More borders than this are not gone round one by one.
const MOST_BORDERS: usize = 40;

/// Costs in microseconds, as measured: a statement, a row looked at, a row sent and merged, a byte of it.
const STATEMENT: f64 = 250.0;
const LOOKED_AT: f64 = 0.1;
const MERGED: f64 = 0.8;
const BYTE: f64 = 0.002;

/// Chooses. Without a rollup the events answer.
pub fn choose(asked: &Asked, model: &Model, snapshot: &Snapshot) -> Choice {
    let closed = asked.sites.iter().filter_map(|s| snapshot.sites.get(s)?.closed_through).min();
    let by_day = asked.borders.len() > MOST_BORDERS;
    let covers: Vec<Vec<Vec<Stretch>>> = grains(asked.per, by_day)
        .iter()
        .map(|grains| {
            let borders = if by_day { &BTreeSet::new() } else { &asked.borders };
            asked.ranges.iter().map(|range| cover(*range, grains, closed, borders)).collect()
        })
        .collect();
    let mut candidates = Vec::new();
    let mut best: Option<(f64, usize, usize)> = None;
    for (i, rollup) in model.rollups.iter().enumerate() {
        let unready = |site: &&i16| snapshot.sites.get(*site).is_some_and(|state| state.unready.contains(&rollup.name));
        let verdict = if asked.per == Some(Per::Hour) {
            Match::No("hours are kept by the events alone".into())
        } else if let Some(site) = asked.sites.iter().find(unready) {
            let site = snapshot.directory.sites.get(site).map_or("a site", |s| &s.code);
            Match::No(format!("it is new, and not all days of {site} are computed yet"))
        } else {
            matches(rollup, asked.keys)
        };
        let mut candidate = Candidate { name: rollup.name.clone(), verdict, extent: Extent::default(), chosen: false };
        if !matches!(candidate.verdict, Match::No(_)) {
            let weighed = covers.iter().enumerate().map(|(c, stretches)| {
                let (cost, extent) = weigh(asked, i, stretches, model, snapshot);
                (cost, c, extent)
            });
            let (cost, c, extent) = weighed.min_by(|a, b| a.0.total_cmp(&b.0)).expect("at least the cover by days");
            candidate.extent = extent;
            if best.is_none_or(|(least, ..)| cost < least) {
                best = Some((cost, i, c));
            }
        }
        candidates.push(candidate);
    }
    let by_days: Vec<Vec<Stretch>> =
        asked.ranges.iter().map(|range| cover(*range, &[], None, &BTreeSet::new())).collect();
    let events = Candidate {
        name: EVENTS.into(),
        verdict: Match::Partial("the events themselves, one by one".into()),
        extent: held(asked, EVENTS, by_days.iter().flatten(), snapshot),
        chosen: best.is_none(),
    };
    candidates.push(events);
    let (source, stretches) = match best {
        Some((_, i, c)) => {
            candidates[i].chosen = true;
            (Source::Rollup(i), covers[c].clone())
        }
        None => (Source::Events, by_days),
    };
    let mut reasons = reasons(&candidates);
    if !asked.borders.is_empty() && source != Source::Events {
        let days: Vec<String> = asked.borders.iter().take(3).map(NaiveDate::to_string).collect();
        let more = if asked.borders.len() > days.len() { " and more" } else { "" };
        reasons
            .push(format!("no stored period that spans {}{more} is used, for something begins there", days.join(", ")));
    }
    Choice { source, stretches, by_day: by_day || source == Source::Events, candidates, reasons }
}

/// The chosen source's own reason; for the events, why no rollup would do.
fn reasons(candidates: &[Candidate]) -> Vec<String> {
    let told = |c: &Candidate| match &c.verdict {
        Match::Full => format!("{} keeps just this", c.name),
        Match::Partial(reason) | Match::No(reason) => reason.clone(),
    };
    let (events, rollups) = candidates.split_last().expect("the events are always one");
    if events.chosen {
        let mut reasons: Vec<String> = rollups.iter().map(told).collect();
        reasons.dedup();
        return reasons;
    }
    rollups.iter().filter(|c| c.chosen).map(told).collect()
}

/// The stored grains, from coarse to fine, by which a range can be covered beside days.
fn grains(per: Option<Per>, by_day: bool) -> &'static [&'static [Grain]] {
    const DAYS: &[Grain] = &[];
    match per {
        _ if by_day => &[DAYS],
        Some(Per::Month) => &[&[Grain::Month], DAYS],
        Some(Per::Week) => &[&[Grain::Week], DAYS],
        Some(Per::Day | Per::Hour) => &[DAYS],
        None | Some(Per::Term | Per::SchoolYear) => {
            &[&[Grain::Month, Grain::Week], &[Grain::Month], &[Grain::Week], DAYS]
        }
    }
}

/// What a source holds of the sites' stretches.
fn held<'s>(
    asked: &Asked,
    name: &str,
    stretches: impl Iterator<Item = &'s Stretch> + Clone,
    snapshot: &Snapshot,
) -> Extent {
    let mut out = Extent::default();
    for state in asked.sites.iter().filter_map(|s| snapshot.sites.get(s)) {
        for stretch in stretches.clone() {
            let extent = state.extents.of(name, stretch);
            out.rows += extent.rows;
            out.bytes += extent.bytes;
        }
    }
    out
}

/// The cost of a rollup's stretches, and what is sent of them.
fn weigh(asked: &Asked, rollup: usize, ranges: &[Vec<Stretch>], model: &Model, snapshot: &Snapshot) -> (f64, Extent) {
    let rollup = &model.rollups[rollup];
    let stretches = ranges.iter().flatten();
    let all = held(asked, &rollup.name, stretches.clone(), snapshot);
    // The part that the restrictions leave: by an index it is all that is looked at.
    let (mut left, mut looked_at) = (1.0, 1.0);
    for key in &rollup.keys {
        let share = match asked.restrict.get(key) {
            Some(ids) => share(*key, ids.len(), asked, snapshot),
            None if *key == Key::Kind && asked.kind.is_some() => 0.5,
            None => continue,
        };
        left *= share;
        if rollup.indexed.contains(key) {
            looked_at *= share;
        }
    }
    let sets = model.measures.iter().filter(|m| m.is_set()).count().max(1);
    let sets_read = asked.measures.iter().filter(|m| model.measures[**m].is_set()).count();
    let sent = Extent { rows: all.rows * left, bytes: all.bytes * left * sets_read as f64 / sets as f64 };
    let merged = if sets_read == 0 { 0.1 } else { 1.0 };
    let cost = STATEMENT * stretches.count() as f64
        + LOOKED_AT * all.rows * looked_at
        + MERGED * merged * sent.rows
        + BYTE * sent.bytes;
    (cost, sent)
}

/// Which part of the values of a key so many are.
fn share(key: Key, values: usize, asked: &Asked, snapshot: &Snapshot) -> f64 {
    let d = &snapshot.directory;
    let all = match key {
        Key::Site => d.sites.len(),
        Key::School => d.schools.values().filter(|s| asked.sites.contains(&s.site_id)).count(),
        Key::Book => d.books.len(),
        Key::Chapter => d.chapters.len(),
        Key::Role => 3,
        Key::Kind => 8,
        Key::Device => 5,
    };
    (values as f64 / all.max(1) as f64).min(1.0)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::Arc;

    use super::*;
    use crate::extent::Extents;
    use crate::snapshot::SiteState;

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// One site with so many rows of each rollup a day; a week has three times, a month eight times as many.
    fn snapshot(rows: &[(&str, f64)]) -> Snapshot {
        let mut extents = Extents::default();
        for (rollup, per_day) in rows {
            for month in Grain::Month.periods(d("2025-01-01"), d("2025-12-31")) {
                for (grain, times) in [(Grain::Day, 30.0), (Grain::Week, 12.0), (Grain::Month, 8.0)] {
                    let rows = per_day * times;
                    extents.note(rollup, grain, month, Extent { rows, bytes: rows * 30.0 });
                }
            }
        }
        let state = SiteState {
            data_version: 1,
            refreshed_at: None,
            closed_through: Some(d("2025-12-31")),
            last_event_at: None,
            pending: 0,
            extents: Arc::new(extents),
            unready: Default::default(),
        };
        Snapshot { sites: HashMap::from([(1, state)]), ..Snapshot::default() }
    }

    fn chosen(keys: &[Key], per: Option<Per>, borders: &[&str], rows: &[(&str, f64)]) -> (String, Vec<Stretch>) {
        let model = Model::embedded().unwrap();
        let readers = model.measures.iter().position(|m| m.name == "readers").unwrap();
        let asked = Asked {
            per,
            ranges: vec![(d("2025-01-15"), d("2025-11-30"))],
            sites: &[1].into(),
            keys: &keys.iter().copied().collect(),
            measures: &[readers].into(),
            kind: Some(1),
            restrict: &Bounds::new(),
            borders: borders.iter().map(|b| d(b)).collect(),
        };
        let choice = choose(&asked, &model, &snapshot(rows));
        let name = choice.candidates.iter().find(|c| c.chosen).unwrap().name.clone();
        (name, choice.stretches[0].clone())
    }

    #[test]
    fn the_rollup_with_less_to_read_is_taken_whatever_the_order() {
        let keys = [Key::Book];
        let large = [("school_book", 9e4), ("chapter", 9e4)];
        let of = |book, book_role| [&large[..], &[("book", book), ("book_role", book_role)]].concat();
        assert_eq!(chosen(&keys, None, &[], &of(500.0, 900.0)).0, "book");
        assert_eq!(chosen(&keys, None, &[], &of(900.0, 500.0)).0, "book_role");
        assert_eq!(chosen(&[Key::School, Key::Device], None, &[], &[]).0, "events");
    }

    #[test]
    fn coarse_periods_are_taken_where_they_save_more_than_their_statements_cost() {
        let grains = |rows: f64, borders: &[&str]| {
            let stretches = chosen(
                &[Key::Book],
                None,
                borders,
                &[("book", rows), ("book_role", 1e6), ("school_book", 1e6), ("chapter", 1e6)],
            )
            .1;
            stretches.iter().map(|s| s.grain).collect::<Vec<_>>()
        };
        assert_eq!(grains(1.0, &[]), [Grain::Day]);
        assert_eq!(grains(500.0, &[]), [Grain::Day, Grain::Week, Grain::Day, Grain::Month]);
        let cut = grains(500.0, &["2025-06-10"]);
        assert!(cut.len() > 5 && cut.contains(&Grain::Month), "the months around the border are kept: {cut:?}");
    }

    #[test]
    fn hours_are_read_from_the_events() {
        assert_eq!(chosen(&[Key::Book], Some(Per::Hour), &[], &[("book", 1.0)]).0, "events");
    }
}
