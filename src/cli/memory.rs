//! The allocator's settings.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

/// The settings of the C library's allocator, in bytes: from which size on a block is returned to the system at once, and how
/// much free memory at the end of each heap is not returned.
const SETTINGS: [(&str, &str); 2] = [("MALLOC_MMAP_THRESHOLD_", "1048576"), ("MALLOC_TRIM_THRESHOLD_", "1048576")];

/// Executes this process anew with an allocator that returns the memory of large documents at once and keeps that of small
/// ones. By default, that of the GNU library raises its threshold with the first large document and retains the memory of
/// all later ones, thread by thread: a handful of senders could have the gateway retain hundreds of megabytes. It would also
/// return the memory of each small document, and get it back with the next one. It reads its settings only at the start of a
/// process. Where they are set already, or cannot be set, nothing happens.
pub(super) fn use_allocator_settings() {
    let adapts = cfg!(all(target_os = "linux", target_env = "gnu"));
    if !adapts || SETTINGS.iter().any(|(name, _)| std::env::var_os(name).is_some()) {
        return;
    }
    let (Ok(program), mut words) = (std::env::current_exe(), std::env::args_os()) else { return };
    let called = words.next().unwrap_or_else(|| OsStr::new("passerelle").to_owned());
    // Returns only when it failed; the gateway also runs without it.
    let _ = Command::new(program).arg0(called).args(words).envs(SETTINGS).exec();
}
