//! Words for people are in the catalogues (`src/words/<language>/`), not in the code.

use super::{Source, sources};

#[test]
fn words_for_people_are_in_the_catalogues() {
    // `words` and `build` make the constants; the texts of the published schemas are read from these.
    let makers = ["words", "build", "ingest::schema::node"];
    let written = |source: &Source| source.code.iter().any(|line| line.contains("fr: \"") || line.contains("fr \""));
    let wrong: Vec<_> = sources()
        .into_iter()
        .filter(|source| !makers.contains(&source.room()) && !makers.contains(&source.module.join("::").as_str()))
        .filter(|source| source.makes_texts || written(source))
        .map(|source| source.path)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
