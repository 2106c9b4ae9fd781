//! Responses made of figures, kept with them: figures are read more often than they change.

use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

use crate::words::Language;

/// The body of a response, and its entity tag.
#[derive(Debug)]
pub struct RenderedBody {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The entity tag, made of the bytes.
    pub tag: String,
}

/// The bodies of one day that were made of the figures, one for each language.
#[derive(Debug, Default)]
pub struct RenderedBodies {
    french: OnceLock<(Date, Arc<RenderedBody>)>,
    dutch: OnceLock<(Date, Arc<RenderedBody>)>,
    english: OnceLock<(Date, Arc<RenderedBody>)>,
}

impl RenderedBodies {
    /// The body in a language for a day, which `render` makes where it was not made before.
    pub fn get_or_render<E>(
        &self,
        (language, day): (Language, Date),
        render: impl FnOnce() -> Result<RenderedBody, E>,
    ) -> Result<Arc<RenderedBody>, E> {
        let place = match language {
            Language::Fr => &self.french,
            Language::Nl => &self.dutch,
            Language::En => &self.english,
        };
        match place.get() {
            Some((made_for, body)) if *made_for == day => Ok(Arc::clone(body)),
            _ => {
                let body = Arc::new(render()?);
                // Of two that are made at once, either: they are equal. Figures are those of one day, but midnight may pass.
                let _ = place.set((day, Arc::clone(&body)));
                Ok(body)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_body_is_made_once_for_each_language_and_for_no_other_day() {
        let (bodies, mut made) = (RenderedBodies::default(), 0);
        let mut read = |language, day| {
            let render = || {
                made += 1;
                Ok::<_, Infallible>(RenderedBody { bytes: vec![made], tag: String::new() })
            };
            bodies.get_or_render((language, day), render).unwrap().bytes[0]
        };
        let (today, tomorrow) = (date(2026, 11, 30), date(2026, 12, 1));
        assert_eq!([read(Language::Fr, today), read(Language::Nl, today), read(Language::En, today)], [1, 2, 3]);
        assert_eq!([read(Language::Fr, today), read(Language::En, today)], [1, 3]);
        assert_eq!([read(Language::Fr, tomorrow), read(Language::Fr, today)], [4, 1]);
    }
}
