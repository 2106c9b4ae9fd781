//! The lines of two revisions side by side, and what differs between them.

use std::collections::HashMap;

use crate::domain::text::{Language, LocalText};

/// A difference of a line: what of it, before, after. A dash stands where there is nothing.
pub(in crate::console) type Difference = (String, String, String);

/// A line before and after, at least one of both.
pub(in crate::console) type LinePair<'a, L> = (Option<&'a L>, Option<&'a L>);

/// Something that a line says: what it is called, and what is said where anything is.
pub(super) type LineField<L> = (LocalText, fn(&L) -> Option<String>);

/// A kind of statement whose revisions are compared line by line.
pub(in crate::console) trait ComparedStatement: Sized {
    /// A line.
    type Line: 'static;
    /// What is needed to call lines by their names.
    type Names: Send + Sync;
    /// By what a line is found again in another revision, the surest first. The first is its reference.
    const MARKS: &'static [fn(&Self::Line) -> String];

    /// The lines, in the sender's order.
    fn compared_lines(&self) -> &[Self::Line];

    /// What a line is called.
    fn title(line: &Self::Line, names: &Self::Names) -> String;

    /// Everything that differs; of a line that is in one revision only, everything that it says.
    fn compare(pair: LinePair<'_, Self::Line>, names: &Self::Names, language: Language) -> Vec<Difference>;
}

/// Every line of two revisions, in the order of the references. A line belongs to the one that has the same mark, where
/// no other line has it; what is left then stands alone.
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

/// Takes out the lines whose mark stands once before and once after.
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

/// The lines by those of their marks that no other line has.
fn unique_lines<'a, L>(lines: &[&'a L], mark: fn(&L) -> String) -> HashMap<String, &'a L> {
    let mut found = HashMap::<_, Option<&'a L>>::new();
    for line in lines {
        found.entry(mark(line)).and_modify(|line| *line = None).or_insert(Some(*line));
    }
    found.into_iter().filter_map(|(mark, line)| Some((mark, line?))).collect()
}

/// What of a line says something else after than before.
pub(super) fn field_difference(what: &str, before: Option<String>, after: Option<String>) -> Option<Difference> {
    let said = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    (before != after).then(|| (what.to_owned(), said(before), said(after)))
}

/// The facts that differ.
pub(super) fn differing_fields<L>(
    (before, after): LinePair<'_, L>,
    facts: &[LineField<L>],
    language: Language,
) -> Vec<Difference> {
    let difference = |(what, said): &LineField<L>| {
        field_difference(what.get(language), before.and_then(*said), after.and_then(*said))
    };
    facts.iter().filter_map(difference).collect()
}
