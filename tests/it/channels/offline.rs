//! The same cases off-line, with `passerelle check`: no finding that a gateway does not have, and all of its findings
//! except those of the rules that are listed as not checked.

use std::collections::BTreeSet;

use passerelle::app::check::{CheckedKind, OfflineContext, check};
use passerelle::domain::kinds::attendance;
use passerelle::domain::kinds::medical;
use passerelle::domain::statement::StatementKind;
use passerelle::ingest::workbook::xls::XlsReader;
use serde_json::json;

use super::{cases, workbook};

#[tokio::test]
async fn off_line_findings_are_the_same_but_for_those_that_need_stored_data() {
    let xls = XlsReader::new(env!("CARGO_BIN_EXE_passerelle").into());
    for (kind, case) in cases().into_iter().filter(|(_, case)| case.failing.is_some()) {
        let given = &case.context;
        let offline_context = json!({ "today": given.today, "capacity": given.capacity, "closures": given.closures,
            "subsidised": given.subsidised });
        let offline_context: OfflineContext = serde_json::from_value(offline_context).unwrap();
        let document = CheckedKind::Statement(StatementKind::from_name(kind).unwrap());
        let month = given.month.parse().unwrap();
        for channel in ["json", "xlsx"].into_iter().filter(|channel| case.by(channel)) {
            let failing = case.failing();
            let bytes = match channel {
                "json" => failing.to_string().into_bytes(),
                _ => workbook(kind, &given.month, &failing),
            };
            let checked = check(document, &bytes, Some(month), &offline_context, None, &xls).await.unwrap();
            let blind: BTreeSet<_> = checked.not_checked.iter().map(|rule| rule.code).collect();
            let expected = case.shows();
            let reported: BTreeSet<_> = checked.findings.iter().map(|finding| finding.rule.code).collect();
            assert!(reported.is_subset(&expected), "{}, {} by {channel}: {reported:?}", case.rule, case.title);
            let missing: BTreeSet<_> = expected.difference(&reported).copied().collect();
            assert!(missing.is_subset(&blind), "{}, {} by {channel}: {missing:?}", case.rule, case.title);
        }
    }
}

#[tokio::test]
async fn a_document_is_recognised_by_its_sheets_or_its_properties() {
    let xls = XlsReader::new(env!("CARGO_BIN_EXE_passerelle").into());
    let named = |kind| CheckedKind::Statement(kind);
    for (name, document) in [
        ("openpyxl.xlsx", named(attendance::KIND)),
        ("xlwt.xls", named(attendance::KIND)),
        ("consultations.json", named(medical::KIND)),
        ("consultations.xlsx", named(medical::KIND)),
        ("consultations.xls", named(medical::KIND)),
        ("staff.json", CheckedKind::StaffRegister),
        ("staff.xlsx", CheckedKind::StaffRegister),
        ("staff.xls", CheckedKind::StaffRegister),
    ] {
        let bytes = std::fs::read(format!("{}/sandbox/samples/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        assert_eq!(CheckedKind::recognised(&bytes, &xls).await, document, "{name}");
    }
}
