//! The alphabets of a name: letters of several look alike and differ.

use super::person::Name;
use super::raw::Field;

/// Whether a name has Latin letters and also letters of the Greek or the Cyrillic alphabet. Most of these look like
/// Latin ones, and a search does not find a name with one of them.
fn mixes_scripts(name: &str) -> bool {
    name.chars().any(is_latin) && name.chars().any(is_greek_or_cyrillic)
}

/// The properties of the names of a person that mix alphabets.
pub fn mixed_names(family_name: &Field<Name>, given_name: &Field<Name>) -> Vec<&'static str> {
    let is_mixed = |name: &Field<Name>| name.get().is_some_and(|name| mixes_scripts(&name.0));
    let names = [(family_name, "familyName"), (given_name, "givenName")];
    names.into_iter().filter(|(name, _)| is_mixed(name)).map(|(_, property)| property).collect()
}

/// A letter of the Latin alphabet, with or without accents.
const fn is_latin(letter: char) -> bool {
    letter.is_ascii_alphabetic()
        || matches!(letter, '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// The blocks Greek, Cyrillic with its supplements, and Greek extended, but for the marks of Greek that are no letters.
const fn is_greek_or_cyrillic(letter: char) -> bool {
    matches!(
        letter,
        '\u{370}'..='\u{373}'
            | '\u{376}'..='\u{377}'
            | '\u{37b}'..='\u{37d}'
            | '\u{37f}'
            | '\u{386}'
            | '\u{388}'..='\u{481}'
            | '\u{48a}'..='\u{52f}'
            | '\u{1c80}'..='\u{1c8f}'
            | '\u{1f00}'..='\u{1fbc}'
            | '\u{1fc2}'..='\u{1fcc}'
            | '\u{1fd0}'..='\u{1fdb}'
            | '\u{1fe0}'..='\u{1fec}'
            | '\u{1ff2}'..='\u{1ffc}'
            | '\u{a640}'..='\u{a69f}'
    )
}

#[cfg(test)]
mod tests {
    use super::mixes_scripts;

    #[test]
    fn one_letter_of_another_alphabet_is_enough() {
        for name in ["\u{410}nna", "M\u{430}es", "Zo\u{3ad}", "Anna \u{41c}\u{430}\u{440}\u{438}\u{44f}", "\u{39f}dile"]
        {
            assert!(mixes_scripts(name), "{name}");
        }
    }

    #[test]
    fn a_name_in_one_alphabet_is_a_name() {
        for name in
            ["Zoé Œuvrard-Ångström", "Đặng", "Анна", "Ιωάννης", "李", "D’Hondt", "O'Neill", "أحمد", "Anna 李", "", "µ-"]
        {
            assert!(!mixes_scripts(name), "{name}");
        }
    }
}
