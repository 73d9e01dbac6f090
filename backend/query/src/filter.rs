//! Filters: tests of one dimension, joined by all, any and not.

use model::Model;
use serde::Serialize;

use crate::invalid::Invalid;
use crate::question::Filter;

/// A checked filter. Dimensions are positions in the model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum QueryFilter {
    Is { dimension: usize, test: Test },
    All(Vec<QueryFilter>),
    Any(Vec<QueryFilter>),
    Not(Box<QueryFilter>),
}

/// What a value of a dimension has to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Test {
    /// One of these codes.
    In(Vec<String>),
    /// A code from the first to the second, both included; numbers are compared as numbers, else as text.
    Between(Option<String>, Option<String>),
    /// A name or code that holds this text, whatever the case.
    Contains(String),
}

impl QueryFilter {
    /// The dimensions it tests.
    pub fn dimensions(&self) -> Vec<usize> {
        match self {
            QueryFilter::Is { dimension, .. } => vec![*dimension],
            QueryFilter::All(parts) | QueryFilter::Any(parts) => parts.iter().flat_map(|p| p.dimensions()).collect(),
            QueryFilter::Not(part) => part.dimensions(),
        }
    }
}

const MAX_VALUES: usize = 1_000;
const MAX_TEXT: usize = 200;
/// Filters in one question, and how deep they may lie in each other.
const MAX_FILTERS: usize = 50;
const MAX_DEPTH: usize = 6;

/// Checks the filters of a question for a role.
pub fn filters(filters: &[Filter], model: &Model, role: &str) -> Result<Vec<QueryFilter>, Invalid> {
    let mut checker = Checker { model, role, left: MAX_FILTERS };
    filters.iter().enumerate().map(|(i, f)| checker.filter(f, &format!("/filters/{i}"), 1)).collect()
}

struct Checker<'a> {
    model: &'a Model,
    role: &'a str,
    left: usize,
}

impl Checker<'_> {
    fn filter(&mut self, filter: &Filter, at: &str, depth: usize) -> Result<QueryFilter, Invalid> {
        if depth > MAX_DEPTH || self.left == 0 {
            let detail = format!("at most {MAX_FILTERS} filters, {MAX_DEPTH} deep, can be asked at once");
            return Err(bad(at, detail));
        }
        self.left -= 1;
        let joined =
            [&filter.all, &filter.any].iter().filter(|j| j.is_some()).count() + usize::from(filter.not.is_some());
        if joined == 1 && filter.dimension.is_none() && tests(filter) == 0 {
            return self.joined(filter, at, depth);
        }
        match &filter.dimension {
            Some(dimension) if joined == 0 => self.is(dimension, filter, at),
            _ => Err(bad(at, "a filter is either a dimension with its test, or exactly one of all, any and not")),
        }
    }

    fn joined(&mut self, filter: &Filter, at: &str, depth: usize) -> Result<QueryFilter, Invalid> {
        let mut list = |parts: &[Filter], name: &str| {
            if parts.is_empty() {
                return Err(bad(&format!("{at}/{name}"), "at least one filter is needed here"));
            }
            let part = |(i, part)| self.filter(part, &format!("{at}/{name}/{i}"), depth + 1);
            parts.iter().enumerate().map(part).collect::<Result<Vec<_>, _>>()
        };
        if let Some(parts) = &filter.all {
            return Ok(QueryFilter::All(list(parts, "all")?));
        }
        if let Some(parts) = &filter.any {
            return Ok(QueryFilter::Any(list(parts, "any")?));
        }
        let part = filter.not.as_deref().expect("one of the three is there");
        Ok(QueryFilter::Not(Box::new(self.filter(part, &format!("{at}/not"), depth + 1)?)))
    }

    fn is(&self, dimension: &str, filter: &Filter, at: &str) -> Result<QueryFilter, Invalid> {
        let known = self.model.dimensions.iter().position(|d| d.name == dimension && d.allows(self.role));
        let dimension = known.ok_or_else(|| {
            Invalid::new("unknown_dimension", format!("{at}/dimension"), "there is no dimension of this name")
        })?;
        if tests(filter) != 1 {
            return Err(bad(at, "a filter needs exactly one of in, not_in, contains, and from or to"));
        }
        let is = |test| QueryFilter::Is { dimension, test };
        if let Some(text) = &filter.contains {
            if text.trim().is_empty() || text.chars().count() > MAX_TEXT {
                return Err(bad(&format!("{at}/contains"), format!("1 to {MAX_TEXT} characters are needed")));
            }
            return Ok(is(Test::Contains(text.trim().to_lowercase())));
        }
        if filter.from.is_some() || filter.to.is_some() {
            return Ok(is(Test::Between(filter.from.clone(), filter.to.clone())));
        }
        let (values, negated) = match (&filter.is_in, &filter.not_in) {
            (Some(values), _) => (values, false),
            (None, values) => (values.as_ref().expect("the one test that is left"), true),
        };
        if values.is_empty() || values.len() > MAX_VALUES {
            return Err(bad(at, format!("a filter needs 1 to {MAX_VALUES} values")));
        }
        let mut values = values.clone();
        values.sort();
        values.dedup();
        let found = is(Test::In(values));
        Ok(if negated { QueryFilter::Not(Box::new(found)) } else { found })
    }
}

