//! The API's data of the kind attendance; everything else is common to all kinds of statement.

use super::code_list::{CodeItem, CodeList, ItemDetails};
use super::statements::{Operations, StatementOperations};
use crate::domain::counting_rule::CountingRule;
use crate::domain::kinds::attendance::{Duration, Reason, Statement, Status};
use crate::words::{self, LocalText};

impl StatementOperations for Statement {
    const OPERATIONS: Operations = Operations {
        list: ("/creches/{crecheId}/attendanceStatements", "listAttendanceStatements"),
        put: ("/creches/{crecheId}/attendanceStatements/{month}", "putAttendanceStatement"),
        get: ("/creches/{crecheId}/attendanceStatements/{month}", "getAttendanceStatement"),
        revisions: ("/creches/{crecheId}/attendanceStatements/{month}/revisions", "listAttendanceStatementRevisions"),
        revision: (
            "/creches/{crecheId}/attendanceStatements/{month}/revisions/{revision}",
            "getAttendanceStatementRevision",
        ),
        template: ("/creches/{crecheId}/attendanceStatements/{month}/template", "getAttendanceStatementTemplate"),
        signature: None,
        contributions: ("/creches/{crecheId}/summaries/{period}/contributions", "getCrecheSummaryContributions"),
        counting_rule: CountingRule::AttendanceDays,
    };
    const RULE_CASES: &'static str = include_str!("../../sandbox/corpus/attendance.json");
    const CODE_LISTS: &'static [CodeList] = &[
        CodeList {
            name: "absenceReasons",
            items: |_, _| Reason::ALL.iter().map(|code| CodeItem::without_words(code.code(), code.label())).collect(),
        },
        CodeList { name: "dayCodes", items: |_, _| DAY_CODES.iter().map(day_item).collect() },
    ];
}

/// The codes of a workbook's day cells.
const DAY_CODES: [(&str, Status, Duration, LocalText); 6] = {
    use Duration::{Full, Half};
    use Status::{JustifiedAbsence, Present, UnjustifiedAbsence};
    [
        ("P", Present, Full, words::api::PRESENT_WHOLE_DAY),
        ("P/2", Present, Half, words::api::PRESENT_HALF_DAY),
        ("AJ", JustifiedAbsence, Full, words::api::JUSTIFIED_ABSENCE_WHOLE_DAY),
        ("AJ/2", JustifiedAbsence, Half, words::api::JUSTIFIED_ABSENCE_HALF_DAY),
        ("AI", UnjustifiedAbsence, Full, words::api::UNJUSTIFIED_ABSENCE_WHOLE_DAY),
        ("AI/2", UnjustifiedAbsence, Half, words::api::UNJUSTIFIED_ABSENCE_HALF_DAY),
    ]
};

fn day_item((code, status, duration, description): &(&'static str, Status, Duration, LocalText)) -> CodeItem {
    let more = ItemDetails::Day { status: status.code(), duration: duration.code() };
    CodeItem { more, ..CodeItem::without_words(*code, *description) }
}
