//! Everything that only a sandbox has: the simulated CSAM, the webhook inspector, the invented data, the worlds, the scenarios, the tour,
//! and the command that starts it. Built with the cargo feature `sandbox` alone.

pub(crate) mod command;
pub mod csam;
pub mod inspector;
pub(crate) mod mount;
mod pages;
mod parts;
pub mod scenarios;
pub mod seed;
pub mod seeded_communications;
mod tour;
pub mod worlds;
