//! The year in a script that begins with nothing but the base URL: `sandbox/year.py`.

use std::process::Command;

use super::started;
use crate::webhooks::foreign::tool;

#[test]
fn a_year_is_played_from_the_base_url_alone() {
    let Some(python) = tool("PASSERELLE_TEST_HOOKS_PYTHON") else { return };
    let home = tempfile::tempdir().unwrap();
    let sandbox = started(home.path());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/sandbox/year.py");
    let played = Command::new(python).args([script, sandbox.text("/baseUrl")]).output().unwrap();
    let [out, errors] = [&played.stdout, &played.stderr].map(|text| String::from_utf8_lossy(text));
    assert!(played.status.success(), "{out}\n{errors}");
    for (day, end) in
        [("2026-04-12", "2026Q1: accepted"), ("2026-07-12", "2026Q2: returned"), ("2027-01-14", "2026Q3: accepted")]
    {
        assert!(out.contains(&format!("{day}  {end}")), "{end} in {out}");
    }
}
