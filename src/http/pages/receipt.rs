//! The page that says whether a receipt is genuine, for a person who was shown one: in three languages, and nothing of what
//! was signed.

use askama::Template;
use jiff::Timestamp;

use super::html;
use crate::clock;
use crate::domain::claim::SignatureStanding;
use crate::http::answer::ResponseBuilder;
use crate::http::problem::Result;
use crate::words::{Language, LocalText, receipts};

/// What is known of the code of a receipt.
pub(crate) enum ReceiptVerdict<'a> {
    /// A receipt with it was made here.
    Genuine {
        /// What became of the signature.
        standing: SignatureStanding,
        /// When it was made.
        signed_at: Timestamp,
        /// The hash of what was signed.
        sha256: &'a str,
    },
    /// None was.
    NotGenuine,
    /// It is no code of a receipt.
    Mistyped,
}

/// The content of the page.
#[derive(Template)]
#[template(path = "receipt.html", config = ".config/askama.toml")]
pub(crate) struct ReceiptPage<'a> {
    sections: [Section; 3],
    sha256: Option<&'a str>,
}

/// The page in one language.
struct Section {
    language: &'static str,
    title: &'static str,
    sentences: Vec<String>,
}

impl<'a> ReceiptPage<'a> {
    /// The page of a verdict; `notice` goes before what it says.
    pub(crate) fn new(verdict: &ReceiptVerdict<'a>, notice: Option<LocalText>) -> Self {
        let section = |language: Language| Section {
            language: language.code(),
            title: title(verdict).get(language),
            sentences: notice
                .map(|notice| notice.get(language).to_owned())
                .into_iter()
                .chain(sentences(verdict, language))
                .collect(),
        };
        let sha256 = match verdict {
            ReceiptVerdict::Genuine { sha256, .. } => Some(*sha256),
            _ => None,
        };
        Self { sections: [Language::Fr, Language::Nl, Language::En].map(section), sha256 }
    }

    /// The response with the page.
    pub(crate) fn answer(&self) -> Result<ResponseBuilder> {
        html(self)
    }
}

const fn title(verdict: &ReceiptVerdict<'_>) -> LocalText {
    match verdict {
        ReceiptVerdict::Genuine { .. } => receipts::GENUINE,
        ReceiptVerdict::NotGenuine => receipts::NOT_GENUINE,
        ReceiptVerdict::Mistyped => receipts::MISTYPED,
    }
}

fn sentences(verdict: &ReceiptVerdict<'_>, language: Language) -> Vec<String> {
    match verdict {
        ReceiptVerdict::Genuine { standing, signed_at, .. } => {
            let at = clock::to_brussels(*signed_at).strftime("%d/%m/%Y %H:%M").to_string();
            let standing = match standing {
                SignatureStanding::Current => receipts::STANDS,
                SignatureStanding::Replaced => receipts::REPLACED,
                SignatureStanding::Withdrawn => receipts::WITHDRAWN,
            };
            let signed = receipts::SIGNED_THEN.get(language).replace("{at}", &at);
            vec![signed, standing.get(language).to_owned(), receipts::COMPARE.get(language).to_owned()]
        }
        ReceiptVerdict::NotGenuine => vec![receipts::NOT_GENUINE_LEAD.get(language).to_owned()],
        ReceiptVerdict::Mistyped => vec![receipts::MISTYPED_LEAD.get(language).to_owned()],
    }
}
