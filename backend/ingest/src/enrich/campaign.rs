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
        let before = (event.placement.clone(), event.campaign.clone(), event.variant.clone());
        if event.campaign.is_none()
            && let Some(Value::String(campaign)) = row.props.as_ref().and_then(|props| props.get(UTM_CAMPAIGN))
        {
            event.campaign = Some(campaign.clone());
        }
        for text in [&mut event.placement, &mut event.campaign, &mut event.variant] {
            *text = text.take().map(|text| one_spelling(&text)).filter(|text| !text.is_empty());
        }
        let same = before == (event.placement.clone(), event.campaign.clone(), event.variant.clone());
        Ok(if same { Passed::AsItWas } else { Passed::Changed })
    }
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
