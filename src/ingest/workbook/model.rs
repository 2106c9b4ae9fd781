//! Published workbook models.

/// A column of a model.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// The header, as the model writes it.
    pub header: &'static str,
    /// The property of a record that it fills.
    pub property: &'static str,
    /// The header in the version before, which is read as well.
    pub former: Option<&'static str>,
    /// Whether the sheet must have it.
    pub required: bool,
}

impl Column {
    /// A column that every sheet has.
    pub const fn required(header: &'static str, property: &'static str) -> Self {
        Self::new(header, property, true)
    }

    /// A column that a sheet may have.
    pub const fn optional(header: &'static str, property: &'static str) -> Self {
        Self::new(header, property, false)
    }

    /// A column that a sheet has, or may have.
    pub const fn new(header: &'static str, property: &'static str, required: bool) -> Self {
        Self { header, property, former: None, required }
    }

    /// The same column, with its header in the version before.
    pub const fn formerly(self, header: &'static str) -> Self {
        Self { former: Some(header), ..self }
    }

    /// Every header under which it is read, folded.
    pub fn folded_headers(&self) -> impl Iterator<Item = String> {
        [Some(self.header), self.former].into_iter().flatten().map(folded)
    }
}

/// One model: the name of its sheet, the header that identifies its header row, its version.
#[derive(Debug)]
pub struct Model {
    /// The code of the model for a reader in another process.
    pub code: &'static str,
    /// The sheet's name.
    pub sheet: &'static str,
    /// The beginning that the sheet's name must at least have, folded.
    pub prefix: &'static str,
    /// The header that only the header row has.
    pub anchor: &'static str,
    /// The version of the model, in the cell named [`VERSION_NAME`].
    pub version: &'static str,
    /// The version before, which is read until `workbook.modelSuperseded` is an error.
    pub former_version: Option<&'static str>,
    /// The columns that every sheet of the model has.
    pub columns: fn() -> Vec<Column>,
}

/// The name of the cell with the model's version.
pub const VERSION_NAME: &str = "PasserelleModel";

impl Model {
    /// The columns that a sheet of the model must have, each with the headers under which it is read, folded.
    pub fn required_headers(&self) -> Vec<Vec<String>> {
        let required = (self.columns)().into_iter().filter(|column| column.required);
        required.map(|column| column.folded_headers().collect()).collect()
    }

    /// Those of `names` that could be the model's sheet: the one with its exact name, or else all with its beginning.
    pub fn candidates<'a>(&self, names: impl Iterator<Item = &'a str> + Clone) -> Vec<&'a str> {
        let name = folded(self.sheet);
        let exact: Vec<&str> = names.clone().filter(|other| folded(other) == name).collect();
        if exact.is_empty() { names.filter(|other| folded(other).starts_with(self.prefix)).collect() } else { exact }
    }
}

/// A header, a label or a name normalised for comparison: lower case, without accents, its white space (non-breaking
/// spaces too) single, without a colon or an asterisk at its end.
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        for character in word.chars().flat_map(char::to_lowercase) {
            match character {
                '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{feff}' => {}
                'à' | 'á' | 'â' | 'ä' | 'ã' | 'å' => folded.push('a'),
                'ç' => folded.push('c'),
                'è' | 'é' | 'ê' | 'ë' => folded.push('e'),
                'ì' | 'í' | 'î' | 'ï' => folded.push('i'),
                'ñ' => folded.push('n'),
                'ò' | 'ó' | 'ô' | 'ö' | 'õ' => folded.push('o'),
                'ù' | 'ú' | 'û' | 'ü' => folded.push('u'),
                '\u{2019}' => folded.push('\''),
                'œ' => folded.push_str("oe"),
                other => folded.push(other),
            }
        }
    }
    folded.truncate(folded.trim_end_matches([' ', ':', '*']).len());
    folded
}

/// Whether a text is invisible: empty, or only white space, or only characters without width.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|character| character.is_whitespace() || matches!(character, '\u{200b}'..='\u{200f}' | '\u{feff}'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::attendance::MODEL;

    #[test]
    fn headers_are_compared_as_people_read_them() {
        for text in ["Prénom", "PRENOM", " prénom\u{a0}", "Pre\u{301}nom", "Prénom :", "prénom*"] {
            assert_eq!(folded(text), "prenom", "{text:?}");
        }
        assert_eq!(folded("Date\u{a0} de\nnaissance"), "date de naissance");
    }

    #[test]
    fn the_sheet_is_found_by_its_name_or_by_how_it_begins() {
        let pick = |names: &[&'static str]| MODEL.candidates(names.iter().copied());
        assert_eq!(pick(&["Légende", "PRESENCES ", "Présences 2"]), ["PRESENCES "]);
        assert_eq!(pick(&["Feuil1", "Prés. juillet"]), ["Prés. juillet"]);
        assert_eq!(pick(&["Présences A", "Présences B"]).len(), 2);
        assert!(pick(&["Feuil1"]).is_empty());
    }
}
