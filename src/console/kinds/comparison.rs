//! The lines of two revisions side by side, with their differences.

use std::collections::HashMap;

use crate::words::{Language, LocalText};

/// A difference of a line: property, before, after. A dash means absent.
pub(in crate::console) type Difference = (String, String, String);

/// A line before and after, at least one of both.
pub(in crate::console) type LinePair<'a, L> = (Option<&'a L>, Option<&'a L>);

/// A property of a line: its name and its value in a language, if any.
pub(super) type LineField<L> = (LocalText, fn(&L, Language) -> Option<String>);

/// A kind of statement whose revisions are compared line by line.
pub(in crate::console) trait ComparedStatement: Sized {
    /// A line.
    type Line: 'static;
    /// What the names of lines need.
    type Names: Send + Sync;
    /// The keys by which a line is found in another revision, the most reliable first. The first is its reference.
    const MARKS: &'static [fn(&Self::Line) -> String];

    /// The lines, in the sender's order.
    fn compared_lines(&self) -> &[Self::Line];

    /// The name of a line.
    fn title(line: &Self::Line, names: &Self::Names) -> String;

    /// All differences; of a line that is in one revision only, all its properties.
    fn compare(pair: LinePair<'_, Self::Line>, names: &Self::Names, language: Language) -> Vec<Difference>;
}

/// Every line of two revisions, in the order of the references. A line is paired with the one that has the same key,
/// where no other line has it; the rest stays unpaired.
pub(in crate::console) fn match_lines<'a, S: ComparedStatement>(
    before: &'a S,
    after: &'a S,
) -> Vec<LinePair<'a, S::Line>> {
    let (mut before, mut after): (Vec<_>, Vec<_>) =
        (before.compared_lines().iter().collect(), after.compared_lines().iter().collect());
    let mut pairs: Vec<_> = S::MARKS.iter().flat_map(|mark| take_same(&mut before, &mut after, *mark)).collect();
    pairs.extend(before.into_iter().map(|line| (Some(line), None)));
    pairs.extend(after.into_iter().map(|line| (None, Some(line))));
    pairs.sort_by_cached_key(|(before, after)| after.or(*before).map(S::MARKS[0]));
    pairs
}

/// Takes out the lines whose key occurs once before and once after.
fn take_same<'a, L>(before: &mut Vec<&'a L>, after: &mut Vec<&'a L>, mark: fn(&L) -> String) -> Vec<LinePair<'a, L>> {
    let (was, is) = (unique_lines(before, mark), unique_lines(after, mark));
    let stays = |line: &&L| {
        let mark = mark(line);
        !was.contains_key(&mark) || !is.contains_key(&mark)
    };
    before.retain(stays);
    after.retain(stays);
    was.iter().filter_map(|(mark, line)| Some((Some(*line), Some(*is.get(mark)?)))).collect()
}

/// The lines by those of their keys that no other line has.
fn unique_lines<'a, L>(lines: &[&'a L], mark: fn(&L) -> String) -> HashMap<String, &'a L> {
    let mut found = HashMap::<_, Option<&'a L>>::new();
    for line in lines {
        found.entry(mark(line)).and_modify(|line| *line = None).or_insert(Some(*line));
    }
    found.into_iter().filter_map(|(mark, line)| Some((mark, line?))).collect()
}

/// The properties of a line that differ.
pub(super) fn field_difference(what: &str, before: Option<String>, after: Option<String>) -> Option<Difference> {
    let said = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    (before != after).then(|| (what.to_owned(), said(before), said(after)))
}

/// The properties that differ.
pub(super) fn differing_fields<L>(
    (before, after): LinePair<'_, L>,
    facts: &[LineField<L>],
    language: Language,
) -> Vec<Difference> {
    let difference = |(what, said): &LineField<L>| {
        let said = |line: Option<&L>| line.and_then(|line| said(line, language));
        field_difference(what.get(language), said(before), said(after))
    };
    facts.iter().filter_map(difference).collect()
}
