//! Rules of the medical statement (docs/domain.md, Consultations).

use crate::domain::rule::rules;

rules! {
    words rules_medical;

    /// The month has not begun.
    MONTH_IN_FUTURE = "medical.monthInFuture", Error, Vendor, Today;
    example "PUT …/2031-01" => "PUT …/2026-09";

    /// The day of the claim is over.
    DEADLINE_PASSED = "medical.deadlinePassed", Warning, Encoder, Today;
    example "2026-01 deposited on 2026-07-01" => "2026-01 deposited by 2026-06-30";

    /// More consultations than a statement may have.
    TOO_MANY_LINES = "medical.tooManyLines", Error, Vendor, Nothing;
    example "501 lines" => "500 lines";

    /// A day of another month.
    DATE_OUTSIDE_MONTH = "medical.dateOutsideMonth", Error, Encoder, Nothing;
    example "\"date\": \"2026-08-31\" in 2026-07" => "\"date\": \"2026-07-31\" in 2026-07";

    /// A consultation that has not taken place yet.
    DATE_IN_FUTURE = "medical.dateInFuture", Error, Encoder, Today;
    example "a consultation of tomorrow" => "the same, deposited the day after";

    /// It ends before it begins.
    DEPARTURE_NOT_AFTER_ARRIVAL = "medical.departureNotAfterArrival", Error, Encoder, Nothing;
    example "14:00 to 13:30" => "13:30 to 14:00";

    /// Longer than any consultation.
    TOO_LONG = "medical.tooLong", Error, Encoder, Nothing;
    example "06:00 to 19:00" => "16:00 to 19:00";

    /// Longer than usual.
    LONG = "medical.long", Warning, Encoder, Nothing;
    example "09:00 to 14:00" => "09:00 to 12:00";

    /// On a day on which the crèche was not open.
    CLOSED_DAY = "medical.closedDay", Warning, Encoder, Closures;
    example "a consultation on a Sunday" => "the same on the Monday";

    /// A number that is not a doctor's.
    INAMI_INVALID = "medical.inamiInvalid", Error, Encoder, Nothing;
    example "\"inami\": \"19006952001\"" => "\"inami\": \"19006951001\"";

    /// The organiser has no such doctor.
    DOCTOR_UNKNOWN = "medical.doctorUnknown", Error, Encoder, Doctors;
    example "a number that GET /doctors does not list" => "one that it lists";

    /// The doctor works in other crèches of the organiser.
    DOCTOR_NOT_HERE = "medical.doctorNotHere", Error, Encoder, Doctors;
    example "a doctor of another crèche" => "the doctor's sheet with this crèche too";

    /// The agency refused the doctor.
    DOCTOR_REFUSED = "medical.doctorRefused", Error, Encoder, Doctors;
    example "a consultation of a refused doctor" => "the same once the doctor is validated";

    /// Before the collaboration began, or after it ended.
    OUTSIDE_COLLABORATION = "medical.outsideCollaboration", Error, Encoder, Doctors;
    example "2026-08-31, collaboration from 2026-09-01" => "2026-09-01";

    /// The agency has not decided on the doctor yet.
    DOCTOR_AWAITS_VALIDATION = "medical.doctorAwaitsValidation", Warning, Agency, Doctors;
    example "a doctor in the state awaitingValidation" => "the same once validated";

    /// The doctor's agreement is not stored, so that the agency cannot decide.
    DOCTOR_INCOMPLETE = "medical.doctorIncomplete", Warning, Administrator, Doctors;
    example "a doctor in the state incomplete" => "the same with an agreement";

    /// The doctor's sheet was changed after the deposit.
    DOCTOR_CHANGED_LATER = "medical.doctorChangedLater", Warning, Encoder, Doctors;
    example "a statement read after the collaboration was ended earlier" => "the same with the sheet corrected";

    /// The agency refused the doctor after the deposit.
    DOCTOR_REFUSED_LATER = "medical.doctorRefusedLater", Warning, Encoder, Doctors;
    example "a statement read after its doctor was refused" => "the same while the doctor is validated";

    /// The same doctor twice at once in this statement.
    OVERLAP = "medical.overlap", Error, Encoder, Nothing;
    example "13:00 to 15:00 and 14:00 to 16:00" => "13:00 to 14:00 and 14:00 to 16:00";

    /// The same doctor at once in another crèche of the organiser.
    OVERLAP_ELSEWHERE = "medical.overlapElsewhere", Error, Encoder, History;
    example "13:00 to 15:00 here and 14:00 to 16:00 there" => "13:00 to 14:00 here";

    /// The sender's sums differ from the computed ones.
    CONTROL_TOTALS_DIFFER = "medical.controlTotalsDiffer", Error, Vendor, Nothing;
    example "\"minutes\": 90 for a consultation from 13:00 to 14:00" => "\"minutes\": 60";
}
