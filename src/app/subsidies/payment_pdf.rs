//! A payment as a PDF document.

use super::agency::legal_name;
use super::{AgencyPayment, PaymentError, PaymentView, find, open};
use crate::app::App;
use crate::app::caller::Caller;
use crate::app::error::InternalError;
use crate::clock;
use crate::domain::actor::Actor;
use crate::domain::key::Deployment;
use crate::ids::{OrganiserId, SubsidyPaymentId};
use crate::pdf::{self, Block};
use crate::words::{self, Language, LocalText};

/// A payment to a crèche within the caller's reach, and its document in a language. Reading it is recorded.
pub async fn payment_pdf(
    app: &App,
    caller: &Caller,
    id: SubsidyPaymentId,
    language: Language,
) -> Result<(PaymentView, Vec<u8>), PaymentError> {
    let payment = find(app, caller, id).await?;
    let organiser = legal_name(&mut app.db.read_once().await?, caller.organiser).await?;
    let pdf = document(app, &payment, &organiser, language)?;
    Ok((payment, pdf))
}

/// The same for the agency.
pub async fn payment_pdf_for_agency(
    app: &App,
    reader: &Actor,
    key: (OrganiserId, SubsidyPaymentId),
    language: Language,
) -> Result<(PaymentView, Vec<u8>), PaymentError> {
    let AgencyPayment { view, organiser } = open(app, reader, key).await?;
    let pdf = document(app, &view, &organiser, language)?;
    Ok((view, pdf))
}

fn document(app: &App, payment: &PaymentView, organiser: &str, language: Language) -> Result<Vec<u8>, InternalError> {
    let quarter = payment.record.payment.quarter.in_words(language);
    let title = format!("{}, {quarter}", words::payments::PAYMENT.get(language));
    let mut blocks = vec![Block::Heading(1, title.clone())];
    if app.deployment == Deployment::Sandbox {
        blocks.push(Block::Paragraph(words::payments::SANDBOX.get(language).to_owned()));
    }
    if payment.record.cancelled.is_some() {
        blocks.push(Block::Paragraph(words::payments::CANCELLED_LEAD.get(language).to_owned()));
    }
    blocks.push(Block::Table(facts(payment, organiser, language)));
    Ok(pdf::write(&title, language.code(), &blocks)?)
}

/// The facts, each a name and a value.
fn facts(view: &PaymentView, organiser: &str, language: Language) -> Vec<Vec<String>> {
    let PaymentView { record, creche, one_number, reason, .. } = view;
    let payment = &record.payment;
    let on = |at| clock::to_brussels(at).strftime("%d/%m/%Y %H:%M").to_string();
    let software = view.recording_software().map(|name| format!(", {name}"));
    let recorded = on(record.recorded_at) + &software.unwrap_or_default();
    let cancelled = record.cancelled.as_ref().map(|cancelled| on(cancelled.at));
    let facts: [(LocalText, String); 11] = [
        (words::receipts::ORGANISER, organiser.to_owned()),
        (words::common::CRECHE, format!("{creche} ({one_number})")),
        (words::reports::QUARTER, payment.quarter.in_words(language)),
        (words::payments::TYPE, payment.payment_type.label().get(language).to_owned()),
        (words::payments::PAID_ON, payment.paid_on.strftime("%d/%m/%Y").to_string()),
        (words::payments::AMOUNT, payment.amount.with_currency(language)),
        (words::payments::BALANCE, payment.balance.map(|balance| balance.with_currency(language)).unwrap_or_default()),
        (words::payments::REFERENCE, payment.reference.clone()),
        (words::payments::RECORDED_ON, recorded),
        (words::payments::CANCELLED_ON, cancelled.unwrap_or_default()),
        (words::payments::REASON, reason.clone().unwrap_or_default()),
    ];
    let head = vec![words::payments::PAYMENT.get(language).to_owned(), String::new()];
    let filled = facts.into_iter().filter(|(_, value)| !value.is_empty());
    let rows = filled.map(|(name, value)| vec![name.get(language).to_owned(), value]);
    std::iter::once(head).chain(rows).collect()
}
