//! What freezes a statement, as part of the statements that read it and write it: a deposit that was validated before a signature
//! and is written after it is not stored.

use crate::domain::claim::Freeze;

/// What freezes a statement, as a number: 1 for the claim of its quarter, 2 for that of its month alone, 3 for both.
/// `$table` is the alias of a table with organiser and `$creche`. Only consultations are signed alone.
macro_rules! freeze {
    ($table:literal, $creche:literal, $kind:literal, $month:literal) => {
        concat!(
            "((select count(*) from claim f where f.organiser_id = ",
            $table,
            ".organiser_id and f.creche_id = ",
            $table,
            ".",
            $creche,
            " and f.month <= ",
            $month,
            " and f.last_month >= ",
            $month,
            " and f.is_frozen = 1) + 2 * (select count(*) from month_claim f where f.organiser_id = ",
            $table,
            ".organiser_id and f.creche_id = ",
            $table,
            ".",
            $creche,
            " and f.month = ",
            $month,
            " and ",
            $kind,
            " = 'medical' and f.is_frozen = 1))"
        )
    };
}
pub(super) use freeze;

/// What the number stands for.
pub(super) const fn from_number(number: i64) -> Freeze {
    Freeze { by_quarter: number & 1 != 0, by_month: number & 2 != 0 }
}

/// The number of what freezes a statement.
pub(super) fn number_of(freeze: Freeze) -> i64 {
    i64::from(freeze.by_quarter) + 2 * i64::from(freeze.by_month)
}
