//! Rules of payments of subsidies, which agents of the agency record.

use crate::domain::rule::rules;

rules! {
    words rules_payment;

    /// No crèche has this ONE number.
    CRECHE_UNKNOWN = "payment.crecheUnknown", Error, Encoder, Organiser;
    example "63/25118/1" => "63/25118/01";

    /// Crèches of several organisers have this ONE number.
    CRECHE_AMBIGUOUS = "payment.crecheAmbiguous", Error, Agency, Organiser;
    example "63/25118/01 of two organisers" => "63/25118/01 of one";

    /// There is no quarter, or it cannot be read.
    QUARTER = "payment.quarter", Error, Encoder, Nothing;
    example "2026-07" => "T3 2026";

    /// There is no type, or it cannot be read.
    TYPE = "payment.type", Error, Encoder, Nothing;
    example "prime" => "Prime exceptionnelle";

    /// There is no day, or it cannot be read.
    DAY = "payment.day", Error, Encoder, Nothing;
    example "31/10/26" => "31/10/2026";

    /// The day is more than a month ahead, or before 2000.
    DAY_OUTSIDE = "payment.dayOutside", Error, Encoder, Today;
    example "31/10/2206" => "31/10/2026";

    /// There is no amount, or it cannot be read with certainty.
    AMOUNT = "payment.amount", Error, Encoder, Nothing;
    example "1.234" => "1.234,00";

    /// The sign of the amount does not fit the type.
    AMOUNT_SIGN = "payment.amountSign", Error, Encoder, Nothing;
    example "Récupération | 234,50" => "Récupération | -234,50";

    /// The balance cannot be read with certainty.
    BALANCE = "payment.balance", Error, Encoder, Nothing;
    example "1.234" => "1.234,00";

    /// There is no reference.
    REFERENCE_MISSING = "payment.referenceMissing", Error, Encoder, Nothing;
    example "(nothing)" => "ONE-2026-0001";

    /// The reference is too long, or has signs that cannot be seen.
    REFERENCE = "payment.reference", Error, Encoder, Nothing;
    example "a reference of 61 characters" => "ONE-2026-0001";

    /// Several of the payments that are sent together have the same reference.
    REPEATED = "payment.repeated", Error, Encoder, Nothing;
    example "ONE-2026-0001 on two lines" => "ONE-2026-0001, ONE-2026-0002";

    /// A payment with this reference is recorded, and not cancelled.
    RECORDED = "payment.recorded", Error, Encoder, Organiser;
    example "ONE-2026-0001, which is recorded" => "ONE-2026-0002";

    /// Nothing is to be recorded.
    NOTHING = "payment.nothing", Error, Encoder, Nothing;
    example "a file with headers only" => "a line for each payment";
}
