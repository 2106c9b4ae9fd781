//! What was sent of children is nowhere in clear: not in a dump of the database, not in its raw bytes, not in a log line
//! of any level, not in a refusal. National numbers do not come back at all.

mod staff;
mod users;

use std::io::Cursor;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use calamine::{Reader as _, Xlsx};
use passerelle::seal::MasterKey;
use serde_json::{Value, json};

use crate::cli::{Operator, World, each_operator};
use crate::harness::book::book;
use crate::harness::call::{JSON, XLS, XLSX};
use crate::harness::database::Database;
use crate::harness::process::{Caller, Process};

/// Family name, given name, birth date.
const CHILDREN: [(&str, &str, &str); 3] = [
    ("Vanderquixote", "Zéphyrinelle", "2024-06-13"),
    ("De Wittelsbachère", "Ambrosius-Théo", "2024-07-18"),
    ("N'Golo-Ystradgynlais", "Œdipine", "2025-01-29"),
];

/// An invented number for a birth date.
fn ssin(birth_date: &str) -> String {
    let nine = format!("{}{}", &birth_date.replace('-', "")[2..], 977);
    format!("{nine}{:02}", 97 - format!("2{nine}").parse::<u64>().unwrap() % 97)
}

fn children() -> Value {
    let line = |(at, (family, given, birth)): (usize, (&str, &str, &str))| {
        json!({
            "reference": format!("K-{at}"), "familyName": family, "givenName": given, "birthDate": birth,
            "ssin": ssin(birth), "days": [{ "date": "2025-03-10", "status": "present", "duration": "full" }],
        })
    };
    json!({ "lines": CHILDREN.into_iter().enumerate().map(line).collect::<Vec<_>>() })
}

