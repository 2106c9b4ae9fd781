//! Who may use a world: whoever shows its secret, and a browser to which it was opened.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use serde::Deserialize;

use super::Worlds;
use super::secret::WorldSecret;
use super::world::World;
use crate::http::extract::Path;
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

/// The world of the path, which opens with the secret of the request. Refused before the body is read; with another secret the
/// world is not found, as if there were none.
pub(super) struct OwnWorld {
    pub(super) world: Arc<World>,
    pub(super) secret: WorldSecret,
}

impl FromRequestParts<Worlds> for OwnWorld {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, worlds: &Worlds) -> Result<Self> {
        let Path(WorldPath { world_id }) = Path::from_request_parts(parts, worlds).await?;
        let secret = required_secret(&parts.headers)?;
        let world = worlds.registry.find(world_id).filter(|world| secret.has_hash(&world.record.secret_hash));
        Ok(Self { world: world.ok_or_else(|| Problem::not_found("worldId"))?, secret })
    }
}

/// The cookie that opens the pages of a world, until it is deleted.
pub(super) fn page_cookie(worlds: &Worlds, world: &World, secret: &WorldSecret) -> HeaderValue {
    let shared = &worlds.registry.shared;
    let seconds = world.record.expires_at.duration_since(shared.clock.now()).as_secs();
    let value = format!("{}.{}", world.record.id, secret.expose());
    Cookie::World.set(&value, seconds, shared.base_url().starts_with("https:"))
}
