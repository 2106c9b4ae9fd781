//! Claims as PDF documents: what a person is about to sign, and the receipt that the person keeps.

use super::assembled::AssembledClaim;
use super::details::ClaimDetails;
use super::receipt::Receipt;
use super::signed_warning::warning_sentence;
use crate::app::App;
use crate::app::caller::Caller;
use crate::app::error::InternalError;
use crate::app::record::Record;
use crate::clock;
use crate::domain::action::RecordedAction;
use crate::domain::claim::{FigureLine, MonthlyFigure, SignedAttachment, monthly_figures};
use crate::domain::key::Deployment;
use crate::domain::period::Period;
use crate::domain::report::completeness::ReportStep;
use crate::pdf::{self, Block};
use crate::store;
use crate::words::{self, Language, LocalText};

/// The receipt in a language; `check` is the address at which its code is checked.
pub fn receipt_pdf(receipt: &Receipt, check: &str, language: Language) -> Result<Vec<u8>, InternalError> {
    let document = &receipt.document;
    let signed = clock::to_brussels(document.signed_at);
    let mut facts = facts(
        (&document.organiser.legal_name, &document.creche.name, &document.creche.one_number),
        document.period(),
        language,
    );
    facts.extend([
        pair(words::receipts::SIGNED_AT, signed.strftime("%d/%m/%Y %H:%M").to_string(), language),
        pair(words::receipts::SIGNATURE, document.signature.to_string(), language),
        pair(words::reports::RECEIPT_CODE, document.code.to_string(), language),
    ]);
    let title = titles(document.period()).0.get(language);
    let mut blocks = head((title, document.period()), document.deployment, facts, language);
    blocks.push(heading(words::reports::SIGNED_FIGURES, language));
    blocks.extend(figures(&document.figures, document.period(), language));
    blocks.extend(attachments(&document.attachments, language));
    if !document.warnings.is_empty() {
        blocks.push(heading(words::reports::WARNINGS, language));
    }
    blocks.extend(document.warnings.iter().map(|warning| {
        let sentence = warning_sentence(warning, language);
        Block::Paragraph(format!("{sentence} – {}", warning.reason.label().get(language)))
    }));
    blocks.push(heading(words::receipts::HOW_TO_CHECK, language));
    let check = format!("{} {check}", words::reports::RECEIPT_CHECK.get(language));
    blocks.extend([check, format!("SHA-256 {}", receipt.sha256)].map(Block::Paragraph));
    Ok(pdf::write(title, language.code(), &blocks)?)
}

/// What a person is about to sign, with each salary and cost, in a language; reading it is recorded.
pub async fn unsigned_pdf(
    app: &App,
    caller: &Caller,
    claim: &AssembledClaim,
    language: Language,
) -> Result<Vec<u8>, InternalError> {
    let organiser = store::organisers::find(&mut app.db.read_once().await?, caller.organiser).await?;
    let organiser = organiser.ok_or(store::Error::Rows(0))?;
    let record = Record::of(RecordedAction::ClaimRead).creche(claim.creche.id).period(claim.period);
    app.record_access(caller.organiser, &caller.actor(), &record).await?;
    let named = (organiser.legal_name.as_str(), claim.creche.name.as_str(), claim.creche.one_number.as_str());
    let facts = facts(named, claim.period, language);
    let title = titles(claim.period).1.get(language);
    let mut blocks = head((title, claim.period), app.deployment, facts, language);
    blocks.push(Block::Paragraph(words::receipts::NOT_SIGNED_YET.get(language).to_owned()));
    blocks.push(heading(words::reports::TO_SIGN, language));
    blocks.extend(figures(&claim.content.figures, claim.period, language));
    if let (Some(gross), Some(Block::Table(rows))) = (claim.content.gross_salary_cents(), blocks.last_mut()) {
        rows.push(pair(words::reports::GROSS_SALARIES, gross.with_currency(language), language));
    }
    blocks.extend(claim.details.iter().flat_map(|claimed| details(claimed, language)));
    blocks.extend(attachments(&claim.content.attachments, language));
    let mut warnings = claim.warnings().peekable();
    if warnings.peek().is_some() {
        blocks.push(heading(words::reports::WARNINGS, language));
    }
    blocks.extend(warnings.map(|warning| Block::Paragraph(warning.detail_for_people(language))));
    Ok(pdf::write(title, language.code(), &blocks)?)
}

