//! A sandbox: the file for scripts, what persists over a restart, and where its keys are not stored.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use passerelle::domain::key::Scope;
use serde_json::{Value, json};

use crate::harness::call::JSON;
use crate::harness::database::{Database, each_engine};
use crate::harness::process::{Sandbox, answer, command, sandbox};
use crate::harness::statement::Sheet;

fn members(value: &Value) -> Vec<&str> {
    let mut members: Vec<_> = value.as_object().expect("an object").keys().map(String::as_str).collect();
    members.sort_unstable();
    members
}

fn items<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().unwrap_or_else(|| panic!("{name} is a list"))
}

/// The file has the members that are promised, each of its kind, and no other.
fn has_the_promised_shape(description: &Value) {
    assert_eq!(members(description), ["agency", "apiUrl", "baseUrl", "organisers"]);
    assert_eq!(members(&description["agency"]), ["keys"]);
    for key in items(&description["agency"], "keys") {
        assert_eq!(members(key), ["from", "key", "kind", "name", "scopes", "state"]);
        assert_eq!(
            (&key["name"], &key["kind"], &key["state"]),
            (&json!("everything"), &json!("agencytest"), &json!("active"))
        );
    }
    assert_eq!(description["apiUrl"], format!("{}/creche/v1", description["baseUrl"].as_str().unwrap()));
    assert!(description["baseUrl"].as_str().unwrap().starts_with("http://127.0.0.1:"));
    for organiser in items(description, "organisers") {
        assert_eq!(members(organiser), ["applications", "creches", "id", "legalName"]);
        for creche in items(organiser, "creches") {
            assert_eq!(members(creche), ["capacity", "id", "name", "oneNumber"]);
            assert!(creche["capacity"].is_u64() && creche["oneNumber"].is_string() && creche["id"].is_string());
        }
        for application in items(organiser, "applications") {
            assert_eq!(members(application), ["id", "keys", "name"]);
            for key in items(application, "keys") {
                let limited = key["name"] == "limited";
                let limit = ["creches"].into_iter().filter(|_| limited);
                let due: Vec<_> = limit.chain(["key", "kind", "name", "scopes", "state"]).collect();
                assert_eq!(members(key), due);
                assert_eq!(items(key, "scopes").len(), if limited { 1 } else { Scope::ALL.len() });
            }
            let listed = items(application, "keys")
                .iter()
                .map(|key| ["name", "kind", "state"].map(|member| key[member].as_str().unwrap()));
            let due = [
                ["everything", "test", "active"],
                ["trial", "trial", "active"],
                ["limited", "test", "active"],
                ["expired", "test", "expired"],
            ];
            assert_eq!(listed.collect::<Vec<_>>(), due);
        }
    }
}

#[tokio::test]
async fn the_file_has_everything_that_a_script_needs() {
    let home = tempfile::tempdir().unwrap();
    let started = Sandbox::start(&mut sandbox(Some(home.path()), None));
    let file = home.path().join("sandbox.json");
    assert_eq!(started.file, file.canonicalize().unwrap());
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::metadata(home.path().join("master.key")).unwrap().permissions().mode() & 0o777, 0o600);
    has_the_promised_shape(&started.description);
    let agency = crate::harness::process::Caller::new(started.text("/apiUrl"), started.text("/agency/keys/0/key"));
    let (status, paid) = agency.read("/agency/subsidyPayments").await;
    assert_eq!((status, items(&paid, "items").len()), (200, 3));
    assert_eq!(agency.read("/agency/changes").await.1["upTo"], 3);
    let organisers = items(&started.description, "organisers");
    assert_eq!(organisers.iter().map(|one| items(one, "creches").len()).collect::<Vec<_>>(), [3, 1]);
    for (at, organiser) in organisers.iter().enumerate() {
        let key = started.text(&format!("/organisers/{at}/applications/0/keys/0/key"));
        let caller = crate::harness::process::Caller::new(started.text("/apiUrl"), key);
        let (status, who) = caller.read("/caller").await;
        assert_eq!((status, &who["organiser"]["id"]), (200, &organiser["id"]));
        let scopes: BTreeSet<_> = items(&who, "scopes").iter().filter_map(Value::as_str).collect();
        assert_eq!(scopes, Scope::ALL.iter().map(|scope| scope.code()).collect());
        for creche in items(organiser, "creches") {
            let path = format!("/creches/{}/attendanceStatements", creche["id"].as_str().unwrap());
            assert_eq!(caller.read(&path).await.1["items"], json!([]));
            let closed = caller.read(&path.replace("attendanceStatements", "closures")).await;
            assert_eq!(closed.0, 200);
        }
    }
}

