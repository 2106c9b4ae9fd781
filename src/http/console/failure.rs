//! A problem as a page: what happened and what to do.

use askama::Template;
use axum::http::{HeaderName, header};
use axum::response::Response;

use super::shell::{Shell, show_as};
use crate::domain::text::Language;
use crate::http::problem::{Kind, Problem};

/// The page of one problem.
#[derive(Template)]
#[template(path = "failure.html", config = ".config/askama.toml")]
pub(in crate::http) struct FailurePage<'a> {
    shell: Shell,
    title: &'static str,
    sentence: String,
    findings: Vec<String>,
    instance: &'a str,
}

impl<'a> FailurePage<'a> {
    /// The page of `problem`, whose log line has the same `instance`.
    pub(in crate::http) fn new(problem: &Problem, instance: &'a str, language: Language) -> Self {
        let shell = Shell::stranger(language);
        let title = match problem.kind() {
            Kind::ResourceNotFound => shell.t("Page introuvable", "Pagina niet gevonden", "Page not found"),
            Kind::MissingPermission => shell.t("Accès refusé", "Geen toegang", "Access refused"),
            Kind::TooManyRequests | Kind::TooManyFailedRequests => {
                shell.t("Trop de demandes", "Te veel aanvragen", "Too many requests")
            }
            Kind::BadRequest => shell.t("Demande à corriger", "Aanvraag te verbeteren", "Please correct"),
            kind if kind.entry().status.is_server_error() => {
                shell.t("Un problème chez nous", "Een probleem bij ons", "Something went wrong here")
            }
            _ => shell.t("Cela n’a pas été possible", "Dat is niet gelukt", "That was not possible"),
        };
        let findings = problem.all_findings().iter().map(|finding| finding.detail_for_people(language)).collect();
        Self { title, sentence: problem.sentence(language), findings, instance, shell }
    }

    /// As the response in the place of `failed`, whose status and own headers stay.
    pub(in crate::http) fn show(&self, failed: Response) -> Response {
        let (parts, _) = failed.into_parts();
        let mut response = show_as(parts.status, self);
        let ours: [HeaderName; 2] = [header::CONTENT_TYPE, header::CONTENT_LENGTH];
        let others = parts.headers.into_iter().filter_map(|(name, value)| Some((name?, value)));
        response.headers_mut().extend(others.filter(|(name, _)| !ours.contains(name)));
        response.extensions_mut().extend(parts.extensions);
        response
    }
}
