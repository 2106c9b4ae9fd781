//! What webhooks are measured with: a receiver, a world of endpoints, gateways to kill.

pub mod gateways;
pub mod receiver;
pub mod world;
