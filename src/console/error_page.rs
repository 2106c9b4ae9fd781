//! A problem as a page: the error and what to do.

mod words;

use askama::Template;
use axum::http::{HeaderName, header};
use axum::response::Response;

use self::words::ErrorPageText;
use super::page_frame::{PageFrame, render_with_status};
use crate::domain::finding::RequestPart;
use crate::http::ErrorPageContext;

/// The page of one problem.
#[derive(Template)]
#[template(path = "failure.html", config = ".config/askama.toml")]
struct FailurePage<'a> {
    frame: PageFrame,
    title: &'static str,
    sentence: String,
    findings: Vec<String>,
    instance: &'a str,
}

/// The page of a problem in the place of `failed`, whose status and own headers stay. For a logged-in person it has the
/// navigation of every page.
pub fn error_page(context: &ErrorPageContext<'_>, failed: Response) -> Response {
    let &ErrorPageContext { problem, instance, language, visitor } = context;
    let frame = visitor.map_or_else(|| PageFrame::anonymous(language), |visitor| PageFrame::of("", visitor, language));
    let words = ErrorPageText::of(problem);
    let sentence = problem.fill(words.sentence.get(language), language);
    let sentence = match words.thing {
        Some(thing) => sentence.replace("{thing}", thing.get(language)),
        None => sentence,
    };
    let findings = problem.all_findings().iter().filter(|finding| finding.part != RequestPart::Path);
    let findings = findings.map(|finding| finding.detail_for_people(language)).collect();
    let page = FailurePage { title: words.title.get(language), sentence, findings, instance, frame };
    let (parts, _) = failed.into_parts();
    let mut response = render_with_status(parts.status, &page);
    let ours: [HeaderName; 2] = [header::CONTENT_TYPE, header::CONTENT_LENGTH];
    let others = parts.headers.into_iter().filter_map(|(name, value)| Some((name?, value)));
    response.headers_mut().extend(others.filter(|(name, _)| !ours.contains(name)));
    response.extensions_mut().extend(parts.extensions);
    response
}
