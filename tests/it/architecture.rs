//! The structure of the program: which folder may use which, without circles, and no file over 400 lines.
//!
//! The uses are read from the syntax tree: `use` items of every form, and paths in the code that begin with `crate`,
//! `super` or `self`. Unit tests at the end of a file are left out.

mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use passerelle::domain::statement::StatementKind;
use syn::visit::{self, Visit};

/// Each room, and the rooms that it may use besides itself. The command line and the sandbox may use all.
const ARROWS: [(&str, &[&str]); 20] = [
    ("domain", &["ids", "words"]),
    ("ingest", &["domain", "ids", "words"]),
    ("store", &["domain", "ids", "seal", "fair_queue", "runtime"]),
    (
        "app",
        &[
            "domain",
            "ingest",
            "store",
            "seal",
            "vault",
            "clock",
            "ids",
            "network",
            "random",
            "fair_queue",
            "pdf",
            "words",
        ],
    ),
    ("pdf", &[]),
    ("http", &["app", "domain", "ids", "clock", "config", "network", "random", "runtime", "words"]),
    ("api", &["app", "domain", "ids", "http", "clock", "runtime", "words"]),
    ("console", &["app", "domain", "ids", "http", "outbound", "clock", "random", "words"]),
    ("outbound", &["app", "store", "domain", "ids", "clock", "random", "config", "network", "words"]),
    ("seal", &["random"]),
    ("vault", &["store", "seal", "ids", "random"]),
    ("ids", &["clock", "random"]),
    ("clock", &[]),
    ("random", &[]),
    ("config", &["domain", "network"]),
    ("network", &[]),
    ("fair_queue", &[]),
    ("runtime", &[]),
    ("telemetry", &["config"]),
    ("words", &[]),
];

/// The rooms that may use every other, and the program that runs before the build.
const ALL: [&str; 5] = ["cli", "sandbox", "lib", "main", "build"];

/// Each crate that only some folders may use, and the folders (or files) that may.
const CRATES: [(&str, &[&str]); 12] = [
    ("sqlx", &["store"]),
    ("axum", &["http", "api", "console", "sandbox"]),
    ("hyper", &["http"]),
    ("tower_http", &["http"]),
    (
        "reqwest",
        &[
            "cli/api_client.rs",
            "cli/certify",
            "cli/health.rs",
            "cli/listen.rs",
            "cli/logs.rs",
            "sandbox/tour",
            "outbound",
        ],
    ),
    ("rustls", &["outbound/client.rs", "outbound/transport.rs"]),
    ("openidconnect", &["outbound/oidc.rs", "outbound/oidc"]),
    ("chrono", &["outbound/oidc"]),
    ("calamine", &["ingest"]),
    ("rust_xlsxwriter", &["ingest"]),
    ("jsonschema", &["ingest"]),
    ("clap", &["cli", "sandbox/command.rs"]),
];

/// What the domain and the seals may not use, whatever the crate: async, the system, JSON values, the current time.
const NOT_PURE: [&str; 8] =
    ["async ", "tokio", "tracing", "serde_json", "std::fs", "std::net", "std::env", "Timestamp::now"];

/// The longest a file may be, in lines.
const LONGEST: usize = 400;

/// The files that name a kind of statement besides those of its own, each for something that belongs to this kind alone.
/// Everything else takes the kinds from the table in `domain/kinds/mod.rs`.
const NAMING_A_KIND: [(&str, &str); 28] = [
    // The announcements of all kinds are one table.
    ("domain/announced_rules.rs", "attendance"),
    // Closures are read and replaced with the rights of attendance, doctors with those of consultations.
    ("app/closures.rs", "attendance"),
    ("app/doctors.rs", "medical"),
    // The header of the doctor's number, for the pages.
    ("app/statements.rs", "medical"),
    // The figures of attendance stand at the top of a summary.
    ("api/summaries/body.rs", "attendance"),
    ("api/summaries/open_days.rs", "attendance"),
    ("console/quarter_details.rs", "attendance"),
    // Codes of days are no names of persons, and a column of them belongs to a day.
    ("ingest/workbook/source.rs", "attendance"),
    ("ingest/workbook/unread_cells.rs", "attendance"),
    // A report draws on both.
    ("app/reports/inputs.rs", "attendance"),
    ("app/reports/inputs.rs", "medical"),
    // So does the claim of a quarter. Consultations are signed alone too, which is an event of theirs.
    ("app/claims/quarters.rs", "attendance"),
    ("app/claims/quarters.rs", "medical"),
    ("app/claims/months.rs", "medical"),
    ("domain/claim/month.rs", "medical"),
    ("domain/event/event_type.rs", "medical"),
    ("domain/claim/content.rs", "attendance"),
    ("domain/claim/content.rs", "medical"),
    // Agents read the children and the consultations below its figures.
    ("app/claims/signed_lines.rs", "attendance"),
    ("app/claims/signed_lines.rs", "medical"),
    ("console/agent/claim.rs", "attendance"),
    ("console/agent/claim.rs", "medical"),
    ("console/agent/claim_lines.rs", "attendance"),
    ("console/agent/claim_lines.rs", "medical"),
    // The agency's software reads them too.
    ("api/agency/claim.rs", "attendance"),
    ("api/agency/claim.rs", "medical"),
    ("api/agency/lines.rs", "attendance"),
    ("api/agency/lines.rs", "medical"),
];

