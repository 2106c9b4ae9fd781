//! The pages of the simulated provider, in the style of the gateway's own.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use url::form_urlencoded;

use super::fields::Fields;
use super::persona_choice::{OTHER, WAYS};
use super::request::{CARRIED, Request};
use super::words::{ChoiceError, Message, Words};
use super::{Csam, Persona, answer};
use crate::words::Language;

/// The gateway's styles, and those of these pages.
const STYLE: &str = concat!(include_str!("../../http/pages/landing.css"), include_str!("csam.css"));
/// The languages, each by its own name.
const LANGUAGES: [(Language, &str); 3] =
    [(Language::Fr, "Français"), (Language::Nl, "Nederlands"), (Language::En, "English")];

/// The log-in page.
#[derive(Template)]
#[template(path = "simulated-login.html", config = ".config/askama.toml")]
pub(super) struct LoginPage<'a> {
    base: &'a str,
    language: &'static str,
    words: Words,
    elsewhere: Vec<(&'static str, &'static str, String)>,
    carried: Vec<(&'a str, &'a str)>,
    personas: Vec<(String, &'a Persona, &'a str)>,
    faults: Vec<(&'static str, &'static str)>,
    chosen: &'a str,
    level: &'a str,
    inputs: [(&'static str, &'static str); 3],
    ways: [(&'static str, &'static str); 3],
    fields: &'a Fields,
}

impl<'a> LoginPage<'a> {
    /// The page of a request, with the submitted fields and their faults.
    pub(super) fn new(csam: &'a Csam, fields: &'a Fields, language: Language, faults: &[ChoiceError]) -> Self {
        let carried = fields.with_names(&CARRIED);
        let other = LANGUAGES.iter().filter(|(listed, _)| *listed != language);
        let elsewhere = other.map(|(other, name)| (other.code(), *name, query(&carried, *other))).collect();
        let numbered = csam.0.personas.iter().enumerate();
        let personas = numbered.map(|(n, persona)| (n.to_string(), persona, persona.remark.get(language))).collect();
        let nobody = if csam.0.personas.is_empty() { OTHER } else { "0" };
        let words = Words::of(language);
        Self {
            base: &csam.0.base,
            language: language.code(),
            inputs: [("ssin", words.ssin), ("givenName", words.given_name), ("familyName", words.family_name)],
            ways: std::array::from_fn(|way| (WAYS[way].0, [words.eid, words.itsme, words.password][way])),
            words,
            elsewhere,
            carried,
            personas,
            faults: faults.iter().map(|fault| (fault.field(), fault.text().get(language))).collect(),
            chosen: fields.get("person").unwrap_or(nobody),
            level: fields.get("level").unwrap_or(WAYS[0].0),
            fields,
        }
    }

    /// The response with the page; its form may redirect to the client.
    pub(super) fn answer(&self, request: &Request, status: StatusCode) -> Response {
        match self.render() {
            Ok(page) => answer::page(status, self.language, &request.back.origin(), page),
            Err(error) => template_failure(&error),
        }
    }

    fn typed(&self, field: &str) -> &str {
        self.fields.get(field).unwrap_or_default()
    }

    fn is_chosen(&self, person: &str) -> bool {
        self.chosen == person
    }

    fn is_level(&self, way: &str) -> bool {
        self.level == way
    }

    fn fault(&self, field: &str) -> Option<&'static str> {
        self.faults.iter().find(|(wrong, _)| *wrong == field).map(|(_, text)| *text)
    }
}

/// The query of the same request in another language.
fn query(carried: &[(&str, &str)], language: Language) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(carried.iter().filter(|(name, _)| *name != "ui_locales"));
    query.append_pair("ui_locales", language.code()).finish()
}

/// A page with a message.
#[derive(Template)]
#[template(path = "simulated-message.html", config = ".config/askama.toml")]
pub(super) struct MessagePage<'a> {
    base: &'a str,
    language: &'static str,
    words: Words,
    title: &'static str,
    text: &'static str,
}

impl<'a> MessagePage<'a> {
    /// The message in a language.
    pub(super) fn new(csam: &'a Csam, language: Language, (title, text): Message) -> Self {
        let (title, text) = (title.get(language), text.get(language));
        Self { base: &csam.0.base, language: language.code(), words: Words::of(language), title, text }
    }

    /// The response with the page.
    pub(super) fn answer(&self, status: StatusCode) -> Response {
        match self.render() {
            Ok(page) => answer::page(status, self.language, "", page),
            Err(error) => template_failure(&error),
        }
    }
}

fn template_failure(error: &askama::Error) -> Response {
    tracing::error!(%error, "a page of the simulated CSAM could not be written");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// The styles of the pages.
pub(super) async fn serve_stylesheet() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, STYLE).into_response()
}