/// Starts a sandbox, deposits, stops it, starts another over its state: the same but for where it listens.
async fn restarts(start: impl Fn() -> Sandbox) {
    let path = "/creches/019a5c00-0000-7000-8000-000000000011/attendanceStatements/2026-01";
    let first = start();
    let document = Value::from(Sheet::of("2026-01").child(30, "5:P")).to_string();
    assert_eq!(answer(first.vendor().put(path, JSON, document)).await.unwrap().0, 201);
    let (before, file) = (first.description.clone(), first.file.clone());
    assert_eq!(first.process.stop().status, Some(0));
    // Whatever is there of an earlier start is of no use to anyone.
    std::fs::write(&file, "stale").unwrap();
    let second = start();
    assert_eq!(second.file, file);
    assert_eq!(second.description["organisers"], before["organisers"]);
    assert_eq!(second.description["agency"], before["agency"]);
    has_the_promised_shape(&second.description);
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let (status, statement) = second.vendor().read(path).await;
    assert_eq!((status, &statement["revision"]), (200, &1.into()));
}

#[tokio::test]
async fn a_restart_over_its_directory_loses_nothing() {
    each_engine(async |database| {
        let home = tempfile::tempdir().unwrap();
        restarts(|| Sandbox::start(&mut sandbox(Some(home.path()), Some(database)))).await;
    })
    .await;
    let home = tempfile::tempdir().unwrap();
    restarts(|| Sandbox::start(&mut sandbox(Some(home.path()), None))).await;
}

#[tokio::test]
async fn a_restart_over_its_database_loses_nothing_without_a_directory() {
    each_engine(async |database| {
        let temporary = tempfile::tempdir().unwrap();
        restarts(|| Sandbox::start(sandbox(None, Some(database)).env("TMPDIR", temporary.path()))).await;
    })
    .await;
}

#[tokio::test]
async fn without_a_directory_or_a_database_nothing_is_left() {
    let temporary = tempfile::tempdir().unwrap();
    let started = Sandbox::start(sandbox(None, None).env("TMPDIR", temporary.path()));
    assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 1);
    assert_eq!(started.process.stop().status, Some(0));
    assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn the_keys_do_what_their_names_say() {
    let started = Sandbox::start(&mut sandbox(None, None));
    let (api, creche) = (started.text("/apiUrl"), started.text("/organisers/0/creches/0/id"));
    let caller = |at: usize| {
        let key = started.text(&format!("/organisers/0/applications/0/keys/{at}/key"));
        crate::harness::process::Caller::new(api, key)
    };
    let path = format!("/creches/{creche}/attendanceStatements/2026-07");
    let sheet: Value = Sheet::of("2026-07").into();
    let (status, tried) = answer(caller(1).put(&path, JSON, sheet.to_string())).await.unwrap();
    assert_eq!((status, &tried["written"]), (200, &json!(false)), "{tried}");
    assert_eq!(caller(0).read(&path).await.0, 404);
    assert_eq!(caller(2).read(&path).await.0, 403);
    assert_eq!(caller(2).read(&format!("/creches/{creche}/summaries/2026Q3")).await.0, 200);
    let (status, listed) = caller(3).read("/caller").await;
    assert_eq!((status, &listed["type"]), (401, &json!("urn:problem-type:belgif:expiredAccessToken")));
}

#[test]
fn a_directory_in_use_is_refused_before_anything_in_it_is_touched() {
    let home = tempfile::tempdir().unwrap();
    let running = Sandbox::start(&mut sandbox(Some(home.path()), None));
    let before = std::fs::read(&running.file).unwrap();
    let output = sandbox(Some(home.path()), None).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("another sandbox runs with the state in") && said.contains("--listen 127.0.0.1:0"), "{said}");
    assert_eq!(std::fs::read(&running.file).unwrap(), before);
    assert_eq!(running.process.stop().status, Some(0));
    drop(Sandbox::start(&mut sandbox(Some(home.path()), None)));
}

