//! The table of operations. The router is built from it, guards included, so that no operation lacks one; tests compare it
//! with the published contract.

use std::collections::BTreeMap;

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, MethodRouter, on};

use super::extract::Media;
pub use super::operation::{AGENCY_FEED, Access, Operation};
pub use super::operation_end::OperationEnd;
use super::operation_guard::{GuardContext, OperationGuard, guard};
use super::problem::{Problem, ProblemType};
use super::{Gateway, urls};
use crate::words;

/// An operation and its handler.
#[derive(Debug)]
pub struct Route<G> {
    /// The table's entry.
    pub operation: Operation,
    handler: MethodRouter<G>,
}

impl<G: Gateway> Route<G> {
    /// An operation that reads.
    pub fn get<H: Handler<T, G>, T: 'static>(path: &'static str, id: &'static str, access: Access, handler: H) -> Self {
        Self::new((Method::GET, MethodFilter::GET), path, id, access, handler)
    }

    /// An operation that replaces.
    pub fn put<H: Handler<T, G>, T: 'static>(path: &'static str, id: &'static str, access: Access, handler: H) -> Self {
        Self::new((Method::PUT, MethodFilter::PUT), path, id, access, handler).consumes(&[Media::Json])
    }

    /// An operation that creates or acts.
    pub fn post<H: Handler<T, G>, T: 'static>(
        path: &'static str,
        id: &'static str,
        access: Access,
        handler: H,
    ) -> Self {
        Self::new((Method::POST, MethodFilter::POST), path, id, access, handler).consumes(&[Media::Json])
    }

    /// An operation that updates a part.
    pub fn patch<H: Handler<T, G>, T: 'static>(
        path: &'static str,
        id: &'static str,
        access: Access,
        handler: H,
    ) -> Self {
        let route = Self::new((Method::PATCH, MethodFilter::PATCH), path, id, access, handler);
        route.consumes(&[Media::MergePatch, Media::Json])
    }

    /// An operation that removes.
    pub fn delete<H: Handler<T, G>, T: 'static>(
        path: &'static str,
        id: &'static str,
        access: Access,
        handler: H,
    ) -> Self {
        Self::new((Method::DELETE, MethodFilter::DELETE), path, id, access, handler).produces(&[])
    }

    fn new<H: Handler<T, G>, T: 'static>(
        (method, filter): (Method, MethodFilter),
        path: &'static str,
        id: &'static str,
        access: Access,
        handler: H,
    ) -> Self {
        let operation = Operation {
            method,
            path,
            id,
            access,
            query: &[],
            consumes: &[],
            produces: &[Media::Json],
            once: false,
            end: None,
        };
        Self { operation, handler: on(filter, handler) }
    }

    /// Sets the names of its query parameters; all others are refused.
    pub fn query(mut self, names: &'static [&'static str]) -> Self {
        self.operation.query = names;
        self
    }

    /// Sets the media types of body that it accepts.
    pub fn consumes(mut self, media: &'static [Media]) -> Self {
        self.operation.consumes = media;
        self
    }

    /// Announces its end: the contract marks it `deprecated`, with the day as `x-sunset`.
    pub fn ends(mut self, end: OperationEnd) -> Self {
        self.operation.end = Some(end);
        self
    }

    /// Makes it run only once for an `Idempotency-Key`.
    pub(crate) fn idempotent(mut self) -> Self {
        self.operation.once = true;
        self
    }

    /// Has a middleware between the guard and the handler.
    pub fn behind_guard(mut self, layered: impl FnOnce(MethodRouter<G>) -> MethodRouter<G>) -> Self {
        self.handler = layered(self.handler);
        self
    }

    /// Sets the media types of its response, the preferred one first.
    pub fn produces(mut self, media: &'static [Media]) -> Self {
        self.operation.produces = media;
        self
    }
}

/// The router of all `routes`, below the API root, each behind its guard.
pub(super) fn build_router<G: Gateway>(routes: Vec<Route<G>>, context: &GuardContext<G>) -> Router<G> {
    let mut paths: BTreeMap<&'static str, Vec<Route<G>>> = BTreeMap::new();
    for route in routes {
        paths.entry(route.operation.path).or_default().push(route);
    }
    let fold = |router: Router<G>, (path, routes): (&str, Vec<Route<G>>)| {
        router.route(&format!("{}{path}", urls::API_ROOT), at_path(routes, context))
    };
    paths.into_iter().fold(Router::new(), fold)
}

/// The operations of one path, and the refusal of every other method. Where all of them need a key, the refusal needs one
/// too; where one is open, it is counted as open.
fn at_path<G: Gateway>(routes: Vec<Route<G>>, context: &GuardContext<G>) -> MethodRouter<G> {
    let open = routes.iter().any(|route| route.operation.access == Access::Open);
    let access = if open { Access::Open } else { Access::Credential };
    let mut refusal = MethodRouter::new().fallback(method_not_allowed);
    if let Some(first) = routes.first() {
        let before = OperationGuard::for_unknown_method(first.operation.path, access, context.clone());
        refusal = refusal.layer(from_fn_with_state(before, guard));
    }
    routes.into_iter().fold(refusal, |router, route| {
        let before = from_fn_with_state(OperationGuard::new(route.operation, context.clone()), guard);
        router.merge(route.handler.route_layer(before))
    })
}

async fn method_not_allowed() -> Problem {
    Problem::new(ProblemType::MethodNotAllowed)
}

/// The path does not exist.
pub(crate) async fn not_found() -> Problem {
    Problem::new(ProblemType::ResourceNotFound).detail(words::http::NO_OPERATION)
}
