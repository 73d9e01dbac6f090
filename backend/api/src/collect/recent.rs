//! The statements that this process lately accepted, by what they are known by: those that wait in the spool are not in the
//! warehouse yet, where an id is looked up otherwise.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use ingest::decode::xapi::Fingerprint;
use ingest::decode::xapi::resource::{Known, known};
use uuid::Uuid;

/// Statements that are remembered; the oldest are forgotten first.
const MOST: usize = 100_000;

/// Remembers statements by site and id.
#[derive(Default)]
pub struct Recent(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    statements: HashMap<(String, Uuid), Entry>,
    order: VecDeque<(String, Uuid)>,
    /// By site.
    through: HashMap<String, DateTime<Utc>>,
}

struct Entry {
    print: Fingerprint,
    /// Acknowledged. Until then the same statement has to be made durable by whoever sends it.
    durable: bool,
}

impl Recent {
    /// Says of each statement whether its id is new, in their order. Unless one is another than that of its id, the new ones
    /// are claimed: until they are [given up](Self::give_up) no other statement can have their ids.
    pub(super) fn claim(&self, site: &str, statements: &[(Uuid, Fingerprint)]) -> Vec<Known> {
        let mut kept = self.kept();
        let of = |(id, print): &(Uuid, Fingerprint)| match kept.statements.get(&(site.to_owned(), *id)) {
            Some(entry) if !entry.durable && print.same(&entry.print) => Known::New,
            entry => known(print, entry.map(|entry| &entry.print)),
        };
        let found: Vec<Known> = statements.iter().map(of).collect();
        if found.contains(&Known::Other) {
            return found;
        }
        for (id, print) in statements {
            let key = (site.to_owned(), *id);
            if !kept.statements.contains_key(&key) {
                kept.order.push_back(key.clone());
                kept.statements.insert(key, Entry { print: print.clone(), durable: false });
            }
        }
        while kept.order.len() > MOST {
            if let Some(oldest) = kept.order.pop_front() {
                kept.statements.remove(&oldest);
            }
        }
        found
    }

    /// The statements were acknowledged.
    pub(super) fn acknowledge(&self, site: &str, ids: &[Uuid]) {
        let mut kept = self.kept();
        for id in ids {
            if let Some(entry) = kept.statements.get_mut(&(site.to_owned(), *id)) {
                entry.durable = true;
            }
        }
    }

    /// The statements are not kept, after all.
    pub(super) fn give_up(&self, site: &str, ids: &[Uuid]) {
        let mut kept = self.kept();
        let Kept { statements, order, .. } = &mut *kept;
        for id in ids {
            let key = (site.to_owned(), *id);
            if statements.get(&key).is_some_and(|entry| !entry.durable) {
                statements.remove(&key);
            }
        }
        order.retain(|key| statements.contains_key(key));
    }

    /// Everything of the site that was stored before this time can be read.
    pub(super) fn note_through(&self, site: &str, through: DateTime<Utc>) {
        self.kept().through.insert(site.to_owned(), through);
    }

    pub(super) fn through(&self, site: &str) -> DateTime<Utc> {
        self.kept().through.get(site).copied().unwrap_or_default()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_claimed_until_it_is_given_up_and_known_when_it_is_acknowledged() {
        let recent = Recent::default();
        let print = |digest: &str| Fingerprint { digest: digest.into(), at: None };
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let claim = |site: &str, id, digest: &str| recent.claim(site, &[(id, print(digest))])[0];
        assert_eq!(claim("ee", one, "a"), Known::New);
        // Not durable yet: who sends it again makes it so.
        assert_eq!(claim("ee", one, "a"), Known::New);
        assert_eq!(claim("ee", one, "b"), Known::Other);
        assert_eq!(claim("us", one, "b"), Known::New);
        recent.give_up("ee", &[one]);
        assert_eq!(claim("ee", one, "b"), Known::New);
        recent.acknowledge("ee", &[one]);
        recent.give_up("ee", &[one]);
        assert_eq!(claim("ee", one, "b"), Known::Same);
        // One conflict, and nothing is claimed.
        assert_eq!(recent.claim("ee", &[(two, print("c")), (one, print("d"))]), [Known::New, Known::Other]);
        assert_eq!(claim("ee", two, "e"), Known::New);
    }
}
