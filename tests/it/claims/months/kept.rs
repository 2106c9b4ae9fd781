//! Signed months as they are stored: sealed, authenticated, removed after their period.

use passerelle::app::audit;
use passerelle::app::retention::apply;
use passerelle::app::unsealing_check::check_unsealing;
use passerelle::domain::actor::Actor;
use passerelle::domain::audit::AuditChain;
use passerelle::domain::retention::Retention;
use serde_json::json;

use super::{month, signature, signed};
use crate::harness::app::{each_app, organiser};

#[tokio::test]
async fn a_signed_month_is_unsealed_and_removed_after_its_period() {
    each_app(async |app| {
        signed(app).await;
        let opened = check_unsealing(&app.app.db, &app.app.vault).await.unwrap();
        assert_eq!((opened.broken, opened.documents), (Vec::<String>::new(), 2), "the statement and the receipt");
        let actor = Actor::operator("tests");
        let retention = Retention { statement_years: 10, staff_years: 5, technical_months: 13 };
        let remove = async || {
            let all = apply(app.app.acting_as(&actor), retention, false).await.unwrap();
            all.total().claims
        };
        app.travel("2036-09-30T09:00:00+02:00");
        assert_eq!(remove().await, 0);
        app.travel("2036-10-01T09:00:00+02:00");
        assert_eq!(remove().await, 1);
        assert_eq!(signature(app).await["acts"], json!([]));
        app.vendor().get(month("/signature/receipt")).await.expect(404);
        let chain = AuditChain::Organiser(organiser());
        assert!(audit::verify_whole(&app.app.db, app.app.vault.index_key(), chain).await.unwrap().is_ok());
    })
    .await;
}