/// Each salary and each cost.
fn details(details: &ClaimDetails, language: Language) -> Vec<Block> {
    let head = |name: LocalText| name.get(language).to_owned();
    let mut blocks = Vec::new();
    if details.has_salaries() {
        // The sum of each person is left out: a page has room for three months.
        let names = std::iter::once(head(words::reports::PERSON)).chain(details.months(language)).collect();
        let salaries = details.salary_rows(language).into_iter().map(|row| row.into_iter().take(4).collect());
        blocks.push(heading(words::reports::GROSS_SALARIES, language));
        blocks.push(Block::Table(std::iter::once(names).chain(salaries).collect()));
    }
    if details.has_costs() {
        let row = |[kind, note, amount]: [String; 3]| {
            let separator = if note.is_empty() { "" } else { words::page_frame::COLON.get(language) };
            vec![format!("{kind}{separator} {note}").trim_end().to_owned(), amount]
        };
        let names = vec![head(words::reports::COST), head(words::reports::COST_AMOUNT)];
        blocks.push(heading(words::reports::COSTS_HEADING, language));
        blocks.push(Block::Table(
            std::iter::once(names).chain(details.cost_rows(language).into_iter().map(row)).collect(),
        ));
    }
    blocks
}

/// The titles of the receipt and of what is not signed yet.
const fn titles(period: Period) -> (LocalText, LocalText) {
    match period {
        Period::Quarter(_) => (words::receipts::TITLE, words::receipts::UNSIGNED_TITLE),
        Period::Month(_) => (words::receipts::MONTH_TITLE, words::receipts::UNSIGNED_MONTH_TITLE),
    }
}

/// The name of what a period is.
const fn period_name(period: Period) -> LocalText {
    match period {
        Period::Quarter(_) => words::reports::QUARTER,
        Period::Month(_) => words::claims::MONTH,
    }
}

fn heading(text: LocalText, language: Language) -> Block {
    Block::Heading(2, text.get(language).to_owned())
}

/// A row of a name and its value.
fn pair(name: LocalText, value: String, language: Language) -> Vec<String> {
    vec![name.get(language).to_owned(), value]
}

/// Whose claim it is: the names of the organiser and of the crèche with its number.
fn facts((organiser, creche, one_number): (&str, &str, &str), period: Period, language: Language) -> Vec<Vec<String>> {
    vec![
        pair(words::receipts::WHAT, String::new(), language),
        pair(words::receipts::ORGANISER, organiser.to_owned(), language),
        pair(words::common::CRECHE, format!("{creche} ({one_number})"), language),
        pair(period_name(period), period.in_words(language), language),
    ]
}

/// The title with the period, a notice where it is of a sandbox, and the facts.
fn head(
    (title, period): (&str, Period),
    deployment: Deployment,
    facts: Vec<Vec<String>>,
    language: Language,
) -> Vec<Block> {
    let sandbox = (deployment == Deployment::Sandbox).then(|| words::reports::SANDBOX.get(language).to_owned());
    let title = Block::Heading(1, format!("{title}, {}", period.in_words(language)));
    std::iter::once(title).chain(sandbox.map(Block::Paragraph)).chain([Block::Table(facts)]).collect()
}

/// The attached files, named by kind, size and hash.
fn attachments(files: &[SignedAttachment], language: Language) -> Vec<Block> {
    let title =
        (!files.is_empty()).then(|| Block::Heading(2, ReportStep::Attachments.label().get(language).to_owned()));
    let file = |file: &SignedAttachment| {
        Block::Paragraph(format!("{}, {}: SHA-256 {}", file.media_type, words::size(file.size, language), file.sha256))
    };
    title.into_iter().chain(files.iter().map(file)).collect()
}

/// The figures of months, then those of the quarter, if there are any.
fn figures(lines: &[FigureLine], period: Period, language: Language) -> Vec<Block> {
    let head = |name: LocalText| name.get(language).to_owned();
    let months = period.months().into_iter().map(|month| month.in_words(language));
    let names = std::iter::once(head(words::reports::FIGURE)).chain(months).collect();
    let row = |MonthlyFigure { figure, values }: MonthlyFigure| {
        let cells = values.into_iter().map(|value| figure.written_or_dash(value, language));
        std::iter::once(head(figure.label())).chain(cells).collect()
    };
    let monthly = std::iter::once(names).chain(monthly_figures(lines, period).into_iter().map(row)).collect();
    let mut of_quarter = lines.iter().filter(|line| line.month.is_none()).peekable();
    let row = |line: &FigureLine| vec![head(line.figure.label()), line.figure.written(line.value, language)];
    let whole = vec![head(words::reports::FIGURE), head(words::reports::QUARTER)];
    let has_whole = of_quarter.peek().is_some();
    let whole = Block::Table(std::iter::once(whole).chain(of_quarter.map(row)).collect());
    [Block::Table(monthly)].into_iter().chain(has_whole.then_some(whole)).collect()
}