/// How many tests a filter holds; `from` and `to` are one.
fn tests(filter: &Filter) -> usize {
    let range = filter.from.is_some() || filter.to.is_some();
    [filter.is_in.is_some(), filter.not_in.is_some(), filter.contains.is_some(), range].iter().filter(|t| **t).count()
}

fn bad(at: &str, detail: impl Into<String>) -> Invalid {
    Invalid::new("bad_filter", at, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str) -> Result<Vec<QueryFilter>, Invalid> {
        let asked: Vec<Filter> = serde_json::from_str(json).expect("filters");
        filters(&asked, &Model::embedded().expect("the model"), "owner")
    }

    #[test]
    fn a_tree_is_checked_to_its_leaves() {
        let good = r#"[{"any":[{"dimension":"book","contains":" Maths "},
            {"all":[{"dimension":"grade","from":"7","to":"9"},{"not":{"dimension":"role","in":["teacher"]}}]}]}]"#;
        let [QueryFilter::Any(parts)] = &check(good).unwrap()[..] else { panic!("one any") };
        assert!(matches!(&parts[0], QueryFilter::Is { test: Test::Contains(text), .. } if text == "maths"));
        assert!(matches!(&parts[1], QueryFilter::All(all) if matches!(all[1], QueryFilter::Not(_))));
        let bad = [
            (r#"[{"any":[]}]"#, "/filters/0/any"),
            (r#"[{"any":[{"dimension":"book"}]}]"#, "/filters/0/any/0"),
            (r#"[{"dimension":"book","in":["a"],"contains":"b"}]"#, "/filters/0"),
            (r#"[{"dimension":"book","in":["a"],"not":{"dimension":"book","in":["a"]}}]"#, "/filters/0"),
            (r#"[{"not":{"dimension":"nothing","in":["a"]}}]"#, "/filters/0/not/dimension"),
            (r#"[{"dimension":"book","contains":"  "}]"#, "/filters/0/contains"),
            (r#"[{}]"#, "/filters/0"),
        ];
        for (json, pointer) in bad {
            assert_eq!(check(json).unwrap_err().pointer, pointer, "{json}");
        }
    }

    #[test]
    fn filters_are_bounded_in_number_and_depth() {
        let leaf = r#"{"dimension":"book","in":["a"]}"#;
        let many = vec![leaf; MAX_FILTERS + 1].join(",");
        assert!(check(&format!("[{many}]")).is_err());
        let deep = (0..MAX_DEPTH).fold(leaf.to_string(), |inner, _| format!(r#"{{"not":{inner}}}"#));
        assert!(check(&format!("[{deep}]")).is_err());
    }
}
