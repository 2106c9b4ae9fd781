//! Sessions: the logged-in person, the chosen organiser, the expiry.
//!
//! A session is a row; its secret is only in the person's browser. The next request of a deactivated user, or in an
//! ended session, is refused at every gateway.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

pub use super::acting_user::ActingUser;
use super::error::InternalError;
use super::error::fault_conversions;
use super::record::Record;
use super::{App, users};
use crate::app::agents::ActingAgent;
use crate::domain::action::RecordedAction;
use crate::domain::actor::Actor;
use crate::domain::notice::Notice;
use crate::domain::ssin::Ssin;
use crate::domain::user::Mandate;
use crate::ids::{OrganiserId, UserId};
use crate::random;
use crate::seal;
use crate::seal::{Compressed, SealContext};
pub use crate::store::sessions::SessionRecord;
use crate::store::{self, Tx, WritePurpose};

/// How long sessions live.
#[derive(Debug, Clone, Copy)]
pub struct SessionLifetime {
    /// Without being used.
    pub idle: SignedDuration,
    /// At all.
    pub longest: SignedDuration,
}

/// The precision with which the last use of a session is stored.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(1);

impl SessionLifetime {
    /// Whether a session may be used.
    fn holds(self, session: &SessionRecord, now: Timestamp) -> bool {
        let age = |since| now.duration_since(since);
        session.ended_at.is_none() && age(session.seen_at) < self.idle && age(session.created_at) < self.longest
    }
}

/// The identity that an identity provider has verified.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedIdentity {
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// The provider's ID token, which its log-out needs.
    pub id_token: Option<String>,
    /// When the person was authenticated, where the provider states it.
    #[serde(default)]
    pub authenticated_at: Option<Timestamp>,
}

/// A person who is logged in.
#[derive(Clone)]
pub struct LoggedIn {
    /// The session's id: not the secret.
    pub session: String,
    /// The identity that the provider has verified.
    pub identity: VerifiedIdentity,
    /// The level at which the person was authenticated.
    pub assurance: String,
    /// The agent's matricule, if the person is one.
    pub agent: Option<String>,
    /// The user and organiser that the person acts as; `None` until one is chosen.
    pub acting: Option<ActingUser>,
    /// The CSRF token that every form must send.
    pub csrf: String,
    /// The notice at the top of the next page.
    pub notice: Option<Notice>,
    ssin_hash: String,
}

impl LoggedIn {
    /// Whether this token is from a page that was rendered for the session.
    pub fn accepts_token(&self, token: &str) -> bool {
        bool::from(code_of(token).as_bytes().ct_eq(code_of(&self.csrf).as_bytes()))
    }

    /// The person as an agent, if the person is one.
    pub fn acting_agent(&self) -> Option<ActingAgent> {
        let matricule = self.agent.clone()?;
        Some(ActingAgent { matricule, ssin_hash: self.ssin_hash.clone() })
    }

    /// Whether this is the person that the page was rendered for, acting for the same organiser.
    pub(super) fn is_writer(&self, writer: &PageWriter) -> bool {
        let acting = self.acting.as_ref().map(|acting| acting.organiser);
        self.ssin_hash == writer.ssin_hash && (writer.organiser.is_none() || writer.organiser == acting)
    }
}

/// An organiser that a person may act for.
#[derive(Debug, Clone)]
pub struct OrganiserChoice {
    /// The organiser.
    pub organiser: OrganiserId,
    /// Its legal name.
    pub legal_name: String,
}

/// A session just begun: the secret for the browser.
pub struct NewSession {
    /// The secret; it is stored nowhere.
    pub secret: String,
}

/// Why no session is begun.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// No organiser has declared this person.
    #[error("no organiser has declared this person")]
    Unknown,
    /// Every organiser that had declared the person has deactivated it.
    #[error("the person was deactivated")]
    Deactivated,
    /// The gateway failed.
    #[error(transparent)]
    Fault(#[from] InternalError),
}

fault_conversions!(SessionError);

