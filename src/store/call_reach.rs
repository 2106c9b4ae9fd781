//! The condition on rows of calls that a caller may see: on their columns `application_id`, `key_id` and `creche_id`.

use std::fmt::Write as _;

use super::sql_tuples::tuples;
use crate::domain::calls::CallReach;

/// The condition, whose first placeholder has the number `first`: empty, or ` and …`.
pub(super) fn condition(reach: &CallReach, first: usize) -> String {
    match reach {
        CallReach::Organiser => String::new(),
        CallReach::Application(_) => format!(" and application_id = ${first}"),
        CallReach::Key { creches, .. } => {
            let mut text = format!(" and application_id = ${first} and (key_id = ${}", first + 1);
            if !creches.is_empty() {
                write!(text, " or creche_id in {}", tuples(1, creches.len(), first + 2)).expect("writing to a string");
            }
            text + ")"
        }
    }
}

/// The values of its placeholders, in their order.
pub(super) fn values(reach: &CallReach) -> Vec<String> {
    match reach {
        CallReach::Organiser => Vec::new(),
        CallReach::Application(application) => vec![application.to_string()],
        CallReach::Key { application, key, creches } => {
            let own = [application.to_string(), key.to_string()];
            own.into_iter().chain(creches.iter().map(ToString::to_string)).collect()
        }
    }
}
