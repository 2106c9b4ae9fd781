//! Rules of an organiser's users.

use crate::domain::rule::rules;

rules! {
    words rules_user;

    /// The number does not pass its checks.
    SSIN_INVALID = "user.ssinInvalid", Error, Administrator, Today;
    example "\"ssin\": \"85031497722\"" => "\"ssin\": \"85031497721\"";

    /// It was not certified that the person agrees.
    CONSENT_MISSING = "user.consentMissing", Error, Administrator, Nothing;
    example "without consentCertified" => "\"consentCertified\": true";

    /// The person is a user of the organiser already.
    ALREADY_LET_IN = "user.alreadyLetIn", Error, Administrator, History;
    example "the same ssin twice" => "each person once";

    /// Rights for a crèche that the organiser has not.
    UNKNOWN_CRECHE = "user.unknownCreche", Error, Vendor, Nothing;
    example "the id of another organiser's crèche" => "an id of GET /creches";

    /// A data manager without rights.
    NO_RIGHTS = "user.noRights", Error, Administrator, Nothing;
    example "\"profile\": \"dataManager\"" => "\"profile\": \"dataManager\", \"rights\": [{…}]";

    /// The organiser would have no active administrator left.
    LAST_ADMINISTRATOR = "user.lastAdministrator", Error, Administrator, Nothing;
    example "deactivate the only administrator" => "make somebody else administrator, then deactivate";

    /// A user changes their own profile.
    OWN_PROFILE = "user.ownProfile", Error, Administrator, Nothing;
    example "\"profile\": \"dataManager\" on oneself" => "the same, by another administrator";

    /// A user changes their own rights.
    OWN_RIGHTS = "user.ownRights", Error, Administrator, Nothing;
    example "\"rights\": […] on oneself" => "the same, by somebody else";

    /// A user removes their own access.
    OWN_ACCESS = "user.ownAccess", Error, Administrator, Nothing;
    example "\"active\": false on oneself" => "the same, by somebody else";

    /// A user manager makes a user an administrator.
    ADMINISTRATOR_RESERVED = "user.administratorReserved", Error, Administrator, Nothing;
    example "\"profile\": \"administrator\" by a user manager" => "\"profile\": \"dataManager\"";

    /// A user manager gives the right to sign claims.
    SIGNING_RESERVED = "user.signingReserved", Error, Administrator, Nothing;
    example "\"reports:sign\" given by a user manager" => "the same, by an administrator";

    /// Fewer active administrators than recommended.
    FEW_ADMINISTRATORS = "user.fewAdministrators", Warning, Administrator, Nothing;
    example "one administrator" => "two administrators";
}