/// A haystack or a needle as a text with a character a byte: what `str` searches fast.
fn bytewise(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// What must not be found: a text in one of its disguises.
struct Needle {
    what: String,
    bytes: String,
}

fn needles(text: &str) -> Vec<Needle> {
    let mut forms = vec![text.as_bytes().to_vec(), text.to_lowercase().into(), text.to_uppercase().into()];
    let utf16: Vec<u16> = text.encode_utf16().collect();
    forms.push(utf16.iter().flat_map(|unit| unit.to_le_bytes()).collect());
    forms.push(utf16.iter().flat_map(|unit| unit.to_be_bytes()).collect());
    if let Some(latin) = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect::<Option<Vec<_>>>() {
        forms.push(latin);
    }
    let escaped = |c: char| if c.is_ascii() { c.to_string() } else { format!("\\u{:04x}", u32::from(c)) };
    forms.push(text.chars().map(escaped).collect::<String>().into());
    let percent =
        |byte: &u8| if byte.is_ascii_alphanumeric() { char::from(*byte).to_string() } else { format!("%{byte:02X}") };
    forms.push(text.as_bytes().iter().map(percent).collect::<String>().into());
    let hex = passerelle::seal::hex(text.as_bytes());
    forms.push(hex.to_uppercase().into());
    forms.push(hex.into());
    // What base64 makes of it, wherever it begins: without the characters that its neighbours share.
    for before in 0..3 {
        let encoded = BASE64_STANDARD.encode([&vec![0; before][..], text.as_bytes()].concat());
        let (from, to) = ((before * 8).div_ceil(6), (before + text.len()) * 8 / 6);
        forms.push(encoded.as_bytes()[from..to].to_vec());
    }
    forms.sort();
    forms.dedup();
    let needle = |form: Vec<u8>| Needle { what: text.to_owned(), bytes: bytewise(&form) };
    forms.into_iter().map(needle).collect()
}

/// A child as it is sent: family name, given name, birth date, number.
type Child = [String; 4];

/// The children that are sent as JSON and as new workbooks.
fn invented() -> impl Iterator<Item = Child> {
    CHILDREN.into_iter().map(|(family, given, birth)| [family.into(), given.into(), birth.into(), ssin(birth)])
}

/// The children of the legacy workbook, from their statement as JSON.
fn in_the_xls() -> Vec<Child> {
    let statement: Value = serde_json::from_slice(&tour("2026-07.json")).unwrap();
    let text = |line: &Value, member: &str| line[member].as_str().unwrap_or_default().to_owned();
    let child = |line: &Value| ["familyName", "givenName", "birthDate", "ssin"].map(|member| text(line, member));
    statement["lines"].as_array().unwrap().iter().map(child).collect()
}

/// A file of the tour.
fn tour(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/sandbox/tour/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The shortest name that is looked for: some of a few letters turn up in anything that is sealed.
const TELLING: usize = 6;

/// The month of refused documents: its days appear in findings, so no child was born on them.
const REFUSED: &str = "2025-03";

/// The personal data of a child, in every encoding in which it could be stored.
fn of_child([family, given, birth, number]: Child) -> Vec<Needle> {
    let (year, month, day) = (&birth[..4], &birth[5..7], &birth[8..]);
    let dates = [birth.clone(), format!("{day}/{month}/{year}"), format!("{year}{month}{day}")];
    let dates = dates.into_iter().filter(|_| !birth.starts_with(REFUSED));
    let names = [family, given].into_iter().filter(|name| name.chars().count() >= TELLING);
    let numbers = (!number.is_empty()).then(|| [dotted(&number), number]).into_iter().flatten();
    names.chain(dates).chain(numbers).flat_map(|text| needles(&text)).collect()
}

/// A number as people write it, without its check digits.
fn dotted(number: &str) -> String {
    format!("{}.{}.{}-{}", &number[..2], &number[2..4], &number[4..6], &number[6..9])
}

/// Everything personal that is sent.
fn personal() -> Vec<Needle> {
    invented().chain(in_the_xls()).flat_map(of_child).collect()
}

/// Every number that is sent.
fn numbers() -> Vec<Needle> {
    let numbers = invented().chain(in_the_xls()).map(|[.., number]| number).filter(|number| !number.is_empty());
    numbers.flat_map(|number| needles(&number)).collect()
}

/// Nothing of it is in there.
#[track_caller]
fn tells_nothing(place: &str, bytes: &[u8], needles: &[Needle]) {
    let hay = bytewise(bytes);
    for needle in needles {
        if let Some(at) = hay.find(&needle.bytes) {
            let around = &hay
                [hay.floor_char_boundary(at.saturating_sub(100))..hay.ceil_char_boundary((at + 100).min(hay.len()))];
            panic!("{place} tells “{}”: …{around}…", needle.what);
        }
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytewise(bytes).contains(&bytewise(text.as_bytes()))
}

/// The database as dumped by its engine and, where it is a file, its bytes.
async fn everything_kept(database: &Database) -> Vec<(String, Vec<u8>)> {
    let mut kept = database.dump().await;
    if let Some(path) = database.url.strip_prefix("sqlite:") {
        for suffix in ["", "-wal", "-shm"] {
            kept.push((format!("the file{suffix}"), std::fs::read(format!("{path}{suffix}")).unwrap_or_default()));
        }
        assert!(holds(&kept[kept.len() - 3].1, "organiser_id"), "the file is not empty");
    }
    assert!(kept.iter().any(|(_, bytes)| holds(bytes, "Le Nid")), "what is not personal is found");
    kept
}

/// A statement with this done to it.
fn with(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut statement = children();
    change(&mut statement);
    statement.to_string().into_bytes()
}

/// Refused documents, each with names, numbers and dates where they must not be repeated.
fn refused() -> Vec<(&'static str, Vec<u8>)> {
    let (family, given, birth) = CHILDREN[0];
    let sound = children().to_string();
    let book_of = |statement: &Value| book("2025-03", statement);
    // Every column slipped by one: names in the place of days, numbers in the place of names.
    let mut slipped = children();
    for line in slipped["lines"].as_array_mut().unwrap() {
        let number = line["ssin"].clone();
        line["days"][0]["status"] = line["familyName"].take();
        line["birthDate"] = line["givenName"].clone();
        line["ssin"] = line["givenName"].take();
        line["familyName"] = number;
    }
    let mut headers = children();
    headers["lines"][0]["days"][0]["date"] = birth.into();
    vec![
        (JSON, sound[..sound.len() / 2].into()),
        (JSON, sound.replace("\"days\"", &format!("\"{family}\" \"days\"")).into()),
        (JSON, sound.replacen("\"days\"", &format!("\"familyName\":\"{family}\",\"days\""), 1).into()),
        (JSON, sound.replacen(given, "\\ud800", 1).into()),
        (JSON, with(|all| all["lines"][0]["birthDate"] = "13/06/2024".into())),
        (JSON, with(|all| all["lines"][0]["ssin"] = format!("{}0", &ssin(birth)[..10]).into())),
        (JSON, with(|all| all["lines"][1] = all["lines"][0].clone())),
        (JSON, with(|all| all["lines"][0]["days"][0]["status"] = family.into())),
        (JSON, with(|all| all["lines"][0]["days"][0]["reason"] = given.into())),
        (JSON, with(|all| all["lines"][0]["days"][0]["date"] = birth.into())),
        (JSON, with(|all| all["lines"][0]["days"][0]["arrival"] = family.into())),
        (JSON, with(|all| all["lines"][0]["startDate"] = family.into())),
        (JSON, with(|all| all["lines"][0]["days"] = family.into())),
        (JSON, with(|all| all["lines"] = json!({ family: given }))),
        (JSON, with(|all| all["lines"][0][CHILDREN[1].0] = given.into())),
        (JSON, Value::from(family).to_string().into()),
        (XLSX, book_of(&slipped)),
        (XLSX, book_of(&headers)),
        (XLSX, format!("{family};{given};{birth}\n").into()),
        ("text/csv", format!("{family};{given};{birth}\n").into()),
        // Of another month; cut short; called something else.
        (XLS, tour("2026-09.xls")),
        (XLS, tour("2026-09.xls")[..9000].into()),
        (XLSX, tour("2026-09.xls")),
    ]
}

/// An address below the statements.
fn statements(world: &World, rest: &str) -> String {
    format!("/creches/{}/attendanceStatements/{rest}", world.creche)
}

/// Sends refused documents; returns the problems, which may contain none of it.
async fn refusals(vendor: &Caller, world: &World) -> Vec<Vec<u8>> {
    let path = |rest: &str| statements(world, rest);
    let mut silent = Vec::new();
    for (media, body) in refused() {
        for query in ["", "?dryRun=true"] {
            let request = vendor.put(&path(&format!("2025-03{query}")), media, body.clone());
            let response = request.send().await.unwrap();
            assert!(matches!(response.status().as_u16(), 400 | 415), "{}", response.status());
            silent.push(response.bytes().await.unwrap().to_vec());
        }
    }
    for (media, body) in [refused().swap_remove(16), (XLS, tour("2026-09.xls"))] {
        let marked = vendor.put(&path("2025-03"), media, body).header("accept", XLSX);
        assert_eq!(marked.send().await.unwrap().status(), 400);
    }
    silent
}

/// Sends accepted documents; returns the responses, which may contain none of it.
async fn acceptances(vendor: &Caller, world: &World) -> Vec<Vec<u8>> {
    let path = |rest: &str| statements(world, rest);
    let mut silent = Vec::new();
    // Accepted, with warnings: a birth date that differs from the number, a line without one.
    let doubtful = with(|all| {
        all["lines"][0]["birthDate"] = "2024-07-18".into();
        all["lines"][1].as_object_mut().unwrap().remove("ssin");
    });
    let documents = [
        ("2025-03?dryRun=true", JSON, children().to_string().into_bytes(), 200),
        ("2025-03", JSON, children().to_string().into_bytes(), 201),
        ("2025-03", JSON, doubtful, 200),
        (
            "2025-04",
            XLSX,
            book("2025-04", &serde_json::from_str(&children().to_string().replace("2025-03", "2025-04")).unwrap()),
            201,
        ),
        ("2026-09", XLS, tour("2026-09.xls"), 201),
    ];
    for (rest, media, body, expected) in documents {
        let request = vendor.put(&path(rest), media, body);
        let request = if expected == 201 { request } else { request.header("if-match", "\"1\"") };
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), expected, "{rest}");
        silent.push(response.bytes().await.unwrap().to_vec());
    }
    silent
}

/// Reads it all back; the responses may contain anything but numbers.
async fn reads(vendor: &Caller, world: &World) -> Vec<Vec<u8>> {
    let path = |rest: &str| statements(world, rest);
    let mut open = Vec::new();
    let summaries = format!("/creches/{}/summaries/2025-03", world.creche);
    let reads = [
        path("2025-03"),
        path("2025-03/revisions"),
        path("2025-03/revisions/1"),
        path("2025-04"),
        path("2026-09"),
        summaries.clone(),
        format!("{summaries}/contributions"),
    ];
    for read in reads {
        let response = vendor.get(&read).send().await.unwrap();
        assert_eq!(response.status(), 200, "{read}");
        open.push(response.bytes().await.unwrap().to_vec());
    }
    for read in [path("2025-04"), path("2025-05/template?prefill=previousMonth")] {
        let response = vendor.get(&read).header("accept", XLSX).send().await.unwrap();
        assert_eq!(response.status(), 200, "{read}");
        let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(response.bytes().await.unwrap().to_vec())).unwrap();
        let sheets = workbook.worksheets();
        let cells = sheets.iter().flat_map(|(_, range)| range.used_cells()).map(|(_, _, cell)| format!("{cell}\n"));
        open.push(cells.collect::<String>().into_bytes());
    }
    for [family, given, birth, _] in invented().chain(in_the_xls()) {
        let returned = [family, given, birth].map(|text| open.iter().any(|body| holds(body, &text)));
        assert_eq!(returned, [true; 3], "what is personal comes back to whom it belongs");
    }
    open
}