/// Begins a session for a verified identity. Where only one organiser has declared the person, it is chosen.
pub async fn begin(
    app: &App,
    ssin: &Ssin,
    assurance: &str,
    identity: VerifiedIdentity,
) -> Result<NewSession, SessionError> {
    let ssin_hash = users::hash_of(app.vault.index_key(), ssin);
    let secret = seal::hex(&random::bytes::<32>());
    let (id, now) = (id_of(&secret), app.clocks.machine().now());
    let mut tx = app.db.write().await?;
    let agent = store::sessions::agent(&mut tx, &ssin_hash).await?;
    let declared = store::users::of_person(&mut tx, &ssin_hash).await?;
    for user in &declared {
        store::users::require_sound(&mut tx, user.id).await?;
    }
    let active: Vec<_> = declared.iter().filter(|user| user.deactivated_at.is_none()).collect();
    if active.is_empty() && agent.is_none() {
        return Err(if declared.is_empty() { SessionError::Unknown } else { SessionError::Deactivated });
    }
    let sealed = serde_json::to_vec(&identity).map_err(InternalError::from)?;
    let sealed = app.vault.deployment_key().seal(&place(&id), Compressed::new(&sealed));
    let session = SessionRecord {
        id: id.clone(),
        ssin_hash,
        agent,
        chosen: None,
        assurance: assurance.to_owned(),
        sealed,
        created_at: now,
        seen_at: now,
        ended_at: None,
        notice: None,
    };
    store::sessions::insert(&mut tx, &session).await?;
    tx.commit().await?;
    if let ([only], None) = (active.as_slice(), &session.agent) {
        choose_organiser(app, &id, only.organiser, only.id).await?;
    }
    Ok(NewSession { secret })
}

/// The logged-in person with this secret; `None` when there is none, or the session has expired.
pub async fn resume(app: &App, secret: &str) -> Result<Option<LoggedIn>, InternalError> {
    let (id, now) = (id_of(secret), app.clocks.machine().now());
    let mut tx = app.db.read().await?;
    let found = store::sessions::find(&mut tx, &id).await?;
    let Some(session) = found.filter(|session| app.lifetime.holds(session, now)) else { return Ok(None) };
    match store::sessions::require_sound(&mut tx, &id).await {
        Err(store::Error::Forged { .. }) => return Ok(None),
        sound => sound?,
    }
    let acting = match session.chosen {
        Some((organiser, user)) => match acting(app, &mut tx, organiser, user).await? {
            Some(acting) => Some(acting),
            None => return Ok(None),
        },
        None => None,
    };
    drop(tx);
    if now.duration_since(session.seen_at) >= SEEN_EVERY {
        let mut tx = app.db.write().await?;
        store::sessions::record_use(&mut tx, &id, now).await?;
        tx.commit().await?;
    }
    let identity = app.vault.deployment_key().open(&place(&id), &session.sealed)?;
    let organiser = acting.as_ref().map(|acting| acting.organiser);
    Ok(Some(LoggedIn {
        csrf: form_token(app, &id, &PageWriter { ssin_hash: session.ssin_hash.clone(), organiser })?,
        identity: serde_json::from_slice(&identity)?,
        assurance: session.assurance,
        agent: session.agent,
        notice: session.notice.as_deref().and_then(Notice::from_code),
        acting,
        ssin_hash: session.ssin_hash,
        session: id,
    }))
}

/// The user that a resumed session acts as now; `None` when it has ended or acts for no organiser. It does not count as
/// a use of the session.
pub async fn still_acting(app: &App, visitor: &LoggedIn) -> Result<Option<ActingUser>, InternalError> {
    let tx = &mut app.db.read().await?;
    let found = store::sessions::find(tx, &visitor.session).await?;
    let stored = found.filter(|session| app.lifetime.holds(session, app.clocks.machine().now()));
    match stored.and_then(|session| session.chosen) {
        Some((organiser, user)) => acting(app, tx, organiser, user).await,
        None => Ok(None),
    }
}

/// The agent of a resumed session; `None` when it has ended, which it does when the agent is removed. It does not count as a use of
/// the session.
pub async fn still_agent(app: &App, visitor: &LoggedIn) -> Result<Option<ActingAgent>, InternalError> {
    let found = store::sessions::find(&mut app.db.read().await?, &visitor.session).await?;
    let stored = found.filter(|session| app.lifetime.holds(session, app.clocks.machine().now()));
    Ok(stored.and_then(|_| visitor.acting_agent()))
}

