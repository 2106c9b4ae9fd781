//! A document judged off-line: the same doors and the same rules, without a gateway behind them.

use jiff::civil::Date;
use serde::Deserialize;

use crate::domain::calendar::Calendar;
use crate::domain::closure::Closure;
use crate::domain::creche::{Capacity, Places};
use crate::domain::finding::Findings;
use crate::domain::period::Month;
use crate::domain::rule::Rule;
use crate::domain::rules;
use crate::domain::statement::{Context, Door};
use crate::domain::text::Language;
use crate::ingest::workbook;
use crate::ingest::workbook::reading::Expected;
use crate::ingest::workbook::xls::XlsReader;
use crate::ingest::{Document, Form, Paper as _, Reading};

/// What the sender knows of the crèche and of the day, so that more rules can be applied.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Known {
    /// The present day.
    today: Option<Date>,
    /// The authorised places: one number, or a history.
    capacity: Option<KnownCapacity>,
    /// The crèche's closures.
    closures: Option<Vec<Closure>>,
    /// Whether the crèche is subsidised; it is unless told otherwise.
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

impl Known {
    fn context<S>(&self, month: Month) -> Context<S> {
        let mut context = Context::offline(month);
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

/// The verdict on one document.
pub struct Checked {
    /// The month it was judged for.
    pub month: Month,
    /// Whether anything of it could be read.
    pub readable: bool,
    /// Every finding.
    pub findings: Findings,
    /// The rules that could not be applied because what they need is not known.
    pub not_checked: Vec<&'static Rule>,
    /// The sender's workbook with its faults marked, if that was asked for and there are any.
    pub annotated: Option<Vec<u8>>,
}

/// The document names no month and none was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the document does not say its month: give it with --month, such as --month 2026-10")]
pub struct NoMonth;

/// What the bytes are: a workbook of either format, or a text that must be JSON.
pub fn form_of(bytes: &[u8]) -> Form {
    let text = bytes.trim_ascii_start();
    let json = workbook::sniff(bytes).is_err() && matches!(text.first(), Some(b'{' | b'[' | b'"') | None);
    if json { Form::Json } else { Form::Workbook }
}

/// Judges one document; `annotate` asks for the marked workbook in a language.
pub async fn check<S: Document>(
    bytes: &[u8],
    month: Option<Month>,
    known: &Known,
    annotate: Option<Language>,
    xls: &XlsReader,
) -> Result<Checked, NoMonth> {
    let (mut reading, month) = read::<S>(bytes, month, xls).await?;
    let context = known.context(month);
    let readable = reading.raw.is_some();
    let (_, findings) = reading.judge(|raw| S::parse(raw, &context));
    let family = S::KIND.name();
    let unknown = |rule: &&'static Rule| !context.knows(rule.need) && rule.code.split('.').next() == Some(family);
    let language = annotate.filter(|_| !findings.is_empty());
    Ok(Checked {
        month,
        readable,
        annotated: language.and_then(|language| reading.annotated(&findings, language)),
        not_checked: rules::catalogue().filter(unknown).collect(),
        findings,
    })
}

/// Reads the document for the month that is given, or else for the one that it names itself.
async fn read<S: Document>(
    bytes: &[u8],
    month: Option<Month>,
    xls: &XlsReader,
) -> Result<(Reading<S::Raw>, Month), NoMonth> {
    let form = form_of(bytes);
    let expected = |month| Expected { month, creche: Vec::new() };
    let door = form.door(bytes);
    if door == Door::Json {
        let month = month.ok_or(NoMonth)?;
        return Ok((Reading::of(bytes, form, &expected(month)), month));
    }
    let opened = workbook::open(bytes, S::Raw::SHEETS, xls).await;
    let month = match (&opened, month) {
        (_, Some(month)) => month,
        (Ok(sheets), None) => sheets.iter().flatten().find_map(S::stated_month).ok_or(NoMonth)?,
        // Whatever the month, the finding that the file cannot be read is the same.
        (Err(_), None) => Month::of(Date::constant(2000, 1, 1)),
    };
    Ok((Reading::of_opened(opened, door, &expected(month)), month))
}