#[tokio::test]
async fn a_sandbox_runs_on_the_given_date() {
    let started = Sandbox::start(sandbox(None, None).args(["--date", "2026-10-12"]));
    let vendor = started.vendor();
    let creche = started.text("/organisers/0/creches/0/id").to_owned();
    for (month, due) in [("2026-09", 201), ("2027-01", 400)] {
        let path = format!("/creches/{creche}/attendanceStatements/{month}");
        let sheet: Value = Sheet::of(month).into();
        let (status, listed) = answer(vendor.put(&path, JSON, sheet.to_string())).await.unwrap();
        assert_eq!(status, due, "{listed}");
    }
    let events = vendor.read("/events").await.1;
    assert!(events["items"][0]["time"].as_str().unwrap().starts_with("2026-10-1"), "{events}");
    let output = command(["sandbox", "--date", "12/10/2026"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[tokio::test]
async fn the_first_five_minutes_of_the_readme_work_on_any_day() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    assert!(readme.contains("cargo run -- sandbox --data /tmp/passerelle --date 2026-10-12"));
    let started = Sandbox::start(sandbox(None, None).args(["--date", "2026-10-12"]));
    let (vendor, creche) = (started.vendor(), started.text("/organisers/0/creches/0/id"));
    let put = async |month: &str, media: &str, file: &str| {
        let path = format!("/creches/{creche}/attendanceStatements/{month}");
        let document = std::fs::read(root.join("sandbox/tour").join(file)).unwrap();
        answer(vendor.put(&path, media, document)).await.unwrap()
    };
    let (status, listed) = put("2026-08?dryRun=true", JSON, "2026-07.json").await;
    let count = listed["issues"][0]["count"].as_u64().unwrap();
    assert!(status == 400 && readme.contains(&format!("folded over its {count} places")), "{listed}");
    let (status, listed) = put("2026-07", JSON, "2026-07.json").await;
    assert_eq!((status, items(&listed, "warnings").len()), (201, 1), "{listed}");
    assert_eq!(put("2026-08", crate::harness::call::XLSX, "2026-08.xlsx").await.0, 201);
    let (status, quarter) = vendor.read(&format!("/creches/{creche}/summaries/2026Q3")).await;
    assert_eq!((status, items(&quarter, "missing").len()), (200, 1), "{quarter}");
}

/// Follows redirects, with the cookies that are set on the way, to the last page.
async fn browse(base: &str, path: &str) -> String {
    let http = passerelle::outbound::client::loopback().build().unwrap();
    let (mut url, mut cookies) = (reqwest::Url::parse(base).unwrap().join(path).unwrap(), Vec::new());
    for _ in 0..5 {
        let answer = http.get(url.clone()).header("cookie", cookies.join("; ")).send().await.unwrap();
        let set = answer.headers().get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
        cookies.extend(set.map(|value| value.split(';').next().unwrap().to_owned()));
        let Some(target) = answer.headers().get("location") else { return answer.text().await.unwrap() };
        url = url.join(target.to_str().unwrap()).unwrap();
    }
    panic!("{path} leads nowhere");
}

#[tokio::test]
async fn an_agent_is_among_the_people_who_can_log_in() {
    let started = Sandbox::start(&mut sandbox(None, None));
    let page = browse(started.text("/baseUrl"), "/console/login/begin").await;
    assert!(page.contains("Béatrice Fontaine") && page.contains("Anne Dubois"), "{page}");
}

#[test]
fn its_health_is_asked_from_the_command_line() {
    let started = Sandbox::start(&mut sandbox(None, None));
    let ask = |url: &str| {
        let output = command(["health", "--url", url]).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let url = started.text("/baseUrl").to_owned();
    assert_eq!(ask(&url), (Some(0), "UP\n".to_owned()));
    assert_eq!(started.process.stop().status, Some(0));
    let (code, said) = ask(&url);
    assert!(code == Some(1) && said.starts_with("no answer from ") && said.contains("nobody listens there"), "{said}");
}

#[test]
fn a_port_in_use_is_reported_in_a_sentence_and_no_stale_file_is_left() {
    let home = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    std::fs::write(home.path().join("sandbox.json"), "{}").unwrap();
    let mut command = command(["sandbox", "--listen", &address, "--data"]);
    let output = command.arg(home.path()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains(&format!("passerelle: cannot listen on {address}")), "{said}");
    assert!(said.contains("--listen 127.0.0.1:0 for any free port"), "{said}");
    assert!(!home.path().join("sandbox.json").exists());
    assert!(output.stdout.is_empty());
}

#[test]
fn the_tour_is_played_to_its_end_and_shows_its_tables() {
    let temporary = tempfile::tempdir().unwrap();
    let output = command(["sandbox", "--tour"]).env("TMPDIR", temporary.path()).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}{}", String::from_utf8_lossy(&output.stderr));
    for listed in [
        "2026-07",
        "2026-08",
        "2026-09",
        "2026Q3",
        "GET",
        "PUT",
        "attendance.",
        "If-Match",
        "270.75 €",
        "4:45",
        "E-4, E-5",
        "1.60",
    ] {
        assert!(said.contains(listed), "the tour shows {listed}: {said}");
    }
    assert!(!said.contains("crk_test_"), "the tour shows no key");
    assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 0);
}

/// The files below a directory.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| (path.display().to_string(), std::fs::read(&path).unwrap())).collect()
}

#[tokio::test]
async fn its_keys_are_in_its_file_and_nowhere_else() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let with_server = Database::postgres().await;
    for database in [None, with_server.as_ref()] {
        let started = Sandbox::start(&mut sandbox(Some(folder), database));
        let key = started.text("/organisers/0/applications/0/keys/0/key").to_owned();
        let vendor = started.vendor();
        assert_eq!(vendor.read("/caller").await.0, 200);
        let wrong = crate::harness::process::Caller::new(&vendor.api, &format!("{key}x"));
        let refused = wrong.read("/caller").await;
        let mut contents = files(folder);
        let end = started.process.stop();
        contents.extend(files(folder));
        contents.push(("its output".to_owned(), end.out.into_bytes()));
        contents.push(("its log".to_owned(), end.errors.into_bytes()));
        contents.push(("the refusal".to_owned(), refused.1.to_string().into_bytes()));
        if let Some(database) = database {
            contents.extend(database.dump().await);
        }
        let secret = key.split('_').nth(3).expect("a key has a secret").as_bytes();
        for (name, bytes) in contents.iter().filter(|(name, _)| !name.ends_with("sandbox.json")) {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret), "{name} tells a key");
        }
        std::fs::remove_dir_all(folder).unwrap();
    }
}
