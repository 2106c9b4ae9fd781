//! All findings on one document, and how they are folded.

use std::borrow::Cow;
use std::collections::HashSet;
use std::collections::hash_map::{Entry, HashMap};

use super::{ExistingItem, Finding, Param, RequestPart};
use crate::domain::rule::Severity;

/// All findings on one document, errors first, folded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings(Vec<Finding>);

/// How many places a folded finding lists at most.
pub const MAX_PLACES: usize = 500;
/// The most findings of one rule that are listed separately, in one field and in all; more are folded into one.
const MAX_ALIKE: usize = 20;

impl Findings {
    /// Adds one.
    pub fn push(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    /// Adds those of another reading of the same document.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// Every finding.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.0.iter()
    }

    /// Every finding, mutable, to set its place in a workbook.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Finding> {
        self.0.iter_mut()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those of one severity.
    pub fn of(&self, severity: Severity) -> impl Iterator<Item = &Finding> {
        self.0.iter().filter(move |finding| finding.severity == severity)
    }

    /// Whether there is an error.
    pub fn has_errors(&self) -> bool {
        self.of(Severity::Error).next().is_some()
    }

    /// Folds equal findings into one with all their places: same rule, part, parameters and value, which for a
    /// finding on a cell's value is the displayed text of the cell; and where one rule has more than a handful of
    /// different values in one field, or in a document in all, these are folded too. Errors come before warnings;
    /// otherwise the order of first appearance stays.
    pub fn folded(self) -> Self {
        let mut alike = HashMap::<Group, HashSet<CauseKey>>::new();
        for finding in &self.0 {
            alike.entry(finding.group()).or_default().insert(finding.sameness());
        }
        let mut told = HashMap::<(&str, RequestPart), usize>::new();
        for ((code, part, _), same) in &alike {
            *told.entry((code, *part)).or_default() += if same.len() > MAX_ALIKE { 1 } else { same.len() };
        }
        let mut folded: Vec<Finding> = Vec::new();
        let mut index = HashMap::<(Group, Option<CauseKey>), usize>::new();
        for finding in self.0 {
            let group = finding.group();
            let in_all = told[&(group.0, group.1)];
            // Findings on parameters and headers are folded where they are parsed.
            let is_body = finding.part == RequestPart::Body;
            let apart = (!is_body || alike[&group].len() <= MAX_ALIKE).then(|| finding.sameness());
            let is_one = is_body && in_all > MAX_ALIKE;
            let key = if is_one { ((group.0, group.1, String::new()), None) } else { (group, apart) };
            match index.entry(key) {
                Entry::Occupied(at) => folded[*at.get()].merge_places(finding),
                Entry::Vacant(at) => {
                    at.insert(folded.len());
                    folded.push(finding);
                }
            }
        }
        folded.sort_by_key(|finding| finding.severity);
        Self(folded)
    }
}