/// A source file.
struct Source {
    /// Its path below `src`.
    path: String,
    /// Its module, without `crate`.
    module: Vec<String>,
    lines: usize,
    /// Its lines of code before the tests in it.
    code: Vec<String>,
    /// The paths that it names, each from the root of the crate or of another crate.
    uses: BTreeSet<Vec<String>>,
    /// Whether it makes a `LocalText`.
    makes_texts: bool,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let (below, here): (Vec<PathBuf>, Vec<PathBuf>) = entries.partition(|path| path.is_dir());
        folders.extend(below);
        files.extend(here.into_iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs")));
    }
    files.into_iter().map(|file| Source::read(&root, &file)).collect()
}

impl Source {
    fn read(root: &Path, file: &Path) -> Self {
        let text = std::fs::read_to_string(file).unwrap();
        let path = file.strip_prefix(root).unwrap().display().to_string();
        let names = path.trim_end_matches(".rs").trim_end_matches("/mod").split('/');
        let module: Vec<_> = names.filter(|name| *name != "lib").map(str::to_owned).collect();
        let mut uses = Uses { module: module.clone(), found: BTreeSet::new(), makes_texts: false };
        uses.visit_file(&syn::parse_file(&text).unwrap_or_else(|error| panic!("{path}: {error}")));
        let code = text.lines().take_while(|line| !line.starts_with("#[cfg(test)]"));
        let code = code.filter(|line| !line.trim_start().starts_with("//")).map(str::to_owned).collect();
        Self { path, module, lines: text.lines().count(), code, uses: uses.found, makes_texts: uses.makes_texts }
    }

    /// The room that it is in.
    fn room(&self) -> &str {
        self.module.first().map_or("lib", String::as_str)
    }
}

/// Collects the paths that a file names, and whether it makes a `LocalText`.
struct Uses {
    module: Vec<String>,
    found: BTreeSet<Vec<String>>,
    makes_texts: bool,
}

impl Uses {
    /// Notes a path as it is written in the module.
    fn note(&mut self, written: &[String]) {
        let above = written.iter().take_while(|name| *name == "super").count();
        let path = match written.first().map(String::as_str) {
            Some("crate") => written[1..].to_vec(),
            Some("self") => [&self.module, &written[1..]].concat(),
            Some("super") => [&self.module[..self.module.len().saturating_sub(above)], &written[above..]].concat(),
            _ => return,
        };
        self.found.insert(path);
    }

    fn tree(&mut self, tree: &syn::UseTree, before: &[String]) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.tree(&path.tree, &with(&path.ident)),
            syn::UseTree::Name(name) => self.note(&with(&name.ident)),
            syn::UseTree::Rename(name) => self.note(&with(&name.ident)),
            syn::UseTree::Glob(_) => self.note(before),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(tree, before)),
        }
    }
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Ident>().is_ok_and(|condition| condition == "test")
    })
}

impl<'ast> Visit<'ast> for Uses {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if module.content.is_some() && !is_test(&module.attrs) {
            self.module.push(module.ident.to_string());
            visit::visit_item_mod(self, module);
            self.module.pop();
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.note(&path.segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>());
        visit::visit_path(self, path);
    }

    fn visit_expr_struct(&mut self, made: &'ast syn::ExprStruct) {
        self.makes_texts |= made.path.segments.last().is_some_and(|name| name.ident == "LocalText");
        visit::visit_expr_struct(self, made);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let text = call.tokens.to_string().replace(' ', "");
        self.makes_texts |= text.contains("LocalText{fr");
        for (at, _) in text.match_indices("crate::") {
            let path = text[at..].split(|sign: char| !(sign.is_alphanumeric() || matches!(sign, '_' | ':'))).next();
            self.note(&path.unwrap_or_default().split("::").map(str::to_owned).collect::<Vec<_>>());
        }
        visit::visit_macro(self, call);
    }
}

