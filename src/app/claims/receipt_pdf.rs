//! A receipt as a PDF that a person keeps: who signed what for, every figure, and how the receipt is checked.

use super::receipt::Receipt;
use crate::app::error::InternalError;
use crate::clock;
use crate::domain::claim::{FigureLine, FigureName};
use crate::domain::key::Deployment;
use crate::domain::period::{Month, Quarter};
use crate::domain::report::completeness::ReportStep;
use crate::pdf::{self, Block};
use crate::words::{self, Language};

/// The receipt in a language; `check` is the address at which its code is checked.
pub fn receipt_pdf(receipt: &Receipt, check: &str, language: Language) -> Result<Vec<u8>, InternalError> {
    let document = &receipt.document;
    let title = words::receipts::TITLE.get(language);
    let (quarter, signed) = (document.quarter.in_words(language), clock::to_brussels(document.signed_at));
    let pair = |name: words::LocalText, value: String| vec![name.get(language).to_owned(), value];
    let facts = vec![
        pair(words::receipts::WHAT, String::new()),
        pair(words::receipts::ORGANISER, document.organiser.legal_name.clone()),
        pair(words::common::CRECHE, format!("{} ({})", document.creche.name, document.creche.one_number)),
        pair(words::reports::QUARTER, quarter.clone()),
        pair(words::receipts::SIGNED_AT, signed.strftime("%d/%m/%Y %H:%M").to_string()),
        pair(words::receipts::SIGNATURE, document.signature.to_string()),
        pair(words::reports::RECEIPT_CODE, document.code.to_string()),
    ];
    let mut blocks = vec![Block::Heading(1, format!("{title}, {quarter}"))];
    if document.deployment == Deployment::Sandbox {
        blocks.push(Block::Paragraph(words::reports::SANDBOX.get(language).to_owned()));
    }
    blocks.push(Block::Table(facts));
    blocks.push(Block::Heading(2, words::reports::SIGNED_FIGURES.get(language).to_owned()));
    blocks.extend(figures(&document.figures, document.quarter, language));
    if !document.attachments.is_empty() {
        blocks.push(Block::Heading(2, ReportStep::Attachments.label().get(language).to_owned()));
    }
    blocks.extend(document.attachments.iter().map(|file| {
        Block::Paragraph(format!("{}, {}: SHA-256 {}", file.media_type, words::size(file.size, language), file.sha256))
    }));
    if !document.warnings.is_empty() {
        blocks.push(Block::Heading(2, words::reports::WARNINGS.get(language).to_owned()));
    }
    blocks.extend(document.warnings.iter().map(|warning| {
        Block::Paragraph(format!("{} × {}: {}", warning.rule, warning.count, warning.reason.label().get(language)))
    }));
    blocks.push(Block::Heading(2, words::receipts::HOW_TO_CHECK.get(language).to_owned()));
    let check = format!("{} {check}", words::reports::RECEIPT_CHECK.get(language));
    blocks.extend([check, format!("SHA-256: {}", receipt.sha256)].map(Block::Paragraph));
    Ok(pdf::write(title, language.code(), &blocks)?)
}

/// The figures of months, then those of the quarter.
fn figures(lines: &[FigureLine], quarter: Quarter, language: Language) -> [Block; 2] {
    let head = |name: words::LocalText| name.get(language).to_owned();
    let months = quarter.months().map(|month: Month| month.in_words(language));
    let mut monthly = vec![std::iter::once(head(words::reports::FIGURE)).chain(months).collect::<Vec<_>>()];
    for figure in FigureName::ALL {
        let of = |month| lines.iter().find(|line| line.figure == *figure && line.month == Some(month));
        let found = quarter.months().map(of);
        if found.iter().any(Option::is_some) {
            let cell = |line: Option<&FigureLine>| line.map_or("–".to_owned(), |line| figure.written(line.value));
            monthly.push(std::iter::once(head(figure.label())).chain(found.map(cell)).collect());
        }
    }
    let of_quarter = lines.iter().filter(|line| line.month.is_none());
    let row = |line: &FigureLine| vec![head(line.figure.label()), line.figure.written(line.value)];
    let whole = vec![head(words::reports::FIGURE), head(words::reports::QUARTER)];
    [Block::Table(monthly), Block::Table(std::iter::once(whole).chain(of_quarter.map(row)).collect())]
}
