//! Addresses at rest: sealed for their endpoint and version, also those that an earlier version stored in clear.

use passerelle::app::{deployment, integrity};
use passerelle::domain::actor::Actor;
use serde_json::json;

use super::deposit;
use crate::harness::app::TestApp;
use crate::harness::database::each_engine;
use crate::harness::receiver::{Receiver, deliver, verified};

const TOKEN: &str = "token=sesame";

#[tokio::test]
async fn addresses_stored_in_clear_are_sealed_at_the_first_start_and_never_again() {
    each_engine(async |database| {
        let (app, mut receiver) = (&TestApp::start(database).await, Receiver::start().await);
        let url = format!("{}?{TOKEN}", receiver.url());
        let (path, _) = verified(&app.vendor(), &mut receiver, json!({ "url": url })).await;
        // As a database of the version before has it.
        let clear = format!("update webhook_endpoint set url = '{url}', sealed_url = null, host_hash = null");
        assert_eq!(database.tamper(clear).await, 1);
        deployment::establish(&app.app).await.unwrap();
        integrity::accept(app.app.acting_as(&Actor::system("tests"))).await.unwrap();
        let holds = async || {
            let dump = database.dump().await;
            dump.iter().any(|(_, cell)| cell.windows(TOKEN.len()).any(|part| part == TOKEN.as_bytes()))
        };
        assert!(!holds().await, "the token is nowhere in clear");
        assert_eq!(app.vendor().get(&path).await.expect(200)["url"], url.as_str());
        deposit(app, 7).await;
        deliver(app).await;
        receiver.next().await;
        database.tamper("update webhook_endpoint set url = 'https://stranger.example/'").await;
        deployment::establish(&app.app).await.unwrap();
        assert_eq!(app.vendor().get(&path).await.expect(200)["url"], url.as_str(), "nothing in clear is believed");
    })
    .await;
}

#[tokio::test]
async fn a_sealed_address_of_another_endpoint_or_version_is_refused() {
    each_engine(async |database| {
        let (app, mut receiver) = (&TestApp::start(database).await, Receiver::start().await);
        let (one, _) = verified(&app.vendor(), &mut receiver, json!({})).await;
        let (two, _) = verified(&app.vendor(), &mut receiver, json!({})).await;
        let [first, second] = [&one, &two].map(|path| path.rsplit('/').next().unwrap());
        // The former address is saved in a column for a secret.
        let of = |id: &str| format!("(select sealed_url from webhook_endpoint where id = '{id}')");
        let aside = format!("update webhook_secret set sealed = {} where endpoint_id = '{second}'", of(second));
        assert_eq!(database.tamper(aside).await, 1);
        database.tamper(format!("update webhook_endpoint set sealed_url = {} where id = '{first}'", of(second))).await;
        app.vendor().get(&one).await.expect(500);
        app.vendor().patch(&two, json!({ "url": format!("{}/new", receiver.url()) })).await.expect(200);
        app.vendor().get(&two).await.expect(200);
        let before = format!("(select sealed from webhook_secret where endpoint_id = '{second}')");
        database.tamper(format!("update webhook_endpoint set sealed_url = {before} where id = '{second}'")).await;
        app.vendor().get(&two).await.expect(500);
        assert!(receiver.arrived().is_empty());
    })
    .await;
}