/// A gateway that writes every log line that it has.
fn talkative(operator: &Operator, format: &str) -> Process {
    let mut command = operator.command(&["serve"]);
    command.env("PASSERELLE_LISTEN", "127.0.0.1:0").env("PASSERELLE_LOG__FORMAT", format);
    Process::start(command.env("PASSERELLE_LOG__FILTER", "trace"), "Passerelle listens on")
}

#[tokio::test]
async fn nothing_personal_is_stored_or_returned_in_clear() {
    each_operator(async |operator, database| {
        let world = operator.register_world();
        let personal = personal();
        let gateway = talkative(operator, "text");
        let origin = gateway.line_after("Passerelle listens on").rsplit(' ').next().unwrap().to_owned();
        let vendor = Caller::new(&format!("{origin}/creche/v1"), &world.key);
        for body in refusals(&vendor, &world).await.into_iter().chain(acceptances(&vendor, &world).await) {
            tells_nothing("an answer", &body, &personal);
        }
        let numbers = numbers();
        for body in &reads(&vendor, &world).await {
            tells_nothing("a read", body, &numbers);
        }
        // While the gateway runs, including its write-ahead log.
        for (name, bytes) in everything_kept(database).await {
            tells_nothing(&name, &bytes, &personal);
        }
        let end = gateway.stop();
        assert!(end.errors.contains("DEBUG"), "every level is written");
        let secrets = [world.key.split('_').nth(3).unwrap(), &operator.master_key];
        let secrets: Vec<_> = secrets.into_iter().flat_map(needles).chain(personal).collect();
        tells_nothing("the log", end.errors.as_bytes(), &secrets);
        tells_nothing("the output", end.out.as_bytes(), &secrets);
        rotated(operator, database, &world, &secrets).await;
    })
    .await;
}

