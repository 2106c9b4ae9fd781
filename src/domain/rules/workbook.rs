//! Rules of the `workbook` family: whether a file is a workbook of the published model at all.

pub mod cell;

use crate::domain::rule::rules;

rules! {
    words rules_workbook;

    /// The bytes are something else than an Excel workbook.
    NOT_A_WORKBOOK = "workbook.notAWorkbook", Error, Encoder, Nothing;
    example "presences.csv" => "presences.xlsx";

    /// The workbook opens with a password only.
    PASSWORD_PROTECTED = "workbook.passwordProtected", Error, Encoder, Nothing;
    example "a workbook that asks for a password" => "the same workbook without password";

    /// The workbook contains macros.
    MACROS = "workbook.macros", Error, Encoder, Nothing;
    example "presences.xlsm" => "presences.xlsx";

    /// The workbook is damaged or cannot be parsed.
    UNREADABLE = "workbook.unreadable", Error, Encoder, Nothing;
    example "a file that was cut off on its way" => "the whole file";

    /// The workbook unpacks to more than any statement needs.
    TOO_LARGE = "workbook.tooLarge", Error, Encoder, Nothing;
    example "a workbook of several hundred megabytes once unpacked" => "a sheet with at most 500 children";

    /// No sheet has the name of the model's.
    SHEET_MISSING = "workbook.sheetMissing", Error, Encoder, Nothing;
    example "Feuil1" => "Présences";

    /// Several sheets could be the model's.
    SHEET_AMBIGUOUS = "workbook.sheetAmbiguous", Error, Encoder, Nothing;
    example "Présences A, Présences B" => "Présences";

    /// No row has the cell that identifies the header row.
    HEADER_ROW_MISSING = "workbook.headerRowMissing", Error, Encoder, Nothing;
    example "Enfant | Prénom | …" => "Référence | Nom | Prénom | …";

    /// A required column is missing.
    HEADER_MISSING = "workbook.headerMissing", Error, Encoder, Nothing;
    example "Prenoms" => "Prénom";

    /// Two columns have the same header.
    HEADER_DUPLICATE = "workbook.headerDuplicate", Error, Encoder, Nothing;
    example "12 | 12" => "12 | 13";

    /// The workbook names a version of the model that is not accepted.
    VERSION_UNSUPPORTED = "workbook.versionUnsupported", Error, Encoder, Nothing;
    example "attendance/0" => "attendance/1";

    /// The workbook follows the version of the model before the present one.
    MODEL_SUPERSEDED = "workbook.modelSuperseded", Warning, Encoder, Nothing;
    example "medical/1" => "medical/2";

    /// The workbook names another month than the one it is sent for.
    MONTH_MISMATCH = "workbook.monthMismatch", Error, Encoder, Nothing;
    example "Mois | 2026-09, sent for 2026-10" => "Mois | 2026-10";

    /// The workbook names another crèche than the one it is sent for.
    CRECHE_MISMATCH = "workbook.crecheMismatch", Error, Encoder, Organiser;
    example "Crèche | Les Coccinelles, sent for Les Lutins" => "Crèche | Les Lutins";

    /// The workbook names another quarter than the one it is sent for.
    QUARTER_MISMATCH = "workbook.quarterMismatch", Error, Encoder, Nothing;
    example "Trimestre | 2026Q2, sent for 2026Q3" => "Trimestre | 2026Q3";

    /// A row names another person than the one of its reference.
    PERSON_MISMATCH = "workbook.personMismatch", Error, Encoder, Nothing;
    example "E-2 | Petit Hugo, where E-2 is Claes Nora" => "E-2 | Claes Nora";

    /// A cell that is read has the error of a formula.
    ERROR_CELL = "workbook.errorCell", Error, Encoder, Nothing;
    example "#REF!" => "P";

    /// The only sheet that could be the model's is hidden.
    SHEET_HIDDEN = "workbook.sheetHidden", Error, Encoder, Nothing;
    example "Présences (hidden), Feuil2" => "Présences";

    /// A value is in merged cells, of which a file stores the first only.
    MERGED_CELLS = "workbook.mergedCells", Error, Encoder, Nothing;
    example "AJ merged over J4:N4" => "AJ in each of J4, K4, L4, M4 and N4";

    /// A column of day codes whose header names no day of the month.
    DAY_HEADER = "workbook.dayHeader", Error, Encoder, Nothing;
    example "(no header)" => "5";

    /// A column that has values and that the model does not have.
    COLUMN_NOT_READ = "workbook.columnNotRead", Warning, Encoder, Nothing;
    example "Remarques" => "(no such column)";

    /// A spreadsheet program converted a text to a date.
    TEXT_BECAME_DATE = "workbook.textBecameDate", Error, Encoder, Nothing;
    example "03/12/2026" => "3-12";

    /// A date with a time of day where a date is meant.
    DATE_WITH_TIME = "workbook.dateWithTime", Error, Encoder, Nothing;
    example "30/09/2026 22:00" => "01/10/2026";

    /// A row of totals below the records.
    TOTALS_ROW = "workbook.totalsRow", Warning, Encoder, Nothing;
    example "TOTAL | 12 | 11 | 14" => "(no such row)";

    /// A row that belongs to nothing on the sheet that it refers to.
    OWNER_MISSING = "workbook.ownerMissing", Error, Encoder, Nothing;
    example "Personne | E-9, without E-9 on Personnes" => "Personne | E-7";

    /// A visible sheet that has a table of the model beside the one that is read.
    SHEET_NOT_READ = "workbook.sheetNotRead", Warning, Encoder, Nothing;
    example "Présences, Octobre" => "Présences";

    /// The sheet of the model is empty, and another visible one has its table.
    TABLE_ELSEWHERE = "workbook.tableElsewhere", Error, Encoder, Nothing;
    example "Présences (empty), Feuil2" => "Présences";
}
