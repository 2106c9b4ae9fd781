//! Rules of the staff register (docs/domain.md, Staff register).

use crate::domain::rule::rules;

rules! {
    words rules_staff;

    /// The same person reference twice.
    DUPLICATE_REFERENCE = "staff.duplicateReference", Error, Vendor, Nothing;
    example "\"reference\": \"E-7\" on two persons" => "\"E-7\" and \"E-8\"";

    /// The same contract reference twice within a person.
    DUPLICATE_CONTRACT = "staff.duplicateContract", Error, Vendor, Nothing;
    example "\"reference\": \"C-1\" on two contracts" => "\"C-1\" and \"C-2\"";

    /// One national number on two persons.
    DUPLICATE_SSIN = "staff.duplicateSsin", Error, Encoder, Nothing;
    example "the same ssin on two persons" => "one person with both contracts";

    /// No number of a person.
    SSIN_INVALID = "staff.ssinInvalid", Error, Encoder, Nothing;
    example "\"ssin\": \"85031497722\"" => "\"ssin\": \"85031497721\"";

    /// The birth date is missing.
    BIRTH_DATE_REQUIRED = "staff.birthDateRequired", Error, Encoder, History;
    example "neither ssin nor birthDate" => "\"birthDate\": \"1985-03-14\"";

    /// The agency has this number under another family name.
    FAMILY_NAME_MISMATCH = "staff.familyNameMismatch", Error, Encoder, History;
    example "\"familyName\": \"Dupond\"" => "\"familyName\": \"Dupont\"";

    /// Numbers that were not compared with those of the agency.
    NUMBER_NOT_COMPARED = "staff.numberNotCompared", Warning, Encoder, History;
    example "more new numbers in an hour than an organiser has questions" => "the first register in parts, or as it is, with this warning";

    /// A reference of a person who is not visible to the sender.
    REFERENCE_TAKEN = "staff.referenceTaken", Error, Vendor, History;
    example "\"reference\": \"E-3\"" => "\"reference\": \"LOUPS-3\"";

    /// A change that also applies in a crèche out of the sender's reach.
    SHARED_BEYOND_REACH = "staff.sharedBeyondReach", Error, Administrator, Organiser;
    example "another end of a contract with functions in two crèches, by a key for one" => "the same by a key for both";

    /// The register has this person already.
    KNOWN = "staff.known", Error, Encoder, History;
    example "the same ssin or reference a second time" => "PATCH /staffMembers/{staffMemberId} with the further contract";

    /// A year that cannot be validated.
    VALIDATION_YEAR = "staff.validationYear", Error, Vendor, Today;
    example "\"year\": 2031" => "\"year\": 2026";

    /// Another number, or quite another name, for a stored person.
    ANOTHER_PERSON = "staff.anotherPerson", Error, Encoder, History;
    example "\"reference\": \"E-7\" with another ssin" => "\"reference\": \"E-8\" for the other person";

    /// A contract that ends before it starts.
    CONTRACT_END_BEFORE_START = "staff.contractEndBeforeStart", Error, Encoder, Nothing;
    example "2026-09-01 to 2026-08-31" => "2026-09-01 to 2027-08-31";

    /// A crèche that the organiser has not.
    UNKNOWN_CRECHE = "staff.unknownCreche", Error, Encoder, Organiser;
    example "a number of another organiser" => "a number that GET /creches lists";

    /// Diplomas or documents from a sender without the right to them.
    DOCUMENTS_NOT_GRANTED = "staff.documentsNotGranted", Error, Administrator, Organiser;
    example "\"documents\": [] without that scope" => "no \"documents\" at all";

    /// An implausible birth date.
    BIRTH_DATE_IMPOSSIBLE = "staff.birthDateImpossible", Error, Encoder, Today;
    example "\"birthDate\": \"2085-03-14\"" => "\"birthDate\": \"1985-03-14\"";

    /// A contract that starts before the person was born.
    START_BEFORE_BIRTH = "staff.startBeforeBirth", Error, Encoder, History;
    example "born 1985-03-14, contract from 1958-09-01" => "born 1985-03-14, contract from 2008-09-01";

    /// An absence that ends before it starts.
    ABSENCE_END_BEFORE_START = "staff.absenceEndBeforeStart", Error, Encoder, Nothing;
    example "2026-09-01 to 2026-08-31" => "2026-08-01 to 2026-08-31";

    /// A document that ends before it was written.
    DOCUMENT_END_BEFORE_DATE = "staff.documentEndBeforeDate", Error, Encoder, Nothing;
    example "date 2026-09-01, validUntil 2026-08-31" => "date 2026-09-01, validUntil 2029-08-31";

    /// A diploma or a document dated after today.
    DATED_AHEAD = "staff.datedAhead", Error, Encoder, Today;
    example "\"date\": \"2031-06-30\"" => "\"date\": \"2021-06-30\"";

    /// No national number.
    SSIN_MISSING = "staff.ssinMissing", Warning, Encoder, History;
    example "a person without ssin" => "\"ssin\": \"85031497721\"";

    /// `ssinPresent` for a person without a stored number.
    SSIN_NOT_HELD = "staff.ssinNotHeld", Warning, Vendor, History;
    example "\"ssinPresent\": true on a new person" => "\"ssin\": \"85031497721\"";

    /// The birth date differs from that in the number.
    BIRTH_DATE_DIFFERS_FROM_SSIN = "staff.birthDateDiffersFromSsin", Warning, Encoder, History;
    example "ssin 850314…, birthDate 1985-03-15" => "ssin 850314…, birthDate 1985-03-14";

    /// An implausible age for working.
    AGE_IMPLAUSIBLE = "staff.ageImplausible", Warning, Encoder, History;
    example "born 2015-03-14, contract from 2026-09-01" => "born 1985-03-14, contract from 2026-09-01";

    /// The same names and birth date as another person, who has a number at most on one side.
    SAME_PERSON_TWICE = "staff.samePersonTwice", Warning, Encoder, History;
    example "the same names and birth date as E-7 and E-8" => "one person with both contracts";

    /// Letters of several alphabets in one name.
    MIXED_SCRIPTS = "staff.mixedScripts", Warning, Encoder, Nothing;
    example "\u{410}line, with a Cyrillic \u{410}" => "Aline, all Latin";

    /// More than 1.2 full-time equivalents at once.
    WORKING_TIME_HIGH = "staff.workingTimeHigh", Warning, Encoder, Nothing;
    example "100 and 50 at the same time" => "50 and 50 at the same time";

    /// A current member of staff with an expired document.
    DOCUMENT_EXPIRED = "staff.documentExpired", Warning, Encoder, Today;
    example "\"validUntil\": \"2026-01-31\"" => "a further document with \"validUntil\": \"2029-01-31\"";

    /// An absence at a time without a contract.
    ABSENCE_OUTSIDE_CONTRACT = "staff.absenceOutsideContract", Warning, Encoder, Nothing;
    example "absence from 2026-09-01, contract until 2026-08-31" => "absence from 2026-08-01";

    /// The reference of a stored person has changed.
    REFERENCE_CHANGED = "staff.referenceChanged", Warning, Vendor, History;
    example "\"E-107\" for the person held as \"E-7\"" => "\"E-7\"";

    /// A contract of the register that the document leaves out of its person.
    CONTRACT_LEFT_OUT = "staff.contractLeftOut", Warning, Encoder, History;
    example "a person without a contract that is in the register" => "the contract with an endDate";

    /// Persons of the register that the document leaves out.
    LEFT_OUT = "staff.leftOut", Warning, Encoder, History;
    example "a register without somebody who was in it" => "the same person with an endDate on each contract";
}
