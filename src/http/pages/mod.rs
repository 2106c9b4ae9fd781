//! The public pages: the landing page, outside the API; the lists of codes, their codes and the check of a receipt, at their
//! addresses in the API. Nothing is loaded from other origins.

mod code;
mod list;
mod receipt;

use askama::Template;
use axum::Router;
use axum::http::{HeaderName, header};
use axum::response::Redirect;
use axum::routing::get;

pub(crate) use self::code::CodePage;
pub(crate) use self::list::{CodeRow, ListPage};
pub(crate) use self::receipt::{ReceiptPage, ReceiptVerdict};
use super::answer::ResponseBuilder;
use super::extract::Media;
use super::problem::{Problem, Result};
use super::urls::API_ROOT;

/// Styles of the gateway's own origin, nothing else.
const PAGE_POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// How long a page or an asset may be cached: after a release the former one is used for at most an hour.
const CACHE: &str = "public, max-age=3600";

pub(super) type Headers = [(HeaderName, &'static str); 3];

/// The headers of a page with this content security policy.
pub(super) const fn page(policy: &'static str) -> Headers {
    [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, CACHE),
    ]
}

pub(crate) const fn asset(kind: &'static str) -> [(HeaderName, &'static str); 2] {
    [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, CACHE)]
}

/// A page of the API, as a response.
fn html(page: &impl Template) -> Result<ResponseBuilder> {
    let page = page.render().map_err(Problem::internal)?;
    let answer = ResponseBuilder::bytes(Media::Html, page).header(header::CONTENT_TYPE, "text/html; charset=utf-8");
    Ok(answer.header(header::CONTENT_SECURITY_POLICY, PAGE_POLICY))
}

/// The link to the page on which a world of a sandbox is made.
const WORLDS_LINK: &str =
    "<a class=\"first\" href=\"/sandbox\">Un bac à sable à vous <span lang=\"en\">(a sandbox of your own)</span></a> ";

/// The pages and their assets; `has_worlds` where a visitor can make a world of the sandbox.
pub(crate) fn router<S: Clone + Send + Sync + 'static>(has_worlds: bool) -> Router<S> {
    let landing = include_str!("landing.html").replace("{api}", API_ROOT);
    let landing = landing.replace("{worlds}", if has_worlds { WORLDS_LINK } else { "" });
    Router::new()
        .route("/", get(async move || (page(PAGE_POLICY), landing)))
        .route("/landing.css", get((asset("text/css; charset=utf-8"), include_str!("landing.css"))))
        .route("/favicon.ico", get((asset("image/x-icon"), include_bytes!("favicon.ico").as_slice())))
        .route("/console/", get(async || Redirect::permanent("/console")))
        // The root of the API itself has no operation: a browser is sent to the documentation.
        .route(API_ROOT, get(async || Redirect::temporary("/docs")))
        .route(&format!("{API_ROOT}/"), get(async || Redirect::temporary("/docs")))
}
