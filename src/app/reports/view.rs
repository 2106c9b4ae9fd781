//! A report as it is read: the crèche, the stored draft, and what it is compared with.

use super::inputs::{ReportInputs, open_report};
use super::key;
use crate::app::caller::Caller;
use crate::app::error::{AccessError, InternalError};
use crate::app::{App, creches};
use crate::domain::creche::Creche;
use crate::domain::finding::Findings;
use crate::domain::period::Quarter;
use crate::domain::report::raw::RawReport;
use crate::domain::report::{self, Report, ReportContext};
use crate::domain::rule::Severity;
use crate::ids::CrecheId;
use crate::store;
use crate::store::statements::{CrecheStatement, StoredRevision};

/// A report of a crèche and quarter.
pub(in crate::app) struct ReportView<'a> {
    caller: &'a Caller,
    pub(in crate::app) quarter: Quarter,
    pub(in crate::app) creche: Creche,
    /// The stored draft, if there is one.
    pub(in crate::app) stored: Option<(StoredRevision, Report)>,
    pub(in crate::app) inputs: ReportInputs,
}

impl<'a> ReportView<'a> {
    /// Reads it; of the revision with this number, where one is named.
    pub(in crate::app) async fn read(
        app: &App,
        caller: &'a Caller,
        (creche, quarter): (CrecheId, Quarter),
        number: Option<u32>,
    ) -> Result<Self, AccessError> {
        let slot = key(creche, quarter);
        let data_key = app.vault.organiser_key(&app.db, caller.organiser).await.map_err(InternalError::from)?;
        let mut tx = app.db.read().await?;
        let CrecheStatement { creche, current, .. } = creches::find_with_statement(&mut tx, caller, slot).await?;
        let revision = match number {
            Some(number) => store::statements::revision(&mut tx, caller.organiser, slot, number).await?,
            None => current.map(|current| current.revision),
        };
        let stored = match revision {
            Some(found) => {
                let report = open_report(&mut tx, caller.organiser, &data_key, slot, found.revision).await?;
                Some((found, report))
            }
            None => None,
        };
        drop(tx);
        let inputs = ReportInputs::read(app, caller, slot, stored.as_ref().map(|(_, report)| report)).await?;
        Ok(Self { caller, quarter, creche, stored, inputs })
    }

    /// The stored draft as a document.
    pub(super) fn document(&self) -> Option<RawReport> {
        let (_, report) = self.stored.as_ref()?;
        Some(report::into_raw(report.clone(), self.inputs.staff()))
    }

    /// The warnings of today on a document.
    pub(super) fn warnings(&self, document: &RawReport) -> Findings {
        let findings = report::validate(document, &self.context()).folded();
        findings.of(Severity::Warning).cloned().collect()
    }

    /// The context of the rules.
    pub(super) fn context(&self) -> ReportContext<'_> {
        self.inputs.context(self.caller, &self.creche, self.quarter)
    }
}
