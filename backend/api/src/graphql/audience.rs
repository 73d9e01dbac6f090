//! What of the schema exists for whom. Each audience has a schema of its own, from which what it may not use is gone: to
//! validation, to introspection and to hints alike.

use std::borrow::Cow;

use access::{Action, Caller, Role, permits};
use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::Directive;
use async_graphql::registry::{MetaField, MetaType, MetaTypeName, Registry};
use async_graphql::{ContextDirective, CustomDirective, CustomDirectiveFactory, IntrospectionMode, ServerResult};
use model::Model;

use crate::problem::Problem;

/// For whom a schema is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience {
    /// Callers of a role, who may ask and look things up.
    Readers(Role),
    /// Callers who may not, by their role or by their key: they can know who they are.
    Signed,
}

impl Audience {
    pub fn all() -> impl Iterator<Item = Audience> {
        Role::ALL.into_iter().map(Audience::Readers).chain([Audience::Signed])
    }

    pub fn of(caller: &Caller) -> Self {
        let reads = [Action::UsageRead, Action::ReferenceRead].into_iter().all(|a| permits(caller, a));
        if reads { Audience::Readers(caller.role) } else { Audience::Signed }
    }
}

/// Types that are about a thing, and the dimension by which roles may use it. Sites are for everyone: they say what day it is.
const THINGS: [(&str, &str); 6] = [
    ("Region", "region"),
    ("School", "school"),
    ("Publisher", "publisher"),
    ("Book", "book"),
    ("BookUse", "book"),
    ("Chapter", "chapter"),
];

/// Cuts a schema in the making to its audience. It comes as a directive, which is the only way to the registry that the
/// builder offers; it registers none, so no document can name it.
pub struct Cut {
    hidden: Vec<&'static str>,
    only_me: bool,
    introspection: bool,
}

impl Cut {
    pub fn new(audience: Audience, model: &Model, introspection: bool) -> Self {
        let allowed = |dimension: &str| match audience {
            Audience::Readers(role) => model.dimensions.iter().any(|d| d.name == dimension && d.allows(role.as_str())),
            Audience::Signed => false,
        };
        let hidden = THINGS.into_iter().filter(|(_, dimension)| !allowed(dimension)).map(|(name, _)| name).collect();
        Self { hidden, only_me: audience == Audience::Signed, introspection }
    }

    /// Whether the field leads to something that is not there for this audience.
    fn hides(&self, field: &MetaField) -> bool {
        let name = MetaTypeName::concrete_typename(&field.ty);
        let of = name.strip_suffix("Connection").or(name.strip_suffix("Edge")).unwrap_or(name);
        self.hidden.contains(&of)
    }
}

fn fields<'a>(registry: &'a mut Registry, name: Option<&str>) -> Option<&'a mut IndexMap<String, MetaField>> {
    match registry.types.get_mut(name?)? {
        MetaType::Object { fields, .. } => Some(fields),
        _ => None,
    }
}

impl CustomDirectiveFactory for Cut {
    fn name(&self) -> Cow<'static, str> {
        "cut".into()
    }

    fn register(&self, registry: &mut Registry) {
        for kind in registry.types.values_mut() {
            if let MetaType::Object { fields, .. } = kind {
                fields.retain(|_, field| !self.hides(field));
            }
        }
        let (query, subscription) = (registry.query_type.clone(), registry.subscription_type.clone());
        if let Some(fields) = fields(registry, Some(&query)) {
            fields.retain(|name, _| match name.starts_with("__") {
                true => self.introspection,
                false => !self.only_me || name == "me",
            });
        }
        if self.only_me {
            if let Some(fields) = fields(registry, subscription.as_deref()) {
                fields.clear();
            }
            registry.subscription_type = None;
        }
        if !self.introspection {
            registry.introspection_mode = IntrospectionMode::Disabled;
            registry.enable_suggestions = false;
        }
        registry.remove_unused_types();
    }

    fn create(&self, _: &ContextDirective<'_>, _: &Directive) -> ServerResult<Box<dyn CustomDirective>> {
        Err(Problem::not_found().into())
    }
}
