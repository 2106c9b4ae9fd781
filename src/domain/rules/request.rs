//! Rules of the `request` family: what surrounds the document (path, query, headers).

use crate::domain::rule::rules;

rules! {
    words rules_request;

    /// A query parameter that the operation does not have.
    UNKNOWN_PARAMETER = "request.unknownParameter", Error, Vendor, Nothing;
    example "?dryrun=true" => "?dryRun=true";

    /// A query parameter whose value cannot be read.
    MALFORMED_PARAMETER = "request.malformedParameter", Error, Vendor, Nothing;
    example "?from=07/2026" => "?from=2026-07";

    /// A required query parameter is missing.
    MISSING_PARAMETER = "request.missingParameter", Error, Vendor, Nothing;
    example "" => "?after=0";

    /// A single-valued query parameter given more than once.
    REPEATED_PARAMETER = "request.repeatedParameter", Error, Vendor, Nothing;
    example "?from=2026-07&from=2026-08" => "?from=2026-07";

    /// A part of the path that is malformed (a month, a number).
    MALFORMED_PATH = "request.malformedPath", Error, Vendor, Nothing;
    example "/attendanceStatements/07-2026" => "/attendanceStatements/2026-07";

    /// A month or a quarter that can be read, of a year out of range.
    YEAR_OUTSIDE = "request.yearOutside", Error, Vendor, Nothing;
    example "/attendanceStatements/1990-01" => "/attendanceStatements/2026-01";

    /// Figures as of an instant in the future.
    FUTURE_INSTANT = "request.futureInstant", Error, Vendor, Nothing;
    example "asOf=2031-01-01T00:00:00Z" => "asOf=2026-10-12T07:00:00Z";

    /// Figures as of an instant before the history of the organiser begins.
    BEFORE_HISTORY = "request.beforeHistory", Error, Vendor, Nothing;
    example "asOf=2019-01-01T00:00:00Z" => "asOf=2026-10-12T07:00:00Z";

    /// A part of the path that names nothing visible to the caller.
    UNKNOWN_RESOURCE = "request.unknownResource", Error, Vendor, Nothing;
    example "/creches/unknown" => "/creches/0198c5a0-3b7e-7c41-9d2a-5f0e6b1c8d34";

    /// A list of entity tags that cannot be read.
    MALFORMED_ENTITY_TAG = "request.malformedEntityTag", Error, Vendor, Nothing;
    example "If-Match: 3" => "If-Match: \"3\"";

    /// A weak entity tag where only a strong one can guard a write.
    WEAK_ENTITY_TAG = "request.weakEntityTag", Error, Vendor, Nothing;
    example "If-Match: W/\"3\"" => "If-Match: \"3\"";

    /// A required header is missing.
    MISSING_HEADER = "request.missingHeader", Error, Vendor, Nothing;
    example "" => "Host: passerelle.example";

    /// A single-valued header given more than once.
    REPEATED_HEADER = "request.repeatedHeader", Error, Vendor, Nothing;
    example "Authorization: Bearer crk_…, twice" => "Authorization: Bearer crk_…, once";

    /// A header that is malformed.
    MALFORMED_HEADER = "request.malformedHeader", Error, Vendor, Nothing;
    example "Host: a b" => "Host: passerelle.example";

    /// A malformed idempotency key.
    MALFORMED_IDEMPOTENCY_KEY = "request.malformedIdempotencyKey", Error, Vendor, Nothing;
    example "Idempotency-Key: é" => "Idempotency-Key: 3f0b6d9e-5a5e-4a59-9a0c-0a9b2f6c7d11";
}
