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

    /// The quarter is later than the next one.
    QUARTER_OUTSIDE = "payment.quarterOutside", Error, Encoder, Today;
    example "T3 2062" => "T3 2026";

    /// There is no type, or it cannot be read.
    TYPE = "payment.type", Error, Encoder, Nothing;
    example "prime" => "Prime exceptionnelle";

    /// A subsidy for a crèche that is not subsidised: it may have been until a while ago.
    NOT_SUBSIDISED = "payment.notSubsidised", Warning, Encoder, Organiser;
    example "Subside for a crèche without subsidy" => "Prime exceptionnelle for it";

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

    /// Several of the payments that are sent together have the same reference, whatever its case, spaces and hyphens.
    REPEATED = "payment.repeated", Error, Encoder, Nothing;
    example "ONE-2026-0001 on two lines" => "ONE-2026-0001, ONE-2026-0002";

    /// A payment with this reference is recorded, and not cancelled, whatever its case, spaces and hyphens.
    RECORDED = "payment.recorded", Error, Encoder, Organiser;
    example "one 2026 0001, where ONE-2026-0001 is recorded" => "ONE-2026-0002";

    /// Another payment has the same crèche, quarter, type, day and amount under another reference.
    SAME_FACTS = "payment.sameFacts", Warning, Encoder, Organiser;
    example "two payments of 1234,56 on 31/10/2026 for T3 2026" => "one of them";

    /// More payments than are recorded at once.
    TOO_MANY = "payment.tooMany", Error, Encoder, Nothing;
    example "a file of 501 payments" => "a file of 500, and one of the last";

    /// Nothing is to be recorded.
    NOTHING = "payment.nothing", Error, Encoder, Nothing;
    example "a file with headers only" => "a line for each payment";
}
