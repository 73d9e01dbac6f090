//! Mappings: files that say how a foreign log's records are read as events.
//!
//! `mappings/eventsim.toml` is a complete example. Every field of the event is a table that names its
//! `field` in the log (`user.id` reaches into objects, `actors.0` into lists, a CSV column is its name),
//! several `fields` and the `separator` between them, or a `constant`. Texts are trimmed; blank ones are
//! missing. What no table names is not taken over.

use model::{DEVICES, KINDS, ROLES};

use super::mapping_creates::CreatesRule;
use super::mapping_file::{ControlCharacters, MappingFile, TextTable, Unit};
use super::mapping_rule::{ChoiceRule, Place, TextRule, Texts};
use super::time::TimeForm;

/// Why a mapping file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MappingError {
    /// Not TOML, a table or key missing, or one that does not exist. The message has line and column.
    #[error("the mapping file cannot be read; mappings/eventsim.toml is a complete example: {0}")]
    Form(#[from] toml::de::Error),
    /// A value that cannot work.
    #[error("in the mapping file, `[{table}]`: {problem}")]
    Rule { table: &'static str, problem: String },
}

/// How a foreign log is read.
#[derive(Debug, Clone)]
pub struct Mapping {
    pub(super) name: String,
    pub(super) control: ControlCharacters,
    pub(super) id: IdRule,
    pub(super) at: (Place, TimeForm),
    pub(super) kind: ChoiceRule,
    pub(super) person: TextRule,
    pub(super) role: ChoiceRule,
    pub(super) device: Option<ChoiceRule>,
    pub(super) duration: Option<(Place, Unit)>,
    pub(super) x: Option<Place>,
    pub(super) y: Option<Place>,
    pub(super) texts: Texts,
    pub(super) props: Vec<(String, Place)>,
    pub(super) creates: Option<CreatesRule>,
}

#[derive(Debug, Clone)]
pub(super) enum IdRule {
    Uuid(Place),
    MadeOf(Vec<Place>),
}

impl Mapping {
    /// Reads and checks a mapping file.
    ///
    /// # Errors
    /// [`MappingError`], naming the line or the table and what to do.
    pub fn parse(text: &str) -> Result<Mapping, MappingError> {
        let file: MappingFile = toml::from_str(text)?;
        let place = |table, field: &str| Place::parse(field).map_err(in_table(table));
        let rule = |table, from: Option<TextTable>| from.map(TextRule::build).transpose().map_err(in_table(table));
        if file.name.trim().is_empty() {
            return Err(in_table("name")("give the log a name; it is part of the ids made for its events".to_owned()));
        }
        let texts = Texts {
            school: rule("school", file.school)?,
            book: rule("book", file.book)?,
            chapter: rule("chapter", file.chapter)?,
            session: rule("session", file.session)?,
            query: rule("query", file.query)?,
            placement: rule("placement", file.placement)?,
            campaign: rule("campaign", file.campaign)?,
            variant: rule("variant", file.variant)?,
        };
        let form = TimeForm::parse(&file.at.format, file.at.zone.as_deref()).map_err(in_table("at"))?;
        let creates = file.creates.map(|table| CreatesRule::build(table, &texts)).transpose();
        let props = file.props.into_iter().map(|(name, field)| Ok((name, place("props", &field)?)));
        Ok(Mapping {
            name: file.name,
            control: file.control_characters,
            id: match (file.id.field, file.id.fields.unwrap_or_default().as_slice()) {
                (Some(field), []) => IdRule::Uuid(place("id", &field)?),
                (None, fields @ [_, ..]) => {
                    IdRule::MadeOf(fields.iter().map(|field| place("id", field)).collect::<Result<_, _>>()?)
                }
                _ => {
                    let problem = "give either `field`, which holds a UUID, or `fields`, which together are unlike in any two records";
                    return Err(in_table("id")(problem.to_owned()));
                }
            },
            at: (place("at", &file.at.field)?, form),
            kind: ChoiceRule::build(file.kind, KINDS, true).map_err(in_table("kind"))?,
            person: TextRule::build(file.person).map_err(in_table("person"))?,
            role: ChoiceRule::build(file.role, ROLES, false).map_err(in_table("role"))?,
            device: file
                .device
                .map(|table| ChoiceRule::build(table, DEVICES, false))
                .transpose()
                .map_err(in_table("device"))?,
            duration: file
                .duration
                .map(|table| place("duration", &table.field).map(|place| (place, table.unit)))
                .transpose()?,
            x: file.x.map(|table| place("x", &table.field)).transpose()?,
            y: file.y.map(|table| place("y", &table.field)).transpose()?,
            texts,
            props: props.collect::<Result<_, MappingError>>()?,
            creates: creates.map_err(in_table("creates"))?,
        })
    }

    /// The log's name, as the file gives it.
    pub fn name(&self) -> &str {
        &self.name
    }
}

fn in_table(table: &'static str) -> impl Fn(String) -> MappingError {
    move |problem| MappingError::Rule { table, problem }
}
