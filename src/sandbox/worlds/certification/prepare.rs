//! What is done in the world before a step.

use super::catalogue::{Document, InstructionName, Preparation, Profile, Step};
use super::content::Slot;
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
    let (deposit, path) = (profile.deposit(), profile.deposit().path(slot));
    match step.preparation {
        Preparation::DepositByOthers => {
            let document = deposit.document(&stage.content, slot, run.document + OTHERS);
            stage.deposit(&path, &document).await?;
        }
        Preparation::Events(count, scenario) => {
            for number in 0..count {
                // The first message fails; what follows goes its usual way.
                let failing =
                    scenario.filter(|_| number == 0).map(|scenario| choice(Scenario::Webhook(scenario), 1, None));
                scenarios.set.set(failing.or_else(|| scenarios.set.get()));
                run.document += 1;
                stage.deposit(&path, &deposit.document(&stage.content, slot, run.document)).await?;
            }
        }
        _ => {}
    }
    let facts = facts(stage, run, (step, slot), (profile, before)).await?;
    scenarios.set.set(match step.preparation {
        Preparation::WriteFails(scenario, calls) => Some(choice(scenario, calls, Some(deposit.write))),
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
    let (deposit, content) = (profile.deposit(), &stage.content);
    let is_deposit = profile != Profile::Webhooks;
    let stored = if is_deposit { stage.stored(&deposit.path(slot)).await? } else { None };
    let document = match step.document {
        Document::None => None,
        Document::New => Some(deposit.document(content, slot, run.document)),
        Document::Flawed => Some(deposit.flawed(content, slot, run.document)),
        Document::Warned => Some(deposit.warned(content, slot, run.document)),
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

const fn choice(scenario: Scenario, calls: u32, operation: Option<&'static str>) -> ScenarioChoice {
    ScenarioChoice { scenario, after: 0, calls, operation, counts_dry_runs: false }
}
