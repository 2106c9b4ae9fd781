//! What stands in front of a sandbox: requests to `/worlds/{id}`, and pages of a browser that has opened a world, go to the
//! gateway of that world.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tower::ServiceExt as _;

use super::error::WorldError;
use super::registry::Registry;
use super::routes::{REFUSED, Refused};
use super::secret::WorldSecret;
use super::world::World;
use crate::http::server::at_path;
use crate::http::session::Cookie;
use crate::http::urls::{API_ROOT, CONSOLE_ROOT, LOGIN_RETURN};
use crate::ids::WorldId;
use crate::sandbox::inspector;

/// What the path of every world begins with.
const WORLDS: &str = "/worlds/";

/// The worlds, and the gateway that stands behind them.
#[derive(Clone)]
pub(super) struct Front {
    pub(super) registry: Arc<Registry>,
    pub(super) root: Router,
}

/// Passes a request to the gateway of its world, or on.
pub(super) async fn route(State(front): State<Front>, request: Request, next: Next) -> Response {
    if let Some((world, path)) = front.by_path(request.uri().path()) {
        if needs_secret(request.method(), path) && !front.has_opened(request.headers(), &world) {
            return front.refuse(request, Refused::Closed).await;
        }
        let path = path.to_owned();
        return front.pass(&world, request, &path).await;
    }
    if is_of_browser(&request)
        && let Some(world) = front.by_cookie(request.headers())
    {
        let path = request.uri().path().to_owned();
        return front.pass(&world, request, &path).await;
    }
    next.run(request).await
}

impl Front {
    /// The world that a path names, and the rest of the path.
    fn by_path<'a>(&self, path: &'a str) -> Option<(Arc<World>, &'a str)> {
        let below = path.strip_prefix(WORLDS)?;
        let (id, rest) = below.find('/').map_or((below, "/"), |at| below.split_at(at));
        Some((self.registry.find(id.parse().ok()?)?, rest))
    }

    /// The world whose secret is in the cookie.
    fn by_cookie(&self, headers: &HeaderMap) -> Option<Arc<World>> {
        let secure = self.registry.shared.base_url().starts_with("https:");
        let value = Cookie::World.read(headers, secure)?;
        let (id, secret) = value.split_once('.')?;
        let world = self.registry.find(id.parse::<WorldId>().ok()?)?;
        WorldSecret::parse(secret)?.has_hash(&world.record.secret_hash).then_some(world)
    }

    fn has_opened(&self, headers: &HeaderMap, world: &World) -> bool {
        self.by_cookie(headers).is_some_and(|opened| opened.record.id == world.record.id)
    }

    /// Passes a request to the gateway of a world, opened where it is not.
    async fn pass(self, world: &World, request: Request, path: &str) -> Response {
        let open = match self.registry.open(world).await {
            Ok(open) => open,
            Err(WorldError::TooManyOpen) => return self.refuse(request, Refused::TooManyOpen).await,
            Err(WorldError::Unknown) => return self.refuse(request, Refused::Unknown).await,
            Err(error) => {
                tracing::error!(%error, world = %world.record.id, "a world could not be opened");
                return self.refuse(request, Refused::Failed).await;
            }
        };
        match at_path(request, path) {
            Some(request) => open.router.clone().oneshot(request).await.unwrap_or_else(|never| match never {}),
            None => axum::http::StatusCode::BAD_REQUEST.into_response(),
        }
    }

    /// Has the gateway itself write a refusal.
    async fn refuse(self, request: Request, why: Refused) -> Response {
        let Some(mut request) = at_path(request, REFUSED) else {
            return axum::http::StatusCode::BAD_REQUEST.into_response();
        };
        request.extensions_mut().insert(why);
        self.root.oneshot(request).await.unwrap_or_else(|never| match never {})
    }
}

/// Whether a request without the path of a world may be one for the world that a browser has opened: a page, or a call that a
/// page makes with its session.
fn is_of_browser(request: &Request) -> bool {
    let headers = request.headers();
    if !headers.contains_key(header::COOKIE) || headers.contains_key(header::AUTHORIZATION) {
        return false;
    }
    let path = request.uri().path();
    let is_below = |root: &str| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    [CONSOLE_ROOT, LOGIN_RETURN, "/csam", inspector::ROOT, API_ROOT].into_iter().any(is_below)
}

/// Whether a path below that of a world opens only with its secret: the pages, and the list of persons who can log in. What
/// software calls does not.
fn needs_secret(method: &Method, path: &str) -> bool {
    let is_below = |root: &str| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let is_message = path.starts_with(inspector::ROOT)
        && (*method == Method::OPTIONS || *method == Method::POST)
        && !path.ends_with("/secret");
    [CONSOLE_ROOT, LOGIN_RETURN, "/csam/authorize", "/csam/logout", inspector::ROOT].into_iter().any(is_below)
        && !is_message
}