/// The person that a page was rendered for.
#[derive(Serialize, Deserialize)]
pub(super) struct PageWriter {
    /// Keyed hash of the person's SSIN.
    pub(super) ssin_hash: String,
    /// The organiser that was chosen.
    pub(super) organiser: Option<OrganiserId>,
}

/// The purpose of encrypting a page's writer in the token of its forms.
const WRITER: &str = "form";

/// The token of the forms of a session's pages: the page's writer, encrypted, so that the writer is identified after
/// the session has ended; and the code that only pages rendered for the session have.
fn form_token(app: &App, session: &str, writer: &PageWriter) -> Result<String, InternalError> {
    let code = app.vault.index_key().hash("csrf", &[session.as_bytes()]);
    Ok(format!("{}.{code}", seal_cookie(app, WRITER, &serde_json::to_vec(writer)?)))
}

/// The code in a token.
fn code_of(token: &str) -> &str {
    token.rsplit('.').next().unwrap_or_default()
}

/// The writer in a form's token, whether the session has ended or not; `None` where the token was not made by this
/// gateway.
pub(super) fn page_writer(app: &App, token: &str) -> Option<PageWriter> {
    let (hidden, _) = token.split_once('.')?;
    serde_json::from_slice(&unseal_cookie(app, WRITER, hidden)?).ok()
}

/// The organisers that the person may act for.
pub async fn organiser_choices(app: &App, visitor: &LoggedIn) -> Result<Vec<OrganiserChoice>, InternalError> {
    let tx = &mut app.db.read().await?;
    let mut choices = Vec::new();
    for user in store::users::of_person(tx, &visitor.ssin_hash).await? {
        if let (None, Some(organiser)) = (user.deactivated_at, store::organisers::find(tx, user.organiser).await?) {
            choices.push(OrganiserChoice { organiser: organiser.id, legal_name: organiser.legal_name });
        }
    }
    Ok(choices)
}

/// Chooses another organiser for the session; `false` when the person is not declared there.
pub async fn choose_organiser_of_person(
    app: &App,
    visitor: &LoggedIn,
    organiser: OrganiserId,
) -> Result<bool, InternalError> {
    let declared = store::users::of_person(&mut app.db.read().await?, &visitor.ssin_hash).await?;
    let wanted = |user: &&store::users::UserRecord| user.organiser == organiser && user.deactivated_at.is_none();
    let Some(user) = declared.iter().find(wanted) else { return Ok(false) };
    store::users::require_sound(&mut app.db.read().await?, user.id).await?;
    choose_organiser(app, &visitor.session, organiser, user.id).await?;
    Ok(true)
}

/// Encrypts a text that the browser stores; `purpose` is authenticated.
pub fn seal_cookie(app: &App, purpose: &str, text: &[u8]) -> String {
    let sealed = app.vault.deployment_key().seal(&SealContext::of("browser", &[purpose]), Compressed::new(text));
    BASE64_URL_SAFE_NO_PAD.encode(sealed)
}

/// The text that was encrypted for the same purpose; `None` when it does not authenticate.
pub fn unseal_cookie(app: &App, purpose: &str, hidden: &str) -> Option<Vec<u8>> {
    let sealed = BASE64_URL_SAFE_NO_PAD.decode(hidden).ok()?;
    app.vault.deployment_key().open(&SealContext::of("browser", &[purpose]), &sealed).ok()
}

/// Stores the notice of the session's next page.
pub async fn set_notice(app: &App, visitor: &LoggedIn, notice: Notice) -> Result<(), InternalError> {
    let mut tx = app.db.write().await?;
    store::sessions::set_notice(&mut tx, &visitor.session, notice.code()).await?;
    Ok(tx.commit().await?)
}

/// Removes the notice of `visitor`, once a page has displayed it.
pub async fn clear_notice(app: &App, visitor: &LoggedIn) -> Result<(), InternalError> {
    let Some(notice) = visitor.notice else { return Ok(()) };
    let mut tx = app.db.write().await?;
    store::sessions::clear_notice(&mut tx, &visitor.session, notice.code()).await?;
    Ok(tx.commit().await?)
}

