//! The contract to be tried out, at `/docs/api`: Swagger UI, whose files are in the program.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::IntoResponse;
use axum::routing::get;
use swagger_ui_dist::{ApiDefinition, OpenApiSource};
use tower::ServiceExt as _;

use crate::http::pages::{asset, page};
use crate::http::problem::{Problem, Result};
use crate::http::urls::API_ROOT;

/// Relaxed for this page only: Swagger UI sets styles on its elements and draws its icons from `data:` addresses.
/// Scripts stay limited to files of the gateway's own origin.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

pub(super) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let start = include_str!("swagger.js").replace("{api}", API_ROOT);
    Router::new()
        .route("/docs/api", get((page(POLICY), include_str!("swagger.html"))))
        .route("/docs/swagger.css", get((asset(CSS), include_str!("swagger.css"))))
        .route("/docs/start.js", get(async move || (asset(SCRIPT), start)))
        .route("/docs/swagger-ui.css", get(async || file("/ui/swagger-ui.css", CSS).await))
        .route("/docs/swagger-ui-bundle.js", get(async || file("/ui/swagger-ui-bundle.js", SCRIPT).await))
}

/// A file of Swagger UI, from the crate that embeds it.
async fn file(path: &'static str, kind: &'static str) -> Result<impl IntoResponse> {
    let definition = ApiDefinition { uri_prefix: "/ui", api_definition: OpenApiSource::Uri(""), title: None };
    let request = Request::get(path).body(Body::empty()).map_err(Problem::internal)?;
    let Ok(response) = swagger_ui_dist::generate_routes(definition).oneshot(request).await;
    Ok((asset(kind), response.into_body()))
}
