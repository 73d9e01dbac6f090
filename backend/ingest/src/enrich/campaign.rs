//! Where something was shown and in which campaign, in one spelling, so that `Home Banner` and `home banner ` are one.

use serde_json::Value;

use super::{Passed, Step};
use crate::event::Reject;
use crate::load::rows::EventRow;

/// What links of campaigns carry, by the custom of the web.
const UTM_CAMPAIGN: &str = "utm_campaign";

pub(super) struct Campaign;

impl Step for Campaign {
    fn apply(&self, row: &mut EventRow) -> Result<Passed, Reject> {
        let event = &mut row.event;
        let mut passed = Passed::AsItWas;
        if event.campaign.is_none()
            && let Some(Value::String(campaign)) = row.props.as_ref().and_then(|props| props.get(UTM_CAMPAIGN))
        {
            event.campaign = spelled(campaign);
            passed = if event.campaign.is_some() { Passed::Changed } else { passed };
        }
        for text in [&mut event.placement, &mut event.campaign, &mut event.variant] {
            if text.is_none() {
                continue;
            }
            let one = text.as_deref().and_then(spelled);
            if one != *text {
                *text = one;
                passed = Passed::Changed;
            }
        }
        Ok(passed)
    }
}

/// In the one spelling, if there is anything.
fn spelled(text: &str) -> Option<String> {
    Some(one_spelling(text)).filter(|text| !text.is_empty())
}

/// Lower case, single spaces, none around.
fn one_spelling(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_has_one_spelling() {
        for text in ["Home  Banner", " home banner", "HOME\tBANNER "] {
            assert_eq!(one_spelling(text), "home banner");
        }
        assert_eq!(one_spelling("  "), "");
    }
}
