//! The program as its users start it: a process of its own, reached over HTTP, stopped and killed.

mod confined;
mod crash;
mod dispatchers;
mod hostile;
mod listen;
mod logs;
mod sandbox;
mod stop;
