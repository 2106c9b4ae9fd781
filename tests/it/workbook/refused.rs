//! Files that are no workbook of the model: distinguished by their bytes.

use rust_xlsxwriter::Workbook;

use super::{HEADERS, parts, refusal, rows, workbook};

#[test]
fn what_is_not_a_workbook_is_named_for_what_it_is() {
    let good = rows(&[]);
    let with_main = |part: &str| {
        let kind = "http://x/relationships/officeDocument";
        let relations =
            format!("<Relationships><Relationship Id=\"r\" Type=\"{kind}\" Target=\"{part}\"/></Relationships>");
        parts(&[("[Content_Types].xml", b"<Types/>"), ("_rels/.rels", relations.as_bytes()), (part, b"<w/>")])
    };
    let (word, zip) = (with_main("word/document.xml"), with_main("photo.jpg"));
    let table: [(&[u8], &str); 12] = [
        (b"", "workbook.notAWorkbook"),
        (b"Nom;Pr\xe9nom\nDubois;L\xe9a\n", "workbook.notAWorkbook"),
        (b"\xff\xfeN\0o\0m\0", "workbook.notAWorkbook"),
        (b"%PDF-1.7 ...", "workbook.notAWorkbook"),
        (b"<html><table>", "workbook.notAWorkbook"),
        (b"{\"lines\":[]}", "workbook.notAWorkbook"),
        (b"\x01\x02\x00\x04", "workbook.notAWorkbook"),
        (&word, "workbook.notAWorkbook"),
        (&zip, "workbook.notAWorkbook"),
        (&good[..good.len() / 2], "workbook.unreadable"),
        (&good[..good.len() - 1], "workbook.unreadable"),
        (b"PK\x03\x04", "workbook.unreadable"),
    ];
    for (bytes, code) in table {
        assert_eq!(refusal(bytes), code, "{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(20)]));
    }
}

#[test]
fn other_kinds_of_spreadsheet_are_named() {
    let types = |kind: &str| {
        let (part, main) = ("/xl/workbook.xml", format!("application/vnd.{kind}.main+xml"));
        format!("<Types><Override PartName=\"{part}\" ContentType=\"{main}\"/></Types>")
    };
    let with =
        |kind: &str, name: &str, part: &[u8]| parts(&[("[Content_Types].xml", types(kind).as_bytes()), (name, part)]);
    let sheet = "openxmlformats-officedocument.spreadsheetml.sheet";
    assert_eq!(refusal(&with("ms-excel.sheet.macroEnabled", "x", b"")), "workbook.macros");
    assert_eq!(refusal(&with(sheet, "xl/vbaProject.bin", b"")), "workbook.macros");
    assert_eq!(refusal(&with("ms-excel.sheet.binary", "xl/workbook.bin", b"")), "workbook.notAWorkbook");
    let ods = with("x", "mimetype", b"application/vnd.oasis.opendocument.spreadsheet");
    assert_eq!(refusal(&ods), "workbook.notAWorkbook");
}

#[test]
fn encrypted_workbooks_ask_for_their_password_to_be_removed() {
    let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    bytes.resize(1024, 0);
    bytes.extend("EncryptedPackage\0".encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(2048, 0);
    assert_eq!(refusal(&bytes), "workbook.passwordProtected");
}

#[test]
fn sheets_and_versions_of_no_model_are_refused() {
    assert_eq!(refusal(&workbook("Feuil1", |_| Ok(()))), "workbook.sheetMissing");
    assert_eq!(refusal(&workbook("Présences", |_| Ok(()))), "workbook.headerRowMissing");
    let mut two = Workbook::new();
    two.add_worksheet().set_name("Présences A").unwrap();
    two.add_worksheet().set_name("Présences B").unwrap();
    assert_eq!(refusal(&two.save_to_buffer().unwrap()), "workbook.sheetAmbiguous");
    let merged = workbook("Présences", |sheet| {
        sheet.merge_range(0, 0, 0, 6, "Référence Nom Prénom", &rust_xlsxwriter::Format::new())?;
        Ok(())
    });
    assert_eq!(refusal(&merged), "workbook.headerRowMissing");
}

#[test]
fn an_explicit_other_version_is_refused_and_a_missing_one_is_the_current() {
    let versioned = |name: &str, meaning: &str, cell: &str| {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet().set_name("Présences").unwrap();
        sheet.write(0, 1, cell).unwrap();
        sheet.write_row(2, 0, HEADERS).unwrap().write(2, 7, 1).unwrap();
        workbook.define_name(name, meaning).unwrap();
        workbook.save_to_buffer().unwrap()
    };
    assert_eq!(refusal(&versioned("PasserelleModel", "=\"attendance/2\"", "")), "workbook.versionUnsupported");
    assert_eq!(
        refusal(&versioned("PasserelleModel", "='Présences'!$B$1", "attendance/0")),
        "workbook.versionUnsupported"
    );
    assert_eq!(refusal(&versioned("PasserelleModel", "='Présences'!$B$1", "attendance/1")), "");
    assert_eq!(refusal(&versioned("PASSERELLEMODEL", "=\"attendance/1\"", "")), "");
    assert_eq!(refusal(&versioned("PasserelleModel", "='Présences'!$B$1", "")), "");
    assert_eq!(refusal(&versioned("AutreNom", "=\"attendance/2\"", "")), "");
}
