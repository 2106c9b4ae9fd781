//! Rules of activity reports (docs/domain.md, Activity report). An error refuses the draft, or keeps a stored one from being
//! complete; so does the warning that the quarter is not over.

use crate::domain::rule::rules;

rules! {
    words rules_report;

    /// The quarter has not begun.
    QUARTER_IN_FUTURE = "report.quarterInFuture", Error, Vendor, Today;
    example "PUT …/2031Q1" => "PUT …/2026Q3";

    /// The quarter runs: a draft may be prepared.
    QUARTER_NOT_ENDED = "report.quarterNotEnded", Warning, Encoder, Today;
    example "2026Q4 on 2026-11-15" => "2026Q4 on 2027-01-04";

    /// The day of the claim is over.
    DEADLINE_PASSED = "report.deadlinePassed", Warning, Encoder, Today;
    example "2026Q1 on 2026-07-01" => "2026Q1 by 2026-06-30";

    /// The crèche is not subsidised.
    NOT_SUBSIDISED = "report.notSubsidised", Error, Agency, Organiser;
    example "a crèche without subsidy" => "one of GET /creches with \"subsidised\": true";

    /// The crèche was authorised on no day of the quarter.
    NOT_AUTHORISED = "report.notAuthorised", Error, Agency, Organiser;
    example "2026Q1 of a crèche authorised from 2026-05-01" => "2026Q2 of that crèche";

    /// The crèche was authorised during a part of the quarter.
    PARTLY_AUTHORISED = "report.partlyAuthorised", Warning, Agency, Organiser;
    example "2026Q2 of a crèche authorised from 2026-05-01" => "2026Q3 of that crèche";

    /// A reference that the staff register does not have.
    PERSON_UNKNOWN = "report.personUnknown", Error, Encoder, Organiser;
    example "\"reference\": \"P-0999\"" => "a reference that GET /staffMembers lists";

    /// A person who is named twice.
    PERSON_TWICE = "report.personTwice", Error, Vendor, Nothing;
    example "\"P-0001\" twice" => "\"P-0001\" once, with three salaries";

    /// A subsidy for a person without a function in the crèche in the quarter.
    NO_CONTRACT = "report.noContract", Error, Encoder, Organiser;
    example "\"subsidised\": true after the contract ended" => "\"subsidised\": false";

    /// A subsidy for a person for whom another crèche of the organiser claims one as well.
    CLAIMED_ELSEWHERE = "report.claimedElsewhere", Warning, Encoder, History;
    example "\"P-0001\" in two crèches" => "\"P-0001\" in one of them";

    /// A salary of a person for whom no subsidy is claimed.
    SALARY_NOT_CLAIMED = "report.salaryNotClaimed", Error, Encoder, Nothing;
    example "\"subsidised\": false with \"grossSalaries\"" => "\"subsidised\": false without them";

    /// A salary of a month of another quarter.
    SALARY_OUTSIDE_QUARTER = "report.salaryOutsideQuarter", Error, Vendor, Nothing;
    example "\"month\": \"2026-06\" in 2026Q3" => "\"month\": \"2026-07\" in 2026Q3";

    /// Two salaries of a month.
    SALARY_TWICE = "report.salaryTwice", Error, Vendor, Nothing;
    example "\"2026-07\" twice" => "\"2026-07\" once, with the sum";

    /// A salary of a month in which the person had no function in the crèche.
    SALARY_WITHOUT_CONTRACT = "report.salaryWithoutContract", Warning, Encoder, Organiser;
    example "September, contract until 31 August" => "July and August";

    /// A gross monthly salary that is hardly one: euros in the place of cents, or the other way round.
    SALARY_IMPLAUSIBLE = "report.salaryImplausible", Warning, Encoder, Nothing;
    example "\"grossCents\": 3120" => "\"grossCents\": 312000";

    /// A salary that was not entered yet.
    SALARY_MISSING = "report.salaryMissing", Error, Encoder, Nothing;
    example "\"subsidised\": true without \"2026-09\"" => "the salaries of the three months";

    /// Nobody is claimed for.
    NOBODY_CLAIMED = "report.nobodyClaimed", Warning, Encoder, Nothing;
    example "no \"subsidised\": true" => "at least one person";

    /// The opening hours end before they begin.
    HOURS_REVERSED = "report.hoursReversed", Error, Encoder, Nothing;
    example "18:00 to 07:00" => "07:00 to 18:00";

    /// The opening hours are not entered yet.
    HOURS_MISSING = "report.hoursMissing", Error, Encoder, Nothing;
    example "no \"openingHours\"" => "\"openingHours\": {\"from\": \"07:00\", \"until\": \"18:00\"}";

    /// A part of the opening hours, of an indemnity or of an expense that is not entered yet.
    FIELD_MISSING = "report.fieldMissing", Error, Encoder, Nothing;
    example "\"openingHours\": {\"from\": \"07:00\"}" => "\"openingHours\": {\"from\": \"07:00\", \"until\": \"18:00\"}";

    /// The children of 15 January, outside the first quarter.
    CHILDREN_OUTSIDE_FIRST_QUARTER = "report.childrenOutsideFirstQuarter", Error, Vendor, Nothing;
    example "\"childrenOn15January\": 42 in 2026Q3" => "the same in 2026Q1";

    /// The children of 15 January are not entered yet.
    CHILDREN_MISSING = "report.childrenMissing", Error, Encoder, Nothing;
    example "2026Q1 without \"childrenOn15January\"" => "\"childrenOn15January\": 42";

    /// An expense of another quarter.
    EXPENSE_OUTSIDE_QUARTER = "report.expenseOutsideQuarter", Error, Encoder, Nothing;
    example "\"date\": \"2026-10-02\" in 2026Q3" => "\"date\": \"2026-09-30\" in 2026Q3";

    /// An expense of a day that has not come yet.
    EXPENSE_IN_FUTURE = "report.expenseInFuture", Error, Encoder, Today;
    example "an expense of tomorrow" => "the same, entered the day after";

    /// The attendance of a month was not deposited.
    ATTENDANCE_MISSING = "report.attendanceMissing", Error, Encoder, History;
    example "2026-08 missing" => "2026-07, 2026-08 and 2026-09 deposited";

    /// The consultations of a month were not deposited: none of them is refunded.
    MEDICAL_MISSING = "report.medicalMissing", Warning, Encoder, History;
    example "2026-08 missing" => "2026-08 deposited, without lines where there were no consultations";

    /// Consultations of doctors whose agreement is missing, or whom the agency refused.
    DOCTORS_INCOMPLETE = "report.doctorsIncomplete", Error, Encoder, Doctors;
    example "a doctor in the state incomplete" => "the same with an agreement, once validated";

    /// Consultations of doctors on whom the agency has not decided.
    DOCTORS_NOT_VALIDATED = "report.doctorsNotValidated", Error, Agency, Doctors;
    example "a doctor in the state awaitingValidation" => "the same once validated";

    /// No draft is stored.
    DRAFT_MISSING = "report.draftMissing", Error, Encoder, History;
    example "GET …/completeness before the first PUT" => "the same after it";
}
