//! What a gateway gives back to the machine.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

/// The setting of the C library's allocator, and its value in bytes.
const SETTING: (&str, &str) = ("MALLOC_MMAP_THRESHOLD_", "1048576");

/// Begins this process anew with an allocator that gives the room of large documents back at once. Left alone, that of
/// the GNU library learns from the first large document to keep the room of all later ones, thread by thread: a handful
/// of senders could have the gateway hold hundreds of megabytes for nothing. It reads its settings only as a process
/// begins. Where they are set already, or cannot be, nothing happens.
pub(super) fn give_back() {
    let (name, value) = SETTING;
    let learns = cfg!(all(target_os = "linux", target_env = "gnu"));
    if !learns || std::env::var_os(name).is_some() {
        return;
    }
    let (Ok(program), mut words) = (std::env::current_exe(), std::env::args_os()) else { return };
    let called = words.next().unwrap_or_else(|| OsStr::new("passerelle").to_owned());
    // Returns only when it failed; the gateway runs without it, too.
    let _ = Command::new(program).arg0(called).args(words).env(name, value).exec();
}
