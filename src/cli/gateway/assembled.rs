//! Assembling: the router of a gateway, with the operations for software and the pages for people.

use crate::api;
use crate::app::App;
use crate::cli::sandbox_parts::SandboxParts;
use crate::cli::{CliError, log_in};
use crate::config::Config;
use crate::console;
use crate::http::{GatewayRouter, HttpConfig};

/// The router of an application that is known at the public address `base_url`.
pub(crate) fn assembled(
    app: &App,
    config: &Config,
    base_url: &str,
    sandbox: Option<&SandboxParts>,
    around: HttpConfig,
) -> Result<GatewayRouter, CliError> {
    let pages = console::pages(log_in::from_config(app, config, sandbox, base_url)?);
    let pages = match sandbox {
        Some(sandbox) => sandbox.mount(app, config, base_url, pages)?,
        None => pages,
    };
    let operations = match sandbox {
        Some(sandbox) => sandbox.wrap_operations(app, api::routes()),
        None => api::routes(),
    };
    let router = crate::http::router(app.clone(), operations, api::receipts::with_keys(pages), around);
    Ok(match sandbox {
        Some(sandbox) => sandbox.in_front_of(router),
        None => router,
    })
}
