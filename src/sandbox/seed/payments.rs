//! The invented payments of a sandbox.

use super::content::SeedWorld;
use crate::app::App;
use crate::app::subsidies::{self, PaymentError};
use crate::domain::actor::Actor;
use crate::domain::money::SignedCents;
use crate::domain::period::{Month, Quarter};
use crate::domain::raw::Field;
use crate::domain::rule::Severity;
use crate::domain::rules::payment::RECORDED;
use crate::domain::subsidy::{PaymentType, RawPayment};

/// The payments of each sandbox: the place of the crèche in the first organiser, the type and the amount in cents. They are
/// for the quarter before the last, and paid on the last day of the last one.
const PAYMENTS: [(usize, PaymentType, i64); 3] = [
    (0, PaymentType::Subsidy, 4_125_050),
    (0, PaymentType::Recovery, -23_400),
    (2, PaymentType::ExceptionalPremium, 150_000),
];

/// Records the payments of the shipped world; nothing where they are recorded already.
pub async fn record_payments(app: &App) -> Result<(), PaymentError> {
    record_payments_of(app, &SeedWorld::shipped()).await
}

/// Records the payments to the crèches that a world has; nothing where they are recorded already.
pub(crate) async fn record_payments_of(app: &App, world: &SeedWorld) -> Result<(), PaymentError> {
    let (Some(agent), Some(organiser)) = (world.agents.first(), world.organisers.first()) else {
        return Ok(());
    };
    let to_creche = |(creche, payment_type, cents): (usize, _, _)| {
        Some((organiser.creches.get(creche)?.one_number.as_str(), payment_type, cents))
    };
    let last = Month::of(app.clocks.business_clock(organiser.id).today()).quarter().previous();
    let payments: Vec<_> = (1..)
        .zip(PAYMENTS.into_iter().filter_map(to_creche))
        .map(|(number, payment)| seeded_payment(last, number, payment))
        .collect();
    match subsidies::record(app, &Actor::agent(&agent.matricule), &payments, false).await {
        Ok(_) => Ok(()),
        Err(PaymentError::Invalid(found)) if found.of(Severity::Error).all(|one| one.rule.code == RECORDED.code) => {
            Ok(())
        }
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
