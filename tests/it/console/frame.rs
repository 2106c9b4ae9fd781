//! The frame of every page: the organiser, the icon, the focus ring.

use crate::harness::app::{ADMINISTRATOR, each_app};

#[tokio::test]
async fn every_page_names_the_organiser_and_leads_to_the_others() {
    each_app(async |app| {
        let anne = app.browser(ADMINISTRATOR).await;
        for path in ["/console/board", "/console/history", "/console/users", "/console/closures", "/console/sessions"] {
            let page = anne.page(path).await.expect(200);
            assert!(page.reads("ASBL Les Petits Pas Changer"), "{path}: {}", page.words());
            assert!(page.tags("a").iter().any(|link| link.attribute("href") == "/console/organisers"), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn every_page_has_an_icon_that_is_there() {
    each_app(async |app| {
        let anne = app.browser(ADMINISTRATOR).await;
        let page = anne.page("/console/board").await.expect(200);
        let icon = page.tags("link").into_iter().find(|link| link.attribute("rel") == "icon").expect("an icon");
        let icon = anne.page(icon.attribute("href")).await;
        assert_eq!((icon.status, icon.header("content-type")), (200, "image/svg+xml"));
    })
    .await;
}

/// The styles of the console.
const CSS: &str = include_str!("../../../src/console/console.css");

/// The relative luminance of a colour that the styles name (WCAG 2.1).
fn luminance(name: &str) -> f64 {
    let (_, rest) = CSS.split_once(&format!("{name}: #")).expect("a colour");
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&rest[at..at + 2], 16).expect("two digits")) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126f64.mul_add(channel(0), 0.7152f64.mul_add(channel(2), 0.0722 * channel(4)))
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn the_focus_ring_stands_out_by_three_to_one() {
    for ground in ["--card", "--paper", "--accent-soft", "--good-soft", "--warn-soft", "--bad-soft"] {
        assert!(contrast("--focus", ground) >= 3.0, "{ground}: {}", contrast("--focus", ground));
    }
    assert!(contrast("--focus-on-band", "--band") >= 3.0);
}

#[tokio::test]
async fn a_form_that_is_sent_too_late_leads_back_to_its_page_after_the_log_in() {
    each_app(async |app| {
        let mut browser = app.browser(ADMINISTRATOR).await;
        browser.secret = "0".repeat(64);
        for (referer, page) in [
            ("https://passerelle.example/console/closures?year=2026", "/console/closures"),
            ("https://elsewhere.example/console/users", "/console"),
        ] {
            let late = browser.send_from(referer, "/console/closures/remove").await;
            assert_eq!(late.expect(303).location(), format!("/console/login?to={page}"));
        }
    })
    .await;
}
