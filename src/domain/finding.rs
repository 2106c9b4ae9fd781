//! Findings: errors and warnings in a document, with place, reason and repair.

mod findings;
mod source;

use std::borrow::Cow;
use std::fmt;

use jiff::civil::Date;

pub use self::findings::{Findings, MAX_PLACES};
pub use self::source::{CellSource, ExistingItem};
use super::period::{Month, Quarter};
use super::rule::{Rule, Severity};
use super::text::without_api_codes;
use crate::words::{Language, LocalText, OwnedLocalText, finding_source};

/// The part of a request that a finding points into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum RequestPart {
    /// The document.
    #[default]
    Body,
    /// The address's path.
    Path,
    /// The address's query.
    Query,
    /// A header.
    Header,
}

impl RequestPart {
    /// The name in problem documents (`in`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
        }
    }
}

/// One place in a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FindingPlace {
    /// A JSON Pointer (RFC 6901) into the body, empty for the whole of it; for other parts the bare name.
    pub pointer: String,
    /// The workbook cell (`Présences!H12`), when the document came as a workbook.
    pub cell: Option<String>,
}

impl FindingPlace {
    /// The place that `pointer` names.
    pub fn at(pointer: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), cell: None }
    }

    /// Line `index` (from 0), the whole of it.
    pub fn line(index: usize) -> Self {
        Self::at(format!("/lines/{index}"))
    }

    /// A property of this place.
    pub fn field(mut self, name: &str) -> Self {
        self.pointer.push('/');
        self.pointer.push_str(name);
        self
    }

    /// An item of a list in this place.
    pub fn item(mut self, list: &str, index: usize) -> Self {
        use fmt::Write as _;
        write!(self.pointer, "/{list}/{index}").expect("writing to a string");
        self
    }
}

/// A parameter of a message. Never a name, a number of a person or a birth date.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Param {
    /// A day of the calendar.
    Date(Date),
    /// A month.
    Month(Month),
    /// A quarter.
    Quarter(Quarter),
    /// A count.
    Count(u64),
    /// A code, a header, a cell's address: the sender's own technical words.
    Code(String),
    /// Words of the catalogue, in three languages.
    Text(LocalText),
    /// The same, read back from storage.
    Words(Box<OwnedLocalText>),
}

impl Param {
    /// Its text in a sentence in `language`.
    pub fn show(&self, language: Language) -> String {
        match (self, language) {
            (Self::Date(date), Language::En) => date.strftime("%-d %B %Y").to_string(),
            (Self::Date(date), _) => date.strftime("%d/%m/%Y").to_string(),
            (Self::Month(month), _) => month.in_words(language),
            (Self::Quarter(quarter), _) => quarter.in_words(language),
            (Self::Count(count), _) => count.to_string(),
            (Self::Code(code), _) => code.clone(),
            (Self::Text(text), language) => text.get(language).to_owned(),
            (Self::Words(words), language) => words.get(language).to_owned(),
        }
    }
}

/// A sentence with each `{name}` in it replaced by what `show` makes of the parameter of that name.
pub fn fill<N: AsRef<str>>(sentence: &str, params: &[(N, Param)], show: impl Fn(&Param) -> String) -> String {
    let replace = |sentence: String, (name, param): &(N, Param)| {
        sentence.replace(&format!("{{{}}}", name.as_ref()), &show(param))
    };
    params.iter().fold(sentence.to_owned(), replace)
}

/// A rule that a document breaks, at one place or, once folded, at several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// Whether it refuses the document: that of the rule, or an announced one.
    pub severity: Severity,
    /// Whether another severity of the rule is announced and not in force.
    pub is_announced: bool,
    /// The part of the request.
    pub part: RequestPart,
    /// Where; never empty. The first is the one to look at first.
    pub places: Vec<FindingPlace>,
    /// How many places there are; more than `places` lists when there are very many.
    pub count: usize,
    /// The parameters of the rule's sentence, by name.
    pub params: Vec<(Cow<'static, str>, Param)>,
    /// The offending value, for codes, periods and counts only.
    pub value: Option<String>,
    /// The existing item, where the finding is that it exists, and it is visible to the sender.
    pub existing: Option<ExistingItem>,
    /// The content of the sender's workbook at the first place.
    pub source: Option<Box<CellSource>>,
}

impl Finding {
    /// A finding at one place of the body.
    pub fn new(rule: &'static Rule, place: FindingPlace) -> Self {
        Self {
            rule,
            severity: rule.severity,
            is_announced: false,
            part: RequestPart::Body,
            places: vec![place],
            count: 1,
            params: Vec::new(),
            value: None,
            existing: None,
            source: None,
        }
    }

    /// Sets the existing item.
    pub const fn with_existing(mut self, existing: ExistingItem) -> Self {
        self.existing = Some(existing);
        self
    }

    /// Sets a part of the request other than the body.
    pub const fn in_part(mut self, part: RequestPart) -> Self {
        self.part = part;
        self
    }

    /// Sets a parameter of the sentence.
    pub fn with(mut self, name: &'static str, param: Param) -> Self {
        self.params.push((name.into(), param));
        self
    }

    /// Sets the sender's value: only codes, periods and counts.
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// Whether it is about the text at its place, and not about the meaning of the value: the schema's findings, which
    /// have the expected shape, and those on the cells of a workbook.
    pub fn is_about_written_text(&self) -> bool {
        self.rule.code.starts_with("workbook.") || self.params.iter().any(|(name, _)| name == "expected")
    }

    /// Adds the places of another finding of the same cause.
    #[must_use]
    pub fn with_places_of(mut self, other: Self) -> Self {
        self.merge_places(other);
        self
    }

    /// The first place.
    pub fn place(&self) -> &FindingPlace {
        &self.places[0]
    }

    /// The reason and the repair, in `language`.
    pub fn detail(&self, language: Language) -> String {
        self.sentences(language, str::to_owned)
    }

    /// The same without the codes that only software needs.
    pub fn detail_for_people(&self, language: Language) -> String {
        self.sentences(language, without_api_codes)
    }

    fn sentences(&self, language: Language, words: impl Fn(&str) -> String) -> String {
        let rule = format!("{} {}", self.rule.reason.get(language), self.rule.repair.get(language));
        let show = |param: &Param| {
            let shown = param.show(language);
            if matches!(param, Param::Text(_) | Param::Words(_)) { words(&shown) } else { shown }
        };
        fill(&words(&rule), &self.params, show)
    }

    /// The detail, with the content of the sender's workbook at the first place and the sender's reference of the line.
    pub fn detail_with_source(&self, language: Language) -> String {
        self.with_source(self.detail(language), language)
    }

    /// The same without the codes that only software needs.
    pub fn detail_with_source_for_people(&self, language: Language) -> String {
        self.with_source(self.detail_for_people(language), language)
    }

    fn with_source(&self, detail: String, language: Language) -> String {
        let Some(source) = &self.source else { return detail };
        let several = usize::from(self.count > 1);
        let fill = |text: LocalText, name: &str, value: &str| text.get(language).replace(&format!("{{{name}}}"), value);
        // What the sentence of the rule has of the cell already is not repeated.
        let is_said = |shown: &str| self.params.iter().any(|(_, param)| param.show(language) == shown);
        let shown = source.shown.as_deref().filter(|shown| !is_said(shown));
        let found = shown.map(|shown| fill(finding_source::FOUND[several], "shown", shown));
        let about =
            source.reference.as_deref().map(|reference| fill(finding_source::ABOUT[several], "reference", reference));
        [found, about].into_iter().flatten().fold(detail, |said, sentence| said + " " + &sentence + ".")
    }
}
