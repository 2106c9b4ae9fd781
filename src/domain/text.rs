//! Texts compared and cleaned: folding, invisible characters, codes of the API left out.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Small Latin letters that Unicode does not decompose into a letter and an accent, with their replacements.
const PLAIN: [(char, &str); 8] =
    [('ß', "ss"), ('đ', "d"), ('ð', "d"), ('ı', "i"), ('ł', "l"), ('ø', "o"), ('œ', "oe"), ('æ', "ae")];

/// A text folded for search: in small letters and without accents, however these are composed.
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.nfd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase) {
        match PLAIN.iter().find(|(special, _)| *special == letter) {
            Some((_, plain)) => folded.push_str(plain),
            None if is_combining_mark(letter) => {}
            None => folded.push(letter),
        }
    }
    folded
}

/// A name normalised for comparison: without case, accents, hyphens, apostrophes and spaces.
pub fn name_match_key(name: &str) -> String {
    if name.is_ascii() {
        return name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect();
    }
    folded(name).chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// Whether a character is invisible and yet changes how a text is displayed or compared: marks that turn the
/// direction of writing, joiners, soft hyphens, line separators, letters without a shape. The schemas of names and free
/// texts refuse the same characters (`pattern`). Tag characters (U+E0000 to U+E007F) are not among them: no pattern for
/// them is supported by every validator of JSON Schema.
pub const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{fffe}'
            | '\u{ffff}'
    )
}

/// Whether a character has no place in a text that is shown: a control character, an invisible one ([`is_invisible`]), or the
/// sign for one that was lost in a conversion.
pub fn is_unprintable(character: char) -> bool {
    character.is_control() || is_invisible(character) || character == char::REPLACEMENT_CHARACTER
}

/// Whether a character is a hyphen or a dash that is used as one between digits.
pub const fn is_hyphen(character: char) -> bool {
    matches!(character, '-' | '\u{2010}'..='\u{2013}')
}

/// The text without its parts for software: codes of the API are in a parenthesis that begins with `API`, as in
/// “half a day (API: half)”.
pub fn without_api_codes(text: &str) -> String {
    let mut parts = text.split(" (API");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |said, part| said + part.split_once(')').map_or("", |(_, after)| after))
}

#[cfg(test)]
mod tests {
    use super::{folded, is_invisible, name_match_key};

    #[test]
    fn one_name_has_one_spelling_however_it_is_written() {
        for name in ["Jean-Marie", "jean marie", "JEAN\u{2011}MARIE", "Jéan Marie", "Je\u{301}an-Marie"] {
            assert_eq!(name_match_key(name), "jeanmarie", "{name}");
        }
        assert_eq!(name_match_key("Groß"), name_match_key("GROSS"));
    }

    #[test]
    fn names_are_found_whatever_their_accents() {
        assert_eq!(folded("Zoé Œuvrard-Ångström"), "zoe oeuvrard-angstrom");
        assert_eq!(folded("E\u{301}LISE"), "elise");
        assert_eq!(folded("Ιωάννης 李"), "ιωαννης 李");
    }

    #[test]
    fn direction_marks_are_invisible_and_letters_are_not() {
        for mark in ['\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}', '\u{200e}', '\u{200f}', '\u{61c}', '\u{ad}'] {
            assert!(is_invisible(mark), "{mark:?}");
        }
        for letter in ['é', '’', '\u{a0}', '\u{202f}', '\u{2010}', '\u{301}', 'ا', '李'] {
            assert!(!is_invisible(letter), "{letter:?}");
        }
    }
}
