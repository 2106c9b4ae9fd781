//! What software sent and what became of it: the log of its calls, and the verdicts on its deposits.

mod bodies;
mod page;
mod requests;
mod verdicts;
