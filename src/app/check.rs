//! Off-line validation of a document: the same channels and the same rules, without a gateway.

use jiff::civil::Date;
use serde::Deserialize;

use crate::domain::announced_rules::Severities;
use crate::domain::calendar::Calendar;
use crate::domain::closure::Closure;
use crate::domain::creche::{Capacity, Places};
use crate::domain::finding::Findings;
use crate::domain::kinds::for_each_kind;
use crate::domain::period::{Month, Period};
use crate::domain::rule::{Need, Rule};
use crate::domain::rule_catalogue;
use crate::domain::rules::workbook::SHEET_MISSING;
use crate::domain::staff;
use crate::domain::staff::raw::RawRegister;
use crate::domain::statement::{Channel, StatementContext, StatementKind};
use crate::ingest::workbook::parsed_workbook::ExpectedHead;
use crate::ingest::workbook::xls::XlsReader;
use crate::ingest::workbook::{self, Model, RequestedSheet};
use crate::ingest::{DocumentForm, ImportFormat, ParsedDocument, StatementFormat as Monthly};
use crate::words::Language;

/// The given facts of the crèche and of the day, so that more rules can be applied.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfflineContext {
    /// The present day.
    today: Option<Date>,
    /// The authorised places: one number, or a history.
    capacity: Option<KnownCapacity>,
    /// The crèche's closures.
    closures: Option<Vec<Closure>>,
    /// Whether the crèche is subsidised; `true` by default.
    subsidised: Option<bool>,
    /// Longest stay, in minutes, that counts as half a day.
    half_day_max_minutes: Option<u32>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum KnownCapacity {
    Always(u32),
    Since(Vec<Places>),
}

impl OfflineContext {
    fn context<S>(&self, month: Month) -> StatementContext<S> {
        let mut context = StatementContext::offline(month);
        context.today = self.today;
        context.calendar = self.closures.clone().map(Calendar::new);
        context.capacity = self.capacity.clone().map(|capacity| match capacity {
            KnownCapacity::Always(places) => Capacity::new(vec![Places { from: Date::MIN, places }]),
            KnownCapacity::Since(history) => Capacity::new(history),
        });
        context.subsidised = self.subsidised.unwrap_or(true);
        context.half_day_max_minutes = self.half_day_max_minutes.unwrap_or(context.half_day_max_minutes);
        context
    }
}

/// The kind of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckedKind {
    /// A statement of this kind.
    Statement(StatementKind),
    /// A staff register.
    StaffRegister,
}

/// How documents of a kind are detected.
struct KindMarks {
    kind: CheckedKind,
    /// The main sheet of a workbook.
    model: &'static Model,
    /// A property that only lines of this kind have in JSON; a register has no lines.
    line_property: Option<&'static str>,
}

impl KindMarks {
    const fn of<S: Monthly>() -> Self {
        let (kind, model) = (CheckedKind::Statement(S::KIND), S::Raw::SHEETS[0].model);
        Self { kind, model, line_property: Some(S::LINE_PROPERTY) }
    }
}

macro_rules! kind_marks {
    ($($kind:ident)*) => {
        [
            $(KindMarks::of::<crate::domain::kinds::$kind::Statement>(),)*
            KindMarks {
                kind: CheckedKind::StaffRegister,
                model: RawRegister::SHEETS[0].model,
                line_property: None,
            },
        ]
    };
}

impl CheckedKind {
    /// Every kind of document.
    pub fn all() -> impl Iterator<Item = Self> {
        StatementKind::MONTHLY.iter().map(|kind| Self::Statement(*kind)).chain([Self::StaffRegister])
    }

    /// The name, which is the family of its rules.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Statement(kind) => kind.name(),
            Self::StaffRegister => "staff",
        }
    }

    /// Detects the kind: by the sheets of a workbook, or by the properties of a JSON text; the first kind where
    /// neither decides.
    pub async fn recognised(bytes: &[u8], xls: &XlsReader) -> Self {
        let kinds = for_each_kind!(kind_marks);
        if form_of(bytes) == DocumentForm::Json {
            return Self::of_json(&kinds, &serde_json::from_slice(bytes).unwrap_or_default());
        }
        for KindMarks { kind, model, .. } in &kinds {
            let opened = workbook::open(bytes, &[RequestedSheet::main(model)], xls).await;
            if !opened.is_err_and(|finding| finding.rule.code == SHEET_MISSING.code) {
                return *kind;
            }
        }
        kinds[0].kind
    }

    fn of_json(kinds: &[KindMarks], json: &serde_json::Value) -> Self {
        if json.get("members").is_some() {
            return Self::StaffRegister;
        }
        let has = |property| {
            json["lines"].as_array().is_some_and(|lines| lines.iter().any(|line| line.get(property).is_some()))
        };
        kinds.iter().find(|marks| marks.line_property.is_some_and(has)).unwrap_or(&kinds[0]).kind
    }

    /// The rules for it, in this form, whose facts are not given.
    fn not_checked(self, form: DocumentForm, knows: impl Fn(Need) -> bool) -> Vec<&'static Rule> {
        // A workbook of a statement names its crèche; a register does not.
        let named = form == DocumentForm::Workbook && self != Self::StaffRegister;
        let families = [Some(self.name()), named.then_some("workbook"), Some("organiser")];
        let unknown = |rule: &&'static Rule| !knows(rule.need) && families.contains(&rule.code.split('.').next());
        rule_catalogue::all().filter(unknown).collect()
    }
}

