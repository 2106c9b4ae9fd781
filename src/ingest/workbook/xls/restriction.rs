//! The restrictions of the child process that reads an `.xls`: memory, time, its three streams, and to end. No file,
//! no socket, no program.

use std::collections::BTreeMap;
use std::io;
use std::net::UdpSocket;

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch, apply_filter};

/// The limits of the child: address space in bytes and processor time in seconds.
const MEMORY: u64 = 512 << 20;
const PROCESSOR_SECONDS: u64 = 8;

/// The system calls that reading one stream and writing another needs. Every other fails as not permitted.
const ALLOWED: [libc::c_long; 28] = [
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_close,
    libc::SYS_lseek,
    libc::SYS_fstat,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_mprotect,
    libc::SYS_madvise,
    libc::SYS_brk,
    libc::SYS_futex,
    libc::SYS_sched_yield,
    libc::SYS_clock_gettime,
    libc::SYS_nanosleep,
    libc::SYS_getrandom,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_tgkill,
    libc::SYS_restart_syscall,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// Restricts this process for the rest of its life. Where the kernel does not support the filter, or not for this
/// processor, the limits still apply.
pub(super) fn confine_process() -> io::Result<()> {
    let limit = |most| Rlimit { current: Some(most), maximum: Some(most) };
    setrlimit(Resource::As, limit(MEMORY))?;
    setrlimit(Resource::Cpu, limit(PROCESSOR_SECONDS))?;
    setrlimit(Resource::Core, limit(0))?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    if let Some(program) = filter() {
        // An old kernel, or a sandbox that does not allow filters.
        let _ = apply_filter(&program);
    }
    Ok(())
}

/// The filter for this processor; `None` where there is none.
fn filter() -> Option<BpfProgram> {
    let processor = TargetArch::try_from(std::env::consts::ARCH).ok()?;
    let rules = ALLOWED.iter().map(|call| (*call, Vec::new())).collect::<BTreeMap<_, _>>();
    let refused = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    SeccompFilter::new(rules, refused, SeccompAction::Allow, processor).ok()?.try_into().ok()
}

/// Whether this process can neither open a socket nor a file nor start a program.
pub(super) fn is_confined() -> bool {
    let socket = UdpSocket::bind("127.0.0.1:0").is_err();
    let file = std::fs::File::open("/").is_err();
    let program = std::process::Command::new("/bin/true").spawn().is_err();
    socket && file && program
}
