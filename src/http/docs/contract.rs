//! The operations of the contract that software can call, as the documentation lists them.

use std::sync::LazyLock;

use serde_json::Value;

use crate::app::contract::VENDOR;

/// An operation.
pub(super) struct Operation {
    pub(super) method: String,
    pub(super) path: String,
    /// Its name.
    pub(super) id: String,
    /// The group that it belongs to.
    pub(super) tag: String,
    pub(super) summary: String,
    /// What it does, in Markdown.
    pub(super) description: String,
    /// The right that a key needs; `None` where no key is needed.
    pub(super) right: Option<String>,
    pub(super) parameters: Vec<Parameter>,
    /// What can be sent.
    pub(super) body: Option<Form>,
    pub(super) answers: Vec<Answer>,
}

/// A parameter of an operation.
pub(super) struct Parameter {
    /// `path`, `query` or `header`.
    pub(super) place: String,
    pub(super) name: String,
    pub(super) description: String,
    /// A value that it may have.
    pub(super) example: String,
}

/// The body of a request or of an answer.
pub(super) struct Form {
    /// Its media types.
    pub(super) media: Vec<String>,
    /// An example in JSON.
    pub(super) example: Option<String>,
}

/// An answer of an operation.
pub(super) struct Answer {
    pub(super) status: String,
    pub(super) description: String,
    pub(super) form: Form,
}

static CONTRACT: LazyLock<Value> =
    LazyLock::new(|| serde_saphyr::from_str(VENDOR).expect("the contract is YAML, as a test sees to"));

/// The groups of operations: name and description, in the order of the contract.
pub(super) fn tags() -> impl Iterator<Item = (&'static str, &'static str)> {
    items(&CONTRACT["tags"]).map(|tag| (text(&tag["name"]), text(&tag["description"])))
}

/// Every operation, in the order of the contract.
pub(super) fn operations() -> impl Iterator<Item = Operation> {
    let methods = ["get", "put", "post", "patch", "delete"];
    members(&CONTRACT["paths"]).flat_map(move |(path, item)| {
        let there = methods.into_iter().filter_map(move |method| Some((method, item.get(method)?)));
        there.map(move |(method, operation)| Operation::new(method, path, operation))
    })
}

impl Operation {
    fn new(method: &str, path: &str, operation: &'static Value) -> Self {
        let body = operation.get("requestBody").map(|body| Form::new(followed(body)));
        let is_open = operation["security"].as_array().is_some_and(Vec::is_empty);
        let right = match text(&operation["x-scope"]) {
            "key" | "any" | "keyOrAdministrator" => "any key".to_owned(),
            scope => scope.to_owned(),
        };
        Self {
            method: method.to_uppercase(),
            path: path.to_owned(),
            id: text(&operation["operationId"]).to_owned(),
            tag: text(&operation["tags"][0]).to_owned(),
            summary: text(&operation["summary"]).to_owned(),
            description: text(&operation["description"]).to_owned(),
            right: (!is_open).then_some(right),
            parameters: items(&operation["parameters"]).map(|parameter| Parameter::new(followed(parameter))).collect(),
            body,
            answers: members(&operation["responses"]).map(|(status, answer)| Answer::new(status, answer)).collect(),
        }
    }
}

impl Parameter {
    fn new(parameter: &Value) -> Self {
        let schema = followed(&parameter["schema"]);
        let of_schema = || schema.get("examples").and_then(|examples| examples.get(0)).or(schema.get("example"));
        let example = parameter.get("example").or_else(of_schema).or(schema.get("default"));
        let example = example.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        Self {
            place: text(&parameter["in"]).to_owned(),
            name: text(&parameter["name"]).to_owned(),
            description: text(&parameter["description"]).to_owned(),
            example: example.unwrap_or_default(),
        }
    }
}

impl Form {
    fn new(body: &Value) -> Self {
        let media = members(&body["content"]).map(|(media, _)| media.clone()).collect();
        let of_media = |(_, form): (_, &Value)| {
            let (_, example) = members(&form["examples"]).next()?;
            serde_json::to_string_pretty(&followed(example)["value"]).ok()
        };
        Self { media, example: members(&body["content"]).find_map(of_media) }
    }
}

impl Answer {
    fn new(status: &str, answer: &'static Value) -> Self {
        let answer = followed(answer);
        let description = text(&answer["description"]).to_owned();
        Self { status: status.to_owned(), description, form: Form::new(answer) }
    }
}

/// What a part of the contract points at, or the part itself.
fn followed(part: &Value) -> &Value {
    let target = part["$ref"].as_str().and_then(|target| CONTRACT.pointer(target.strip_prefix('#')?));
    target.map_or(part, followed)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}
