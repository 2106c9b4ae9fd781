//! Files as people send them.

/// The smallest PDF that is whole, with a text in a comment.
pub(crate) fn pdf(text: &str) -> Vec<u8> {
    format!("%PDF-1.7\n% {text}\nstartxref\n9\n%%EOF\n").into_bytes()
}
