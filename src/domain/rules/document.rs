//! Rules of any document: its text and its shape.

use crate::domain::rule::rules;

rules! {
    words rules_document;

    /// A required field is missing.
    REQUIRED = "input.required", Error, Encoder, Nothing;
    example "{\"reference\": \"K-0012\"}" => "{\"reference\": \"K-0012\", \"birthDate\": \"2024-02-17\", …}";

    /// A field has an invalid value.
    MALFORMED = "input.malformed", Error, Encoder, Nothing;
    example "\"birthDate\": \"17/02/2024\"" => "\"birthDate\": \"2024-02-17\"";

    /// A document that is not accepted although no error was found in it: an internal error, reported rather than
    /// hidden.
    NOT_UNDERSTOOD = "input.notUnderstood", Error, Vendor, Nothing;
    example "(a value that the schema accepts and the gateway does not)" => "(the same, once the gateway is corrected)";

    /// A name or a free text with an invisible character.
    INVISIBLE_CHARACTER = "input.invisibleCharacter", Error, Encoder, Nothing;
    example "\"familyName\": \"Maes\\u202e\"" => "\"familyName\": \"Maes\"";

    /// A name or a free text in which a conversion between encodings has replaced a letter by U+FFFD.
    LOST_CHARACTER = "input.lostCharacter", Error, Encoder, Nothing;
    example "\"givenName\": \"Zo\\ufffd\"" => "\"givenName\": \"Zoé\"";

    /// An SSIN that may be somebody's, where only invented ones are taken: in a world of a sandbox.
    SSIN_NOT_INVENTED = "input.ssinNotInvented", Error, Encoder, Organiser;
    example "the number on an identity card" => "\"ssin\": \"85031495147\"";

    /// A property that the schema does not have.
    UNKNOWN_PROPERTY = "input.unknownProperty", Error, Vendor, Nothing;
    example "\"birthdate\": \"2024-02-17\"" => "\"birthDate\": \"2024-02-17\"";

    /// A list with more items than it may have.
    TOO_MANY = "input.tooMany", Error, Vendor, Nothing;
    example "\"days\": [ 63 days ]" => "\"days\": [ 62 days ]";

    /// Another type where an object is required.
    NOT_AN_OBJECT = "input.notAnObject", Error, Vendor, Nothing;
    example "[{\"reference\": …}]" => "{\"lines\": [{\"reference\": …}]}";

    /// Another type where a list is required.
    NOT_A_LIST = "input.notAList", Error, Vendor, Nothing;
    example "\"days\": {\"date\": …}" => "\"days\": [{\"date\": …}]";

    /// A quote that is opened and never closed, in a table that is imported as CSV.
    UNCLOSED_QUOTE = "input.unclosedQuote", Error, Encoder, Nothing;
    example "\"73/1;2026-07-20" => "\"73/1\";2026-07-20";

    /// A line of a table with a value under no header, in a table that is imported as CSV.
    TOO_MANY_FIELDS = "input.tooManyFields", Error, Encoder, Nothing;
    example "amount,reference | 1234,56,ONE-1" => "amount,reference | \"1234,56\",ONE-1";

    /// An empty body.
    JSON_EMPTY = "json.empty", Error, Vendor, Nothing;
    example "(nothing)" => "{\"lines\": []}";

    /// Broken syntax.
    JSON_MALFORMED = "json.malformed", Error, Vendor, Nothing;
    example "{\"lines\": [],}" => "{\"lines\": []}";

    /// Not UTF-8.
    JSON_NOT_UTF8 = "json.notUtf8", Error, Vendor, Nothing;
    example "Zo\\xE9" => "Zo\\xC3\\xA9";

    /// A byte order mark before the text.
    JSON_BYTE_ORDER_MARK = "json.byteOrderMark", Error, Vendor, Nothing;
    example "\\xEF\\xBB\\xBF{\"lines\": []}" => "{\"lines\": []}";

    /// One property twice in one object.
    JSON_DUPLICATE_PROPERTY = "json.duplicateProperty", Error, Vendor, Nothing;
    example "{\"status\": \"present\", \"status\": \"justifiedAbsence\"}" => "{\"status\": \"present\"}";

    /// Nesting too deep for any document of the API.
    JSON_TOO_DEEP = "json.tooDeep", Error, Vendor, Nothing;
    example "[[[[[[ … ]]]]]]" => "{\"lines\": []}";

    /// Half of a surrogate pair.
    JSON_LONE_SURROGATE = "json.loneSurrogate", Error, Vendor, Nothing;
    example "\"\\ud83d\"" => "\"\\ud83d\\ude00\"";

    /// A number out of the range of a double.
    JSON_NUMBER_TOO_LARGE = "json.numberTooLarge", Error, Vendor, Nothing;
    example "\"fullDays\": 1e999" => "\"fullDays\": 20";

    /// More values than the largest statement can have.
    JSON_TOO_MANY_VALUES = "json.tooManyValues", Error, Vendor, Nothing;
    example "a year of ten crèches in one document" => "one document for each month and crèche";
}
