//! Rules of the attendance statement (docs/domain.md, Attendance).

use crate::domain::rule::rules;

rules! {
    words rules_attendance;

    /// The month has not begun.
    MONTH_IN_FUTURE = "attendance.monthInFuture", Error, Vendor, Today;
    example "PUT …/2031-01" => "PUT …/2026-09";

    /// More children than a statement may have.
    TOO_MANY_LINES = "attendance.tooManyLines", Error, Vendor, Nothing;
    example "501 lines" => "500 lines";

    /// A status that is not of the list, or a day code that does not exist.
    UNKNOWN_STATUS = "attendance.unknownStatus", Error, Encoder, Nothing;
    example "\"status\": \"absent\"" => "\"status\": \"justifiedAbsence\"";

    /// A reason that is not of the list.
    UNKNOWN_REASON = "attendance.unknownReason", Error, Vendor, Nothing;
    example "\"reason\": \"flu\"" => "\"reason\": \"medicalCertificate\"";

    /// A day of another month.
    DATE_OUTSIDE_MONTH = "attendance.dateOutsideMonth", Error, Encoder, Nothing;
    example "\"date\": \"2026-08-31\" in 2026-07" => "\"date\": \"2026-07-31\" in 2026-07";

    /// More than one day on one date.
    MORE_THAN_ONE_DAY = "attendance.moreThanOneDay", Error, Encoder, Nothing;
    example "full present + half justifiedAbsence" => "half present + half justifiedAbsence";

    /// The same date with the same status twice.
    DUPLICATE_DAY = "attendance.duplicateDay", Error, Vendor, Nothing;
    example "half present + half present" => "full present";

    /// A day before the child was born.
    DAY_BEFORE_BIRTH = "attendance.dayBeforeBirth", Error, Encoder, Nothing;
    example "birth 2026-07-10, day 2026-07-09" => "birth 2026-06-10, day 2026-07-09";

    /// Born after the month that the statement is of.
    BIRTH_AFTER_MONTH = "attendance.birthAfterMonth", Error, Encoder, Nothing;
    example "birthDate 9999-01-01" => "birthDate 2024-01-01";

    /// Entry or exit before the child was born.
    STAY_BEFORE_BIRTH = "attendance.stayBeforeBirth", Error, Encoder, Nothing;
    example "birthDate 2025-06-10, startDate 2024-09-01" => "birthDate 2025-06-10, startDate 2025-09-01";

    /// A day before entry or after exit.
    DAY_OUTSIDE_STAY = "attendance.dayOutsideStay", Error, Encoder, Nothing;
    example "startDate 2026-07-15, day 2026-07-13" => "startDate 2026-07-13, day 2026-07-13";

    /// Exit before entry.
    EXIT_BEFORE_ENTRY = "attendance.exitBeforeEntry", Error, Encoder, Nothing;
    example "startDate 2026-07-15, endDate 2026-07-01" => "startDate 2026-07-01, endDate 2026-07-15";

    /// Two lines with one reference.
    DUPLICATE_REFERENCE = "attendance.duplicateReference", Error, Vendor, Nothing;
    example "K-012 and K-012" => "K-012 and K-013";

    /// Two lines with one SSIN.
    DUPLICATE_SSIN = "attendance.duplicateSsin", Error, Encoder, Nothing;
    example "the same ssin on two lines" => "one line for the child";

    /// Two lines with the same names and birth date.
    DUPLICATE_CHILD = "attendance.duplicateChild", Error, Encoder, Nothing;
    example "the same names and birth date on two lines" => "one line for the child";

    /// Two lines with the given name of one as the family name of the other.
    NAMES_EXCHANGED = "attendance.namesExchanged", Warning, Encoder, Nothing;
    example "Janssens Emma and Emma Janssens, born on one day" => "one line for Janssens Emma";

    /// Letters of several alphabets in one name.
    MIXED_SCRIPTS = "attendance.mixedScripts", Warning, Encoder, Nothing;
    example "\u{410}nna, with a Cyrillic \u{410}" => "Anna, all Latin";

    /// The number does not pass its checks.
    SSIN_INVALID = "attendance.ssinInvalid", Error, Encoder, Nothing;
    example "\"ssin\": \"85031497722\"" => "\"ssin\": \"85031497721\"";

    /// Present on a day that has not come.
    PRESENT_IN_FUTURE = "attendance.presentInFuture", Error, Encoder, Today;
    example "present on 2026-10-30, sent on 2026-10-12" => "present on 2026-10-09, sent on 2026-10-12";

    /// The sender's sums differ from the computed ones.
    CONTROL_TOTALS_DIFFER = "attendance.controlTotalsDiffer", Error, Vendor, Nothing;
    example "fullDays 21, 20 sent" => "fullDays 20, 20 sent";

    /// Older than six years.
    CHILD_TOO_OLD = "attendance.childTooOld", Error, Encoder, Nothing;
    example "birthDate 2016-03-02" => "birthDate 2024-03-02";

    /// Departure before arrival.
    DEPARTURE_NOT_AFTER_ARRIVAL = "attendance.departureNotAfterArrival", Error, Encoder, Nothing;
    example "arrival 16:30, departure 08:00" => "arrival 08:00, departure 16:30";

    /// Present while the crèche is closed.
    PRESENCE_ON_CLOSURE = "attendance.presenceOnClosure", Warning, Encoder, Closures;
    example "present on a closed day" => "no entry on a closed day";

    /// Present on a Saturday or Sunday.
    PRESENCE_ON_WEEKEND = "attendance.presenceOnWeekend", Warning, Encoder, Nothing;
    example "present on Saturday 2026-07-04" => "present on Friday 2026-07-03";

    /// Present on a public holiday.
    PRESENCE_ON_PUBLIC_HOLIDAY = "attendance.presenceOnPublicHoliday", Warning, Encoder, Nothing;
    example "present on 2026-07-21" => "present on 2026-07-22";

    /// Older than three years.
    CHILD_OLDER_THAN_36_MONTHS = "attendance.childOlderThan36Months", Warning, Encoder, Nothing;
    example "birthDate 2022-03-02" => "birthDate 2024-03-02";

    /// More children than places on a date.
    CAPACITY_EXCEEDED = "attendance.capacityExceeded", Warning, Encoder, Capacity;
    example "15 full days, 14 places" => "14 full days, 14 places";

    /// No national number.
    SSIN_MISSING = "attendance.ssinMissing", Warning, Encoder, Nothing;
    example "a line without ssin" => "\"ssin\": \"23061598193\"";

    /// The birth date differs from that in the number.
    BIRTH_DATE_DIFFERS_FROM_SSIN = "attendance.birthDateDiffersFromSsin", Warning, Encoder, Nothing;
    example "ssin 230615…, birthDate 2023-06-16" => "ssin 230615…, birthDate 2023-06-15";

    /// Lines without a single day.
    ALL_ZERO = "attendance.allZero", Warning, Encoder, Closures;
    example "\"days\": [] on every line" => "the days of each child";

    /// No line at all.
    EMPTY_STATEMENT = "attendance.emptyStatement", Warning, Encoder, Closures;
    example "\"lines\": []" => "a line for each child";

    /// Later than the claim's deadline.
    DEADLINE_PASSED = "attendance.deadlinePassed", Warning, Encoder, Today;
    example "2026-03 sent on 2026-08-01" => "2026-03 sent on 2026-04-02";

    /// Duration and times disagree.
    DURATION_DISAGREES = "attendance.durationDisagrees", Warning, Encoder, Nothing;
    example "08:00–12:00, full" => "08:00–12:00, half";

    /// Too many days ill without a certificate in one quarter.
    HEALTH_WITHOUT_CERTIFICATE_QUOTA = "attendance.healthWithoutCertificateQuota", Warning, Encoder, History;
    example "4 × healthWithoutCertificate in 2026Q3" => "3 × healthWithoutCertificate in 2026Q3";

    /// `ssinPresent` for a child without a stored number.
    SSIN_NOT_HELD = "attendance.ssinNotHeld", Warning, Vendor, History;
    example "\"ssinPresent\": true on a new child" => "\"ssin\": \"23061598193\"";

    /// A reason on a day of presence.
    REASON_WITHOUT_ABSENCE = "attendance.reasonWithoutAbsence", Warning, Vendor, Nothing;
    example "P:medicalCertificate" => "AJ:medicalCertificate";
}
