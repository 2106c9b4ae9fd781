//! The allocator's setting for large blocks.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

/// The setting of the C library's allocator, and its value in bytes.
const SETTING: (&str, &str) = ("MALLOC_MMAP_THRESHOLD_", "1048576");

/// Executes this process anew with an allocator that returns the memory of large documents at once. By default, that of the
/// GNU library raises its threshold with the first large document and retains the memory of all later ones, thread by
/// thread: a handful of senders could have the gateway retain hundreds of megabytes. It reads its settings only at the
/// start of a process. Where they are set already, or cannot be set, nothing happens.
pub(super) fn use_mmap_for_large_blocks() {
    let (name, value) = SETTING;
    let adapts = cfg!(all(target_os = "linux", target_env = "gnu"));
    if !adapts || std::env::var_os(name).is_some() {
        return;
    }
    let (Ok(program), mut words) = (std::env::current_exe(), std::env::args_os()) else { return };
    let called = words.next().unwrap_or_else(|| OsStr::new("passerelle").to_owned());
    // Returns only when it failed; the gateway also runs without it.
    let _ = Command::new(program).arg0(called).args(words).env(name, value).exec();
}
