//! Rules of webhook endpoints.

use crate::domain::rule::rules;

rules! {
    words rules_webhook;

    /// An address that nothing can be sent to.
    UNUSABLE = "webhook.unusableUrl", Error, Vendor, Nothing;
    example "\"url\": \"ftp://creche.example\"" => "\"url\": \"https://creche.example/hooks/passerelle\"";

    /// A name or a password in the address.
    CREDENTIALS = "webhook.credentialsInUrl", Error, Vendor, Nothing;
    example "\"url\": \"https://me:secret@creche.example\"" => "\"headers\": [{\"name\": \"Authorization\", \"value\": \"Bearer …\"}]";

    /// An address that is not encrypted.
    NOT_ENCRYPTED = "webhook.notEncrypted", Error, Vendor, Nothing;
    example "\"url\": \"http://creche.example/hook\"" => "\"url\": \"https://creche.example/hook\"";

    /// An internal address.
    INSIDE = "webhook.internalAddress", Error, Vendor, Nothing;
    example "\"url\": \"https://10.0.0.7/hook\"" => "\"url\": \"https://creche.example/hook\"";

    /// A port that is not allowed.
    PORT_NOT_ALLOWED = "webhook.portNotAllowed", Error, Vendor, Nothing;
    example "\"url\": \"https://creche.example:25/hook\"" => "\"url\": \"https://creche.example/hook\"";

    /// A header that is reserved.
    RESERVED_HEADER = "webhook.reservedHeader", Error, Vendor, Nothing;
    example "{\"name\": \"Webhook-Id\", …}" => "{\"name\": \"X-Api-Key\", …}";

    /// An endpoint that would get more events than its author may read.
    TOO_WIDE = "webhook.beyondReach", Error, Vendor, Organiser;
    example "no \"creches\"" => "\"creches\": [\"019a5c00-0000-7000-8000-000000000011\"]";

    /// One endpoint too many.
    TOO_MANY = "webhook.tooMany", Error, Vendor, History;
    example "an endpoint for each month" => "one endpoint for all";

    /// An endpoint that has not been verified.
    NOT_VERIFIED = "webhook.notVerified", Error, Vendor, History;
    example "\"state\": \"active\" right after its creation" => "POST …/verifications";

    /// Another kind of signature.
    SIGNING_FIXED = "webhook.signingFixed", Error, Vendor, History;
    example "\"signing\": \"v1a\" in a change" => "a new endpoint with \"signing\": \"v1a\"";

    /// A test as a delivery to be made again.
    TEST_ONLY = "webhook.testNotReplayed", Error, Vendor, History;
    example "a replay of a test" => "another test";
}
