//! Who may use a world: whoever shows its secret, and a browser to which it was opened.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, header};
use serde::Deserialize;

use super::Worlds;
use super::secret::WorldSecret;
use super::world::World;
use crate::http::problem::{Problem, ProblemType, Result};
use crate::http::session::Cookie;
use crate::ids::WorldId;
use crate::words::sandbox_worlds as words;

/// The path of a world.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WorldPath {
    pub(super) world_id: WorldId,
}

/// The secret that a request shows.
pub(super) fn secret(headers: &HeaderMap) -> Option<WorldSecret> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    WorldSecret::parse(value.strip_prefix("Bearer ")?.trim())
}

pub(super) fn required_secret(headers: &HeaderMap) -> Result<WorldSecret> {
    secret(headers).ok_or_else(wrong_secret)
}

pub(super) fn wrong_secret() -> Problem {
    let challenge = r#"Bearer realm="passerelle-world""#;
    Problem::new(ProblemType::NoAccessToken).detail(words::WRONG_SECRET).header(header::WWW_AUTHENTICATE, challenge)
}

/// The world of the path, if the request shows its secret. With another secret it is not found, as if there were none.
pub(super) fn own(worlds: &Worlds, headers: &HeaderMap, id: WorldId) -> Result<(Arc<World>, WorldSecret)> {
    let secret = required_secret(headers)?;
    let world = worlds.registry.find(id).filter(|world| secret.has_hash(&world.record.secret_hash));
    Ok((world.ok_or_else(|| Problem::not_found("worldId"))?, secret))
}

/// The cookie that opens the pages of a world, until it is deleted.
pub(super) fn page_cookie(worlds: &Worlds, world: &World, secret: &WorldSecret) -> HeaderValue {
    let shared = &worlds.registry.shared;
    let seconds = world.record.expires_at.duration_since(shared.clock.now()).as_secs();
    let value = format!("{}.{}", world.record.id, secret.expose());
    Cookie::World.set(&value, seconds, shared.base_url().starts_with("https:"))
}
