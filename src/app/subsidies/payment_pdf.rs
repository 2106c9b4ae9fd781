//! A payment as a PDF document, for the organiser.

use super::{PaymentError, PaymentView, find};
use crate::app::App;
use crate::app::caller::Caller;
use crate::app::error::InternalError;
use crate::clock;
use crate::domain::key::Deployment;
use crate::domain::money::SignedCents;
use crate::ids::SubsidyPaymentId;
use crate::pdf::{self, Block};
use crate::store;
use crate::words::{self, Language, LocalText};

/// A payment to a crèche within the caller's reach, and its document in a language. Reading it is recorded.
pub async fn payment_pdf(
    app: &App,
    caller: &Caller,
    id: SubsidyPaymentId,
    language: Language,
) -> Result<(PaymentView, Vec<u8>), PaymentError> {
    let payment = find(app, caller, id).await?;
    let organiser = store::organisers::find(&mut app.db.read_once().await?, caller.organiser).await?;
    let organiser = organiser.ok_or(store::Error::Rows(0))?;
    let quarter = payment.record.payment.quarter.in_words(language);
    let title = format!("{}, {quarter}", words::payments::PAYMENT.get(language));
    let mut blocks = vec![Block::Heading(1, title.clone())];
    if app.deployment == Deployment::Sandbox {
        blocks.push(Block::Paragraph(words::reports::SANDBOX.get(language).to_owned()));
    }
    if payment.record.cancelled.is_some() {
        blocks.push(Block::Paragraph(words::payments::CANCELLED_LEAD.get(language).to_owned()));
    }
    blocks.push(Block::Table(facts(&payment, &organiser.legal_name, language)));
    let pdf = pdf::write(&title, language.code(), &blocks).map_err(InternalError::from)?;
    Ok((payment, pdf))
}

/// The facts, each a name and a value.
fn facts(view: &PaymentView, organiser: &str, language: Language) -> Vec<Vec<String>> {
    let PaymentView { record, creche, one_number, reason } = view;
    let payment = &record.payment;
    let on = |at| clock::to_brussels(at).strftime("%d/%m/%Y %H:%M").to_string();
    let cancelled = record.cancelled.as_ref().map(|cancelled| on(cancelled.at));
    let facts: [(LocalText, String); 11] = [
        (words::receipts::ORGANISER, organiser.to_owned()),
        (words::common::CRECHE, format!("{creche} ({one_number})")),
        (words::reports::QUARTER, payment.quarter.in_words(language)),
        (words::payments::TYPE, payment.payment_type.label().get(language).to_owned()),
        (words::payments::PAID_ON, payment.paid_on.strftime("%d/%m/%Y").to_string()),
        (words::payments::AMOUNT, payment.amount.with_currency()),
        (words::payments::BALANCE, payment.balance.map(SignedCents::with_currency).unwrap_or_default()),
        (words::payments::REFERENCE, payment.reference.clone()),
        (words::payments::RECORDED_ON, on(record.recorded_at)),
        (words::payments::CANCELLED_ON, cancelled.unwrap_or_default()),
        (words::payments::REASON, reason.clone().unwrap_or_default()),
    ];
    let head = vec![words::payments::PAYMENT.get(language).to_owned(), String::new()];
    let filled = facts.into_iter().filter(|(_, value)| !value.is_empty());
    let rows = filled.map(|(name, value)| vec![name.get(language).to_owned(), value]);
    std::iter::once(head).chain(rows).collect()
}
