//! Rules of a crèche's closures.

use crate::domain::rule::rules;

rules! {
    words rules_closure;

    /// The last day is before the first.
    END_BEFORE_START = "closure.endBeforeStart", Error, Encoder, Nothing;
    example "2026-07-20 to 2026-07-10" => "2026-07-20 to 2026-07-31";

    /// A day so long ago or so far ahead that it is a typing error.
    DATE_OUTSIDE = "closure.dateOutside", Error, Encoder, Today;
    example "2026-12-25 to 2062-01-01" => "2026-12-25 to 2027-01-01";

    /// More days than a single closure usually has.
    LONG = "closure.long", Warning, Encoder, Nothing;
    example "2026-07-01 to 2026-12-31" => "2026-07-01 to 2026-07-31";

    /// A crèche that does not exist, in a file of closures.
    UNKNOWN_CRECHE = "closure.unknownCreche", Error, Encoder, Nothing;
    example "73/0001" => "73/1";

    /// A ONE number that several crèches have, in a file of closures.
    AMBIGUOUS_CRECHE = "closure.ambiguousCreche", Error, Encoder, Nothing;
    example "73/1" => "0198c5a0-3b7e-7c41-9d2a-5f0e6b1c8d34";

    /// A public holiday that the calendar does not list, or several days with one among them that is none.
    UNLISTED_HOLIDAY = "closure.unlistedHoliday", Warning, Encoder, Nothing;
    example "2026-09-27, publicHoliday" => "2026-09-27, other";
}
