//! Who is a robot: by the list that comes with the crate `isbot`, or by the one of Project COUNTER when its file is given.

use isbot::Bots;
use serde::Deserialize;

/// A list of robots.
#[derive(Debug, Default)]
pub struct Robots(Bots);

#[derive(Debug, thiserror::Error)]
pub enum RobotsError {
    #[error("the list of robots is not COUNTER's (a JSON array of objects with `pattern`): {0}")]
    Form(#[from] serde_json::Error),
    #[error("pattern {0} of the list of robots is no regular expression")]
    Pattern(usize),
    #[error("the list of robots is empty")]
    Empty,
}

/// An entry of COUNTER's file; what else it says is for people.
#[derive(Deserialize)]
struct Entry {
    pattern: String,
}

impl Robots {
    /// The list of Project COUNTER (Code of Practice 5.1, appendix I), as it is published: JSON.
    pub fn counter(text: &str) -> Result<Self, RobotsError> {
        let entries: Vec<Entry> = serde_json::from_str(text)?;
        if entries.is_empty() {
            return Err(RobotsError::Empty);
        }
        for (i, entry) in entries.iter().enumerate() {
            regex::Regex::new(&entry.pattern).map_err(|_| RobotsError::Pattern(i + 1))?;
        }
        let patterns: Vec<&str> = entries.iter().map(|entry| entry.pattern.as_str()).collect();
        Ok(Self(Bots::new(&patterns.join("\n"))))
    }

    pub fn is_robot(&self, user_agent: &str) -> bool {
        self.0.is_bot(user_agent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

    #[test]
    fn a_list_that_is_given_stands_for_the_default_one() {
        let list = r#"[{"pattern":"^Reader\\/[0-9]","last_changed":"2020-01-01"},{"pattern":"fetcher"}]"#;
        let (default, own) = (Robots::default(), Robots::counter(list).unwrap());
        assert!(default.is_robot("Googlebot/2.1") && !own.is_robot("Googlebot/2.1"));
        assert!(own.is_robot("Reader/7") && own.is_robot("a fetcher") && !own.is_robot(BROWSER));
        assert!(!default.is_robot(BROWSER));
    }

    #[test]
    fn a_list_that_is_none_is_refused() {
        for (bad, says) in [("{}", "COUNTER"), ("[]", "empty"), (r#"[{"pattern":"("}]"#, "pattern 1")] {
            assert!(Robots::counter(bad).unwrap_err().to_string().contains(says), "{bad}");
        }
    }
}
