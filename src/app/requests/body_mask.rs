//! Bodies as they are logged: JSON in which a pseudonym stands for every text that may be personal. Masked before anything is
//! stored, and token by token, so that a body that is no JSON is masked as well and a long one costs no more than what is stored of it.

use super::plain_value::is_plain_value;
use crate::domain::calls::{MaskedBody, SentBody};
use crate::ingest::schema::vocabulary;

/// How much of a body is stored, in bytes.
const MOST: usize = 16 << 10;
/// The longest number that is no number of a person, in digits.
const DIGITS: usize = 8;
/// How much of a text its pseudonym is made of, in bytes.
const HASHED: usize = 4 << 10;

/// The body with a pseudonym in place of: texts that are neither codes of the schemas, ids, dates, times nor short numbers; dates of
/// birth; names of members that no schema has; numbers of many digits; and what is no JSON.
pub(super) fn mask_body(sent: &SentBody, pseudonym: impl Fn(&str) -> String) -> MaskedBody {
    let body = &sent.beginning[..];
    let valid = std::str::from_utf8(body).map_or_else(|error| error.valid_up_to(), |_| body.len());
    let text = std::str::from_utf8(&body[..valid]).unwrap_or_default();
    let mut masking = Masking { rest: text.trim_start(), masked: String::new(), is_birth: false, pseudonym };
    while !masking.rest.is_empty() && masking.masked.len() < MOST {
        masking.mask_token();
    }
    let is_cut = !masking.rest.is_empty() || valid < body.len() || !sent.is_whole;
    MaskedBody { text: masking.masked, is_cut }
}

/// A body that is being masked.
struct Masking<'a, P> {
    /// What is not masked yet; never begins with white space.
    rest: &'a str,
    masked: String,
    /// Whether the present member is about a birth.
    is_birth: bool,
    pseudonym: P,
}

impl<P: Fn(&str) -> String> Masking<'_, P> {
    fn mask_token(&mut self) {
        let is_mark = |sign: char| "{}[],:\"".contains(sign);
        let is_text = self.rest.starts_with('"');
        let length = match self.rest.chars().next() {
            Some('"') => text_length(self.rest),
            Some(sign) if is_mark(sign) => sign.len_utf8(),
            _ => self.rest.find(|sign: char| is_mark(sign) || sign.is_whitespace()).unwrap_or(self.rest.len()),
        };
        let (token, rest) = self.rest.split_at(length);
        self.rest = rest.trim_start();
        if is_text {
            self.mask_text(token);
        } else if token.starts_with(is_mark) || is_plain_word(token) {
            self.masked.push_str(token);
        } else {
            self.push_text(&(self.pseudonym)(beginning(token)));
        }
    }

    fn mask_text(&mut self, token: &str) {
        let text = serde_json::from_str(token).unwrap_or_else(|_| token.trim_matches('"').to_owned());
        let is_name = self.rest.starts_with(':');
        if is_name {
            self.is_birth = text.to_lowercase().contains("birth");
        }
        let is_kept = if is_name { vocabulary::is_name(&text) } else { !self.is_birth && is_plain_value(&text) };
        if is_kept {
            self.push_text(&text);
        } else {
            self.push_text(&(self.pseudonym)(beginning(&text)));
        }
    }

    fn push_text(&mut self, text: &str) {
        self.masked.push_str(&serde_json::Value::from(text).to_string());
    }
}

/// What the pseudonym of a text is made of.
fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(HASHED)]
}

/// The length of the text in quotes that `rest` begins with, in bytes; all of it where the closing quote is missing.
fn text_length(rest: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            b'"' if !is_escaped => return at + 1,
            b'\\' if !is_escaped => is_escaped = true,
            _ => is_escaped = false,
        }
    }
    rest.len()
}

/// Whether a word without quotes is a value of JSON that says nothing about a person.
fn is_plain_word(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    matches!(word, "true" | "false" | "null") || (is_number && (1..=DIGITS).contains(&digits))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn masked(body: &[u8]) -> MaskedBody {
        mask_body(&SentBody::of(body), |text| format!("~{}", text.len()))
    }

    #[test]
    fn codes_dates_and_numbers_stay_and_persons_do_not() {
        let body = json!({ "lines": [{ "reference": "K-1", "familyName": "Claes \"Tine\"", "birthDate": "2025-02-03",
            "ssin": "85031495246", "startDate": "2026-01-01", "feeCents": 4500, "Claes": true,
            "days": [{ "date": "2026-07-01", "status": "present", "duration": "full", "arrival": "07:30" }] }] });
        let expected = json!({ "lines": [{ "reference": "~3", "familyName": "~12", "birthDate": "~10", "ssin": "~11",
            "startDate": "2026-01-01", "feeCents": 4500, "~5": true,
            "days": [{ "date": "2026-07-01", "status": "present", "duration": "full", "arrival": "07:30" }] }] });
        let found = masked(body.to_string().as_bytes());
        assert!(!found.is_cut);
        assert_eq!(serde_json::from_str::<Value>(&found.text).unwrap(), expected);
    }

    #[test]
    fn what_is_no_json_is_masked_too() {
        let cases: [(&[u8], &str, bool); 6] = [
            (b"{\"ssin\": 85031495246}", "{\"ssin\":\"~11\"}", false),
            (b"{\"ssin\": Claes, 12}", "{\"ssin\":\"~5\",12}", false),
            (b"{\"familyName\": \"Claes", "{\"familyName\":\"~5\"", false),
            (b"[\"a\\\\\", \"b\\\"c\"]", "[\"~2\",\"~3\"]", false),
            (b"[1, \xff]", "[1,", true),
            (b"", "", false),
        ];
        for (body, text, is_cut) in cases {
            assert_eq!(masked(body), MaskedBody { text: text.to_owned(), is_cut });
        }
    }

    #[test]
    fn a_long_body_is_cut() {
        let found = masked(json!(vec!["Claes"; 10_000]).to_string().as_bytes());
        assert!(found.is_cut && (MOST..MOST + 100).contains(&found.text.len()));
        let found = masked(json!(["Claes".repeat(20_000)]).to_string().as_bytes());
        assert_eq!(found, MaskedBody { text: "[\"~4096\"".to_owned(), is_cut: true });
    }

    proptest! {
        #[test]
        fn no_text_of_letters_comes_through(name in "[A-Z][a-z]{3,9}Q", sent: Vec<u8>, junk in "[{}\\[\\],:\"\\\\ ]{0,9}") {
            prop_assert!(!masked(&sent).text.contains(&name));
            for body in [json!({ &name: &name }).to_string(), format!("{junk}{name}{junk}"), format!("{junk}\"{name}")] {
                prop_assert!(!masked(body.as_bytes()).text.contains(&name), "{body}");
            }
        }
    }
}
