//! The house keeps its shape: who may use whom is read off the `use` lines, and no file grows past a reader's patience.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Each room, and the rooms that it may use besides itself.
const ARROWS: [(&str, &[&str]); 17] = [
    ("domain", &["ids"]),
    ("ingest", &["domain", "ids"]),
    ("store", &["domain", "ids", "fair_queue"]),
    ("app", &["domain", "ingest", "store", "vault", "clock", "ids", "chance", "fair_queue"]),
    ("http", &["app", "outbound", "domain", "ids", "clock", "config", "network", "chance"]),
    ("outbound", &["app", "store", "domain", "ids", "clock", "chance", "config", "network"]),
    ("csam", &["domain", "clock", "chance"]),
    ("receiver", &["domain", "clock"]),
    (
        "cli",
        &[
            "app",
            "domain",
            "ingest",
            "store",
            "vault",
            "clock",
            "chance",
            "ids",
            "http",
            "outbound",
            "csam",
            "receiver",
            "config",
            "network",
            "telemetry",
        ],
    ),
    ("vault", &["store", "ids", "chance"]),
    ("ids", &["clock", "chance"]),
    ("clock", &[]),
    ("chance", &[]),
    ("config", &["domain", "network"]),
    ("network", &[]),
    ("fair_queue", &[]),
    ("telemetry", &["config"]),
];

/// Each crate that not every room may know, and the rooms (or files) that may.
const CRATES: [(&str, &[&str]); 12] = [
    ("sqlx", &["store"]),
    ("axum", &["http", "csam", "receiver"]),
    ("hyper", &["http"]),
    ("tower_http", &["http"]),
    ("reqwest", &["cli/health.rs", "cli/tour", "cli/listen.rs", "outbound"]),
    ("rustls", &["outbound/client.rs", "outbound/post.rs"]),
    ("openidconnect", &["outbound/oidc.rs", "outbound/oidc"]),
    ("chrono", &["outbound/oidc"]),
    ("calamine", &["ingest"]),
    ("rust_xlsxwriter", &["ingest"]),
    ("jsonschema", &["ingest"]),
    ("clap", &["cli"]),
];

/// What the domain is kept free of, whatever the crate: waiting, the machine, generic documents, the present.
const NOT_DOMAIN: [&str; 8] =
    ["async ", "tokio", "tracing", "serde_json", "std::fs", "std::net", "std::env", "Timestamp::now"];

/// The longest a file may be, in lines.
const LONGEST: usize = 400;

/// A source file: its path below `src`, and its lines of code before the tests in it.
struct Source {
    path: String,
    lines: usize,
    code: Vec<String>,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let (below, files): (Vec<PathBuf>, Vec<PathBuf>) = entries.partition(|path| path.is_dir());
        folders.extend(below);
        let rust = files.into_iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs"));
        found.extend(rust.map(|file| {
            let text = std::fs::read_to_string(&file).unwrap();
            let code = text.lines().take_while(|line| !line.starts_with("#[cfg(test)]"));
            let code = code.filter(|line| !line.trim_start().starts_with("//")).map(str::to_owned).collect();
            let path = file.strip_prefix(&root).unwrap().display().to_string();
            Source { path, lines: text.lines().count(), code }
        }));
    }
    found
}

impl Source {
    /// The room that it is in.
    fn room(&self) -> &str {
        self.path.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// The rooms that it names, by `crate::` or by enough `super::`.
    fn named(&self) -> BTreeSet<&str> {
        let words = self.code.iter().flat_map(|line| line.split("crate::").skip(1));
        words.filter_map(|rest| rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).next()).collect()
    }

    /// Whether it uses a crate.
    fn knows(&self, name: &str) -> bool {
        let path = format!("{name}::");
        let stands_alone =
            |before: &str| !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '"'));
        self.code.iter().any(|line| line.find(&path).is_some_and(|at| stands_alone(&line[..at])))
    }

    /// The most levels that a `super::` path of it climbs.
    fn climbs(&self) -> usize {
        let runs = self.code.iter().map(|line| line.matches("super::super::super::").count());
        runs.sum()
    }
}

#[test]
fn no_arrow_runs_the_wrong_way() {
    let mut wrong = Vec::new();
    for source in sources() {
        let room = source.room();
        if matches!(room, "lib" | "main" | "build") {
            continue;
        }
        let (_, may) = ARROWS.iter().find(|(name, _)| *name == room).unwrap_or_else(|| panic!("{room} has no arrows"));
        for other in source.named() {
            // A macro of the crate, not a room.
            let is_room = ARROWS.iter().any(|(name, _)| *name == other);
            if is_room && other != room && !may.contains(&other) {
                wrong.push(format!("{} uses {other}", source.path));
            }
        }
        if source.climbs() > 0 {
            wrong.push(format!("{} climbs too far: name the room", source.path));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_room_keeps_to_its_own_crates() {
    let sources = sources();
    let mut wrong = Vec::new();
    for (name, rooms) in CRATES {
        for source in sources.iter().filter(|source| source.knows(name)) {
            let within = |room: &str| source.path.starts_with(&format!("{room}/")) || source.path == room;
            if !rooms.iter().any(|room| within(room) || source.room() == *room) {
                wrong.push(format!("{} uses {name}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_domain_is_pure() {
    let domain = sources().into_iter().filter(|source| source.room() == "domain");
    let wrong: Vec<_> = domain
        .flat_map(|source| {
            let bad = source.code.iter().filter(|line| NOT_DOMAIN.iter().any(|word| line.contains(word)));
            bad.map(|line| format!("{}: {line}", source.path)).collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_file_is_longer_than_a_reader_bears() {
    let long = sources().into_iter().filter(|source| source.lines > LONGEST);
    let long: Vec<_> = long.map(|source| format!("{}: {} lines", source.path, source.lines)).collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn sql_stands_in_the_store_alone() {
    let words = ["\"select ", "\"insert into ", "\"update ", "\"delete from "];
    let outside = sources().into_iter().filter(|source| source.room() != "store");
    let wrong: Vec<_> = outside
        .filter(|source| source.code.iter().any(|line| words.iter().any(|word| line.contains(word))))
        .map(|source| source.path)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