/// Ends the session.
pub async fn end(app: &App, visitor: &LoggedIn) -> Result<(), InternalError> {
    let mut tx = app.db.write().await?;
    store::sessions::end(&mut tx, &visitor.session, app.clocks.machine().now()).await?;
    tx.commit().await?;
    app.keys.credentials_changed();
    Ok(())
}

/// Ends the previous session of a browser that has begun another, whatever person it is of. Where it is of the same person,
/// the new one acts for the same organiser.
pub async fn replace_former(app: &App, former: &str, new: &str) -> Result<(), InternalError> {
    let mut tx = app.db.write().await?;
    let before = store::sessions::find(&mut tx, &id_of(former)).await?;
    store::sessions::end(&mut tx, &id_of(former), app.clocks.machine().now()).await?;
    tx.commit().await?;
    let (Some(before), Some(new)) = (before, resume(app, new).await?) else { return Ok(()) };
    if let (Some((organiser, _)), true) = (before.chosen, before.ssin_hash == new.ssin_hash && new.acting.is_none()) {
        choose_organiser_of_person(app, &new, organiser).await?;
    }
    Ok(())
}

/// The person's active sessions, the latest first.
pub async fn list(app: &App, visitor: &LoggedIn) -> Result<Vec<SessionRecord>, InternalError> {
    let now = app.clocks.machine().now();
    let since = now.checked_sub(app.lifetime.idle).unwrap_or(Timestamp::MIN);
    let found = store::sessions::of_person(&mut app.db.read().await?, &visitor.ssin_hash, since).await?;
    Ok(found.into_iter().filter(|session| app.lifetime.holds(session, now)).collect())
}

/// Ends one of the person's own sessions, in this browser or another; `false` when there is none with this id.
pub async fn end_other(app: &App, visitor: &LoggedIn, id: &str) -> Result<bool, InternalError> {
    let mut tx = app.db.write().await?;
    let own = store::sessions::find(&mut tx, id).await?.filter(|found| found.ssin_hash == visitor.ssin_hash);
    let ended = own.is_some() && store::sessions::end(&mut tx, id, app.clocks.machine().now()).await?;
    tx.commit().await?;
    app.keys.credentials_changed();
    Ok(ended)
}

/// Chooses the organiser, stores the log-in and records it, under the organiser's own lock: a log-in that waits for it
/// does not block log-ins at other organisers.
async fn choose_organiser(app: &App, session: &str, organiser: OrganiserId, user: UserId) -> Result<(), InternalError> {
    let mut work = app.begin_as(organiser, &Actor::person(user), WritePurpose::RecordOnly).await?;
    let at = work.at();
    store::sessions::choose(&mut work, session, organiser, user).await?;
    store::users::logged_in(&mut work, organiser, user, at).await?;
    work.record(&Record::of(RecordedAction::SessionBegun));
    Ok(work.commit().await?)
}

/// The user with its rights; `None` when it was deactivated, deleted or not written by the gateway.
async fn acting(
    app: &App,
    tx: &mut Tx,
    organiser: OrganiserId,
    user: UserId,
) -> Result<Option<ActingUser>, InternalError> {
    let found = store::users::find(tx, organiser, user).await?.filter(|user| user.deactivated_at.is_none());
    let Some(found) = found else { return Ok(None) };
    match store::users::require_sound(tx, user).await {
        Err(store::Error::Forged { .. }) => return Ok(None),
        sound => sound?,
    }
    let rights = store::users::rights(tx, organiser, user).await?;
    let Some(known) = store::organisers::find(tx, organiser).await? else { return Ok(None) };
    Ok(Some(ActingUser {
        organiser,
        legal_name: known.legal_name,
        user,
        mandate: Mandate { profile: found.profile, rights },
        clock: app.clocks.business_clock(organiser),
    }))
}

/// The id of a session is the digest of its secret: a reader of the database cannot take the session over.
fn id_of(secret: &str) -> String {
    seal::hex(&seal::digest(secret))
}

fn place(id: &str) -> SealContext {
    SealContext::of("session", &[id])
}
