//! The page that asks once more before something is done.

use askama::Template;

use super::shell::Shell;

/// What is asked, and where one goes with yes and with no.
#[derive(Template)]
#[template(path = "confirm.html", config = ".config/askama.toml")]
pub(super) struct ConfirmPage {
    pub(super) shell: Shell,
    pub(super) back: String,
    pub(super) action: String,
    pub(super) title: String,
    pub(super) consequence: &'static str,
    pub(super) button: &'static str,
    pub(super) danger: bool,
}
