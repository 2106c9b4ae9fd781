//! The certification in a world: the software is led from step to step.

use serde_json::Value;

use super::catalogue::Document;
use super::certificate::{Certified, Issuer};
use super::failure::{Failure, FailureReason};
use super::instruction::instruction;
use super::issued::IssuedCertificates;
use super::judge;
use super::prepare::prepare;
use super::report::Report;
use super::request::CertificationWish;
use super::run::{CertificationRun, StepFacts};
use super::run_view::run_view;
use super::stage::{Stage, StageError};
use crate::sandbox::worlds::error::WorldError;
use crate::sandbox::worlds::record::WorldDirectory;
use crate::sandbox::worlds::registry::Registry;
use crate::sandbox::worlds::world::World;

/// Why a run cannot begin or go on.
#[derive(Debug, thiserror::Error)]
pub(in crate::sandbox::worlds) enum CertificationError {
    /// There is no run in this world.
    #[error("no certification was begun")]
    NotBegun,
    /// The report is about another step than the present one.
    #[error("the report is about another step")]
    OtherStep,
    /// The world has no month that is over and whose deadline is not.
    #[error("the world has no month for the cases")]
    NoMonth,
    /// The world cannot be used.
    #[error(transparent)]
    World(#[from] WorldError),
    /// The gateway failed.
    #[error(transparent)]
    Stage(#[from] StageError),
}

impl From<std::io::Error> for CertificationError {
    fn from(error: std::io::Error) -> Self {
        Self::World(error.into())
    }
}

/// The certification in a world.
pub(in crate::sandbox::worlds) struct Certifications<'a> {
    pub(in crate::sandbox::worlds) registry: &'a Registry,
    pub(in crate::sandbox::worlds) world: &'a World,
    pub(in crate::sandbox::worlds) issuer: &'a Issuer,
    pub(in crate::sandbox::worlds) issued: &'a IssuedCertificates,
}

impl Certifications<'_> {
    /// Brings the world back to its beginning and begins a run; what is published of it.
    pub(in crate::sandbox::worlds) async fn begin(
        &self,
        CertificationWish { profile, product, only }: CertificationWish,
    ) -> Result<Value, CertificationError> {
        let _turn = self.world.certification.lock().await;
        self.world.reset().await?;
        let mut run = CertificationRun {
            profile,
            product,
            only,
            started_at: self.registry.shared.clock.now(),
            results: Vec::new(),
            step: 0,
            number: 1,
            document: 0,
            receiving_since: 0,
            receiving_calls: 0,
            facts: StepFacts::default(),
            is_prepared: false,
            certificate: None,
        };
        self.go_on(&mut run).await
    }

    /// The run, with the present step prepared.
    pub(in crate::sandbox::worlds) async fn show(&self) -> Result<Value, CertificationError> {
        let _turn = self.world.certification.lock().await;
        let mut run = read(self.world.directory())?;
        self.go_on(&mut run).await
    }

    /// Judges a step by what was observed and what the software reports. The same report again changes nothing.
    pub(in crate::sandbox::worlds) async fn report(&self, report: Report) -> Result<Value, CertificationError> {
        let _turn = self.world.certification.lock().await;
        let mut run = read(self.world.directory())?;
        if let Some((case, step)) = run.present().filter(|_| report.step == run.number) {
            let stage = self.stage().await?;
            self.world.scenarios.set.set(None);
            let failure = if report.is_carried_out() {
                judge::judge(&stage, &run, (case, &step), &report).await?
            } else {
                Some(Failure::of(FailureReason::NotCarriedOut))
            };
            run.advance(case, failure);
        } else if report.step >= run.number {
            return Err(CertificationError::OtherStep);
        }
        self.go_on(&mut run).await
    }

    async fn stage(&self) -> Result<Stage, CertificationError> {
        let open = self.registry.open(self.world).await?;
        Ok(Stage::new(open, self.world.record.content(), &self.registry.shared.world_url(self.world.record.id)).await?)
    }

    /// Prepares the present step where it is not, or ends the run.
    async fn go_on(&self, run: &mut CertificationRun) -> Result<Value, CertificationError> {
        let directory = self.world.directory();
        let Some((case, step)) = run.present() else {
            if run.is_passed() && run.only.is_none() && run.certificate.is_none() {
                let certified = Certified::new(run, &self.registry.shared);
                run.certificate = Some(self.issued.issue(self.issuer, certified).await?);
            }
            write(run, directory)?;
            return Ok(run_view(run, None, &self.registry.shared));
        };
        let stage = self.stage().await?;
        let slot = stage.slot(case, run.results.len()).ok_or(CertificationError::NoMonth)?;
        if !run.is_prepared {
            if matches!(step.document, Document::New | Document::Flawed | Document::Warned) {
                run.document += 1;
            }
            run.facts = prepare(&stage, run, (case.profile, &step, slot), &self.world.scenarios).await?;
            run.is_prepared = true;
        }
        write(run, directory)?;
        let next = instruction(&stage, run, (case, &step), slot);
        Ok(run_view(run, Some(next), &self.registry.shared))
    }
}

/// The run in this directory.
fn read(directory: &WorldDirectory) -> Result<CertificationRun, CertificationError> {
    match std::fs::read(directory.certification()) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).map_err(std::io::Error::from)?),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(CertificationError::NotBegun),
        Err(error) => Err(error.into()),
    }
}

fn write(run: &CertificationRun, directory: &WorldDirectory) -> Result<(), CertificationError> {
    let bytes = serde_json::to_vec(run).map_err(std::io::Error::from)?;
    Ok(directory.write(&directory.certification(), &bytes)?)
}
