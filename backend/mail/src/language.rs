//! The languages letters are written in.

use serde::{Deserialize, Serialize};

/// A language of letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Language {
    #[default]
    #[serde(rename = "en")]
    English,
    #[serde(rename = "et")]
    Estonian,
}

impl Language {
    pub const ALL: [Language; 2] = [Language::English, Language::Estonian];

    /// Its code in BCP 47.
    pub fn as_str(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Estonian => "et",
        }
    }

    /// The language of a code such as `et` or `et-EE`; English for every other.
    pub fn of(code: &str) -> Self {
        let primary = code.split(['-', '_']).next().unwrap_or_default();
        Language::ALL.into_iter().find(|l| l.as_str().eq_ignore_ascii_case(primary)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_names_its_language_and_any_other_is_english() {
        for (code, language) in [
            ("et", Language::Estonian),
            ("et-EE", Language::Estonian),
            ("ET_ee", Language::Estonian),
            ("en", Language::English),
            ("fi", Language::English),
            ("", Language::English),
            ("etc", Language::English),
        ] {
            assert_eq!(Language::of(code), language, "{code}");
        }
    }
}
