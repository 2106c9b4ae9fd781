//! Forms that were sent after their session had ended: the input is stored for its author, who after the log-in
//! sends it again or discards it. Nothing of it is executed before.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::App;
use super::error::InternalError;
use super::sessions::{self, LoggedIn, PageWriter};
use crate::random;
use crate::seal::{self, Compressed, SealContext};
use crate::store;
use crate::store::expired_forms::ExpiredForm;

/// How long a form is stored.
pub const KEPT_FOR: SignedDuration = SignedDuration::from_mins(30);

/// The largest form that is stored, in bytes.
pub const MAX_BYTES: usize = 256 << 10;

/// The most forms that are stored of one address, and in total.
const MAX_OF_SENDER: i64 = 10;
const MAX_TOTAL: i64 = 1000;

/// The stored form.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypedForm {
    /// The address that the form is sent to.
    pub action: String,
    /// The page that contained it.
    pub page: String,
    /// Its fields without the token.
    pub fields: Vec<(String, String)>,
}

/// Whether the page with this token was rendered for this person, acting for the same organiser.
pub fn is_of(app: &App, token: &str, visitor: &LoggedIn) -> bool {
    sessions::page_writer(app, token).is_some_and(|writer| visitor.is_writer(&writer))
}

/// Stores a form for the page's writer, named in its `token`: returns the secret to find it, or `None` where the writer
/// cannot be identified, too many forms are stored, or a field has an SSIN that is not taken.
pub async fn store_form(
    app: &App,
    token: &str,
    sender: &str,
    typed: &TypedForm,
) -> Result<Option<String>, InternalError> {
    if typed.fields.iter().any(|(_, text)| app.accepted_ssins.refuse_text(text)) {
        return Ok(None);
    }
    let Some(PageWriter { ssin_hash, organiser }) = sessions::page_writer(app, token) else { return Ok(None) };
    let now = app.clocks.machine().now();
    let past = now.checked_sub(KEPT_FOR).unwrap_or(Timestamp::MIN);
    let sender_hash = app.vault.index_key().hash("expired form", &[sender.as_bytes()]);
    let counts = store::expired_forms::count(&mut app.db.read().await?, &sender_hash, past).await?;
    if counts.of_sender >= MAX_OF_SENDER || counts.total >= MAX_TOTAL {
        return Ok(None);
    }
    let secret = seal::hex(&random::bytes::<32>());
    let id = id_of(&secret);
    let sealed = app.vault.deployment_key().seal(&place(&id), Compressed::new(&serde_json::to_vec(typed)?));
    let form = ExpiredForm { ssin_hash: Some(ssin_hash), organiser, sealed, at: now };
    let mut tx = app.db.write().await?;
    store::expired_forms::forget(&mut tx, past).await?;
    store::expired_forms::insert(&mut tx, &id, &sender_hash, &form).await?;
    tx.commit().await?;
    Ok(Some(secret))
}

/// The form with this secret, for its author, who acts for the same organiser; `None` for any other person, where the
/// author cannot be identified, and where it has expired.
pub async fn find(app: &App, visitor: &LoggedIn, secret: &str) -> Result<Option<TypedForm>, InternalError> {
    let id = id_of(secret);
    let Some(form) = store::expired_forms::find(&mut app.db.read().await?, &id).await? else { return Ok(None) };
    let in_time = app.clocks.machine().now().duration_since(form.at) < KEPT_FOR;
    let writer = form.ssin_hash.map(|ssin_hash| PageWriter { ssin_hash, organiser: form.organiser });
    if !in_time || !writer.is_some_and(|writer| visitor.is_writer(&writer)) {
        return Ok(None);
    }
    let typed = app.vault.deployment_key().open(&place(&id), &form.sealed)?;
    Ok(Some(serde_json::from_slice(&typed)?))
}

/// Finds the form and removes it: it is sent or discarded once.
pub async fn take(app: &App, visitor: &LoggedIn, secret: &str) -> Result<Option<TypedForm>, InternalError> {
    let Some(typed) = find(app, visitor, secret).await? else { return Ok(None) };
    let mut tx = app.db.write().await?;
    let first = store::expired_forms::delete(&mut tx, &id_of(secret)).await?;
    tx.commit().await?;
    Ok(first.then_some(typed))
}

fn id_of(secret: &str) -> String {
    seal::hex(&seal::digest(secret))
}

fn place(id: &str) -> SealContext {
    SealContext::of("expired form", &[id])
}
