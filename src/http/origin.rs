//! The origin of a request: the address of its sender, its connection, and its authenticated caller. Limits by caller or by
//! address, and differences for anonymous requests, are decided by it.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use axum::extract::{Request, State};
use axum::http::Extensions;
use axum::middleware::Next;
use axum::response::Response;

use super::authenticate::Requester;
use super::limits::Limits;
use super::server::ConnectionHandle;
use crate::app::caller::Principal;
use crate::app::sessions::LoggedIn;
use crate::domain::key::KeyId;
use crate::ids::{OrganiserId, UserId};

/// The holder of a valid credential.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum CallerId {
    /// An API key of an organiser.
    Key(KeyId, OrganiserId),
    /// The session of a user who acts for an organiser.
    User(UserId, OrganiserId),
    /// An agent or a key of the agency, or the session of a person who has yet to choose an organiser: the matricule, the
    /// key's public id or the session's id.
    Other(String),
}

/// The holder of a share of memory: all keys and users of an organiser count as one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum ShareHolder {
    /// An organiser.
    Organiser(OrganiserId),
    /// Who acts for none.
    Other(String),
}

impl From<&CallerId> for ShareHolder {
    fn from(caller: &CallerId) -> Self {
        match caller {
            CallerId::Key(_, organiser) | CallerId::User(_, organiser) => Self::Organiser(*organiser),
            CallerId::Other(name) => Self::Other(name.clone()),
        }
    }
}

impl From<&Requester> for CallerId {
    fn from(entrant: &Requester) -> Self {
        match entrant {
            Requester::Caller(caller) => match &caller.who {
                Principal::Application(credential) => Self::Key(credential.key, caller.organiser),
                Principal::Person(user) => Self::User(*user, caller.organiser),
            },
            Requester::Agency(caller) => Self::Other(caller.actor().name),
        }
    }
}

impl From<&LoggedIn> for CallerId {
    fn from(visitor: &LoggedIn) -> Self {
        match (&visitor.agent, &visitor.acting) {
            (Some(matricule), _) => Self::Other(matricule.clone()),
            (None, Some(acting)) => Self::User(acting.user, acting.organiser),
            (None, None) => Self::Other(visitor.session.clone()),
        }
    }
}

/// The origin of one request, shared by all its layers.
#[derive(Debug, Clone)]
pub(crate) struct RequestOrigin(Arc<Origin>);

#[derive(Debug)]
struct Origin {
    address: IpAddr,
    connection: Option<ConnectionHandle>,
    caller: OnceLock<CallerId>,
}

impl RequestOrigin {
    /// The origin of the request with these extensions; `None` outside the gateway's own router.
    pub(crate) fn of(extensions: &Extensions) -> Option<Self> {
        extensions.get().cloned()
    }

    /// Records that the request had a valid credential.
    pub(crate) fn authenticated(extensions: &Extensions, caller: CallerId) {
        let Some(Self(origin)) = Self::of(extensions) else { return };
        if let Some(connection) = &origin.connection {
            connection.authenticated();
        }
        // A request has one credential: a second call sets the same value.
        let _ = origin.caller.set(caller);
    }

    /// The sender's address, as limits count it.
    pub(crate) fn address(&self) -> IpAddr {
        self.0.address
    }

    /// The authenticated caller.
    pub(crate) fn caller(&self) -> Option<&CallerId> {
        self.0.caller.get()
    }

    /// Makes the connection read on for a moment after the response, instead of resetting it.
    pub(crate) fn request_lingering_close(&self) {
        if let Some(connection) = &self.0.connection {
            connection.request_lingering_close();
        }
    }
}

/// Attaches to a request its origin, and what all requests share.
pub(crate) async fn attach_origin(
    State((limits, shared)): State<(Arc<Limits>, Arc<Extensions>)>,
    mut request: Request,
    next: Next,
) -> Response {
    request.extensions_mut().extend(Extensions::clone(&shared));
    let connection = request.extensions().get::<ConnectionHandle>().cloned();
    let address = limits.client_address(&request);
    let origin = Origin { address: address.client_network(), connection, caller: OnceLock::new() };
    request.extensions_mut().insert(address);
    request.extensions_mut().insert(RequestOrigin(Arc::new(origin)));
    next.run(request).await
}
