//! The page of the operations.

use askama::Template;

use super::contract::{self, Operation, Parameter};
use super::markdown::fragment;
use super::page::{Page, Section};

#[derive(Template)]
#[template(path = "operations.html", config = ".config/askama.toml")]
struct OperationsPage<'a> {
    groups: &'a [Group],
}

/// Operations that belong together.
struct Group {
    name: &'static str,
    description: &'static str,
    operations: Vec<Operation>,
}

impl Operation {
    fn description_html(&self) -> String {
        fragment(&self.description)
    }
}

impl Parameter {
    fn description_html(&self) -> String {
        fragment(&self.description)
    }
}

/// The page.
pub(super) fn page() -> Page {
    let mut groups: Vec<_> =
        contract::tags().map(|(name, description)| Group { name, description, operations: Vec::new() }).collect();
    for operation in contract::operations() {
        if let Some(group) = groups.iter_mut().find(|group| group.name == operation.tag) {
            group.operations.push(operation);
        }
    }
    groups.retain(|group| !group.operations.is_empty());
    let html = OperationsPage { groups: &groups }.render().expect("a text can be written");
    let mut sections = vec![Section { level: 1, ..Section::default() }];
    for group in groups {
        let (name, text) = (group.name.to_owned(), group.description.to_owned());
        sections.push(Section { level: 2, anchor: name.clone(), title: name, text });
        sections.extend(group.operations.into_iter().map(section));
    }
    Page { slug: "operations", title: "Operations".to_owned(), html, sections }
}

fn section(operation: Operation) -> Section {
    let Operation { method, path, id, summary, description, parameters, .. } = operation;
    let names: Vec<_> = parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    let text = format!("{id}: {summary}. {description} {}", names.join(" "));
    Section { level: 0, anchor: id, title: format!("{method} {path}"), text }
}
