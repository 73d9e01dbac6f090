//! How much one document may ask for. Everything here is known before anything is looked up.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextPrepareRequest, NextValidation};
use async_graphql::parser::types::{Directive, ExecutableDocument, OperationType, Selection, SelectionSet};
use async_graphql::{Name, Positioned, Request, ServerError, ServerResult, ValidationResult};
use async_trait::async_trait;

use super::tokens::tokens;
use crate::problem::Problem;

/// Of the document's text.
pub const BYTES: usize = 16 * 1024;
pub const TOKENS: usize = 1_000;
/// Brackets in brackets, before anything is parsed.
pub const BRACKETS: usize = 40;
/// Of an operation, its fragments put in where they are spread.
pub const DEPTH: usize = 15;
pub const NESTING: usize = 25;
pub const FIELDS: usize = 500;
pub const ROOT_FIELDS: usize = 20;
pub const ALIASES: usize = 30;
pub const DIRECTIVES: usize = 20;
/// Fields, those of a list as many times as `first` says.
pub const COMPLEXITY: usize = 10_000;
/// What an answer adds to it: the warehouse may have to be read.
pub const ANSWER: usize = 500;

/// Refuses documents beyond the limits. It has to stand before other extensions, so that nothing too large is kept.
pub struct Limits;

impl ExtensionFactory for Limits {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Limits)
    }
}

#[async_trait]
impl Extension for Limits {
    async fn prepare_request(
        &self,
        ctx: &ExtensionContext<'_>,
        mut request: Request,
        next: NextPrepareRequest<'_>,
    ) -> ServerResult<Request> {
        // Without a text it is a persisted one, which went through here when it was sent.
        if !request.query.is_empty() {
            of_text(&request.query)?;
            of_document(request.parsed_query()?)?;
        }
        next.run(ctx, request).await.map_err(|error| match error.extensions {
            None => Problem::new("persisted_query", error.message).into(),
            Some(_) => error,
        })
    }

    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        let result = next.run(ctx).await?;
        within(result.complexity, COMPLEXITY, "complexity, in which a list counts as often as its first says,")
            .map_err(|problem| vec![problem.into()])?;
        Ok(result)
    }
}

fn of_text(text: &str) -> Result<(), Problem> {
    let told = |what: &str| Problem::new("too_large", format!("a document has at most {what}"));
    if text.len() > BYTES {
        return Err(told(&format!("{BYTES} bytes")));
    }
    let tokens = tokens(text);
    if tokens.count > TOKENS {
        return Err(told(&format!("{TOKENS} tokens")));
    }
    within(tokens.brackets, BRACKETS, "depth of brackets")
}

fn of_document(document: &ExecutableDocument) -> Result<(), Problem> {
    let mut fragments = Fragments { document, measured: HashMap::new() };
    for (_, operation) in document.operations.iter() {
        let operation = &operation.node;
        let mut size = fragments.measure(&operation.selection_set.node)?;
        size.directives += operation.directives.len();
        size.directives += operation.variable_definitions.iter().map(|v| v.node.directives.len()).sum::<usize>();
        if operation.ty == OperationType::Subscription && size.root_fields > 1 {
            return Err(Problem::new("bad_document", "a subscription has one root field; send one for each"));
        }
        within(size.depth, DEPTH, "depth")?;
        within(size.nesting, NESTING, "depth, fragments included,")?;
        within(size.fields, FIELDS, "number of fields")?;
        within(size.root_fields, ROOT_FIELDS, "number of root fields")?;
        within(size.aliases, ALIASES, "number of aliases")?;
        within(size.directives, DIRECTIVES, "number of directives")?;
    }
    Ok(())
}

fn within(size: usize, limit: usize, what: &str) -> Result<(), Problem> {
    if size <= limit {
        return Ok(());
    }
    Err(Problem::new("too_complex", format!("the document's {what} is {size}; at most {limit} is answered")))
}

/// What a selection set comes to, with its fragments put in.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    depth: usize,
    nesting: usize,
    fields: usize,
    root_fields: usize,
    aliases: usize,
    directives: usize,
}

impl Size {
    /// Adds what stands beside. Fragments can double with every level, so sums stop at the largest number.
    fn beside(&mut self, other: Size, directives: &[Positioned<Directive>]) {
        self.depth = self.depth.max(other.depth);
        self.nesting = self.nesting.max(other.nesting + 1);
        self.fields = self.fields.saturating_add(other.fields);
        self.root_fields = self.root_fields.saturating_add(other.root_fields);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.directives = self.directives.saturating_add(other.directives).saturating_add(directives.len());
    }
}

/// Measures each fragment once, however often it is spread.
struct Fragments<'a> {
    document: &'a ExecutableDocument,
    /// None while it is being measured.
    measured: HashMap<&'a Name, Option<Size>>,
}

