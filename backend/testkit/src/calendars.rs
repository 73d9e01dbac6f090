//! The model as tests use it.

use model::calendar::{SchoolYear, Span, Term};
use model::{Calendar, Model};

/// The model, with a calendar of the site that the real one has none of.
pub fn model() -> Model {
    let day = |text: &str| text.parse().expect("a date");
    let span = |from: &str, to: &str| Span { from: day(from), to: day(to) };
    let term = |name: &str, from: &str, to: &str| Term { name: name.into(), span: span(from, to) };
    let year = |start: i32| SchoolYear {
        name: format!("{start}/{}", start % 100 + 1),
        span: span(&format!("{start}-08-01"), &format!("{}-07-31", start + 1)),
        terms: vec![
            term(&format!("{start}/{} T1", start % 100 + 1), &format!("{start}-08-15"), &format!("{start}-12-23")),
            term(
                &format!("{start}/{} T2", start % 100 + 1),
                &format!("{}-01-06", start + 1),
                &format!("{}-06-10", start + 1),
            ),
        ],
        breaks: vec![],
    };
    let mut model = Model::embedded().expect("the model is sound");
    let years = (2024..=2026).map(year).collect();
    model.calendars.push(Calendar { site: "us".into(), years, holidays: vec![] });
    model
}
