//! Rules of applications and of their keys.

use crate::domain::rule::rules;

rules! {
    words rules_application;

    /// A crèche that the organiser does not have.
    UNKNOWN_CRECHE = "application.unknownCreche", Error, Administrator, Nothing;
    example "\"creches\": [\"019a5c00-0000-7000-8000-00000000dead\"]" => "\"creches\": [\"019a5c00-0000-7000-8000-000000000011\"]";

    /// A telephone number of the contact that cannot be dialled.
    PHONE_INVALID = "application.phoneInvalid", Error, Administrator, Nothing;
    example "\"phone\": \"02 555 01\"" => "\"phone\": \"02 555 01 23\"";

    /// A last day that is past.
    ENDED = "application.ended", Error, Administrator, Today;
    example "\"endsOn\": \"2020-12-31\"" => "\"endsOn\": \"2030-12-31\"";

    /// A change of an application that was revoked.
    REVOKED = "application.revoked", Error, Administrator, History;
    example "\"state\": \"active\" after \"revoked\"" => "a new application";

    /// A key for an application that has ended.
    OVER = "key.applicationOver", Error, Administrator, Today;
    example "a key after \"endsOn\"" => "a later \"endsOn\" first";

    /// A kind of key that does not work in this deployment.
    WRONG_KIND = "key.wrongKind", Error, Administrator, Nothing;
    example "\"kind\": \"test\" in production" => "\"kind\": \"trial\"";

    /// A scope that the application does not have.
    SCOPE_NOT_GRANTED = "key.scopeNotGranted", Error, Administrator, Nothing;
    example "\"scopes\": [\"staff:write\"]" => "\"scopes\": [\"attendance:write\"]";

    /// A crèche that the application does not reach.
    CRECHE_NOT_GRANTED = "key.crecheNotGranted", Error, Administrator, Nothing;
    example "a crèche that the application was not given" => "one that it was given";

    /// A key that would be expired when it is issued.
    EXPIRED = "key.expired", Error, Administrator, Today;
    example "\"expiresOn\": \"2020-12-31\"" => "\"expiresOn\": \"2030-12-31\"";
}
