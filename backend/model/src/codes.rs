//! The closed lists: kinds of event, roles of persons, devices. Stored as small numbers, spoken as names.

/// A closed list of names with their stored numbers. 0 always means "none".
#[derive(Debug, Clone, Copy)]
pub struct Codes(&'static [(&'static str, i32)]);

/// What happened.
pub const KINDS: Codes = Codes(&[
    ("page_view", 1),
    ("exercise", 2),
    ("test", 3),
    ("search", 4),
    ("media", 5),
    ("impression", 6),
    ("click", 7),
    ("sign_in", 8),
]);

/// Who did it.
pub const ROLES: Codes = Codes(&[("student", 1), ("teacher", 2), ("other", 3)]);

/// On what.
pub const DEVICES: Codes = Codes(&[("desktop", 1), ("tablet", 2), ("phone", 3), ("other", 4)]);

impl Codes {
    pub fn code(&self, name: &str) -> Option<i32> {
        self.0.iter().find(|(n, _)| *n == name).map(|(_, c)| *c)
    }

    pub fn name(&self, code: i32) -> Option<&'static str> {
        self.0.iter().find(|(_, c)| *c == code).map(|(n, _)| *n)
    }

    pub fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.0.iter().map(|(n, _)| *n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_go_both_ways_and_zero_is_nothing() {
        for list in [KINDS, ROLES, DEVICES] {
            for name in list.names() {
                assert_eq!(list.name(list.code(name).unwrap()), Some(name));
            }
            assert_eq!(list.name(0), None);
            assert_eq!(list.code("nonsense"), None);
        }
    }
}
