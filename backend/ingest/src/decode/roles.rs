//! The roles that the standards and their platforms write, as Octavo's.

/// The name in [`model::ROLES`] of somebody with these roles: `teacher` if any is a teacher's (one who previews a course as
/// its pupil is its teacher still), else `student` if any is a pupil's, else `other`.
///
/// A role is its name, in any case: what follows `#` in an IRI (`…/membership#Learner`), what precedes it otherwise
/// (`Learner#NonCreditLearner`).
pub(super) fn role<'a>(names: impl IntoIterator<Item = &'a str>) -> &'static str {
    let mut found = "other";
    for name in names {
        match plain(name).to_ascii_lowercase().as_str() {
            "instructor" | "teacher" => return "teacher",
            "learner" | "student" | "pupil" => found = "student",
            _ => {}
        }
    }
    found
}

fn plain(name: &str) -> &str {
    let name = name.trim();
    if name.contains(':') {
        name.rsplit(['#', '/', ':']).next().unwrap_or(name)
    } else {
        name.split('#').next().unwrap_or(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decode_roles_of_both_standards() {
        assert_eq!(role(["Learner"]), "student");
        assert_eq!(role(["Learner#NonCreditLearner"]), "student");
        assert_eq!(role(["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"]), "student");
        assert_eq!(role(["student", "Instructor"]), "teacher");
        assert_eq!(role(["Administrator#Instructor"]), "other");
        assert_eq!(role([]), "other");
    }
}
