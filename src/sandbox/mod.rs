//! Everything that only a sandbox has: the simulated CSAM, the webhook inspector, the invented world, the tour, and the
//! command that starts it all. Built with the cargo feature `sandbox` alone.

pub(crate) mod command;
pub mod csam;
pub mod inspector;
pub(crate) mod mount;
pub mod seed;
mod tour;
