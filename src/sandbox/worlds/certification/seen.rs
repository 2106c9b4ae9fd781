//! What there is to judge by.

use super::report::Report;
use super::run::CertificationRun;
use super::stage::{SeenCall, Stage};

/// What the gateway saw of a step.
pub(super) struct Seen<'a> {
    pub(super) stage: &'a Stage,
    pub(super) run: &'a CertificationRun,
    pub(super) report: &'a Report,
    /// The calls of the software.
    pub(super) calls: Vec<SeenCall>,
}
