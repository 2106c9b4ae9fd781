//! A national number from standard input: as an argument it would be stored in the shell's history and visible in the list
//! of processes.

use std::io::{BufRead as _, IsTerminal as _};

use crate::cli::{CliError, print_error};

/// The first line, without the dots, hyphens and spaces with which cards print the number.
pub(super) fn read() -> Result<String, CliError> {
    if std::io::stdin().is_terminal() {
        print_error("type the national number, then Enter");
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let plain: String = line.trim().chars().filter(|letter| !matches!(letter, '.' | '-' | ' ')).collect();
    if plain.is_empty() {
        return Err("no national number came in: write it to standard input, on a line of its own".into());
    }
    Ok(plain)
}
