//! Reference data that a foreign log carries itself, where its mapping says so.

use serde_json::{Map, Value};

use super::mapping_file::{ControlCharacters, CreatesTable, TextTable};
use super::mapping_rule::{TextRule, Texts};
use crate::event::{Creates, Reject};

/// Where the names of things come from that are created when an event names one that is missing.
#[derive(Debug, Clone)]
pub(super) struct CreatesRule {
    school_name: Option<TextRule>,
    book_title: Option<TextRule>,
    /// Code and name; without a name the code is the name.
    publisher: Option<(TextRule, TextRule)>,
}

impl CreatesRule {
    /// # Errors
    /// A sentence about what does not fit together.
    pub(super) fn build(table: CreatesTable, texts: &Texts) -> Result<CreatesRule, String> {
        let rule = |from: Option<TextTable>| from.map(TextRule::build).transpose();
        if table.school_name.is_some() && texts.school.is_none() {
            return Err("`school_name` names the school of `[school]`, which is missing".to_owned());
        }
        if texts.book.is_none() && (table.book_title.is_some() || table.publisher_code.is_some()) {
            return Err("`book_title` and `publisher_code` say more about `[book]`, which is missing".to_owned());
        }
        let publisher = match (rule(table.publisher_code)?, rule(table.publisher_name)?) {
            (Some(code), Some(name)) => Some((code, name)),
            (Some(code), None) => Some((code.clone(), code)),
            (None, Some(_)) => return Err("`publisher_name` needs `publisher_code`, by which it is known".to_owned()),
            (None, None) => None,
        };
        Ok(CreatesRule { school_name: rule(table.school_name)?, book_title: rule(table.book_title)?, publisher })
    }

    /// What this record says. A name that is missing here stays unsaid, and the thing is not created.
    pub(super) fn read(&self, record: &Map<String, Value>, control: ControlCharacters) -> Result<Creates, Reject> {
        let text = |name, rule: &Option<TextRule>| match rule {
            Some(rule) => rule.read(name, record, control),
            None => Ok(None),
        };
        let publisher = match &self.publisher {
            None => None,
            Some((code, name)) => {
                let code = code.read("publisher_code", record, control)?;
                let name = name.read("publisher_name", record, control)?;
                code.map(|code| (code.clone(), name.unwrap_or(code)))
            }
        };
        Ok(Creates {
            school_name: text("school_name", &self.school_name)?,
            book_title: text("book_title", &self.book_title)?,
            publisher,
        })
    }
}
