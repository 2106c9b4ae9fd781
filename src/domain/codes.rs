//! Closed lists of codes: one declaration defines the type, its spelling and its parsing.

/// The list has no such code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a code of the list")]
pub struct UnknownCode;

/// Declares a closed list of codes, as JSON spells them. With `with area` it has a function `label`: the file `area` in
/// `src/words/<language>/` has a table with the name of the list, and in it a text with the name of each code.
macro_rules! codes {
    (
        $(#[$doc:meta])*
        pub enum $name:ident with $area:ident { $($(#[$code_doc:meta])* $code:ident $text:literal;)+ }
    ) => {
        $crate::domain::codes::codes! { $(#[$doc])* pub enum $name { $($(#[$code_doc])* $code $text;)+ } }

        impl $name {
            /// The words of the published list.
            pub const fn label(self) -> $crate::words::LocalText {
                match self { $(Self::$code => $crate::words::$area::$name::$code),+ }
            }
        }
    };
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$code_doc:meta])* $code:ident $text:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$code_doc])* #[serde(rename = $text)] $code,)+ }

        impl $name {
            /// Every code, in the order of the published list.
            pub const ALL: &[Self] = &[$(Self::$code),+];

            /// The code as JSON spells it.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$code => $text),+ }
            }

            /// Parses the code.
            pub fn from_code(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$code),)+ _ => None }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::codes::UnknownCode;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::from_code(text).ok_or($crate::domain::codes::UnknownCode)
            }
        }

        impl $crate::domain::raw::Raw for $name {
            fn from_text(text: &str) -> Option<Self> {
                Self::from_code(text)
            }
        }
    };
}
pub(crate) use codes;
