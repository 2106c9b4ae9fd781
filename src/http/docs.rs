//! The documentation for vendors, at `/docs`: guides from files of the repository, pages made of the catalogues and of the
//! contract, and a search over all of them. Everything works without scripts but the page that tries operations out.

mod catalogues;
mod changelog;
mod collection;
mod contract;
mod guides;
mod limits;
mod markdown;
mod operations;
mod page;
mod search;
mod site;
mod swagger;

use std::future::ready;

use askama::Template;
use axum::Router;
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;

pub(super) use self::limits::GatewayLimits;
use self::page::{Page, Section};
use self::search::Found;
use self::site::Site;
use super::answer::ResponseBuilder;
use super::pages::{asset, page};
use super::problem::{Problem, Result};
use super::urls::Urls;
use crate::domain::key::Deployment;

/// Styles, pictures and forms of the gateway's own origin, nothing else.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The address in the files, in whose place a page of a sandbox has its own.
const WRITTEN_ORIGIN: &str = "http://127.0.0.1:8080";

/// The media type of the feed of changes.
const ATOM: &str = "application/atom+xml; charset=utf-8";
/// How many characters of a query count.
const LONGEST_QUERY: usize = 200;

/// The title of a group of pages, with the address and the name of each, and whether it is the one that is shown.
type PageGroup = (&'static str, Vec<(String, &'static str, bool)>);

/// What all pages have around their content.
struct Frame {
    title: String,
    /// The words that are searched for.
    words: String,
    production: bool,
    /// The titles of the groups of pages, and the address and name of each page, and whether it is this one.
    groups: Vec<PageGroup>,
}

impl Frame {
    fn new(deployment: Deployment, slug: &str, title: &str) -> Self {
        let listed = |(listed, name): (&str, _)| (Page::address(listed), name, listed == slug);
        let groups = site::groups(deployment);
        let groups = groups.map(|(group, pages)| (group, pages.into_iter().map(listed).collect())).collect();
        let production = deployment == Deployment::Production;
        Self { title: title.to_owned(), words: String::new(), production, groups }
    }
}

#[derive(Template)]
#[template(path = "guide.html", config = ".config/askama.toml")]
struct GuidePage<'a> {
    frame: Frame,
    contents: Vec<&'a Section>,
    html: &'a str,
    before: Option<(String, &'static str)>,
    behind: Option<(String, &'static str)>,
}

#[derive(Template)]
#[template(path = "found.html", config = ".config/askama.toml")]
struct FoundPage<'a> {
    frame: Frame,
    found: Vec<Found<'a>>,
}

/// The pages and their assets.
pub(super) fn router<S: Clone + Send + Sync + 'static>(deployment: Deployment, limits: GatewayLimits) -> Router<S> {
    let pages = site::groups(deployment).flat_map(|(_, pages)| pages);
    let router = Router::new()
        .route("/docs/", get(async || Redirect::permanent("/docs")))
        .route("/docs/guide.css", get((asset("text/css; charset=utf-8"), include_str!("docs/guide.css"))))
        .route("/docs/search", get(move |uri: Uri| ready(found(deployment, &uri))))
        .route("/docs/postman.json", get(async |urls: Urls| collection(&urls)))
        .route("/docs/changelog.atom", get(async |urls: Urls| (asset(ATOM), changelog::feed(urls.base()))))
        .merge(swagger::router());
    pages.fold(router, |router, (slug, _)| {
        router.route(&Page::address(slug), get(move |urls: Urls| ready(show(deployment, limits, slug, &urls))))
    })
}

/// A page.
fn show(deployment: Deployment, limits: GatewayLimits, slug: &str, urls: &Urls) -> Result<impl IntoResponse + use<>> {
    let site = Site::of(deployment);
    let of_this_gateway = (slug == limits::SLUG).then(|| limits.page());
    let shown = of_this_gateway.as_ref().or_else(|| site.page(slug)).ok_or_else(|| Problem::not_found("page"))?;
    let frame = Frame::new(deployment, slug, &shown.title);
    let (before, behind) = (site.beside(slug, false), site.beside(slug, true));
    let template = GuidePage { frame, contents: shown.contents().collect(), html: &shown.html, before, behind };
    let html = template.render().map_err(Problem::internal)?;
    Ok((page(POLICY), with_own_address(html, deployment, urls)))
}

/// The page of what a search finds: of the words `q`, in the page `in` or in all.
fn found(deployment: Deployment, uri: &Uri) -> Result<impl IntoResponse + use<>> {
    let asked = |name: &str| {
        let mut pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.trim().to_owned())
    };
    let words: String = asked("q").unwrap_or_default().chars().take(LONGEST_QUERY).collect();
    let found = Site::of(deployment).index.find(&words, asked("in").as_deref());
    let frame = Frame { words, ..Frame::new(deployment, "search", "Search") };
    let html = FoundPage { frame, found }.render().map_err(Problem::internal)?;
    Ok((page(POLICY), html))
}

/// The collection of operations, as a file.
fn collection(urls: &Urls) -> ResponseBuilder {
    let name = "attachment; filename=\"passerelle.postman_collection.json\"";
    let response =
        ResponseBuilder::json(&collection::collection(&urls.api(""))).header(header::CONTENT_DISPOSITION, name);
    response.header(header::CACHE_CONTROL, "public, max-age=3600")
}

/// A page with the address of this sandbox; one in production keeps the address that is written, which is a sandbox's.
fn with_own_address(html: String, deployment: Deployment, urls: &Urls) -> String {
    match deployment {
        Deployment::Sandbox => html.replace(WRITTEN_ORIGIN, urls.base()),
        Deployment::Production => html,
    }
}
