//! The scenario that is set for the next calls of a world.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::catalogue::{Scenario, WebhookScenario};

/// A scenario, and the calls that it is for. Of a scenario for webhooks, messages are counted in the place of calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ScenarioChoice {
    pub(crate) scenario: Scenario,
    /// How many calls go through before.
    pub(crate) after: u32,
    /// How many calls it is for, at least 1.
    pub(crate) calls: u32,
    /// The only operation whose calls are counted, by its id.
    pub(crate) operation: Option<&'static str>,
    /// Whether calls that write nothing, because they are dry runs, are counted.
    pub(crate) counts_dry_runs: bool,
}

impl ScenarioChoice {
    /// What is published of it; of no choice as well.
    pub(crate) fn body(choice: Option<Self>) -> Value {
        let code = choice.map(|choice| choice.scenario.code());
        let (after, calls) = choice.map_or((0, 0), |choice| (choice.after, choice.calls));
        json!({ "scenario": code, "after": after, "calls": calls, "operation": choice.and_then(|choice| choice.operation) })
    }
}

/// What is set. Cheap to clone: all clones have the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct SetScenario(Arc<Mutex<Option<ScenarioChoice>>>);

impl SetScenario {
    fn lock(&self) -> MutexGuard<'_, Option<ScenarioChoice>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets a scenario in the place of the one before, or none.
    pub(crate) fn set(&self, choice: Option<ScenarioChoice>) {
        *self.lock() = choice;
    }

    /// What is left of it.
    pub(crate) fn get(&self) -> Option<ScenarioChoice> {
        *self.lock()
    }

    /// Counts a call of this operation; the scenario that it gets. Calls for which the scenario has no effect are not counted.
    pub(super) fn take_for_call(
        &self,
        operation: &str,
        is_dry_run: bool,
        has_effect: impl Fn(Scenario) -> bool,
    ) -> Option<Scenario> {
        self.take(|choice| {
            let is_for =
                choice.operation.is_none_or(|only| only == operation) && (choice.counts_dry_runs || !is_dry_run);
            is_for && !matches!(choice.scenario, Scenario::Webhook(_)) && has_effect(choice.scenario)
        })
    }

    /// Counts a message; the scenario that it gets.
    pub(super) fn take_for_message(&self, has_effect: impl Fn(WebhookScenario) -> bool) -> Option<WebhookScenario> {
        let taken = self.take(|choice| matches!(choice.scenario, Scenario::Webhook(scenario) if has_effect(scenario)));
        taken.and_then(|scenario| if let Scenario::Webhook(scenario) = scenario { Some(scenario) } else { None })
    }

    fn take(&self, is_counted: impl Fn(&ScenarioChoice) -> bool) -> Option<Scenario> {
        let mut set = self.lock();
        let choice = set.as_mut().filter(|choice| is_counted(choice))?;
        if choice.after > 0 {
            choice.after -= 1;
            return None;
        }
        let scenario = choice.scenario;
        choice.calls = choice.calls.saturating_sub(1);
        if choice.calls == 0 {
            *set = None;
        }
        Some(scenario)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::scenarios::catalogue::RequestScenario;

    #[test]
    fn calls_are_counted_by_operation_and_after_those_that_go_through() {
        let (set, slow) = (SetScenario::default(), Scenario::Request(RequestScenario::Slow));
        set.set(Some(ScenarioChoice {
            scenario: slow,
            after: 1,
            calls: 2,
            operation: Some("put"),
            counts_dry_runs: true,
        }));
        let take = |operation| set.take_for_call(operation, false, |_| true).is_some();
        assert_eq!(["get", "put", "put", "get", "put", "put"].map(take), [false, false, true, false, true, false]);
        assert_eq!(set.get(), None);
        set.set(Some(ScenarioChoice { scenario: slow, after: 0, calls: 1, operation: None, counts_dry_runs: true }));
        assert_eq!((set.take_for_call("put", false, |_| false), set.take_for_message(|_| true)), (None, None));
        assert_eq!(set.get().map(|choice| choice.calls), Some(1));
    }
}
