//! The comparison of what is stored with what was to be deposited.

use serde_json::Value;

use super::failure::{Failure, FailureReason};

/// The first place at which what is stored is not what was to be deposited. Numbers of persons are not given back.
pub(super) fn difference(expected: &Value, found: &Value, place: &str) -> Option<Failure> {
    let differs = || {
        let failure = Failure::of(FailureReason::StoredDiffers).with(expected.clone(), found.clone());
        Some(Failure { place: Some(place.to_owned()), ..failure })
    };
    match (expected, found) {
        (Value::Object(members), Value::Object(_)) => {
            let members = members.iter().filter(|(name, _)| *name != "ssin");
            members.into_iter().find_map(|(name, value)| difference(value, &found[name], &format!("{place}/{name}")))
        }
        (Value::Array(items), Value::Array(others)) => {
            if items.len() != others.len() {
                let failure = Failure::of(FailureReason::StoredDiffers).with(items.len(), others.len());
                return Some(Failure { place: Some(place.to_owned()), ..failure });
            }
            let (items, others) = (in_order(items), in_order(others));
            let mut pairs = items.iter().zip(&others);
            pairs.find_map(|((at, item), (_, other))| difference(item, other, &format!("{place}/{at}")))
        }
        _ if expected == found => None,
        _ => differs(),
    }
}

/// The items in an order that does not depend on how they were sent, each with its place.
fn in_order(items: &[Value]) -> Vec<(usize, &Value)> {
    let mut items: Vec<_> = items.iter().enumerate().collect();
    items.sort_by_cached_key(|(_, item)| {
        ["reference", "month", "date", "startDate", "arrival", "status", "duration"]
            .map(|name| item[name].as_str().unwrap_or_default().to_owned())
    });
    items
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_difference_is_found_whatever_the_order() {
        let day = |date: &str, duration: &str| json!({ "date": date, "status": "present", "duration": duration });
        let line = |days: Vec<Value>| json!([{ "reference": "K-1", "ssin": "85031495246", "days": days }]);
        let expected = line(vec![day("2026-07-01", "half"), day("2026-07-02", "full")]);
        let stored = line(vec![day("2026-07-02", "full"), day("2026-07-01", "half")]);
        assert_eq!(difference(&expected, &stored, "/lines"), None);
        let other = line(vec![day("2026-07-02", "half"), day("2026-07-01", "half")]);
        let found = difference(&expected, &other, "/lines").unwrap();
        assert_eq!(found.place.as_deref(), Some("/lines/0/days/1/duration"));
        assert_eq!(found.found.as_deref(), Some(&json!("half")));
        let fewer = line(vec![day("2026-07-01", "half")]);
        assert_eq!(difference(&expected, &fewer, "/lines").unwrap().place.as_deref(), Some("/lines/0/days"));
    }
}
