//! Masks an endpoint's response before it is stored and displayed: it is a third party's text, and may contain
//! personal data.

/// The most that is stored of a response, in bytes.
const MOST: usize = 4096;
/// The replacement of masked text.
const MASK: &str = "•••";

/// The replacement of characters that are not stored or displayed.
const REPLACEMENT: char = char::REPLACEMENT_CHARACTER;

/// The beginning of a response, without numbers of five digits or more, without e-mail addresses and without control
/// characters other than line breaks and tabs (PostgreSQL stores no NUL). Digits that are separated by single signs, as
/// national numbers are, count as one number.
pub fn mask_answer(answer: &[u8]) -> String {
    let text = String::from_utf8_lossy(&answer[..answer.len().min(MOST)]);
    let text: String = text.chars().map(printable).collect();
    let mut masked = String::with_capacity(text.len());
    for word in text.split_inclusive(ends_word) {
        let body = word.trim_end_matches(ends_word);
        masked.push_str(&if body.contains('@') { MASK.to_owned() } else { without_numbers(body) });
        masked.push_str(&word[body.len()..]);
    }
    while masked.len() > MOST {
        masked.pop();
    }
    masked
}

/// The character itself, or its replacement: control characters, and those that change the direction of writing and
/// would disguise what follows.
fn printable(c: char) -> char {
    let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if turns || c.is_control() && !matches!(c, '\n' | '\r' | '\t') { REPLACEMENT } else { c }
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || ",;<>\"'(){}[]".contains(c)
}

/// A word without its long numbers.
fn without_numbers(word: &str) -> String {
    let mut rest = word;
    let mut stored = String::new();
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        stored.push_str(&rest[..start]);
        let number = &rest[start..start + number_length(&rest[start..])];
        let long = number.bytes().filter(u8::is_ascii_digit).count() >= 5;
        stored.push_str(if long { MASK } else { number });
        rest = &rest[start + number.len()..];
    }
    stored.push_str(rest);
    stored
}

/// How many bytes a number at the beginning of `text` takes, single dots, hyphens and strokes within it included.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut end = 0;
    while end < bytes.len() {
        let joins = matches!(bytes[end], b'.' | b'-' | b'/') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        if !(bytes[end].is_ascii_digit() || joins) {
            break;
        }
        end += 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_person_is_taken_out() {
        for (answer, stored) in [
            ("ok", "ok"),
            ("{\"status\": 200, \"id\": 1234}", "{\"status\": 200, \"id\": 1234}"),
            ("unknown child 21030512385", "unknown child •••"),
            ("child 21.03.05-123.85 is unknown", "child ••• is unknown"),
            ("born 2021-03-05.", "born •••."),
            ("tell nadia@exemple.be, please", "tell •••, please"),
            ("{\"mail\":\"nadia@exemple.be\"}", "{\"mail\":\"•••\"}"),
        ] {
            assert_eq!(mask_answer(answer.as_bytes()), stored);
        }
    }

    #[test]
    fn control_characters_are_replaced_and_line_breaks_stay() {
        assert_eq!(mask_answer(b"a\x00b\x1b[2J\r\n\tc\x7f"), "a\u{fffd}b\u{fffd}[2J\r\n\tc\u{fffd}");
        assert_eq!(mask_answer("a\u{85}\u{202e}b".as_bytes()), "a\u{fffd}\u{fffd}b");
        assert!(mask_answer(&[0; 5000]).len() <= MOST);
    }

    #[test]
    fn only_the_beginning_is_kept_and_it_stays_a_text() {
        let stored = mask_answer("é".repeat(5000).as_bytes());
        assert!(stored.len() <= MOST && stored.starts_with("éé"));
        assert_eq!(mask_answer(&[0xff, b'a']), "\u{fffd}a");
    }
}
