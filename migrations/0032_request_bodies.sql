-- The bodies of logged calls, in a sandbox: masked by pseudonyms before they are stored.
alter table api_request add column body bytea;             -- masked and sealed; null: it was no JSON, or bodies are not logged
alter table api_request add column body_is_cut bigint;     -- 1: the rest of it is left out; null: there is none
