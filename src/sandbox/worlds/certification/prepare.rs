//! What is done in the world before a step.

use super::catalogue::{Document, InstructionName, Preparation, Profile, Step};
use super::content::{self, Slot};
use super::run::{CertificationRun, StepFacts};
use super::stage::{Stage, StageError};
use crate::sandbox::scenarios::catalogue::Scenario;
use crate::sandbox::scenarios::{ScenarioChoice, Scenarios};

/// How many calls a failure of every call lasts.
const EVERY_CALL: u32 = 1000;
/// What the number of a document by others is beyond that of the software.
const OTHERS: u32 = 1003;

/// Prepares the present step; what was so before it.
pub(super) async fn prepare(
    stage: &Stage,
    run: &mut CertificationRun,
    (profile, step, slot): (Profile, &Step, Slot),
    scenarios: &Scenarios,
) -> Result<StepFacts, StageError> {
    scenarios.set.set(None);
    if step.instruction == InstructionName::StartReceiving {
        run.receiving_calls = stage.last_call().await?;
        if run.receiving_since == 0 {
            run.receiving_since = stage.last_event().await?;
        }
    }
    let before = stage.last_event().await?;
    match step.preparation {
        Preparation::DepositByOthers => {
            stage
                .deposit(profile, slot, &content::document(&stage.content, profile, slot, run.document + OTHERS))
                .await?;
        }
        Preparation::Events(count, scenario) => {
            for number in 0..count {
                // The first message fails; what follows goes its usual way.
                let failing =
                    scenario.filter(|_| number == 0).map(|scenario| choice(Scenario::Webhook(scenario), 1, None));
                scenarios.set.set(failing.or_else(|| scenarios.set.get()));
                run.document += 1;
                let document = content::document(&stage.content, Profile::Attendance, slot, run.document);
                stage.deposit(Profile::Attendance, slot, &document).await?;
            }
        }
        _ => {}
    }
    let facts = facts(stage, run, (step, slot), (profile, before)).await?;
    scenarios.set.set(match step.preparation {
        Preparation::WriteFails(scenario, calls) => Some(choice(scenario, calls, Some(write_of(profile)))),
        Preparation::EndpointFails(scenario) => Some(choice(scenario, 1, Some("createWebhookEndpoint"))),
        Preparation::AllFail(scenario) => Some(choice(scenario, EVERY_CALL, None)),
        // A scenario of messages stays until its message is sent.
        _ => scenarios.set.get(),
    });
    Ok(facts)
}

async fn facts(
    stage: &Stage,
    run: &CertificationRun,
    (step, slot): (&Step, Slot),
    (profile, events): (Profile, u64),
) -> Result<StepFacts, StageError> {
    let is_deposit = profile != Profile::Webhooks;
    let stored = if is_deposit { stage.stored(profile, slot).await? } else { None };
    let document = match step.document {
        Document::None => None,
        Document::New => Some(content::document(&stage.content, profile, slot, run.document)),
        Document::Flawed => Some(content::flawed(&stage.content, profile, slot, run.document)),
        Document::Warned => Some(content::warned(&stage.content, profile, slot, run.document)),
        Document::Same => run.facts.document.clone(),
    };
    Ok(StepFacts {
        endpoints: stage.endpoints().await?.len(),
        revision: stored.map_or(0, |stored| stored["revision"].as_u64().unwrap_or_default()),
        document,
        events,
        calls: stage.last_call().await?,
    })
}

/// The operation that writes a statement.
const fn write_of(profile: Profile) -> &'static str {
    match profile {
        Profile::Medical => "putMedicalStatement",
        _ => "putAttendanceStatement",
    }
}

const fn choice(scenario: Scenario, calls: u32, operation: Option<&'static str>) -> ScenarioChoice {
    ScenarioChoice { scenario, after: 0, calls, operation, counts_dry_runs: false }
}
