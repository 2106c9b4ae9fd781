//! `passerelle logs`: a vendor sees the calls of its software.

use std::process::Command;

use passerelle::domain::key::{KeyId, KeyKind, KeyText};

use crate::harness::app::CRECHE;
use crate::harness::call::JSON;
use crate::harness::process::{Process, Sandbox, answer, command, sandbox};

/// The command with this key in the environment, at the API with this root.
fn logs(api: &str, key: &str, words: &[&str]) -> Command {
    let mut command = command(["logs", "--api", api]);
    command.args(words).env("PASSERELLE_KEY", key);
    command
}

fn output(mut command: Command) -> (Option<i32>, String, String) {
    let end = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (end.status.code(), text(end.stdout), text(end.stderr))
}

#[tokio::test]
async fn calls_are_followed_listed_and_written_as_a_command() {
    let sandbox = Sandbox::start(&mut sandbox(None, None));
    let vendor = sandbox.vendor();
    let run = |words: &[&str]| logs(&vendor.api, &vendor.key, words);
    let mut following = Process::start(&mut run(&["--follow"]), "Following the calls at ");
    let path = format!("/creches/{CRECHE}/attendanceStatements/2026-07");
    let refused = vendor.put(&path, JSON, r#"{"lines":[{}]}"#).send().await.unwrap();
    let id = refused.headers()["belgov-trace-id"].to_str().unwrap().to_owned();
    following.wait_for_text(&id);
    assert_eq!(answer(vendor.get("/caller")).await.unwrap().0, 200);
    following.wait_for_text("GET /caller 200");
    let end = following.stop();
    assert_eq!(end.status, Some(0));
    let line = end.out.lines().find(|line| line.ends_with(&id)).unwrap();
    assert!(line.contains(&format!("PUT {path} 400 badRequest ")), "{line}");
    assert!(line.contains(" refused ") && line.contains(" input.required×"), "{line}");

    let (status, out, _) = output(run(&["--status", "4xx", "--operation", "putAttendanceStatement"]));
    assert_eq!((status, out.trim_end()), (Some(0), line));
    let (_, out, _) = output(run(&["--last", "1"]));
    assert!(out.contains("GET /caller 200"), "{out}");
    let (status, out, _) = output(run(&["--as-curl", &id]));
    let curl = format!(
        "curl -sS -X PUT -H \"Authorization: Bearer $PASSERELLE_KEY\" -H 'Content-Type: application/json' \
         --data-binary '{{\"lines\":[{{}}]}}' '{}{path}'\n",
        vendor.api
    );
    assert_eq!((status, out), (Some(0), curl));
}

#[tokio::test]
async fn the_key_is_in_the_environment_or_in_a_file() {
    let sandbox = Sandbox::start(&mut sandbox(None, None));
    let vendor = sandbox.vendor();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), format!("{}\n", vendor.key)).unwrap();
    let words = ["logs", "--api", &vendor.api, "--key-file", file.path().to_str().unwrap()];
    let (status, out, errors) = output(command(words));
    assert_eq!((status, out.as_str(), errors.as_str()), (Some(0), "", ""), "nothing was called yet");
    let unknown = KeyText::new(KeyKind::Test, KeyId::from_random([7; 12]), [7; 32]);
    let none = command(["logs", "--api", &vendor.api]);
    for (command, says) in [
        (none, "PASSERELLE_KEY"),
        (logs(&vendor.api, "nonsense", &[]), "not a whole API key"),
        (logs(&vendor.api, unknown.expose(), &[]), "The API key is not valid"),
        (logs("http://127.0.0.1:1/creche/v1", &vendor.key, &[]), "no gateway at 127.0.0.1:1"),
        (command(["logs", "--key-file", "/nowhere"]), "cannot read /nowhere"),
    ] {
        let (status, _, errors) = output(command);
        assert!(status == Some(2) && errors.contains(says), "{says}: {errors}");
    }
}
