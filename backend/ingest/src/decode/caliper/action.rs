//! What happened: an event's type and action → a kind.

/// What becomes of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// An event of this kind, by its name in [`model::KINDS`].
    Kind(&'static str),
    /// Known, and left out by rule.
    Skipped,
    Unknown,
}

use Outcome::{Kind, Skipped, Unknown};

/// Types with their actions. An action that is not listed for its type is unknown.
const TABLE: &[(&str, &[&str], Outcome)] = &[
    ("NavigationEvent", &["NavigatedTo"], Kind("page_view")),
    ("ViewEvent", &["Viewed"], Kind("page_view")),
    (
        "MediaEvent",
        &["Started", "Ended", "Paused", "Resumed", "Restarted", "ForwardedTo", "JumpedTo", "Rewound"],
        Kind("media"),
    ),
    // The player was set, the medium neither moved nor stopped.
    (
        "MediaEvent",
        &[
            "ChangedResolution",
            "ChangedSize",
            "ChangedSpeed",
            "ChangedVolume",
            "ClosedPopout",
            "DisabledClosedCaptioning",
            "EnabledClosedCaptioning",
            "EnteredFullScreen",
            "ExitedFullScreen",
            "Muted",
            "OpenedPopout",
            "Unmuted",
        ],
        Skipped,
    ),
    ("AssessmentEvent", &["Submitted"], Kind("test")),
    // An attempt counts once, when it is over: what opens it or lies within would count it again.
    ("AssessmentEvent", &["Paused", "Reset", "Restarted", "Resumed", "Started"], Skipped),
    ("AssessmentItemEvent", &["Completed", "Skipped", "Submitted"], Kind("exercise")),
    ("AssessmentItemEvent", &["Started"], Skipped),
    ("SearchEvent", &["Searched"], Kind("search")),
    ("SessionEvent", &["LoggedIn"], Kind("sign_in")),
    // Octavo counts that people came; when they left says nothing of what was read.
    ("SessionEvent", &["LoggedOut", "TimedOut"], Skipped),
];

/// The actions after which an attempt is over, so that its duration is final and told once.
const CLOSING: &[&str] = &["Submitted", "Completed", "Skipped"];

/// `event_type` and `action` are terms, as 1.1 and 1.2 write them.
pub(super) fn outcome(event_type: &str, action: &str) -> Outcome {
    TABLE
        .iter()
        .find(|(known, actions, _)| *known == event_type && actions.contains(&action))
        .map_or(Unknown, |(_, _, outcome)| *outcome)
}

pub(super) fn closes(action: &str) -> bool {
    CLOSING.contains(&action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decode_caliper_every_kind_of_the_table_exists_and_no_action_stands_twice() {
        let mut seen = std::collections::HashSet::new();
        for (event_type, actions, outcome) in TABLE {
            if let Kind(name) = outcome {
                assert!(model::KINDS.code(name).is_some(), "{name}");
            }
            for action in *actions {
                assert!(seen.insert((event_type, action)), "{event_type} {action} stands twice");
            }
        }
    }
}
