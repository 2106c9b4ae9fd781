//! Rules of the file by which an operator imports organisers and their crèches.

use crate::domain::rule::rules;

rules! {
    words rules_registry;

    /// An enterprise number that does not pass its checks.
    ENTERPRISE_NUMBER_INVALID = "registry.enterpriseNumberInvalid", Error, Agency, Nothing;
    example "0566.988.258" => "0566.988.259";

    /// A national number that does not pass its checks.
    SSIN_INVALID = "registry.ssinInvalid", Error, Agency, Today;
    example "\"ssin\": \"85031497722\"" => "\"ssin\": \"85031497721\"";

    /// A value that must be unique occurs twice.
    REPEATED = "registry.repeated", Error, Agency, Nothing;
    example "73/1 and 73/1" => "73/1 and 73/2";

    /// Two lines of a table contradict each other on one organiser or crèche.
    CONTRADICTION = "registry.contradiction", Error, Agency, Nothing;
    example "0566988259;Les Lucioles and 0566988259;Lucioles" => "0566988259;Les Lucioles twice";

    /// The authorisation ends before it begins.
    END_BEFORE_START = "registry.endBeforeStart", Error, Agency, Nothing;
    example "2026-09-01 to 2026-08-31" => "2026-09-01 to 2027-08-31";

    /// Another organiser has the crèche.
    CRECHE_ELSEWHERE = "registry.crecheElsewhere", Error, Agency, Nothing;
    example "73/1 under two organisers" => "73/1 under its own";

    /// The person is a user of the organiser already, and not an administrator who may log in.
    USER_STAYS = "registry.userStays", Warning, Agency, Nothing;
    example "an administrator who was deactivated since" => "left out of the file";

    /// No places are authorised on the first days of the authorisation.
    PLACES_UNKNOWN = "registry.placesUnknown", Warning, Agency, Nothing;
    example "authorised from 2024-09-01, places from 2025-01-01" => "both from 2024-09-01";
}
