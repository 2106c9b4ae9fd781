//! The documents agree with the code.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const MANIFEST: &str = include_str!("../../Cargo.toml");
const DEPENDENCIES: &str = include_str!("../../docs/dependencies.md");

#[test]
fn every_dependency_has_its_line_and_every_line_its_dependency() {
    let sections = MANIFEST.split("\n[").filter(|section| section.contains("dependencies]\n"));
    let named = sections.flat_map(|section| section.lines().skip(1)).filter_map(|line| line.split_once(" = "));
    let declared: BTreeSet<_> = named.map(|(name, _)| name).collect();
    let rows = DEPENDENCIES.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |"));
    let told: BTreeSet<_> = rows.map(|(name, _)| name).collect();
    assert_eq!(told, declared);
}

#[test]
fn the_test_numbers_are_valid_and_unassigned() {
    let text = std::fs::read_to_string("docs/test-data.md").expect("it is there");
    let words = text.split(|c: char| !c.is_ascii_digit()).filter(|word| word.len() == 11);
    let (doctors, others): (Vec<_>, Vec<_>) = words.partition(|word| word.starts_with('1'));
    assert!(doctors.len() >= 8 && others.len() >= 12, "{doctors:?} {others:?}");
    for number in doctors {
        let right = passerelle::domain::inami::Inami::parse(number).is_ok();
        assert_eq!(right, number != "19006952001", "{number}");
    }
    for number in others {
        let sequence: u16 = number[6..9].parse().expect("digits");
        assert!(passerelle::domain::ssin::Ssin::parse(number).is_ok() && (951..999).contains(&sequence), "{number}");
    }
}

#[test]
fn every_link_to_a_file_leads_to_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let top = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "fuzz/README.md"];
    let mut pages = top.map(|page| root.join(page)).to_vec();
    pages.extend(["", "python/", "typescript/"].map(|client| root.join(format!("sandbox/clients/{client}README.md"))));
    pages.extend(markdown(&root.join("docs")));
    pages.extend(markdown(&root.join("docs/adr")));
    pages.extend(markdown(&root.join("docs/vendors")));
    for page in pages {
        let text = std::fs::read_to_string(&page).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            // What begins with a slash is an address of the gateway.
            if !file.is_empty() && !link.contains("://") && !link.starts_with('/') {
                let target = page.parent().unwrap().join(file);
                assert!(target.exists(), "{} leads to {link}, which is not there", page.display());
            }
        }
    }
}

fn markdown(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.filter(|file| file.extension().is_some_and(|end| end == "md"))
}

/// Every word of the program's code.
fn words_of_the_code() -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for file in files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        if file.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(file).expect("it is there");
            let is_word = |sign: char| sign.is_alphanumeric() || sign == '_';
            words.extend(text.split(|sign| !is_word(sign)).map(str::to_owned));
        }
    }
    words
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("it is there").map(|entry| entry.expect("readable").path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

/// The texts between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn the_glossary_names_what_the_code_has() {
    let text = std::fs::read_to_string("docs/glossary.md").expect("it is there");
    let code = words_of_the_code();
    let columns = text.lines().filter_map(|row| row.split('|').nth(5));
    let words = text.split("## Words of the code").nth(1).expect("the second table");
    let types = quoted(words).filter(|name| name.starts_with(char::is_uppercase) && !name.contains('-'));
    let names: Vec<_> = columns.flat_map(quoted).chain(types).collect();
    assert!(names.len() > 50, "{names:?}");
    for name in names {
        let last = name.rsplit("::").next().unwrap_or(name);
        assert!(code.contains(last), "the code has no {name}");
    }
}

#[test]
fn the_map_names_files_and_functions_that_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("docs/architecture.md")).expect("it is there");
    let code = words_of_the_code();
    let is_file = |name: &&str| Path::new(name).extension().is_some_and(|end| end == "rs") && name.contains('/');
    let lost: Vec<_> = quoted(&text)
        .filter(is_file)
        .filter(|name| !root.join("src").join(name).exists() && !root.join(name).exists())
        .collect();
    assert_eq!(lost, Vec::<&str>::new());
    let is_name = |name: &&str| name.chars().all(|sign| sign.is_lowercase() || sign == '_') && name.contains('_');
    let unknown: Vec<_> = quoted(&text).filter(is_name).filter(|name| !code.contains(*name)).collect();
    assert_eq!(unknown, Vec::<&str>::new());
}
