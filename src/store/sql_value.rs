//! Values of statements, for either engine.

/// A value of a statement.
#[derive(Debug, Clone)]
pub(crate) enum SqlValue {
    /// Text.
    Text(Option<String>),
    /// A number.
    Number(Option<i64>),
    /// Bytes.
    Bytes(Option<Vec<u8>>),
}

macro_rules! sql_value {
    ($($from:ty => $variant:ident($value:ident) $some:expr;)+) => {
        $(impl From<$from> for SqlValue {
            fn from($value: $from) -> Self {
                Self::$variant($some)
            }
        })+
    };
}
sql_value! {
    &str => Text(text) Some(text.to_owned());
    Option<&str> => Text(text) text.map(str::to_owned);
    &String => Text(text) Some(text.clone());
    String => Text(text) Some(text);
    &Option<String> => Text(text) text.clone();
    Option<String> => Text(text) text;
    i64 => Number(number) Some(number);
    Option<i64> => Number(number) number;
    &[u8] => Bytes(bytes) Some(bytes.to_vec());
    &Option<Vec<u8>> => Bytes(bytes) bytes.clone();
    Option<Vec<u8>> => Bytes(bytes) bytes;
}

/// Binds values to a query of either engine.
macro_rules! bind_all {
    ($query:expr, $values:expr) => {
        $values.into_iter().fold($query, |query, value| match value {
            $crate::store::sql_value::SqlValue::Text(text) => query.bind(text),
            $crate::store::sql_value::SqlValue::Number(number) => query.bind(number),
            $crate::store::sql_value::SqlValue::Bytes(bytes) => query.bind(bytes),
        })
    };
}
pub(super) use bind_all;
