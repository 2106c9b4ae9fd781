//! The pages that every finding and every problem lead to.

use passerelle::domain::closure::ClosureReason;
use passerelle::domain::counting_rule::CountingRule;
use passerelle::domain::kinds::attendance::Reason;
use passerelle::domain::rule_catalogue;
use passerelle::http::problem::ProblemType;

use crate::harness::app::{TestApp, each_app};

/// A list, its codes, and whether each code's page is the list's item.
async fn check_list(app: &TestApp, list: &str, codes: Vec<String>) {
    let whole = app.anonymous().get(format!("/refData/{list}")).await.expect(200);
    assert_eq!(whole.each("items", "code"), codes, "{list}");
    for item in whole["items"].as_array().unwrap() {
        let path = item["href"].as_str().unwrap().strip_prefix("https://passerelle.example/creche/v1").unwrap();
        let page = app.anonymous().get(path).await.expect(200);
        assert_eq!(&page.json, item);
        for language in ["fr", "nl", "en"] {
            for text in [&item["description"], &item["repair"]] {
                let words = text[language].as_str();
                assert!(words.is_some_and(|words| words.len() > 1) || text.is_null(), "{path} in {language}");
            }
        }
        app.anonymous().get(path).if_none_match(&page.etag()).await.expect(304);
    }
    app.anonymous().get(format!("/refData/{list}/none")).await.refused(404, "resourceNotFound");
}

#[tokio::test]
async fn every_code_has_a_page_in_three_languages() {
    each_app(async |app| {
        check_list(app, "rules", rule_catalogue::all().map(|rule| rule.code.to_owned()).collect()).await;
        check_list(app, "problemTypes", ProblemType::ALL.iter().map(|kind| kind.entry().name.to_owned()).collect())
            .await;
        check_list(app, "absenceReasons", Reason::ALL.iter().map(|reason| reason.code().to_owned()).collect()).await;
        check_list(app, "closureReasons", ClosureReason::ALL.iter().map(|reason| reason.code().to_owned()).collect())
            .await;
        check_list(app, "countingRules", CountingRule::ALL.iter().map(|rule| rule.code().to_owned()).collect()).await;
        app.anonymous().get("/refData/none").await.refused(404, "resourceNotFound");
    })
    .await;
}

#[test]
fn every_counting_rule_is_explained() {
    let domain = include_str!("../../docs/domain.md");
    for rule in CountingRule::ALL {
        assert!(domain.contains(&format!("| `{}` |", rule.code())), "{rule:?}");
    }
}

#[tokio::test]
async fn day_codes_with_a_slash_can_be_requested() {
    each_app(async |app| {
        let list = app.anonymous().get("/refData/dayCodes").await.expect(200);
        for item in list["items"].as_array().unwrap() {
            let path = item["href"].as_str().unwrap().strip_prefix("https://passerelle.example/creche/v1").unwrap();
            assert_eq!(app.anonymous().get(path).await.expect(200)["code"], item["code"]);
        }
    })
    .await;
}

#[tokio::test]
async fn holidays_are_those_of_three_years() {
    each_app(async |app| {
        let year = async || {
            let list = app.anonymous().get("/refData/publicHolidays").await.expect(200);
            list.each("items", "date").first().unwrap().clone()
        };
        assert_eq!(year().await, "2025-01-01");
        app.travel("2027-01-01T00:00:00+01:00");
        assert_eq!(year().await, "2026-01-01");
    })
    .await;
}
