//! The public pages: the landing page and the interactive documentation, outside the API; the lists of codes and their
//! codes, at their addresses in the API. Nothing is loaded from other origins.

mod code;
mod list;

use askama::Template;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use swagger_ui_dist::{ApiDefinition, OpenApiSource};
use tower::ServiceExt as _;

pub(crate) use self::code::CodePage;
pub(crate) use self::list::{CodeRow, ListPage};
use super::answer::ResponseBuilder;
use super::extract::Media;
use super::problem::{Problem, Result};
use super::urls::API_ROOT;

/// Styles of the gateway's own origin, nothing else.
const PAGE_POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// Relaxed for the documentation only: Swagger UI sets styles on its elements and draws its icons from `data:` addresses.
/// Scripts stay limited to files of the gateway's own origin.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// How long a page or an asset may be cached: after a release the former one is used for at most an hour.
const CACHE: &str = "public, max-age=3600";

type Headers = [(HeaderName, &'static str); 3];

const fn page(policy: &'static str) -> Headers {
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

/// The pages and their assets.
pub(crate) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let landing = include_str!("landing.html").replace("{api}", API_ROOT);
    let start = include_str!("docs.js").replace("{api}", API_ROOT);
    Router::new()
        .route("/", get(async move || (page(PAGE_POLICY), landing)))
        .route("/landing.css", get((asset("text/css; charset=utf-8"), include_str!("landing.css"))))
        .route("/favicon.ico", get((asset("image/x-icon"), include_bytes!("favicon.ico").as_slice())))
        .route("/docs/", get(async || Redirect::permanent("/docs")))
        .route("/console/", get(async || Redirect::permanent("/console")))
        // The root of the API itself has no operation: a browser is sent to the documentation.
        .route(API_ROOT, get(async || Redirect::temporary("/docs")))
        .route(&format!("{API_ROOT}/"), get(async || Redirect::temporary("/docs")))
        .route("/docs", get((page(DOCS_POLICY), include_str!("docs.html"))))
        .route("/docs/docs.css", get((asset("text/css; charset=utf-8"), include_str!("docs.css"))))
        .route("/docs/start.js", get(async move || (asset("text/javascript; charset=utf-8"), start)))
        .route("/docs/swagger-ui.css", get(async || swagger("/ui/swagger-ui.css", "text/css; charset=utf-8").await))
        .route(
            "/docs/swagger-ui-bundle.js",
            get(async || swagger("/ui/swagger-ui-bundle.js", "text/javascript; charset=utf-8").await),
        )
}

/// A file of Swagger UI, from the crate that embeds it.
async fn swagger(path: &'static str, kind: &'static str) -> Result<impl IntoResponse> {
    let definition = ApiDefinition { uri_prefix: "/ui", api_definition: OpenApiSource::Uri(""), title: None };
    let request = Request::get(path).body(Body::empty()).map_err(Problem::internal)?;
    let Ok(response) = swagger_ui_dist::generate_routes(definition).oneshot(request).await;
    Ok((asset(kind), response.into_body()))
}
