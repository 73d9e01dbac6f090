//! A file of the model, and the line at which something is wrong in it.

use serde::de::DeserializeOwned;
use thiserror::Error;
use toml::de::{DeTable, DeValue};

/// What is wrong in a file of the model, and at which line, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{file} line {line}: {problem}")]
pub struct ModelError {
    pub file: &'static str,
    pub line: usize,
    pub problem: String,
}

/// A file of the model with its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    pub file: &'static str,
    pub text: &'a str,
}

impl Source<'_> {
    /// Reads the file. What is no TOML, an unknown field and a value of the wrong type are errors.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, ModelError> {
        toml::from_str(self.text)
            .map_err(|e| self.at_byte(e.span().map_or(0, |span| span.start), e.message().to_string()))
    }

    /// A problem with what `pointer` leads to, such as `/metric/3/sum`; with what holds it, where it is missing.
    pub fn wrong(&self, pointer: &str, problem: String) -> ModelError {
        self.at_byte(self.find(pointer), problem)
    }

    fn at_byte(&self, byte: usize, problem: String) -> ModelError {
        let line = self.text[..byte].matches('\n').count() + 1;
        ModelError { file: self.file, line, problem }
    }

    /// The byte at which what the pointer leads to begins. The file is parsed again, for it is read into types without places.
    fn find(&self, pointer: &str) -> usize {
        let (document, _) = DeTable::parse_recoverable(self.text);
        let mut byte = 0;
        let root = DeValue::Table(document.into_inner());
        let mut value = &root;
        for step in pointer.split('/').skip(1) {
            let next = match step.parse::<usize>() {
                Ok(position) => value.get(position),
                Err(_) => value.get(step),
            };
            let Some(next) = next else { break };
            (byte, value) = (next.span().start, next.get_ref());
        }
        byte
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# a comment
[[thing]]
name = \"a\"

[[thing]]
name = \"b\"
parts = [
    { size = 1 },
    { size = 2 },
]
";

    #[test]
    fn a_pointer_leads_to_its_line() {
        let source = Source { file: "things.toml", text: TEXT };
        let cases = [
            ("/thing/0", 2),
            ("/thing/0/name", 3),
            ("/thing/1", 5),
            ("/thing/1/name", 6),
            ("/thing/1/parts", 7),
            ("/thing/1/parts/1", 9),
            ("/thing/1/parts/1/size", 9),
            ("/thing/1/missing", 5),
        ];
        for (pointer, line) in cases {
            assert_eq!(source.wrong(pointer, String::new()).line, line, "{pointer}");
        }
        let error = source.wrong("/thing/1/name", "thing 'b': is no good".into());
        assert_eq!(error.to_string(), "things.toml line 6: thing 'b': is no good");
    }
}
