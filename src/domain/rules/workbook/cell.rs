//! Rules of the `workbook` family on the content of a cell: ambiguous and unreadable codes, weekdays, dates and
//! times.

use crate::domain::rule::rules;

rules! {
    words rules_workbook_cell;

    /// A day cell with an absence that is neither marked as justified nor as unjustified.
    ABSENCE_KIND = "workbook.absenceKind", Error, Encoder, Nothing;
    example "absent" => "AJ";

    /// The times of a day cell cannot be read.
    DAY_TIMES = "workbook.dayTimes", Error, Encoder, Nothing;
    example "P 07:30-24:00" => "P 07:30-16:45";

    /// A weekday beside a date is not that of the date.
    WEEKDAY_DIFFERS = "workbook.weekdayDiffers", Error, Encoder, Nothing;
    example "lu 3, in September 2026" => "je 3";

    /// A year where a date is meant: taken for a number of days, it would be a date of 1905.
    YEAR_ALONE = "workbook.yearAlone", Error, Encoder, Nothing;
    example "2025" => "01/09/2025";

    /// A date of an implausible year.
    DATE_IMPLAUSIBLE = "workbook.dateImplausible", Error, Encoder, Nothing;
    example "99999" => "01/09/2025";

    /// A time of day of another date than its line's.
    TIME_OF_ANOTHER_DAY = "workbook.timeOfAnotherDay", Error, Encoder, Nothing;
    example "05/01/2025 13:30, on a row of 02/09/2026" => "13:30";
}