#[test]
fn folders_use_only_what_they_may() {
    let sources = sources();
    let rooms: BTreeSet<_> = sources.iter().map(Source::room).collect();
    let mut wrong = Vec::new();
    for source in sources.iter().filter(|source| !ALL.contains(&source.room())) {
        let room = source.room();
        let (_, may) = ARROWS.iter().find(|(name, _)| *name == room).unwrap_or_else(|| panic!("{room} has no arrows"));
        for other in source.uses.iter().filter_map(|path| path.first()).map(String::as_str) {
            if rooms.contains(other) && other != room && !may.contains(&other) {
                wrong.push(format!("{} uses {other}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_map_in_the_documents_has_the_same_arrows() {
    let text = include_str!("../../docs/architecture.md");
    let mut told: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in text.lines().filter(|row| row.starts_with("| `")) {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let quoted = |cell: &'static str| cell.split('`').skip(1).step_by(2);
        for room in quoted(cells[1]).filter(|name| !name.contains(".toml")) {
            told.entry(room.trim_end_matches('/').trim_end_matches(".rs")).or_default().extend(quoted(cells[3]));
        }
    }
    told.retain(|room, _| !ALL.contains(room));
    let ours = ARROWS.iter().map(|(room, may)| (*room, may.iter().copied().collect()));
    assert_eq!(told, ours.collect());
}

/// The modules below each module, and which of these siblings use which others, themselves or by what is in them.
fn uses_among_siblings(sources: &[Source]) -> BTreeMap<Vec<String>, BTreeMap<String, BTreeSet<String>>> {
    let modules: BTreeSet<&[String]> = sources.iter().map(|source| source.module.as_slice()).collect();
    let mut found: BTreeMap<Vec<String>, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for source in sources {
        for path in &source.uses {
            let shared = source.module.iter().zip(path).take_while(|(one, other)| one == other).count();
            let (Some(from), Some(to)) = (source.module.get(shared), path.get(shared)) else { continue };
            if shared > 0 && modules.contains(&path[..=shared]) {
                let siblings = found.entry(path[..shared].to_vec()).or_default();
                siblings.entry(from.clone()).or_default().insert(to.clone());
            }
        }
    }
    found
}

/// The way from a sibling back to itself, if there is one.
fn circle(uses: &BTreeMap<String, BTreeSet<String>>, start: &str) -> Option<Vec<String>> {
    let mut ways = vec![vec![start.to_owned()]];
    let mut seen = BTreeSet::new();
    while let Some(way) = ways.pop() {
        for next in uses.get(way.last()?).into_iter().flatten() {
            if next == start {
                return Some(way);
            }
            if seen.insert(next.clone()) {
                ways.push([way.as_slice(), std::slice::from_ref(next)].concat());
            }
        }
    }
    None
}

#[test]
fn modules_of_a_folder_do_not_use_each_other_in_circles() {
    let mut wrong = BTreeSet::new();
    for (parent, uses) in uses_among_siblings(&sources()) {
        for start in uses.keys() {
            if let Some(mut way) = circle(&uses, start) {
                let first = way.iter().enumerate().min_by_key(|(_, name)| name.as_str()).map_or(0, |(at, _)| at);
                way.rotate_left(first);
                wrong.insert(format!("{}: {}", parent.join("::"), way.join(" → ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn crates_are_used_in_their_folders_only() {
    let sources = sources();
    let mut wrong = Vec::new();
    for (name, rooms) in CRATES {
        let path = format!("{name}::");
        let stands_alone =
            |before: &str| !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '"'));
        let knows = |line: &String| line.find(&path).is_some_and(|at| stands_alone(&line[..at]));
        for source in sources.iter().filter(|source| source.code.iter().any(knows)) {
            let within = |room: &str| source.path.starts_with(&format!("{room}/")) || source.path == room;
            if !rooms.iter().any(|room| within(room) || source.room() == *room) {
                wrong.push(format!("{} uses {name}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn domain_and_seal_are_pure() {
    let pure = sources().into_iter().filter(|source| ["domain", "seal"].contains(&source.room()));
    let wrong: Vec<_> = pure
        .flat_map(|source| {
            let bad = source.code.iter().filter(|line| NOT_PURE.iter().any(|word| line.contains(word)));
            bad.map(|line| format!("{}: {line}", source.path)).collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_file_is_too_long() {
    let long = sources().into_iter().filter(|source| source.lines > LONGEST);
    let long: Vec<_> = long.map(|source| format!("{}: {} lines", source.path, source.lines)).collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn sql_is_in_the_store_alone() {
    let words = ["\"select ", "\"insert into ", "\"update ", "\"delete from "];
    let outside = sources().into_iter().filter(|source| source.room() != "store");
    let wrong: Vec<_> = outside
        .filter(|source| source.code.iter().any(|line| words.iter().any(|word| line.contains(word))))
        .map(|source| source.path)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_kind_of_statement_is_named_in_its_own_files_alone() {
    let sources = sources();
    let of_kind =
        |source: &Source| Some(source.module.strip_prefix(&["domain", "kinds"].map(str::to_owned))?.first()?.clone());
    let kinds: BTreeSet<String> = sources.iter().filter_map(of_kind).collect();
    let table: BTreeSet<_> = StatementKind::MONTHLY.iter().map(|kind| kind.name().to_owned()).collect();
    assert_eq!(kinds, table, "the folders in domain/kinds and the names of the kinds");
    let mut found = BTreeSet::new();
    for source in &sources {
        let others = kinds.iter().filter(|kind| !source.module.contains(kind));
        let named = others.filter(|kind| source.uses.iter().any(|path| path.iter().skip(1).any(|step| step == *kind)));
        found.extend(named.map(|kind| (source.path.as_str(), kind.as_str())));
    }
    assert_eq!(found, NAMING_A_KIND.into());
}

/// The files of `app` that write without a unit of work, which would record what they do: what each writes, nobody did,
/// or it is the gateway's own bookkeeping. The number is that of its transactions.
const UNRECORDED: [(&str, usize); 15] = [
    // Log-ins under way, counted by address.
    ("app/login_attempts.rs", 1),
    // Search words, made anew from what is recorded.
    ("app/agents/read.rs", 1),
    // Sessions: begun, used, noticed, ended. Acting for an organiser is recorded.
    ("app/sessions.rs", 7),
    // Forms of ended sessions, for half an hour.
    ("app/expired_forms.rs", 2),
    // Which kind of deployment a database belongs to, at its first start.
    ("app/deployment.rs", 1),
    // Answers to be given once more.
    ("app/idempotency.rs", 3),
    // The beginning of histories, with everything as it is; a lock that waits for open writes.
    ("app/figure_inputs.rs", 2),
    // Leases, attempts and their outcome.
    ("app/webhooks/dispatch.rs", 3),
    ("app/webhooks/dispatch/endpoint_worker.rs", 2),
    ("app/webhooks/dispatch/attempt_log.rs", 2),
    // Chunks of files, before the file belongs to anything.
    ("app/files.rs", 2),
    // Up to which publication a user has seen communications.
    ("app/communications/seen.rs", 1),
    // Days on which keys were used.
    ("app/keys/usage.rs", 1),
    // Calls of software.
    ("app/requests/buffer.rs", 1),
    // When keys of the agency were used last.
    ("app/agency_keys.rs", 1),
];

/// The files that commit a unit of work without a record: each has the reason beside the call.
const COMMITTED_UNRECORDED: [(&str, usize); 5] = [
    ("app/retention.rs", 2),
    ("app/staff/number_questions.rs", 1),
    ("app/statements/drafts.rs", 2),
    ("app/webhooks/verification.rs", 2),
    ("app/unit_of_work.rs", 1),
];

/// The files of `app` whose code has one of these texts, with how often.
fn occurrences(texts: &[&str]) -> BTreeMap<String, usize> {
    let sources = sources().into_iter().filter(|source| source.room() == "app");
    let count = |source: Source| {
        let code = source.code.join("\n");
        (source.path, texts.iter().map(|text| code.matches(text).count()).sum())
    };
    sources.map(count).filter(|(_, count)| *count > 0).collect()
}

#[test]
fn use_cases_write_through_a_unit_of_work() {
    let list = |all: &[(&str, usize)]| all.iter().map(|(path, count)| ((*path).to_owned(), *count)).collect();
    let mut written = occurrences(&["db.write()", "db.write_for(", "db.write_in("]);
    written.remove("app/unit_of_work.rs");
    assert_eq!(written, list(&UNRECORDED));
    assert_eq!(occurrences(&["commit_unrecorded("]), list(&COMMITTED_UNRECORDED));
}