impl<'a> Fragments<'a> {
    fn measure(&mut self, set: &'a SelectionSet) -> Result<Size, Problem> {
        let mut size = Size::default();
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let field = &field.node;
                    let within = self.measure(&field.selection_set.node)?;
                    let own = Size {
                        depth: within.depth + 1,
                        fields: within.fields.saturating_add(1),
                        root_fields: 1,
                        aliases: within.aliases.saturating_add(usize::from(field.alias.is_some())),
                        ..within
                    };
                    size.beside(own, &field.directives);
                }
                Selection::InlineFragment(fragment) => {
                    let within = self.measure(&fragment.node.selection_set.node)?;
                    size.beside(within, &fragment.node.directives);
                }
                Selection::FragmentSpread(spread) => {
                    let within = self.fragment(&spread.node.fragment_name.node)?;
                    size.beside(within, &spread.node.directives);
                }
            }
        }
        Ok(size)
    }

    fn fragment(&mut self, name: &'a Name) -> Result<Size, Problem> {
        if let Some(measured) = self.measured.get(name) {
            let again = || Problem::new("bad_document", format!("fragment {name} holds itself"));
            return measured.ok_or_else(again);
        }
        // One that is not there is told of by the validation.
        let Some(fragment) = self.document.fragments.get(name) else { return Ok(Size::default()) };
        self.measured.insert(name, None);
        let mut size = self.measure(&fragment.node.selection_set.node)?;
        size.directives = size.directives.saturating_add(fragment.node.directives.len());
        self.measured.insert(name, Some(size));
        Ok(size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::parser::parse_query;

    fn refused(document: &str) -> Option<String> {
        let problem = of_text(document).and_then(|()| of_document(&parse_query(document).unwrap())).err()?;
        Some(format!("{}: {}", problem.code, problem.detail))
    }

    /// Refused with one more than the limit, and taken with the limit.
    fn bound(limit: usize, told: &str, document: impl Fn(usize) -> String) {
        assert_eq!(refused(&document(limit)), None, "{told}");
        let refused = refused(&document(limit + 1)).expect("one more is refused");
        assert!(refused.contains(told), "{refused}");
    }

    #[test]
    fn every_bound_is_where_it_is_said() {
        let deep = |n: usize| "{a".repeat(n) + &"}".repeat(n);
        bound(BYTES, "too_large: a document has at most 16384 bytes", |n| format!("{{a}}{}", " ".repeat(n - 3)));
        bound(TOKENS, "too_large: a document has at most 1000 tokens", |n| {
            format!("query($v:[Int]=[{}]){{a(b:$v)}}", "1 ".repeat(n - 21))
        });
        bound(BRACKETS, "too_complex: the document's depth of brackets is 41", |n| {
            format!("{{a(b:{}{})}}", "[".repeat(n - 2), "]".repeat(n - 2))
        });
        bound(DEPTH, "too_complex: the document's depth is 16", deep);
        bound(NESTING, "too_complex: the document's depth, fragments included, is 26", |n| {
            format!("{{a{}b{}}}", "... {".repeat(n - 1), "}".repeat(n - 1))
        });
        bound(FIELDS, "too_complex: the document's number of fields is 501", |n| {
            format!("{{a{{{}}}}} fragment F on A {{a b c d e f g h i j}}", "...F ".repeat(49) + &"x ".repeat(n - 491))
        });
        bound(ROOT_FIELDS, "too_complex: the document's number of root fields is 21", |n| {
            format!("{{{}}}", "a ".repeat(n))
        });
        bound(ALIASES, "too_complex: the document's number of aliases is 31", |n| {
            format!("{{a{{{}}}}}", "b:a ".repeat(n))
        });
        bound(DIRECTIVES, "too_complex: the document's number of directives is 21", |n| {
            format!("query @a {{a{}}}", " @skip(if:false)".repeat(n - 1))
        });
        bound(1, "bad_document: a subscription has one root field", |n| format!("subscription {{{}}}", "a ".repeat(n)));
    }

    #[test]
    fn a_bomb_of_fragments_is_counted_and_not_set_off() {
        let mut bomb = "{...F0}".to_string();
        for i in 0..20 {
            bomb += &format!("fragment F{i} on A {{...F{0} ...F{0}}}", i + 1);
        }
        bomb += "fragment F20 on A {a}";
        assert!(refused(&bomb).unwrap().contains("number of fields is 1048576"));
    }

    #[test]
    fn circles_of_fragments_are_refused() {
        let circle = "{...A} fragment A on X {...B} fragment B on X {a{...A}}";
        assert_eq!(refused(circle).unwrap(), "bad_document: fragment A holds itself");
    }

    #[test]
    fn each_of_many_operations_has_to_be_within_the_limits() {
        let wide = "a ".repeat(ROOT_FIELDS);
        assert_eq!(refused(&format!("query A{{{wide}}} query B{{{wide}}}")), None);
        assert!(refused(&format!("query A{{{wide}}} query B{{{wide}a}}")).is_some());
    }
}
