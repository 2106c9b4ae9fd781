//! The seals of logged bodies: by the key of the organiser, for the call that they belong to.

use crate::app::error::InternalError;
use crate::domain::calls::{LoggedRequest, MaskedBody};
use crate::ids::{OrganiserId, RequestId};
use crate::seal::{Compressed, SealContext};
use crate::store::Db;
use crate::store::requests::SealedBody;
use crate::vault::Vault;

/// Seals the body of a call.
pub(super) async fn seal(
    db: &Db,
    vault: &Vault,
    request: &LoggedRequest,
    body: &MaskedBody,
) -> Result<SealedBody, InternalError> {
    let key = vault.organiser_key(db, request.organiser).await?;
    let place = place(request.organiser, request.id);
    Ok(SealedBody { sealed: key.seal(&place, Compressed::new(body.text.as_bytes())), is_cut: body.is_cut })
}

/// Opens the body of a call.
pub(super) async fn open(
    db: &Db,
    vault: &Vault,
    (organiser, id): (OrganiserId, RequestId),
    body: &SealedBody,
) -> Result<MaskedBody, InternalError> {
    let text = vault.organiser_key(db, organiser).await?.open(&place(organiser, id), &body.sealed)?;
    Ok(MaskedBody { text: String::from_utf8_lossy(&text).into_owned(), is_cut: body.is_cut })
}

fn place(organiser: OrganiserId, id: RequestId) -> SealContext {
    SealContext::of("logged body", &[&organiser.to_string(), &id.to_string()])
}
