//! The requests in the contract's examples are accepted.

use passerelle::store;

use super::{Operation, examples, operations};
use crate::harness::app::{TestApp, each_app, organiser};
use crate::harness::call::Reply;
use crate::harness::receiver;

/// Sends a body to the operation, knowing what is there.
async fn send(app: &TestApp, operation: &Operation, media: &str, body: String) -> Reply {
    let known = app.vendor().get(operation.address()).await;
    let call = app.vendor().call(operation.method.clone(), operation.address()).body(media, body);
    match known.etag() {
        none if none.is_empty() => call.await,
        etag => call.if_match(&etag).await,
    }
}

#[tokio::test]
async fn every_example_request_is_accepted() {
    each_app(async |app| {
        app.travel("2026-11-03T09:12:45+01:00");
        let id = "019a5c00-0000-7000-8000-000000000061".parse().unwrap();
        let endpoint = receiver::endpoint_with(app, id, "http://127.0.0.1:9/hook").await;
        let mut tx = app.app.db.write().await.unwrap();
        store::webhooks::insert(&mut tx, organiser(), &endpoint).await.unwrap();
        app.commit(tx).await;
        for operation in operations() {
            let Some(body) = operation.node.child("requestBody") else { continue };
            let forms = body.child("content").expect("a body has forms");
            if !forms.children().any(|(media, _)| media.ends_with("json")) {
                // A file: it has no example.
                continue;
            }
            let shown = examples(&body);
            assert!(!shown.is_empty(), "{} shows nothing to send", operation.id());
            for (media, name, value) in shown {
                // That the answer is one that the operation promises is seen to by the call itself.
                let reply = send(app, &operation, media, value.to_string()).await;
                let (id, status) = (operation.id(), reply.status);
                assert!((200..300).contains(&status), "{id} {name}: {status} {:#}", reply.json);
                let written = reply.json.get("written").is_none_or(|written| *written == true);
                assert!(written, "{id} {name}: {:#}", reply.json);
            }
        }
    })
    .await;
}
