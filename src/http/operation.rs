//! The table entry of one operation.

use axum::http::Method;

use super::media_type::Media;
use super::operation_end::OperationEnd;
use crate::domain::agency_key::AgencyScope;
use crate::domain::key::Scope;

/// The callers that an operation is open to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Every caller, without a credential.
    Open,
    /// Every valid key; never a user.
    KeyOnly,
    /// Every valid credential: the refusal of a method that a path does not have.
    Credential,
    /// Every valid key, and users who have a right in some crèche.
    KeyOrUser,
    /// Every valid key, and users who administer the organiser.
    KeyOrAdministrator,
    /// Keys with this scope, and users with that right.
    Scope(Scope),
    /// Users who administer the organiser; never a key.
    Administrator,
    /// Users who read and change users; never a key.
    UserManager,
    /// Agents of the agency; never a key.
    Agent,
    /// Agents of the agency, and keys of its software with this scope; never a key of an organiser.
    Agency(AgencyScope),
    /// The same with any of the scopes to read: what each scope covers is read.
    AgencyFeed,
}

/// The scopes to read, any of which opens the agency's feed.
pub const AGENCY_FEED: [AgencyScope; 2] = [AgencyScope::ClaimsRead, AgencyScope::PaymentsRead];

/// The table entry of one operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The method; GET answers HEAD as well.
    pub method: Method,
    /// The path below the API root, with `{parameters}`.
    pub path: &'static str,
    /// The contract's `operationId`.
    pub id: &'static str,
    /// The callers that it is open to.
    pub access: Access,
    /// The names of its query parameters.
    pub query: &'static [&'static str],
    /// The media types of body that it accepts; none when it takes no body.
    pub consumes: &'static [Media],
    /// The media types of its response, the preferred one first.
    pub produces: &'static [Media],
    /// Whether an `Idempotency-Key` makes it run only once.
    pub once: bool,
    /// When it ends, where that is announced.
    pub end: Option<OperationEnd>,
}
