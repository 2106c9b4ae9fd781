//! The invented payments of a sandbox.

use super::{agents, read};
use crate::app::App;
use crate::app::subsidies::{self, PaymentError};
use crate::domain::money::SignedCents;
use crate::domain::period::{Month, Quarter};
use crate::domain::raw::Field;
use crate::domain::rules::payment::RECORDED;
use crate::domain::subsidy::{PaymentType, RawPayment};

/// The payments of each sandbox: the crèche, the type and the amount in cents. They are for the quarter before the last, and
/// paid on the last day of the last one.
const PAYMENTS: [(&str, PaymentType, i64); 3] = [
    ("63/25118/01", PaymentType::Subsidy, 4_125_050),
    ("63/25118/01", PaymentType::Recovery, -23_400),
    ("63/25118/03", PaymentType::ExceptionalPremium, 150_000),
];

/// Records the invented payments; nothing where they are recorded already.
pub async fn record_payments(app: &App) -> Result<(), PaymentError> {
    let (Some(agent), Some(organiser)) = (agents().into_iter().next(), read().into_iter().next()) else {
        return Ok(());
    };
    let last = Month::of(app.clocks.business_clock(organiser.id).today()).quarter().previous();
    let payments: Vec<_> = (1..).zip(PAYMENTS).map(|(number, payment)| seeded_payment(last, number, payment)).collect();
    match subsidies::record(app, &agent.matricule, &payments, false).await {
        Ok(_) => Ok(()),
        Err(PaymentError::Invalid(findings)) if findings.iter().all(|one| one.rule.code == RECORDED.code) => Ok(()),
        Err(refusal) => Err(refusal),
    }
}

fn seeded_payment(last: Quarter, number: u32, (creche, payment_type, cents): (&str, PaymentType, i64)) -> RawPayment {
    RawPayment {
        one_number: Field::from_text(creche),
        quarter: Field::Present(last.previous()),
        payment_type: Field::Present(payment_type),
        paid_on: Field::Present(last.months()[2].last_day()),
        amount: Field::Present(SignedCents(cents)),
        balance: Field::Absent,
        reference: Field::from_text(&format!("SANDBOX-{number}")),
    }
}
