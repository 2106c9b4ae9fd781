//! Passerelle: the integration gateway between crèche software and the agency.
//!
//! ```text
//! http ──▶ app ──▶ store ──▶ database          cli ──▶ app
//!   │       │ └──▶ ingest ─┐
//!   │       └──────────────┴──▶ domain  ◀── store (types only)
//!                  outbound (webhooks, OIDC) ──▶ the world
//! ```
//!
//! `http` speaks HTTP, `app` puts steps in order and owns the transaction, `ingest` turns bytes into raw values and
//! back, `domain` decides what is true, `store` remembers, `outbound` talks to other machines. `csam` is the simulated
//! log-in provider of a sandbox and `receiver` its receiver of webhooks: both know nothing of the rest.

pub mod api;
pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod console;
pub mod domain;
pub mod fair_queue;
pub mod http;
pub mod ids;
pub mod ingest;
pub mod network;
pub mod outbound;
pub mod pdf;
pub mod random;
pub mod runtime;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod seal;
pub mod store;
pub mod telemetry;
pub mod vault;
pub mod words;
