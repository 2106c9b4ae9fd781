//! Rules of a doctor's sheet (docs/domain.md, Doctors).

use crate::domain::rule::rules;

rules! {
    words rules_doctor;

    /// A number that is not a doctor's.
    INAMI_INVALID = "doctor.inamiInvalid", Error, Encoder, Nothing;
    example "\"inami\": \"19006952001\"" => "\"inami\": \"19006951001\"";

    /// A postcode that the country does not have.
    POSTCODE_INVALID = "doctor.postcodeInvalid", Error, Encoder, Nothing;
    example "\"postcode\": \"50000\"" => "\"postcode\": \"5000\"";

    /// A telephone number that cannot be dialled.
    PHONE_INVALID = "doctor.phoneInvalid", Error, Encoder, Nothing;
    example "\"mobile\": \"0470 00 00\"" => "\"mobile\": \"0470 00 00 01\"";

    /// The organiser has this doctor already.
    KNOWN = "doctor.known", Error, Encoder, Doctors;
    example "the same number twice" => "one sheet with both crèches";

    /// A number whose sheet is not visible to the sender, under another name.
    NAME_DIFFERS = "doctor.nameDiffers", Error, Encoder, Doctors;
    example "\"familyName\": \"Dupond\"" => "\"familyName\": \"Dupont\"";

    /// A change that also applies in a crèche out of the sender's reach.
    SHARED_BEYOND_REACH = "doctor.sharedBeyondReach", Error, Administrator, Organiser;
    example "\"endDate\": \"2026-12-31\" with a key for one of two crèches" => "the same with a key for both";

    /// The collaboration ends before it begins.
    END_BEFORE_START = "doctor.endBeforeStart", Error, Encoder, Nothing;
    example "2026-09-01 to 2026-08-31" => "2026-09-01 to 2027-08-31";

    /// A crèche that the sender does not reach.
    UNKNOWN_CRECHE = "doctor.unknownCreche", Error, Vendor, Organiser;
    example "an id of another organiser" => "an id that GET /creches lists";

    /// A refusal without a reason, or a validation with one.
    REASON_MISPLACED = "doctor.reasonMisplaced", Error, Vendor, Nothing;
    example "\"decision\": \"refused\"" => "\"decision\": \"refused\", \"reason\": \"…\"";
}
