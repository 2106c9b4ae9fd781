//! Deletes of a limited number of rows, so that no transaction of the retention periods holds the writer for long.

/// The limit of a delete without one.
pub const EVERY_ROW: i64 = i64::MAX;

/// The statement that deletes at most `$3` rows of an organiser (`$1`) that meet a condition on `$2`. `key` are the columns
/// of the table's primary key. With `of`, the rows that belong to those rows of another table, by the key of that one.
macro_rules! limited_delete {
    ($table:literal, $key:literal, $condition:literal) => {
        limited_delete!($table, $key, of $table, $condition)
    };
    ($table:literal, $key:literal, of $source:literal, $condition:literal) => {
        concat!(
            "delete from ",
            $table,
            " where (",
            $key,
            ") in (select ",
            $key,
            " from ",
            $source,
            " where organiser_id = $1 and ",
            $condition,
            " limit $3)"
        )
    };
}
pub(in crate::store) use limited_delete;
