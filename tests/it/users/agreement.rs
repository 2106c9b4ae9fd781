//! The typed reader calls clean exactly what the published schemas accept.

use passerelle::domain::raw::{Field, Raw};
use passerelle::domain::user::raw::{RawChange, RawUser};
use passerelle::ingest::schema::{Schemas, USER, USER_CHANGE};
use serde_json::{Value, json};

use crate::harness::app::CRECHE;
use crate::harness::people::new_user;

/// Values at the edges of every field's shape.
fn odd() -> Vec<Value> {
    let long = |letters: usize| format!("{}@b.example", "a".repeat(letters));
    let texts = [
        "",
        " ",
        "a",
        " a",
        "a ",
        "a\tb",
        "é",
        "Jean-Luc",
        "\u{feff}a",
        "85031497721",
        "8503149772",
        "85.03.14-977.21",
        "a@b.be",
        "a@b",
        "@b.be",
        "a@",
        "a@b.",
        "a@.be",
        "a@b..be",
        "a@b@c.be",
        "a b@c.be",
        "é@b.be",
        "a@é.be",
        "a+b@c-d.e",
        "a@b.be ",
        "administrator",
        "Administrator",
        "boss",
        "userManager",
        "true",
    ];
    let texts = texts.iter().map(|text| Value::from(*text));
    let right = |creche: Value, scopes: Value| json!([{ "crecheId": creche, "scopes": scopes }]);
    let rights = [
        json!([]),
        right(CRECHE.into(), json!([])),
        right(CRECHE.into(), json!(["attendance:read", "attendance:read"])),
        right(CRECHE.into(), json!(["events:read"])),
        right(CRECHE.into(), json!("attendance:read")),
        right(CRECHE.to_uppercase().into(), json!([])),
        right(CRECHE.replace('-', "").into(), json!([])),
        right(CRECHE.into(), json!(vec!["staff:read"; 10])),
        right(CRECHE.into(), json!(vec!["staff:read"; 11])),
        json!([{ "crecheId": CRECHE }]),
        json!([{ "crecheId": CRECHE, "scopes": [], "note": 1 }]),
        json!(vec![json!({ "crecheId": CRECHE, "scopes": [] }); 500]),
        json!(vec![json!({ "crecheId": CRECHE, "scopes": [] }); 501]),
    ];
    let others =
        [Value::Null, json!(true), json!(false), json!(1), json!({}), json!("a".repeat(100)), json!("é".repeat(101))];
    texts.chain(rights).chain(others).chain([long(244).into(), long(245).into()]).collect()
}

fn agree<R: Raw>(schema: &str, document: &Value) {
    let read: Field<R> = serde_json::from_value(document.clone()).unwrap();
    let accepted = Schemas::shared().accepts(schema, document);
    assert_eq!(read.is_clean(true), accepted, "{schema}: {document}");
    assert_eq!(Schemas::shared().validate(schema, document).is_empty(), accepted, "{schema}: {document}");
}

#[test]
fn the_typed_reader_of_users_accepts_what_the_schema_accepts() {
    let (new, change) = (new_user(1), json!({ "givenName": "A", "rights": [], "active": true, "email": "a@b.be" }));
    for (sound, read) in [(new, agree::<RawUser> as fn(&str, &Value)), (change, agree::<RawChange>)] {
        let schema = if sound.get("ssin").is_some() { USER } else { USER_CHANGE };
        read(schema, &sound);
        read(schema, &json!([]));
        read(schema, &json!({}));
        for field in
            ["givenName", "familyName", "email", "ssin", "profile", "rights", "consentCertified", "active", "x"]
        {
            let mut without = sound.clone();
            without.as_object_mut().unwrap().remove(field);
            read(schema, &without);
            for value in odd() {
                let mut damaged = sound.clone();
                damaged[field] = value;
                read(schema, &damaged);
            }
        }
    }
}
