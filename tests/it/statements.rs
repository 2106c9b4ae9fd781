//! Statements deposited, read back and corrected.

use crate::harness::app::{CRECHE, each_app};
use crate::harness::statement::{Sheet, totals};

fn at(month: &str) -> String {
    format!("/creches/{CRECHE}/attendanceStatements/{month}")
}

#[tokio::test]
async fn the_first_deposit_makes_the_first_revision_and_a_later_one_the_next() {
    each_app(async |app| {
        let july = Sheet::of("2026-07").child(1, "1:P 2:P/2+AJ/2 3:AI").child(2, "1:AJ 2:P");
        let first = app.vendor().put(at("2026-07"), &july).await.expect(201);
        assert_eq!((&first["revision"], &first["written"], first.etag().as_str()), (&1.into(), &true.into(), "\"1\""));
        assert_eq!(first["totals"], totals((2, 1), (1, 1), (1, 0)));
        assert_eq!(first.header("location"), first["self"]);
        let second = app.vendor().put(at("2026-07"), july.child(3, "6:P")).if_match("\"1\"").await.expect(200);
        assert_eq!((&second["revision"], second.etag().as_str()), (&2.into(), "\"2\""));
    })
    .await;
}