/// The verdict on one document.
pub struct CheckResult {
    /// The month it was validated for; a register has none.
    pub month: Option<Month>,
    /// Whether anything of it could be read.
    pub readable: bool,
    /// Every finding.
    pub findings: Findings,
    /// The rules that could not be applied, or not to everything, because their facts are not given.
    pub not_checked: Vec<&'static Rule>,
    /// The sender's workbook with its errors marked, if requested and there are any.
    pub annotated: Option<Vec<u8>>,
}

/// The document names no month and none was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the document does not say its month: give it with --month, such as --month 2026-10")]
pub struct MonthMissing;

/// Detects the form: a workbook of either format, or a text that must be JSON, in any encoding.
pub fn form_of(bytes: &[u8]) -> DocumentForm {
    if workbook::detect_format(bytes).is_ok() {
        return DocumentForm::Workbook;
    }
    let marks = [b"\xEF\xBB\xBF".as_slice(), b"\xFF\xFE", b"\xFE\xFF"];
    let text = marks.iter().find_map(|mark| bytes.strip_prefix(*mark)).unwrap_or(bytes);
    // In UTF-16 every other byte of such a text is zero.
    let start = text.iter().find(|byte| !byte.is_ascii_whitespace() && **byte != 0);
    if matches!(start, Some(b'{' | b'[' | b'"') | None) { DocumentForm::Json } else { DocumentForm::Workbook }
}

/// Validates one document; `annotate` requests the marked workbook in a language.
pub async fn check(
    document: CheckedKind,
    bytes: &[u8],
    month: Option<Month>,
    known: &OfflineContext,
    annotate: Option<Language>,
    xls: &XlsReader,
) -> Result<CheckResult, MonthMissing> {
    macro_rules! check_statement {
        ($($kind:ident)*) => {
            $(
                if document == CheckedKind::Statement(crate::domain::kinds::$kind::KIND) {
                    type Kind = crate::domain::kinds::$kind::Statement;
                    return statement::<Kind>(bytes, month, known, annotate, xls).await;
                }
            )*
        };
    }
    for_each_kind!(check_statement);
    Ok(register(bytes, known, annotate, xls).await)
}

async fn statement<S: Monthly>(
    bytes: &[u8],
    month: Option<Month>,
    known: &OfflineContext,
    annotate: Option<Language>,
    xls: &XlsReader,
) -> Result<CheckResult, MonthMissing> {
    let (reading, month) = read::<S>(bytes, month, xls).await?;
    let context = known.context::<S>(month);
    let checked = validated(reading, Severities::of(&context), |raw| S::parse(raw, &context), annotate);
    let not_checked = CheckedKind::Statement(S::KIND).not_checked(form_of(bytes), |need| context.knows(need));
    Ok(CheckResult { month: Some(month), not_checked, ..checked })
}

async fn register(bytes: &[u8], known: &OfflineContext, annotate: Option<Language>, xls: &XlsReader) -> CheckResult {
    let form = form_of(bytes);
    let reading = match form.channel(bytes) {
        Channel::Xls => ParsedDocument::<RawRegister>::of_xls(bytes, &(), xls).await,
        _ => ParsedDocument::of(bytes.to_vec(), form, &()),
    };
    let context = staff::RegisterContext::offline(known.today);
    let validator = |raw: RawRegister| (Some(()), staff::validation::register(&raw, &context));
    let applies = |need| match need {
        Need::Nothing => true,
        Need::Today => known.today.is_some(),
        Need::Closures | Need::Capacity | Need::History | Need::Doctors | Need::Organiser => false,
    };
    let severities = Severities { today: known.today, ..Severities::default() };
    CheckResult {
        not_checked: CheckedKind::StaffRegister.not_checked(form, applies),
        ..validated(reading, severities, validator, annotate)
    }
}

/// The verdict on what was read.
fn validated<R: ImportFormat, T>(
    mut reading: ParsedDocument<R>,
    severities: Severities,
    validator: impl FnOnce(R) -> (Option<T>, Findings),
    annotate: Option<Language>,
) -> CheckResult {
    let readable = reading.raw.is_some();
    let (_, findings) = reading.validate(severities, validator);
    let language = annotate.filter(|_| !findings.is_empty());
    let annotated = language.and_then(|language| reading.annotated(&findings, language));
    CheckResult { month: None, readable, annotated, not_checked: Vec::new(), findings }
}

/// Reads the document for the month that is given, or else for the one that it names itself.
async fn read<S: Monthly>(
    bytes: &[u8],
    month: Option<Month>,
    xls: &XlsReader,
) -> Result<(ParsedDocument<S::Raw>, Month), MonthMissing> {
    let form = form_of(bytes);
    let expected = |month| ExpectedHead { period: Period::Month(month), creche: Vec::new() };
    let channel = form.channel(bytes);
    if channel == Channel::Json {
        let month = month.ok_or(MonthMissing)?;
        return Ok((ParsedDocument::of(bytes.to_vec(), form, &expected(month)), month));
    }
    let opened = workbook::open(bytes, S::Raw::SHEETS, xls).await;
    let month = match (&opened, month) {
        (_, Some(month)) => month,
        (Ok(sheets), None) => sheets.iter().flatten().find_map(S::stated_month).ok_or(MonthMissing)?,
        // Whatever the month, the finding that the file cannot be read is the same.
        (Err(_), None) => Month::of(Date::constant(2000, 1, 1)),
    };
    Ok((ParsedDocument::of_opened(opened, channel, &expected(month)).with_package(bytes.to_vec()), month))
}
