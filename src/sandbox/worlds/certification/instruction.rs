//! What the software is told to do, as it reaches it.

use serde_json::{Value, json};

use super::catalogue::{Case, InstructionName, Step};
use super::content::Slot;
use super::run::CertificationRun;
use super::stage::Stage;

/// How long the software may take to handle what was announced, in seconds.
const WAIT_SECONDS: u64 = 15;

/// The instruction of the present step.
pub(super) fn instruction(stage: &Stage, run: &CertificationRun, (case, step): (Case, &Step), slot: Slot) -> Value {
    let mut told = json!({
        "step": run.number,
        "case": case.id(),
        "instruction": step.instruction.code(),
        "text": step.instruction.label(),
        "apiUrl": stage.api_url,
        "key": stage.software.expose(),
    });
    match step.instruction {
        InstructionName::Deposit | InstructionName::Replace => {
            told["kind"] = json!(case.profile.code());
            told["crecheId"] = json!(slot.creche);
            told["month"] = json!(slot.month);
            told["document"] = json!(run.facts.document);
        }
        InstructionName::ReportEvents => told["waitSeconds"] = json!(WAIT_SECONDS),
        InstructionName::StartReceiving | InstructionName::StopReceiving => {}
    }
    told
}
