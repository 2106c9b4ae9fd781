//! Forms that were sent when their session had ended: what was typed is kept for the person who typed it, who finds it
//! again after the log-in and sends it again or gives it up. Nothing of it is carried out before.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::App;
use super::error::InternalError;
use super::sessions::{self, LoggedIn, PageWriter};
use crate::random;
use crate::seal::{self, Compressed, SealContext};
use crate::store;
use crate::store::expired_forms::ExpiredForm;

/// For how long a form is kept.
pub const KEPT_FOR: SignedDuration = SignedDuration::from_mins(30);

/// The most bytes of a form that are kept.
pub const MAX_BYTES: usize = 256 << 10;

/// The most forms that are kept of one address, and of all.
const MAX_OF_SENDER: i64 = 10;
const MAX_TOTAL: i64 = 1000;

/// What was typed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypedForm {
    /// The address that the form is sent to.
    pub action: String,
    /// The page that it was on.
    pub page: String,
    /// Its fields without the token.
    pub fields: Vec<(String, String)>,
}

/// Whether the page whose form brings this token along was made for this visitor, at work for the same organiser.
pub fn is_of(app: &App, token: &str, visitor: &LoggedIn) -> bool {
    sessions::page_writer(app, token).is_some_and(|writer| visitor.is_writer(&writer))
}

/// Keeps a form for the person for whom its page was made, as its `token` says: the secret that finds it again, or `None`
/// where the person is not known or too many are kept.
pub async fn store_form(
    app: &App,
    token: &str,
    sender: &str,
    typed: &TypedForm,
) -> Result<Option<String>, InternalError> {
    let Some(PageWriter { ssin_hash, organiser }) = sessions::page_writer(app, token) else { return Ok(None) };
    let now = app.clocks.machine().now();
    let past = now.checked_sub(KEPT_FOR).unwrap_or(Timestamp::MIN);
    let sender_hash = app.vault.index().hash("expired form", &[sender.as_bytes()]);
    let counts = store::expired_forms::count(&mut app.db.read().await?, &sender_hash, past).await?;
    if counts.of_sender >= MAX_OF_SENDER || counts.total >= MAX_TOTAL {
        return Ok(None);
    }
    let secret = seal::hex(&random::bytes::<32>());
    let id = id_of(&secret);
    let sealed = app.vault.private().seal(&place(&id), Compressed::new(&serde_json::to_vec(typed)?));
    let form = ExpiredForm { ssin_hash: Some(ssin_hash), organiser, sealed, at: now };
    let mut tx = app.db.write().await?;
    store::expired_forms::forget(&mut tx, past).await?;
    store::expired_forms::insert(&mut tx, &id, &sender_hash, &form).await?;
    tx.commit().await?;
    Ok(Some(secret))
}

/// The form that this secret finds, for the person who typed it, who acts for the same organiser; `None` for anybody
/// else, where it is not known who typed it, and where it is gone.
pub async fn find(app: &App, visitor: &LoggedIn, secret: &str) -> Result<Option<TypedForm>, InternalError> {
    let id = id_of(secret);
    let Some(form) = store::expired_forms::find(&mut app.db.read().await?, &id).await? else { return Ok(None) };
    let in_time = app.clocks.machine().now().duration_since(form.at) < KEPT_FOR;
    let writer = form.ssin_hash.map(|ssin_hash| PageWriter { ssin_hash, organiser: form.organiser });
    if !in_time || !writer.is_some_and(|writer| visitor.is_writer(&writer)) {
        return Ok(None);
    }
    let typed = app.vault.private().open(&place(&id), &form.sealed)?;
    Ok(Some(serde_json::from_slice(&typed)?))
}

/// Finds the form and removes it: it is sent or given up once.
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
