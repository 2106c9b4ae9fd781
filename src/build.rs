//! Rebuilds when a migration or a published schema changes: both are embedded in the binary, and so is the changelog. Makes tables of the schemas
//! in `schemas`, and constants of the words in `src/words`: a file for each language and area, `name = "text"` or, for
//! one and for several, `name = ["text", "text"]`. A table `[Name]` has the texts of one item of the code, a list of codes
//! or a rule: it becomes a module. Its name and the names in it stay as they are written, so that macros find the texts by
//! the names of the code.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The languages, in the order of the fields of `LocalText`.
const LANGUAGES: [&str; 3] = ["fr", "nl", "en"];

/// The words of an area in one language, by table (empty for what is outside tables) and name: the texts, one or two.
type Words = BTreeMap<(String, String), Vec<String>>;

/// Before the module of a table. Allowed and not expected: the compiler would look for the uses of each name, to suggest
/// another one there, which takes longer than all other checks of the code.
const AS_WRITTEN: &str =
    "#[allow(non_snake_case, non_upper_case_globals, reason = \"macros have the names of the code\")]\n";

fn main() {
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=schemas");
    println!("cargo:rerun-if-changed=src/words");
    println!("cargo:rerun-if-changed=CHANGELOG.md");
    println!("cargo:rerun-if-env-changed=SOURCE_DATE_EPOCH");
    println!("cargo:rustc-env=CHANGELOG_CHANGED_AT={}", changelog_changed_at());
    let write = |name: &str, text: String| {
        let target = Path::new(&std::env::var("OUT_DIR").expect("cargo sets it")).join(name);
        std::fs::write(target, text).expect("the output folder can be written");
    };
    write("words.rs", modules());
    write("schemas.rs", schema_table("TEXTS", "what arrives", "") + &schema_table("EVENTS", "what is told", "events/"));
}

/// When the changelog was changed last, in seconds since 1970: the date of what is in no release yet. A build that is to be
/// repeatable says it by `SOURCE_DATE_EPOCH`.
fn changelog_changed_at() -> String {
    let of_file = || {
        let changed =
            std::fs::metadata("CHANGELOG.md").and_then(|file| file.modified()).expect("the changelog is there");
        changed.duration_since(std::time::UNIX_EPOCH).expect("a time after 1970").as_secs().to_string()
    };
    std::env::var("SOURCE_DATE_EPOCH").unwrap_or_else(|_| of_file())
}

/// A constant with the name and the text of every schema in a folder below `schemas`, by name.
fn schema_table(constant: &str, of: &str, folder: &str) -> String {
    let root = std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let files = std::fs::read_dir(format!("schemas/{folder}")).expect("the folder of schemas");
    let names = files.filter_map(|file| {
        let name = file.expect("it can be read").file_name().to_string_lossy().into_owned();
        Some(name.strip_suffix(".schema.json")?.to_owned())
    });
    let entry = |name: String| {
        let file = format!("{root}/schemas/{folder}{name}.schema.json");
        format!("({:?}, include_str!({file:?})),\n", format!("{folder}{name}"))
    };
    let entries: Vec<_> = names.collect::<BTreeSet<_>>().into_iter().map(entry).collect();
    let count = entries.len();
    let entries = entries.concat();
    format!("/// Every published schema of {of}.\npub const {constant}: [(&str, &str); {count}] = [\n{entries}];\n")
}

fn modules() -> String {
    let areas = areas("fr");
    for language in LANGUAGES {
        assert_eq!(self::areas(language), areas, "src/words/{language} has other areas than src/words/fr");
    }
    let module = |area: &String| {
        let words = LANGUAGES.map(|language| read(language, area));
        check(area, &words);
        module(area, &words)
    };
    areas.iter().map(module).collect()
}

/// The module of an area.
fn module(area: &str, words: &[Words; 3]) -> String {
    let tables: BTreeSet<_> = words[0].keys().map(|(table, _)| table).collect();
    let part = |table: &String| {
        let names = words[0].keys().filter(|(of, _)| of == table);
        let constants: String = names.map(|name| constant(name, words)).collect();
        match table.as_str() {
            "" => constants,
            table => format!("{AS_WRITTEN}pub(crate) mod {table} {{\n{constants}}}\n"),
        }
    };
    let condition = if area.starts_with("sandbox") { "#[cfg(feature = \"sandbox\")]\n" } else { "" };
    format!("{condition}pub(crate) mod {area} {{\n{}}}\n", tables.into_iter().map(part).collect::<String>())
}

/// The constant of a name: its name is in capitals outside tables, as it is written in one.
fn constant(name: &(String, String), words: &[Words; 3]) -> String {
    let [fr, nl, en] = words.each_ref().map(|words| &words[name]);
    let one = |at: usize| format!("crate::words::LocalText {{ fr: {:?}, nl: {:?}, en: {:?} }}", fr[at], nl[at], en[at]);
    let constant = if name.0.is_empty() { name.1.to_uppercase() } else { name.1.clone() };
    match fr.len() {
        1 => format!("pub(crate) const {constant}: crate::words::LocalText = {};\n", one(0)),
        _ => format!("pub(crate) const {constant}: [crate::words::LocalText; 2] = [{}, {}];\n", one(0), one(1)),
    }
}

fn areas(language: &str) -> BTreeSet<String> {
    let files = std::fs::read_dir(format!("src/words/{language}")).expect("a folder for each language");
    let name = |file: std::io::Result<std::fs::DirEntry>| {
        let path = file.expect("it can be read").path();
        path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
    };
    files.map(name).collect()
}

fn read(language: &str, area: &str) -> Words {
    let path = format!("src/words/{language}/{area}.toml");
    let text = std::fs::read_to_string(&path).expect("it can be read");
    let file: toml::Table = text.parse().unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut words = Words::new();
    for (name, value) in file {
        match value {
            toml::Value::Table(table) => {
                words.extend(table.into_iter().map(|(within, value)| ((name.clone(), within), texts(&path, value))));
            }
            value => {
                words.insert((String::new(), name), texts(&path, value));
            }
        }
    }
    words
}

fn texts(path: &str, value: toml::Value) -> Vec<String> {
    match value {
        toml::Value::String(one) => vec![one],
        toml::Value::Array(several) => several.iter().filter_map(|one| one.as_str()).map(str::to_owned).collect(),
        other => panic!("{path}: {other:?} is no text"),
    }
}

/// Every text is there in each language, with the same placeholders and the same number of forms. One that stands around a
/// number or a name may be empty in a language, not in all.
fn check(area: &str, words: &[Words; 3]) {
    for name in words[0].keys() {
        let texts = words.iter().filter_map(|words| words.get(name)).flatten();
        assert!(texts.clone().any(|text| !text.trim().is_empty()), "{area}: {name:?} is empty");
    }
    let names = |words: &Words| words.keys().cloned().collect::<BTreeSet<_>>();
    for (language, other) in LANGUAGES.iter().zip(words).skip(1) {
        let difference: Vec<_> = names(&words[0]).symmetric_difference(&names(other)).cloned().collect();
        assert!(difference.is_empty(), "{area}: {difference:?} are not in fr and {language} alike");
        for (name, first) in &words[0] {
            let told = |texts: &[String]| texts.iter().flat_map(|text| placeholders(text)).collect::<BTreeSet<_>>();
            assert_eq!(told(first), told(&other[name]), "{area}: placeholders of {name:?} in fr and {language}");
            assert_eq!(first.len(), other[name].len(), "{area}: forms of {name:?} in fr and {language}");
        }
    }
}

/// The names between braces.
fn placeholders(text: &str) -> Vec<String> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect()
}
