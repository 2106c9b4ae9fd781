//! The examples of the contract, replayed: a request is sent as it is, a response is provoked and compared. An example that
//! is not replayed fails the test.

mod answers;
mod autumn;
mod requests;
mod stories;

use axum::http::Method;
use serde_json::Value;

use crate::harness::app::BASE;
use crate::harness::contract::Node;

/// The address of the gateway in the contract's examples.
const SHOWN: &str = "https://gateway.example";

/// An operation of the contract.
struct Operation {
    method: Method,
    path: &'static str,
    item: Node,
    node: Node,
}

/// Every operation that keys of organisers may call. Those for users and for the agency have random ids in their examples, which are checked against
/// their schemas (`schema::examples`).
fn operations() -> impl Iterator<Item = Operation> {
    let paths = Node::at("/paths".to_owned()).expect("there are paths");
    paths
        .children()
        .collect::<Vec<_>>()
        .into_iter()
        .flat_map(|(path, item)| {
            let methods = item.children().filter(|(_, node)| node.value["operationId"].is_string()).collect::<Vec<_>>();
            methods.into_iter().map(move |(method, node)| {
                let method = method.to_uppercase().parse().expect("a method");
                Operation { method, path, item: item.clone(), node }
            })
        })
        .filter(|operation| {
            let scope = operation.node.value["x-scope"].as_str();
            let is_agency = |scope: &str| scope.starts_with("claims:") || scope.starts_with("payments:");
            !scope.is_some_and(|scope| matches!(scope, "administrator" | "userManager" | "agent") || is_agency(scope))
        })
}

impl Operation {
    fn id(&self) -> &'static str {
        self.node.value["operationId"].as_str().expect("operations are named")
    }

    /// Its address as the examples of its parameters have it.
    fn address(&self) -> String {
        let listed = [&self.item, &self.node].into_iter().filter_map(|node| node.child("parameters"));
        let parameters = listed.flat_map(|list| (0..).map_while(move |at| list.child(&at.to_string())));
        parameters.filter(|parameter| parameter.value["in"] == "path").fold(self.path.to_owned(), |path, parameter| {
            let name = parameter.value["name"].as_str().expect("parameters are named");
            let example = parameter.value["example"].as_str().expect("parameters have examples");
            path.replace(&format!("{{{name}}}"), example)
        })
    }
}

/// The examples of a request or an answer: media type, name, value.
fn examples(message: &Node) -> Vec<(&'static str, &'static str, Value)> {
    let forms = message.child("content").into_iter().flat_map(|content| content.children().collect::<Vec<_>>());
    let named = forms.filter_map(|(media, form)| Some((media, form.child("examples")?)));
    let each = named
        .flat_map(|(media, list)| list.children().map(move |(name, node)| (media, name, node)).collect::<Vec<_>>());
    each.map(|(media, name, node)| (media, name, here(&node.value["value"]))).collect()
}

/// The example with the addresses of the tests' gateway.
fn here(example: &Value) -> Value {
    serde_json::from_str(&example.to_string().replace(SHOWN, BASE)).expect("still JSON")
}
