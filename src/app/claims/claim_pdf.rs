//! Claims as PDF documents: what a person is about to sign, and the receipt that the person keeps.

use super::assembled::AssembledClaim;
use super::receipt::Receipt;
use crate::app::App;
use crate::app::caller::Caller;
use crate::app::error::InternalError;
use crate::app::record::Record;
use crate::clock;
use crate::domain::action::RecordedAction;
use crate::domain::claim::{FigureLine, MonthlyFigure, SignedAttachment, monthly_figures};
use crate::domain::key::Deployment;
use crate::domain::period::{Period, Quarter};
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
        document.quarter,
        language,
    );
    facts.extend([
        pair(words::receipts::SIGNED_AT, signed.strftime("%d/%m/%Y %H:%M").to_string(), language),
        pair(words::receipts::SIGNATURE, document.signature.to_string(), language),
        pair(words::reports::RECEIPT_CODE, document.code.to_string(), language),
    ]);
    let title = words::receipts::TITLE.get(language);
    let mut blocks = head((title, document.quarter), document.deployment, facts, language);
    blocks.push(heading(words::reports::SIGNED_FIGURES, language));
    blocks.extend(figures(&document.figures, document.quarter, language));
    blocks.extend(attachments(&document.attachments, language));
    if !document.warnings.is_empty() {
        blocks.push(heading(words::reports::WARNINGS, language));
    }
    blocks.extend(document.warnings.iter().map(|warning| {
        Block::Paragraph(format!("{} × {}: {}", warning.rule, warning.count, warning.reason.label().get(language)))
    }));
    blocks.push(heading(words::receipts::HOW_TO_CHECK, language));
    let check = format!("{} {check}", words::reports::RECEIPT_CHECK.get(language));
    blocks.extend([check, format!("SHA-256: {}", receipt.sha256)].map(Block::Paragraph));
    Ok(pdf::write(title, language.code(), &blocks)?)
}

/// What a person is about to sign, salaries as their sum, in a language; reading it is recorded.
pub async fn unsigned_pdf(
    app: &App,
    caller: &Caller,
    claim: &AssembledClaim,
    language: Language,
) -> Result<Vec<u8>, InternalError> {
    let organiser = store::organisers::find(&mut app.db.read_once().await?, caller.organiser).await?;
    let organiser = organiser.ok_or(store::Error::Rows(0))?;
    let record = Record::of(RecordedAction::ClaimRead).creche(claim.creche.id).period(Period::Quarter(claim.quarter));
    app.record_access(caller.organiser, &caller.actor(), &record).await?;
    let named = (organiser.legal_name.as_str(), claim.creche.name.as_str(), claim.creche.one_number.as_str());
    let facts = facts(named, claim.quarter, language);
    let title = words::receipts::UNSIGNED_TITLE.get(language);
    let mut blocks = head((title, claim.quarter), app.deployment, facts, language);
    blocks.push(Block::Paragraph(words::receipts::NOT_SIGNED_YET.get(language).to_owned()));
    blocks.push(heading(words::reports::TO_SIGN, language));
    let [months, mut quarter] = figures(&claim.content.figures, claim.quarter, language);
    if let Block::Table(rows) = &mut quarter {
        let gross = format!("{}\u{a0}€", claim.content.gross_salary_cents);
        rows.push(pair(words::reports::GROSS_SALARIES, gross, language));
    }
    blocks.extend([months, quarter]);
    blocks.extend(attachments(&claim.content.attachments, language));
    let mut warnings = claim.warnings().peekable();
    if warnings.peek().is_some() {
        blocks.push(heading(words::reports::WARNINGS, language));
    }
    blocks.extend(warnings.map(|warning| Block::Paragraph(warning.detail_for_people(language))));
    Ok(pdf::write(title, language.code(), &blocks)?)
}

fn heading(text: LocalText, language: Language) -> Block {
    Block::Heading(2, text.get(language).to_owned())
}

/// A row of a name and its value.
fn pair(name: LocalText, value: String, language: Language) -> Vec<String> {
    vec![name.get(language).to_owned(), value]
}

/// Whose claim it is: the names of the organiser and of the crèche with its number.
fn facts(
    (organiser, creche, one_number): (&str, &str, &str),
    quarter: Quarter,
    language: Language,
) -> Vec<Vec<String>> {
    vec![
        pair(words::receipts::WHAT, String::new(), language),
        pair(words::receipts::ORGANISER, organiser.to_owned(), language),
        pair(words::common::CRECHE, format!("{creche} ({one_number})"), language),
        pair(words::reports::QUARTER, quarter.in_words(language), language),
    ]
}

/// The title with the quarter, a notice where it is of a sandbox, and the facts.
fn head(
    (title, quarter): (&str, Quarter),
    deployment: Deployment,
    facts: Vec<Vec<String>>,
    language: Language,
) -> Vec<Block> {
    let sandbox = (deployment == Deployment::Sandbox).then(|| words::reports::SANDBOX.get(language).to_owned());
    let title = Block::Heading(1, format!("{title}, {}", quarter.in_words(language)));
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

/// The figures of months, then those of the quarter.
fn figures(lines: &[FigureLine], quarter: Quarter, language: Language) -> [Block; 2] {
    let head = |name: LocalText| name.get(language).to_owned();
    let months = quarter.months().map(|month| month.in_words(language));
    let names = std::iter::once(head(words::reports::FIGURE)).chain(months).collect();
    let row = |MonthlyFigure { figure, values }: MonthlyFigure| {
        let cells = values.map(|value| figure.written_or_dash(value));
        std::iter::once(head(figure.label())).chain(cells).collect()
    };
    let monthly = std::iter::once(names).chain(monthly_figures(lines, quarter).into_iter().map(row)).collect();
    let of_quarter = lines.iter().filter(|line| line.month.is_none());
    let row = |line: &FigureLine| vec![head(line.figure.label()), line.figure.written(line.value)];
    let whole = vec![head(words::reports::FIGURE), head(words::reports::QUARTER)];
    [Block::Table(monthly), Block::Table(std::iter::once(whole).chain(of_quarter.map(row)).collect())]
}
