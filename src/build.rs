//! Rebuilds when a migration or a published schema changes: both are embedded in the binary. Makes tables of the schemas
//! in `schemas`, and constants of the words in `src/words`: a file for each language and area, `name = "text"` or, for
//! one and for several, `name = ["text", "text"]`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

/// The languages, in the order of the fields of `LocalText`.
const LANGUAGES: [&str; 3] = ["fr", "nl", "en"];

/// The words of an area in one language, by name: the texts, one or two.
type Words = BTreeMap<String, Vec<String>>;

fn main() {
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=schemas");
    println!("cargo:rerun-if-changed=src/words");
    let write = |name: &str, text: String| {
        let target = Path::new(&std::env::var("OUT_DIR").expect("cargo sets it")).join(name);
        std::fs::write(target, text).expect("the output folder can be written");
    };
    write("words.rs", modules());
    write("schemas.rs", schema_table("TEXTS", "what arrives", "") + &schema_table("EVENTS", "what is told", "events/"));
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
    let mut text = String::new();
    let areas = areas("fr");
    for language in LANGUAGES {
        assert_eq!(self::areas(language), areas, "src/words/{language} has other areas than src/words/fr");
    }
    for area in areas {
        let words = LANGUAGES.map(|language| read(language, &area));
        check(&area, &words);
        if area.starts_with("sandbox") {
            text.push_str("#[cfg(feature = \"sandbox\")]\n");
        }
        write!(text, "pub(crate) mod {area} {{\nuse crate::domain::text::LocalText;\n").expect("a string");
        for name in words[0].keys() {
            let [fr, nl, en] = words.each_ref().map(|words| &words[name]);
            let one = |at: usize| format!("LocalText {{ fr: {:?}, nl: {:?}, en: {:?} }}", fr[at], nl[at], en[at]);
            let name = name.to_uppercase();
            match fr.len() {
                1 => writeln!(text, "pub(crate) const {name}: LocalText = {};", one(0)),
                _ => writeln!(text, "pub(crate) const {name}: [LocalText; 2] = [{}, {}];", one(0), one(1)),
            }
            .expect("a string");
        }
        text.push_str("}\n");
    }
    text
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
    let table: toml::Table = text.parse().unwrap_or_else(|error| panic!("{path}: {error}"));
    let texts = |value: toml::Value| match value {
        toml::Value::String(one) => vec![one],
        toml::Value::Array(several) => several.iter().filter_map(|one| one.as_str()).map(str::to_owned).collect(),
        other => panic!("{path}: {other:?} is no text"),
    };
    table.into_iter().map(|(name, value)| (name, texts(value))).collect()
}

/// Every text is there in each language, with the same placeholders and the same number of forms. One that stands around a
/// number or a name may be empty in a language, not in all.
fn check(area: &str, words: &[Words; 3]) {
    for name in words[0].keys() {
        let texts = words.iter().filter_map(|words| words.get(name)).flatten();
        assert!(texts.clone().any(|text| !text.trim().is_empty()), "{area}: {name} is empty");
    }
    let names = |words: &Words| words.keys().cloned().collect::<BTreeSet<_>>();
    for (language, other) in LANGUAGES.iter().zip(words).skip(1) {
        let difference: Vec<_> = names(&words[0]).symmetric_difference(&names(other)).cloned().collect();
        assert!(difference.is_empty(), "{area}: {difference:?} are not in fr and {language} alike");
        for (name, first) in &words[0] {
            let told = |texts: &[String]| texts.iter().flat_map(|text| placeholders(text)).collect::<BTreeSet<_>>();
            assert_eq!(told(first), told(&other[name]), "{area}: placeholders of {name} in fr and {language}");
            assert_eq!(first.len(), other[name].len(), "{area}: forms of {name} in fr and {language}");
        }
    }
}

/// The names between braces.
fn placeholders(text: &str) -> Vec<String> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect()
}