/// The same once the master key was rotated.
async fn rotated(operator: &Operator, database: &Database, world: &World, secrets: &[Needle]) {
    let new = MasterKey::generate().expose();
    operator.configure_keys(&database.url, &new, Some(&operator.master_key));
    let said = operator.run(&["admin", "rotate-master-key"]).expect_success();
    operator.configure_keys(&database.url, &new, None);
    let gateway = talkative(operator, "json");
    let origin = gateway.line_after("Passerelle listens on").rsplit(' ').next().unwrap().to_owned();
    let vendor = Caller::new(&format!("{origin}/creche/v1"), &world.key);
    let path = format!("/creches/{}/attendanceStatements/2025-03", world.creche);
    let (status, statement) = vendor.read(&path).await;
    assert_eq!((status, &statement["lines"][0]["familyName"]), (200, &CHILDREN[0].0.into()));
    for (name, bytes) in everything_kept(database).await {
        tells_nothing(&name, &bytes, secrets);
        tells_nothing(&name, &bytes, &needles(&new));
    }
    let end = gateway.stop();
    for text in [said, end.errors, end.out] {
        tells_nothing("the rotation or the log after it", text.as_bytes(), secrets);
        tells_nothing("the rotation or the log after it", text.as_bytes(), &needles(&new));
    }
}

#[test]
fn the_search_finds_every_encoding() {
    let text = "Zéphyrinelle";
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let disguises = [
        format!("x{text}y").into_bytes(),
        text.to_uppercase().into_bytes(),
        utf16,
        b"Z\xe9phyrinelle".to_vec(),
        b"Z\\u00e9phyrinelle".to_vec(),
        BASE64_STANDARD.encode(format!("a{text}b")).into_bytes(),
        BASE64_STANDARD.encode(format!("ab{text}")).into_bytes(),
        BASE64_STANDARD.encode(format!("abc{text}defg")).into_bytes(),
        passerelle::seal::hex(format!("a{text}").as_bytes()).into_bytes(),
    ];
    for disguise in disguises {
        let found = needles(text).iter().any(|needle| bytewise(&disguise).contains(&needle.bytes));
        assert!(found, "{}", String::from_utf8_lossy(&disguise));
    }
}
