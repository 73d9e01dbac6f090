//! Places that each has so many of, so that none can have them all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How many places each has taken, by name.
#[derive(Debug, Clone)]
pub struct Places {
    most: usize,
    taken: Arc<Mutex<HashMap<String, usize>>>,
}

/// One place; it is taken until it is dropped.
#[derive(Debug)]
#[must_use]
pub struct Place {
    name: String,
    places: Places,
}

impl Places {
    pub fn new(most: usize) -> Self {
        Self { most, taken: Arc::default() }
    }

    /// None when this one has as many as it may.
    pub fn take(&self, name: &str) -> Option<Place> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        match taken.get_mut(name) {
            Some(count) if *count >= self.most => return None,
            Some(count) => *count += 1,
            None => _ = taken.insert(name.into(), 1),
        }
        Some(Place { name: name.into(), places: self.clone() })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.name) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_so_many_and_another_its_own() {
        let places = Places::new(3);
        let mut held: Vec<_> = (0..3).map(|_| places.take("a").expect("one more")).collect();
        assert!(places.take("a").is_none());
        assert!(places.take("b").is_some());
        held.pop();
        assert!(places.take("a").is_some());
        held.clear();
        assert!(places.taken.lock().unwrap().is_empty(), "nothing is kept of who is gone");
    }
}
