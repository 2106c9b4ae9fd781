//! Every operation of the contract: each text of each example request, each query parameter, each part of a path.

use std::collections::BTreeSet;

use axum::http::Method;
use passerelle::store;
use serde_json::Value;

use super::hostile_json_strings;
use crate::harness::app::{ADMINISTRATOR, TestApp, each_app, organiser};
use crate::harness::call::Persona;
use crate::harness::contract::Node;
use crate::harness::receiver;

/// The placeholder of a text in a document, replaced by a hostile one.
const MARK: &str = "\"the-hostile-text\"";

/// An operation of the contract with the address that its examples give.
struct Operation {
    id: &'static str,
    method: Method,
    path: String,
    scope: &'static str,
    node: Node,
    item: Node,
}

fn operations() -> Vec<Operation> {
    let paths = Node::at("/paths".to_owned()).unwrap();
    let mut found = Vec::new();
    for (path, item) in paths.children() {
        for (method, node) in item.children().filter(|(_, node)| node.value["operationId"].is_string()) {
            found.push(Operation {
                id: node.value["operationId"].as_str().unwrap(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.to_owned(),
                scope: node.value["x-scope"].as_str().unwrap_or("any"),
                item: item.clone(),
                node,
            });
        }
    }
    found
}

impl Operation {
    /// The parameters in this part of the request.
    fn parameters(&self, part: &str) -> Vec<Node> {
        let listed = [&self.item, &self.node].into_iter().filter_map(|node| node.child("parameters"));
        let all = listed.flat_map(|list| (0..).map_while(move |at| list.child(&at.to_string())));
        all.filter(|parameter| parameter.value["in"] == part).collect()
    }

    /// Its address with examples, where one parameter may have another value.
    fn address(&self, user: &str, other: Option<(&str, &str)>) -> String {
        self.parameters("path").iter().fold(self.path.clone(), |path, parameter| {
            let name = parameter.value["name"].as_str().unwrap();
            let shown = if name == "userId" { user } else { parameter.value["example"].as_str().unwrap_or("x") };
            let value = other.filter(|(named, _)| *named == name).map_or(shown, |(_, value)| value);
            path.replace(&format!("{{{name}}}"), value)
        })
    }

    /// The JSON documents of its examples, each with one of its texts marked; a property that occurs often is marked once.
    fn marked(&self) -> Vec<(&'static str, String)> {
        let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
        let Some(content) = self.node.child("requestBody").and_then(|body| body.child("content")) else { return found };
        for (media, form) in content.children().filter(|(media, _)| media.ends_with("json")) {
            let examples = form.child("examples").into_iter().flat_map(|list| list.children().collect::<Vec<_>>());
            for (_, example) in examples {
                let document = &example.value["value"];
                for pointer in texts(document, String::new()) {
                    let property: String = pointer.chars().filter(|c| !c.is_ascii_digit()).collect();
                    if seen.insert((media, property)) {
                        let mut document = document.clone();
                        *document.pointer_mut(&pointer).unwrap() = Value::from("the-hostile-text");
                        found.push((media, document.to_string()));
                    }
                }
            }
        }
        found
    }
}

/// The pointers of the texts in a document.
fn texts(value: &Value, at: String) -> Vec<String> {
    match value {
        Value::String(_) => vec![at],
        Value::Array(items) => {
            items.iter().enumerate().flat_map(|(index, item)| texts(item, format!("{at}/{index}"))).collect()
        }
        Value::Object(members) => {
            members.iter().flat_map(|(name, member)| texts(member, format!("{at}/{name}"))).collect()
        }
        _ => Vec::new(),
    }
}

/// A caller for each operation.
struct Callers<'a> {
    vendor: Persona<'a>,
    administrator: Persona<'a>,
    agent: Persona<'a>,
}

