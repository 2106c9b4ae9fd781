//! Requests that are carried out once, however often they are sent: the first response to each is stored, sealed, for a
//! day.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::App;
use super::agents::AgencyCaller;
use super::caller::{Caller, Principal};
use super::error::InternalError;
use super::files::data_key;
use crate::domain::actor::Actor;
use crate::ids::OrganiserId;
use crate::seal::{Compressed, SealContext};
use crate::store::idempotency::IdempotentRequest;
pub use crate::store::idempotency::RequestKey;
use crate::store::{self, DataOwner};

/// How long a first response is repeated.
pub const KEPT_FOR: SignedDuration = SignedDuration::from_hours(24);

/// A stored response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredAnswer {
    /// The HTTP status.
    pub status: u16,
    /// Names and values of the headers that belong to the response itself.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// The state of a request with a key.
#[derive(Debug)]
pub enum IdempotencyClaim {
    /// It is the first: carry it out, then store its response or release it.
    First(RequestKey),
    /// It has a response already.
    Answered(StoredAnswer),
    /// It was begun and has no response.
    Unanswered,
    /// The key was sent with another request.
    OtherRequest,
}

/// Who sends a request, and whom it concerns.
pub struct RequestSender {
    owner: DataOwner,
    who: String,
}

impl RequestSender {
    /// A caller of an organiser.
    pub fn of(caller: &Caller) -> Self {
        let who = match &caller.who {
            Principal::Application(shown) => format!("key:{}", shown.key),
            Principal::Person(user) => format!("user:{user}"),
        };
        Self { owner: DataOwner::Organiser(caller.organiser), who }
    }

    /// A caller of the agency, for what concerns an organiser; `None` where there is no such organiser.
    pub async fn of_agency_for(
        app: &App,
        caller: &AgencyCaller,
        organiser: OrganiserId,
    ) -> Result<Option<Self>, InternalError> {
        let known = store::organisers::find(&mut app.db.read_once().await?, organiser).await?.is_some();
        let owner = DataOwner::Organiser(organiser);
        Ok(known.then(|| Self { owner, ..Self::of_agency(caller) }))
    }

    /// The same for what may concern several organisers.
    pub fn of_agency(caller: &AgencyCaller) -> Self {
        let Actor { kind, name } = caller.actor();
        Self { owner: DataOwner::Agency, who: format!("{}:{name}", kind.code()) }
    }
}

/// Begins a request with the sender's `key`; `parts` are hashed to identify the request.
pub async fn begin(
    app: &App,
    sender: RequestSender,
    key: &str,
    parts: &[&[u8]],
) -> Result<IdempotencyClaim, InternalError> {
    let RequestSender { owner, who } = sender;
    let index = app.vault.index_key();
    let hash = index.hash("idempotency key", &[who.as_bytes(), key.as_bytes()]);
    let request = index.hash("idempotent request", parts);
    let key = RequestKey { owner, caller: who, hash };
    // Looked up first, so that a repeated request costs no write.
    let known = store::idempotency::find(&mut app.db.read().await?, &key).await?;
    let past = app.clocks.machine().now().checked_sub(KEPT_FOR).unwrap_or(Timestamp::MIN);
    if let Some(known) = known.filter(|known| known.at >= past) {
        return resumed(app, &key, &request, known).await;
    }
    let mut tx = app.db.write().await?;
    store::idempotency::delete(&mut tx, &key, past).await?;
    if store::idempotency::insert(&mut tx, &key, &request, app.clocks.machine().now()).await? {
        tx.commit().await?;
        return Ok(IdempotencyClaim::First(key));
    }
    let known = store::idempotency::find(&mut tx, &key).await?.ok_or(store::Error::Rows(0))?;
    drop(tx);
    resumed(app, &key, &request, known).await
}

async fn resumed(
    app: &App,
    key: &RequestKey,
    request: &str,
    known: IdempotentRequest,
) -> Result<IdempotencyClaim, InternalError> {
    if known.request_hash != request {
        return Ok(IdempotencyClaim::OtherRequest);
    }
    let Some(sealed) = known.answer else { return Ok(IdempotencyClaim::Unanswered) };
    let data_key = data_key(&app.db, &app.vault, key.owner).await?;
    Ok(IdempotencyClaim::Answered(serde_json::from_slice(&data_key.open(&place(key), &sealed)?)?))
}

/// Stores the first response.
pub async fn store_answer(app: &App, key: &RequestKey, answer: &StoredAnswer) -> Result<(), InternalError> {
    let text = Compressed::new(&serde_json::to_vec(answer)?);
    let sealed = data_key(&app.db, &app.vault, key.owner).await?.seal(&place(key), text);
    let mut tx = app.db.write().await?;
    store::idempotency::answer(&mut tx, key, &sealed).await?;
    Ok(tx.commit().await?)
}

/// Removes a request that was not carried out: it may be sent again with the same key.
pub async fn release(app: &App, key: &RequestKey) -> Result<(), InternalError> {
    let mut tx = app.db.write().await?;
    store::idempotency::delete(&mut tx, key, Timestamp::MAX).await?;
    Ok(tx.commit().await?)
}

fn place(key: &RequestKey) -> SealContext {
    SealContext::of("idempotent request", &[&key.owner.name(), &key.caller, &key.hash])
}
