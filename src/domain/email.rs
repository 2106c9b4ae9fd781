//! An e-mail address.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::raw::Raw;
use super::text::is_invisible;

/// The longest deliverable address (RFC 5321).
const MAX: usize = 254;
/// The longest part before the `@`, without its dots.
const MAX_LOCAL: usize = 64;
/// The longest part between two dots after it.
const MAX_LABEL: usize = 63;

/// The text is not an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address: expected one such as anne@creche.example, without accents")]
pub struct EmailError;

/// An address of the usual form; blanks around it are ignored. It has no accents: not every mail server delivers to one
/// that has. Whether it exists is not checked. Not shown by `Debug`: it is personal.
///
/// A stored one is read without validation: it may be from before addresses were validated as they are now.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// The address, for sealing and for sending mail; never for a log.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for Email {
    type Err = EmailError;

    fn from_str(text: &str) -> Result<Self, EmailError> {
        let address = text.trim_matches(is_blank);
        let (local, host) = address.split_once('@').ok_or(EmailError)?;
        // The schemas count the blanks too.
        let short = text.chars().count() <= MAX;
        let right = short && is_local(local) && is_host(host);
        if right { Ok(Self(address.to_owned())) } else { Err(EmailError) }
    }
}

/// White space within a line.
fn is_blank(letter: char) -> bool {
    letter.is_whitespace() && !letter.is_control() && !is_invisible(letter)
}

/// Signs with single dots between them. The dots are not counted: the schemas cannot count both without what few
/// regular expression engines support.
fn is_local(text: &str) -> bool {
    let sign = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&byte);
    let part = |part: &str| !part.is_empty() && part.bytes().all(sign);
    text.split('.').all(part) && text.split('.').map(str::len).sum::<usize>() <= MAX_LOCAL
}

/// At least two labels, of which the last begins with a letter, as those of the internet do.
fn is_host(text: &str) -> bool {
    let last = text.rsplit_once('.').map(|(_, last)| last);
    last.is_some_and(|last| last.starts_with(|first: char| first.is_ascii_alphabetic()))
        && text.split('.').all(is_label)
}

fn is_label(text: &str) -> bool {
    (1..=MAX_LABEL).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(***)")
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

impl Raw for Email {
    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_other_texts() {
        for text in ["anne@creche.example", "a.b+c@x-y.be", "d'hondt@a.b.c", "a@1.2b.xn--p1ai"] {
            assert_eq!(text.parse().map(|email: Email| email.expose().to_owned()), Ok(text.to_owned()));
        }
        for text in [" anne@creche.example", "anne@creche.example\u{a0}", "\u{2009}anne@creche.example  "] {
            let address = text.parse().map(|email: Email| email.expose().to_owned());
            assert_eq!(address.as_deref(), Ok("anne@creche.example"), "{text:?}");
        }
        let long = format!("{}@creche.example", "a".repeat(65));
        for text in [
            "",
            "anne",
            "@creche.example",
            "anne@creche",
            "anne@-a.be",
            "anne@a..be",
            "a b@c.be",
            "é@c.be",
            "anne@crèche.be",
            "a@c.be\n",
            ".p@x.be",
            "p.@x.be",
            "p..q@x.be",
            "p@x.123",
            "p@192.0.2.1",
            &long,
        ] {
            assert_eq!(text.parse::<Email>(), Err(EmailError), "{text}");
        }
        assert_eq!(format!("{:?}", "anne@creche.example".parse::<Email>()), "Ok(Email(***))");
    }
}
