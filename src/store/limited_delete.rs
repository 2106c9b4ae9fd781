//! Deletes of a limited number of rows, so that no transaction of the retention periods holds the writer for long.

/// The limit of a delete without one.
pub const EVERY_ROW: i64 = i64::MAX;

/// The statement that deletes at most `$3` rows of an organiser (`$1`) that meet a condition on `$2`. `key` are the columns
/// of the table's primary key.
macro_rules! limited_delete {
    ($table:literal, $key:literal, $condition:literal) => {
        concat!(
            "delete from ",
            $table,
            " where (",
            $key,
            ") in (select ",
            $key,
            " from ",
            $table,
            " where organiser_id = $1 and ",
            $condition,
            " limit $3)"
        )
    };
}
pub(super) use limited_delete;
