//! Rules of signatures of a single month. Those of a report are in `domain/report/rules.rs`.

use crate::domain::rule::rules;

rules! {
    words rules_signature;

    /// The month runs.
    MONTH_NOT_ENDED = "signature.monthNotEnded", Error, Encoder, Today;
    example "2026-10 on 2026-10-31" => "2026-10 on 2026-11-01";

    /// The crèche is not subsidised.
    NOT_SUBSIDISED = "signature.notSubsidised", Error, Agency, Organiser;
    example "a crèche without subsidy" => "one of GET /creches with \"subsidised\": true";

    /// The crèche was authorised on no day of the month.
    NOT_AUTHORISED = "signature.notAuthorised", Error, Agency, Organiser;
    example "2026-04 of a crèche authorised from 2026-05-01" => "2026-05 of that crèche";
}
