//! What a spool has to hold, kept in plain memory.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::log::{Log, Wish};

/// What was sent of one site, by offset; a record that may be there or not is not among it yet.
#[derive(Debug, Default)]
struct Sent {
    records: Vec<Vec<u8>>,
    /// The most that was asked to be trimmed.
    trimmed: i64,
}

#[derive(Default)]
pub(super) struct Oracle {
    identity: Option<Uuid>,
    sites: BTreeMap<String, Sent>,
    facts: BTreeMap<String, Vec<u8>>,
    /// A group whose outcome nobody knows: all of it is there, or nothing.
    unknown: Vec<Wish>,
}

impl Oracle {
    pub(super) fn next(&self, site: &str) -> i64 {
        self.sites.get(site).map_or(0, |sent| sent.records.len() as i64)
    }

    pub(super) fn opened(&mut self, identity: Uuid) -> Result<(), String> {
        match self.identity.replace(identity) {
            Some(known) if known != identity => Err(format!("the spool was {known} and is {identity}")),
            _ => Ok(()),
        }
    }

    /// The offsets a group should get.
    pub(super) fn expected<'a>(&self, wishes: &'a [Wish]) -> Vec<i64> {
        let mut next: BTreeMap<&'a str, i64> = BTreeMap::new();
        let offset = |wish: &'a Wish| match wish {
            Wish::Put { .. } => 0,
            Wish::Append { site, records } => {
                let next = next.entry(site).or_insert_with(|| self.next(site));
                let first = *next;
                *next += records.len() as i64;
                first
            }
        };
        wishes.iter().map(offset).collect()
    }

    pub(super) fn acknowledged(&mut self, wishes: Vec<Wish>) {
        for wish in wishes {
            match wish {
                Wish::Append { site, records } => self.sites.entry(site).or_default().records.extend(records),
                Wish::Put { key, value } => {
                    self.facts.insert(key, value);
                }
            }
        }
    }

    pub(super) fn unknown(&mut self, wishes: Vec<Wish>) {
        self.unknown = wishes;
    }

    pub(super) fn trimming(&mut self, site: &str, below: i64) {
        let sent = self.sites.entry(site.to_owned()).or_default();
        sent.trimmed = sent.trimmed.max(below);
    }

    /// Compares everything.
    pub(super) fn check(&mut self, log: &mut Log) -> Result<(), String> {
        let states = log.sites().map_err(|error| error.to_string())?;
        let next = |site: &str| states.iter().find(|state| state.site == site).map_or(0, |state| state.next);
        // Whether the unknown group is there shows at any site it had records for, or at a fact of its own.
        let unknown = std::mem::take(&mut self.unknown);
        let mut stored = None;
        for (n, wish) in unknown.iter().enumerate() {
            let there = match wish {
                Wish::Append { records, .. } if records.is_empty() => continue,
                // The value it had before, or one that a later wish replaces, tells nothing.
                Wish::Put { key, value } if self.facts.get(key) == Some(value) => continue,
                Wish::Put { key, .. }
                    if unknown[n + 1..]
                        .iter()
                        .any(|later| matches!(later, Wish::Put { key: other, .. } if other == key)) =>
                {
                    continue;
                }
                Wish::Append { site, .. } => next(site) > self.next(site),
                Wish::Put { key, value } => match log.fact(key).map_err(|error| error.to_string())? {
                    Some(kept) if kept == *value => true,
                    kept if kept.as_ref() == self.facts.get(key) => false,
                    _ => return Err(format!("the fact {key} has a value nobody gave it")),
                },
            };
            if stored.replace(there).is_some_and(|before| before != there) {
                return Err("a group is there in part".into());
            }
        }
        if stored == Some(true) {
            self.acknowledged(unknown);
        }
        for state in &states {
            let sent = self.sites.entry(state.site.clone()).or_default();
            let site = &state.site;
            if state.next != sent.records.len() as i64 {
                return Err(format!(
                    "{site}: {} records were acknowledged and the log ends at {}",
                    sent.records.len(),
                    state.next
                ));
            }
            if state.first > sent.trimmed {
                return Err(format!("{site}: begins at {}, trimmed below {} at most", state.first, sent.trimmed));
            }
            let mut from = state.first;
            while from < state.next {
                let read =
                    log.read(site, from, 7, 5_000).map_err(|error| format!("reading {site} from {from}: {error}"))?;
                for (offset, record) in read {
                    if offset != from || sent.records[from as usize] != record {
                        return Err(format!("{site}: another record at {offset}"));
                    }
                    from += 1;
                }
            }
        }
        for (site, sent) in &self.sites {
            if !sent.records.is_empty() && next(site) == 0 {
                return Err(format!("{site}: all {} acknowledged records are gone", sent.records.len()));
            }
        }
        for (key, value) in &self.facts {
            if log.fact(key).map_err(|error| error.to_string())?.as_ref() != Some(value) {
                return Err(format!("the fact {key} is not what was acknowledged"));
            }
        }
        Ok(())
    }
}
