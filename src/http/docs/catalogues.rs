//! The pages of what is listed in the code: rules, problem types, events.

use askama::Template;

use super::WRITTEN_ORIGIN;
use super::page::{Page, Section};
use crate::app::contract::SUFFIX;
use crate::domain::event::{CloudEvent, Event, EventType};
use crate::domain::rule::Rule;
use crate::domain::rule_catalogue;
use crate::http::problem::{ProblemEntry, ProblemType};
use crate::http::urls::API_ROOT;
use crate::words::LocalText;

/// The pages.
pub(super) fn pages() -> [Page; 3] {
    [rules(), problems(), events()]
}

#[derive(Template)]
#[template(path = "rules.html", config = ".config/askama.toml")]
struct RulesPage {
    families: Vec<Family>,
}

/// The rules of what a code begins with.
struct Family {
    name: &'static str,
    rules: Vec<&'static Rule>,
}

fn rules() -> Page {
    let mut families: Vec<Family> = Vec::new();
    for rule in rule_catalogue::all() {
        let name = rule.code.split('.').next().unwrap_or_default();
        match families.iter_mut().find(|family| family.name == name) {
            Some(family) => family.rules.push(rule),
            None => families.push(Family { name, rules: vec![rule] }),
        }
    }
    let mut sections = Vec::new();
    for family in &families {
        sections.push(Section { level: 2, anchor: family.name.into(), title: family.name.into(), text: String::new() });
        sections.extend(family.rules.iter().map(|rule| entry(rule.code, &[rule.reason, rule.repair], "")));
    }
    page("rules", "Rules", &RulesPage { families }, sections)
}

#[derive(Template)]
#[template(path = "problems.html", config = ".config/askama.toml")]
struct ProblemsPage {
    problems: Vec<ProblemEntry>,
}

fn problems() -> Page {
    let problems: Vec<_> = ProblemType::ALL.iter().map(|kind| kind.entry()).collect();
    let section = |problem: &ProblemEntry| {
        entry(problem.name, &[problem.meaning], &format!("{} {} {}", problem.status, problem.title, problem.urn()))
    };
    let sections = problems.iter().map(section).collect();
    page("problems", "Problem types", &ProblemsPage { problems }, sections)
}

#[derive(Template)]
#[template(path = "events.html", config = ".config/askama.toml")]
struct EventsPage {
    events: Vec<DescribedEvent>,
}

struct DescribedEvent {
    code: &'static str,
    label: LocalText,
    /// The address of the schema.
    schema: String,
    example: String,
}

fn events() -> Page {
    let root = format!("{WRITTEN_ORIGIN}{API_ROOT}");
    let described = |kind: EventType| DescribedEvent {
        code: kind.code(),
        label: kind.label(),
        schema: format!("{API_ROOT}/schemas/events/{}-event{SUFFIX}", kind.schema()),
        example: serde_json::to_string_pretty(&CloudEvent::example(&root, &Event::example(kind))).unwrap_or_default(),
    };
    let events: Vec<_> = EventType::all().map(described).collect();
    let sections = events.iter().map(|event| entry(event.code, &[event.label], "")).collect();
    page("events", "Events", &EventsPage { events }, sections)
}

/// What a search finds of an entry: its texts in every language.
fn entry(code: &str, texts: &[LocalText], more: &str) -> Section {
    let texts: Vec<_> = texts.iter().flat_map(|text| [text.en, text.fr, text.nl]).collect();
    Section { level: 0, anchor: code.to_owned(), title: code.to_owned(), text: format!("{} {more}", texts.join(" ")) }
}

fn page(slug: &'static str, title: &str, template: &impl Template, entries: Vec<Section>) -> Page {
    let html = template.render().expect("a text can be written");
    let beginning = Section { level: 1, title: title.to_owned(), ..Section::default() };
    Page { slug, title: title.to_owned(), html, sections: [vec![beginning], entries].concat() }
}