impl<'a> Callers<'a> {
    async fn of(app: &'a TestApp) -> Self {
        let administrator = app.person(ADMINISTRATOR).await;
        Self { vendor: app.vendor(), administrator, agent: app.agent().await }
    }

    /// A caller who may call an operation with this scope.
    fn with(&self, scope: &str) -> &Persona<'a> {
        match scope {
            "administrator" | "userManager" => &self.administrator,
            "agent" => &self.agent,
            _ => &self.vendor,
        }
    }
}

/// The data of the examples, and one of its users.
async fn create_world(app: &TestApp) -> String {
    app.travel("2026-11-03T09:12:45+01:00");
    let id = "019a5c00-0000-7000-8000-000000000061".parse().unwrap();
    let endpoint = receiver::endpoint_with(app, id, "http://127.0.0.1:9/hook").await;
    let mut tx = app.app.db.write().await.unwrap();
    store::webhooks::insert(&mut tx, organiser(), &endpoint).await.unwrap();
    app.commit(tx).await;
    let users = app.person(ADMINISTRATOR).await.get("/users").await.expect(200);
    users["items"][1]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn no_text_of_a_document_makes_an_operation_fail() {
    each_app(async |app| {
        let (user, callers) = (create_world(app).await, Callers::of(app).await);
        let mut tried = 0;
        for operation in operations() {
            let who = callers.with(operation.scope);
            let address = operation.address(&user, None);
            let exists = !app.vendor().get(&address).await.etag().is_empty();
            for (media, document) in operation.marked() {
                for (name, hostile) in hostile_json_strings() {
                    let body = document.replace(MARK, &hostile);
                    let call = who.call(operation.method.clone(), &address).body(media, body);
                    let status = if exists { call.if_match("*").await.status } else { call.await.status };
                    assert!(status < 500, "{}: {name} in {document}: {status}", operation.id);
                    tried += 1;
                }
            }
        }
        assert!(tried > 200, "only {tried} documents were tried");
    })
    .await;
}

#[tokio::test]
async fn no_text_of_an_address_makes_an_operation_fail() {
    each_app(async |app| {
        let (user, callers) = (create_world(app).await, Callers::of(app).await);
        let long = "a".repeat(60_000);
        let hostile = ["a%00b", "%00", "%ED%A0%80", "%F0%90", "%C2%85%01", long.as_str()];
        for operation in operations() {
            let who = callers.with(operation.scope);
            let ask = async |address: String| {
                let call = who.call(operation.method.clone(), &address).if_match("*");
                let call = if operation.node.child("requestBody").is_some() {
                    call.body("application/json", "{}")
                } else {
                    call
                };
                let status = call.await.status;
                let shown: String = address.chars().take(200).collect();
                assert!(status < 500, "{} at {shown}: {status}", operation.id);
            };
            for text in hostile {
                for parameter in operation.parameters("path") {
                    ask(operation.address(&user, Some((parameter.value["name"].as_str().unwrap(), text)))).await;
                }
                for parameter in operation.parameters("query") {
                    let name = parameter.value["name"].as_str().unwrap();
                    ask(format!("{}?{name}={text}", operation.address(&user, None))).await;
                }
            }
            ask(format!("{}?%00={}", operation.address(&user, None), "%ED%A0%80")).await;
        }
    })
    .await;
}

#[tokio::test]
async fn no_header_makes_an_operation_fail() {
    each_app(async |app| {
        let long = "a".repeat(8000);
        for name in ["user-agent", "accept-language", "if-none-match", "belgov-related-trace-id", "accept", "cookie"] {
            for value in [
                "\t",
                "\u{e9}\u{80}",
                "\"\u{ff}\"",
                "passerelle-session=\u{ff}; passerelle-language=\u{80}",
                long.as_str(),
            ] {
                let call = app.vendor().get("/caller");
                let status = call.header_bytes(name, value.as_bytes()).await.status;
                assert!(status < 500, "{name}: {status}");
            }
        }
    })
    .await;
}
