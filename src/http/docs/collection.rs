//! The operations as a collection for Postman (format 2.1), which Bruno and others read too.

use serde_json::{Value, json};

use super::contract::{self, Operation, Parameter};

/// The format of the collection.
const SCHEMA: &str = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

/// The collection for the gateway whose API has this root.
pub(super) fn collection(api: &str) -> Value {
    let operations: Vec<_> = contract::operations().collect();
    let folder = |(name, description): (&str, &str)| {
        let of_tag = operations.iter().filter(|operation| operation.tag == name);
        let requests: Vec<_> = of_tag.map(request).collect();
        (!requests.is_empty()).then(|| json!({ "name": name, "description": description, "item": requests }))
    };
    json!({
        "info": { "name": "Passerelle", "schema": SCHEMA,
            "description": "Every operation that software can call. Set the variable `key` to your API key." },
        "auth": { "type": "bearer", "bearer": [{ "key": "token", "value": "{{key}}", "type": "string" }] },
        "variable": [{ "key": "api", "value": api }, { "key": "key", "value": "" }],
        "item": contract::tags().filter_map(folder).collect::<Vec<_>>(),
    })
}

fn request(operation: &Operation) -> Value {
    let mut request = json!({
        "method": operation.method,
        "description": operation.description,
        "header": of_place(operation, "header"),
        "url": url(operation),
    });
    if operation.right.is_none() {
        request["auth"] = json!({ "type": "noauth" });
    }
    if let Some(body) = &operation.body {
        let media = body.media.first().map_or("", String::as_str);
        if let (Value::Array(headers), false) = (&mut request["header"], media.is_empty()) {
            headers.push(json!({ "key": "Content-Type", "value": media }));
        }
        request["body"] = match &body.example {
            Some(example) => json!({ "mode": "raw", "raw": example, "options": { "raw": { "language": "json" } } }),
            None => json!({ "mode": "file" }),
        };
    }
    json!({ "name": format!("{} ({})", operation.summary, operation.id), "request": request })
}

fn url(operation: &Operation) -> Value {
    let step = |step: &str| match step.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
        Some(name) => format!(":{name}"),
        None => step.to_owned(),
    };
    let path: Vec<_> = operation.path.split('/').skip(1).map(step).collect();
    json!({
        "raw": format!("{{{{api}}}}/{}", path.join("/")),
        "host": ["{{api}}"],
        "path": path,
        "query": of_place(operation, "query"),
        "variable": of_place(operation, "path"),
    })
}

/// The parameters in one part of the request. What may be left out is switched off.
fn of_place(operation: &Operation, place: &str) -> Vec<Value> {
    let here = operation.parameters.iter().filter(|parameter| parameter.place == place);
    let shown = |Parameter { name, description, example, .. }: &Parameter| {
        let mut shown = json!({ "key": name, "value": example, "description": description });
        if place != "path" {
            shown["disabled"] = true.into();
        }
        shown
    };
    here.map(shown).collect()
}
