//! Files that are stored as they were sent: what they are, and what they are called.

mod file_name;
mod file_type;

pub use self::file_name::{FileName, is_program_name};
pub use self::file_type::FileType;
