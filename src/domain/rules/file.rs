//! Rules of files that are stored as they were sent (docs/domain.md, Activity report).

use crate::domain::rule::rules;

rules! {
    words rules_file;

    /// A file without content.
    EMPTY = "file.empty", Error, Encoder, Nothing;
    example "a file of 0 bytes" => "the same file, saved and closed before it is sent";

    /// A file that is larger than one may be.
    TOO_LARGE = "file.tooLarge", Error, Encoder, Nothing;
    example "a scan of 40 MB" => "the same scan in black and white, of 2 MB";

    /// A file of another type than those that are stored.
    UNKNOWN_TYPE = "file.unknownType", Error, Encoder, Nothing;
    example "lease.doc" => "lease.pdf";

    /// A document that contains programs.
    MACROS = "file.macros", Error, Encoder, Nothing;
    example "a workbook with macros" => "the same workbook saved as .xlsx";

    /// A document that contains a file or an object of another program.
    EMBEDDED = "file.embedded", Error, Encoder, Nothing;
    example "a Word document with a program in it" => "the same document saved as PDF";

    /// A PDF that runs scripts or starts programs.
    ACTIVE_CONTENT = "file.activeContent", Error, Encoder, Nothing;
    example "a PDF form with JavaScript" => "the same form, filled in and printed to a PDF";

    /// A document that is protected by a password.
    ENCRYPTED = "file.encrypted", Error, Encoder, Nothing;
    example "a PDF that asks for a password" => "the same PDF without a password";

    /// A PDF or a picture whose end is missing.
    INCOMPLETE = "file.incomplete", Error, Encoder, Nothing;
    example "half of a PDF" => "the whole PDF";

    /// A document that was cut or altered on its way.
    DAMAGED = "file.damaged", Error, Encoder, Nothing;
    example "half of a file" => "the whole file";

    /// A name that a computer would run.
    DANGEROUS_NAME = "file.dangerousName", Error, Encoder, Nothing;
    example "lease.exe" => "lease.pdf";

    /// A file without a name.
    NAME_MISSING = "file.nameMissing", Error, Vendor, Nothing;
    example "Content-Disposition: attachment" => "Content-Disposition: attachment; filename=\"lease.pdf\"";

    /// More files than there may be.
    TOO_MANY = "file.tooMany", Error, Encoder, Organiser;
    example "a twenty-first attachment" => "several pages in one PDF";

    /// More files than there may be with those that were removed after a signature, which are kept.
    TOO_MANY_KEPT = "file.tooManyKept", Error, Encoder, Organiser;
    example "a hundred files added and removed one after the other" => "the file that is meant, once";

    /// Files that are too large together.
    TOTAL_TOO_LARGE = "file.totalTooLarge", Error, Encoder, Organiser;
    example "six scans of 9 MB" => "the same scans in black and white";
}
