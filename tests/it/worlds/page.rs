//! The page on which a world is made with one button.

use std::process::Command;

use reqwest::Method;

use super::{WorldClient, started};
use crate::harness::markup::decoded;
use crate::webhooks::foreign::tool;

/// What the page shows once a world is made, for the fields of the form.
async fn made(client: &WorldClient, fields: &[(&str, &str)]) -> (u16, String, Option<String>) {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    let request = client.request(Method::POST, "/sandbox").header("accept-language", "en");
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(form.finish());
    let answer = request.send().await.unwrap();
    let cookie = answer.headers().get("set-cookie").map(|cookie| cookie.to_str().unwrap().to_owned());
    (answer.status().as_u16(), answer.text().await.unwrap(), cookie)
}

#[tokio::test]
async fn one_button_makes_a_world_whose_first_call_is_accepted() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = started(home.path());
    let client = WorldClient::of(&sandbox);
    let page = client.request(Method::GET, "/sandbox").send().await.unwrap();
    assert_eq!(page.status(), 200);
    let (status, page, cookie) = made(&client, &[("shape", "severalOrganisers"), ("startDate", "2026-10-12")]).await;
    assert_eq!(status, 200, "{page}");
    assert!(cookie.unwrap().contains("passerelle-world"), "its pages are open");
    let shown: Vec<String> =
        page.split("<code>").skip(1).map(|rest| decoded(rest.split("</code>").next().unwrap())).collect();
    let variables: Vec<_> = shown[0].lines().filter_map(|line| line.split_once('=')).collect();
    let value = |name: &str| variables.iter().find(|(found, _)| *found == name).unwrap().1;
    let secret = value("PASSERELLE_WORLD_SECRET");
    let path = value("PASSERELLE_WORLD").strip_prefix(&client.base).unwrap();
    assert_eq!(client.call(Method::GET, path, secret).await.0, 200);

    let Some(python) = tool("PASSERELLE_TEST_HOOKS_PYTHON") else { return };
    // Each text as it is pasted, the one after the other on the same month: the first deposits, the others change nothing.
    let folder = home.path().join("calls");
    std::fs::create_dir(&folder).unwrap();
    let run = |program: &str, name: &str, text: &str| {
        let file = folder.join(name);
        std::fs::write(&file, text).unwrap();
        let output = Command::new(program).arg(&file).output().unwrap();
        let [out, errors] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text).into_owned());
        assert!(output.status.success(), "{program}: {errors}");
        out
    };
    let answers = run("bash", "call.sh", &shown[1]);
    assert!(answers.contains("\"revision\":1"), "{answers}");
    let answers = run(python.to_str().unwrap(), "call.py", &shown[2]);
    assert!(answers.starts_with("200 ") && answers.contains("'unchanged': True"), "{answers}");
    let answers = run("node", "call.mjs", &shown[3]);
    assert!(answers.starts_with("200 ") && answers.contains("unchanged: true"), "{answers}");
    if Command::new("php").arg("--version").output().is_ok() {
        let answers = run("php", "call.php", &shown[5]);
        assert!(answers.contains("200 OK") && answers.contains("\"unchanged\":true"), "{answers}");
    }
    assert!(shown[4].contains("@\"{\n  \"\"lines\"\""), "{}", shown[4]);
}

#[tokio::test]
async fn a_day_on_which_no_world_begins_and_an_unknown_content_are_refused_on_the_page() {
    let home = tempfile::tempdir().unwrap();
    let sandbox = started(home.path());
    let client = WorldClient::of(&sandbox);
    for date in ["2023-12-31", "tomorrow"] {
        let (status, page, cookie) = made(&client, &[("shape", "fiveCreches"), ("startDate", date)]).await;
        assert!(status == 400 && page.contains("from 2024-01-01 to 2035-12-31"), "{status} {page}");
        assert!(cookie.is_none() && page.contains("value=\"fiveCreches\" selected"), "{page}");
    }
    let (status, page, cookie) = made(&client, &[("shape", "sixCreches")]).await;
    assert!(status == 400 && page.contains("Choose one of the contents") && cookie.is_none(), "{status} {page}");
    let landing = client.request(Method::GET, "/").send().await.unwrap().text().await.unwrap();
    assert!(landing.contains("href=\"/sandbox\""), "{landing}");
}
