//! Grants as columns of the row that they belong to: SQL that aggregates them in the order in which they were given. Reads
//! and authentication codes use the same SQL, so that a code covers exactly what is read.

/// Codes separated by spaces; null when there are none.
macro_rules! codes {
    ($owner:literal, $table:literal, $parent:literal, $code:literal) => {
        concat!(
            "(select string_agg(g.",
            $code,
            ", ' ' order by g.position) from ",
            $table,
            " g \
             where g.organiser_id = ",
            $owner,
            ".organiser_id and g.",
            $parent,
            " = ",
            $owner,
            ".id)"
        )
    };
}

/// A JSON list of crèche ids; null means all of the organiser's.
macro_rules! creches {
    ($owner:literal, $table:literal, $parent:literal) => {
        concat!(
            "case when ",
            $owner,
            ".all_creches = 1 then null else '[' || coalesce((select '\"' || \
             string_agg(g.creche_id, '\",\"' order by g.position) || '\"' from ",
            $table,
            " g \
             where g.organiser_id = ",
            $owner,
            ".organiser_id and g.",
            $parent,
            " = ",
            $owner,
            ".id), '') || ']' end"
        )
    };
}

/// The scopes of an application: empty means all, null none.
macro_rules! application_scopes {
    () => {
        concat!(
            "case when application.all_scopes = 1 then '' else ",
            $crate::store::grant_columns::codes!("application", "application_scope", "application_id", "scope"),
            " end"
        )
    };
}

/// The scopes of an application as its code covers them: with the end of the time in which bodies are logged behind them.
/// Without such an end it is the text of the codes that were computed before there was one.
macro_rules! application_covered_scopes {
    () => {
        concat!(
            "case when application.logs_bodies_until is null then ",
            $crate::store::grant_columns::application_scopes!(),
            " else coalesce(",
            $crate::store::grant_columns::application_scopes!(),
            ", '-') || ' logsBodiesUntil=' || cast(application.logs_bodies_until as text) end"
        )
    };
}

/// The crèches of an application.
macro_rules! application_creches {
    () => {
        $crate::store::grant_columns::creches!("application", "application_creche", "application_id")
    };
}

/// The scopes of a key.
macro_rules! api_key_scopes {
    () => {
        concat!(
            "coalesce(",
            $crate::store::grant_columns::codes!("api_key", "api_key_scope", "key_id", "scope"),
            ", '')"
        )
    };
}

/// The crèches of a key.
macro_rules! api_key_creches {
    () => {
        $crate::store::grant_columns::creches!("api_key", "api_key_creche", "key_id")
    };
}

/// The types of events that an endpoint is sent; null means all.
macro_rules! webhook_endpoint_event_types {
    () => {
        concat!(
            "case when webhook_endpoint.all_event_types = 1 then null else coalesce(",
            $crate::store::grant_columns::codes!(
                "webhook_endpoint",
                "webhook_endpoint_event_type",
                "endpoint_id",
                "event_type"
            ),
            ", '') end"
        )
    };
}

/// The crèches of an endpoint.
macro_rules! webhook_endpoint_creches {
    () => {
        $crate::store::grant_columns::creches!("webhook_endpoint", "webhook_endpoint_creche", "endpoint_id")
    };
}

pub(super) use {
    api_key_creches, api_key_scopes, application_covered_scopes, application_creches, application_scopes, codes,
    creches, webhook_endpoint_creches, webhook_endpoint_event_types,
};
