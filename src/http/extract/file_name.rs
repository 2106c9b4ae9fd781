//! The name of a file that is sent as the whole body, in `Content-Disposition` (RFC 6266).

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

/// The name of the file; empty where the header has none.
pub(crate) struct SentFileName(pub(crate) String);

impl<S: Sync> FromRequestParts<S> for SentFileName {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let value = parts.headers.get(header::CONTENT_DISPOSITION);
        let text = value.map(|value| String::from_utf8_lossy(value.as_bytes())).unwrap_or_default();
        Ok(Self(file_name(&text)))
    }
}

/// The exact name (`filename*`), or else the plain one.
fn file_name(disposition: &str) -> String {
    let parameters = parameters(disposition);
    let find = |name: &str| parameters.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    let exact = find("filename*").and_then(|(_, value)| extended_value(value));
    exact.or_else(|| find("filename").map(|(_, value)| value.clone())).unwrap_or_default()
}

/// The parameters of the header; a value may be in quotes, in which a backslash stands before any character.
fn parameters(text: &str) -> Vec<(String, String)> {
    let (mut parts, mut is_quoted, mut signs) = (vec![String::new()], false, text.chars());
    while let Some(sign) = signs.next() {
        let part = parts.last_mut().expect("there is one");
        match sign {
            '"' => is_quoted = !is_quoted,
            '\\' if is_quoted => part.extend(signs.next()),
            ';' if !is_quoted => parts.push(String::new()),
            _ => part.push(sign),
        }
    }
    let pair =
        |part: &String| part.split_once('=').map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()));
    parts.iter().filter_map(pair).collect()
}

/// A value with its charset, which must be UTF-8 (RFC 8187).
fn extended_value(value: &str) -> Option<String> {
    let mut parts = value.splitn(3, '\'');
    let charset = parts.next()?;
    let text = parts.nth(1)?.as_bytes();
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    let (mut bytes, mut at) = (Vec::new(), 0);
    while let Some(byte) = text.get(at) {
        let code = text.get(at + 1..at + 3).and_then(|digits| std::str::from_utf8(digits).ok());
        let code = code.filter(|_| *byte == b'%').and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(code.unwrap_or(*byte));
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn names_are_read_in_every_usual_form() {
        for (header, name) in [
            ("attachment; filename=bail.pdf", "bail.pdf"),
            ("attachment; filename=\"bail; 2026.pdf\"", "bail; 2026.pdf"),
            (r#"attachment; FileName="bail \"x\".pdf""#, "bail \"x\".pdf"),
            ("attachment; filename=\"b.pdf\"; filename*=UTF-8''b%C3%A9b%C3%A9%20%25.pdf", "bébé %.pdf"),
            ("attachment; filename*=utf-8'fr'b.pdf", "b.pdf"),
            ("attachment; filename=\"b.pdf\"; filename*=latin-1''b%E9.pdf", "b.pdf"),
            ("attachment; filename=\"bébé.pdf\"", "bébé.pdf"),
            ("attachment", ""),
            ("", ""),
        ] {
            assert_eq!(file_name(header), name, "{header}");
        }
    }
}
