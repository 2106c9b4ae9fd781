//! What the software is told to do, as it reaches it.

use serde_json::{Value, json};

use super::catalogue::{Case, InstructionName, Step};
use super::content::Slot;
use super::run::CertificationRun;
use super::stage::Stage;
use crate::domain::deposit::DepositSubject;
use crate::domain::period::Period;

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
        InstructionName::Deposit | InstructionName::Replace | InstructionName::Sign => {
            tell_place(&mut told, case.profile.deposit().subject(slot));
        }
        InstructionName::ReportEvents => told["waitSeconds"] = json!(WAIT_SECONDS),
        InstructionName::StartReceiving | InstructionName::StopReceiving => {}
    }
    if let Some(document) = &run.facts.document {
        told["document"] = document.clone();
    }
    told
}

/// Says what is deposited, and of a statement its crèche and its month or quarter.
fn tell_place(told: &mut Value, subject: DepositSubject) {
    told["kind"] = json!(subject.kind_name());
    if let Some((creche, period)) = subject.place() {
        let name = if matches!(period, Period::Month(_)) { "month" } else { "quarter" };
        told["crecheId"] = json!(creche);
        told[name] = json!(period);
    }
}