/// The key of findings of one cause: rule, part, and field.
type Group = (&'static str, RequestPart, String);
/// The values that distinguish findings of a group, while they are few.
type CauseKey = (Vec<(Cow<'static, str>, Param)>, Option<String>, Option<ExistingItem>, Option<String>);

impl Finding {
    fn group(&self) -> Group {
        let is_name = |step: &&str| !step.bytes().all(|byte| byte.is_ascii_digit());
        let field = self.place().pointer.rsplit('/').find(is_name).unwrap_or_default();
        (self.rule.code, self.part, field.to_owned())
    }

    fn sameness(&self) -> CauseKey {
        let shown =
            self.source.as_ref().filter(|_| self.is_about_written_text()).and_then(|source| source.shown.clone());
        (self.params.clone(), self.value.clone(), self.existing, shown)
    }

    /// Adds the places of another finding of the same cause.
    pub(super) fn merge_places(&mut self, other: Self) {
        self.count += other.count;
        let room = MAX_PLACES.saturating_sub(self.places.len());
        self.places.extend(other.places.into_iter().take(room));
    }
}

impl IntoIterator for Findings {
    type Item = Finding;
    type IntoIter = std::vec::IntoIter<Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a mut Findings {
    type Item = &'a mut Finding;
    type IntoIter = std::slice::IterMut<'a, Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter_mut()
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Finding;
    type IntoIter = std::slice::Iter<'a, Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl FromIterator<Finding> for Findings {
    fn from_iter<I: IntoIterator<Item = Finding>>(findings: I) -> Self {
        Self(findings.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::{Index, select};

    use super::super::FindingPlace;
    use super::*;
    use crate::domain::rule_catalogue;

    const CODES: [&str; 3] = ["input.required", "attendance.ssinMissing", "attendance.dateOutsideMonth"];

    /// A finding on a line, with one of `values` values.
    fn finding(values: u64) -> impl Strategy<Value = Finding> {
        let echo = proptest::option::of(0..values);
        (select(&CODES[..]), 0..50_usize, 0..values, echo).prop_map(|(code, line, param, echo)| {
            let finding = Finding::new(rule_catalogue::find(code).unwrap(), FindingPlace::line(line))
                .with("x", Param::Count(param));
            echo.map_or_else(|| finding.clone(), |echo| finding.clone().value(echo.to_string()))
        })
    }

    fn folded(findings: &[Finding]) -> Findings {
        findings.iter().cloned().collect::<Findings>().folded()
    }

    /// How often each rule is reported.
    fn counts(findings: &Findings) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        findings.iter().for_each(|finding| *counts.entry(finding.rule.code).or_default() += finding.count);
        counts
    }

    /// What is reported, in no order.
    fn content(findings: &Findings) -> Vec<String> {
        let told = |finding: &Finding| {
            let mut places = finding.places.clone();
            places.sort();
            format!("{} {:?} {:?} {} {places:?}", finding.rule.code, finding.params, finding.value, finding.count)
        };
        let mut content: Vec<_> = findings.iter().map(told).collect();
        content.sort();
        content
    }

    proptest! {
        #[test]
        fn folding_loses_no_finding_and_no_place(all in vec(finding(60), 0..200)) {
            let folded = folded(&all);
            prop_assert_eq!(counts(&folded), counts(&all.iter().cloned().collect()));
            prop_assert!(folded.iter().all(|finding| finding.places.len() == finding.count.min(MAX_PLACES)));
        }

        #[test]
        fn of_one_rule_no_more_than_a_handful_is_told_apart(all in vec(finding(60), 0..200)) {
            let folded = folded(&all);
            for code in CODES {
                let apart = folded.iter().filter(|finding| finding.rule.code == code).count();
                prop_assert!(apart <= MAX_ALIKE, "{apart} of {code}");
            }
        }

        #[test]
        fn what_is_folded_stays_as_it_is(all in vec(finding(60), 0..200)) {
            let folded = folded(&all);
            prop_assert_eq!(folded.clone().folded(), folded);
        }

        #[test]
        fn errors_come_first_and_the_order_of_appearance_stays(all in vec(finding(3), 0..60)) {
            let folded = folded(&all);
            let errors: Vec<_> = folded.iter().map(|finding| finding.severity != Severity::Error).collect();
            prop_assert!(errors.is_sorted());
            for severity in [Severity::Error, Severity::Warning] {
                let same = |one: &Finding, two: &Finding| {
                    (one.rule.code, &one.params, &one.value) == (two.rule.code, &two.params, &two.value)
                };
                let firsts: Vec<_> = folded
                    .of(severity)
                    .map(|told| all.iter().position(|finding| same(told, finding)))
                    .collect();
                prop_assert!(firsts.iter().all(Option::is_some) && firsts.is_sorted(), "{firsts:?}");
            }
        }

        /// Only while a rule's values are few: beyond, the separate ones are the first.
        #[test]
        fn what_is_told_does_not_depend_on_the_order(all in vec(finding(3), 0..60).prop_shuffle(), at in any::<Index>()) {
            let mut turned = all.clone();
            turned.rotate_left(if all.is_empty() { 0 } else { at.index(all.len()) });
            prop_assert_eq!(content(&folded(&turned)), content(&folded(&all)));
            turned.reverse();
            prop_assert_eq!(content(&folded(&turned)), content(&folded(&all)));
        }

        #[test]
        fn parts_folded_alone_fold_to_the_same(all in vec(finding(3), 0..60), at in any::<Index>()) {
            let (left, right) = all.split_at(at.index(all.len() + 1));
            let mut parts = folded(left);
            parts.extend(folded(right));
            prop_assert_eq!(content(&parts.folded()), content(&folded(&all)));
        }
    }

    #[test]
    fn very_many_places_are_counted_and_the_first_are_listed() {
        let all: Vec<_> = (0..1200)
            .map(|line| Finding::new(rule_catalogue::find(CODES[0]).unwrap(), FindingPlace::line(line)))
            .collect();
        let folded = folded(&all);
        let told: Vec<_> = folded.iter().map(|finding| (finding.count, finding.places.len())).collect();
        assert_eq!(told, [(1200, MAX_PLACES)]);
        assert_eq!(
            folded.iter().next().unwrap().places,
            all[..MAX_PLACES].iter().map(|one| one.place().clone()).collect::<Vec<_>>()
        );
    }
}
