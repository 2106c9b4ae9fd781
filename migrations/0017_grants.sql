-- What applications, keys and webhook endpoints are limited to is rows: their scopes, crèches and types of events. A row
-- names its organiser, so that it never names a crèche of another. "All" is a column of its own: without rows there is
-- nothing.

alter table application add column all_scopes bigint not null default 0 check (all_scopes in (0, 1));
alter table application add column all_creches bigint not null default 0 check (all_creches in (0, 1));
alter table api_key add column all_creches bigint not null default 0 check (all_creches in (0, 1));
alter table webhook_endpoint add column all_event_types bigint not null default 0 check (all_event_types in (0, 1));
alter table webhook_endpoint add column all_creches bigint not null default 0 check (all_creches in (0, 1));

-- Applications registered before their scopes were recorded have all, those of later releases too.
update application set all_scopes = 1 where scopes = '';
update application set all_creches = 1 where creches is null;
update api_key set all_creches = 1 where creches is null;
update webhook_endpoint set all_event_types = 1 where event_types is null;
update webhook_endpoint set all_creches = 1 where creches is null;

-- Rows refer to their organiser and what they belong to together.
drop index application_of_organiser;
create unique index application_of_organiser on application (organiser_id, id);
create unique index api_key_by_organiser on api_key (organiser_id, id);
drop index webhook_endpoint_of_organiser;
create unique index webhook_endpoint_of_organiser on webhook_endpoint (organiser_id, id);
create unique index app_user_by_organiser on app_user (organiser_id, id);

-- The most that the keys of an application may do.
create table application_scope (
    organiser_id   text   not null,
    application_id text   not null,
    scope          text   not null check (scope <> ''),
    position       bigint not null,                -- place in the list, from 0
    primary key (organiser_id, application_id, position),
    foreign key (organiser_id, application_id) references application (organiser_id, id)
);

-- The crèches that the keys of an application may reach.
create table application_creche (
    organiser_id   text   not null,
    application_id text   not null,
    creche_id      text   not null,
    position       bigint not null,
    primary key (organiser_id, application_id, position),
    foreign key (organiser_id, application_id) references application (organiser_id, id),
    foreign key (organiser_id, creche_id) references creche (organiser_id, id)
);

-- What a key may do.
create table api_key_scope (
    organiser_id text   not null,
    key_id       text   not null,
    scope        text   not null check (scope <> ''),
    position     bigint not null,
    primary key (organiser_id, key_id, position),
    foreign key (organiser_id, key_id) references api_key (organiser_id, id)
);

-- The crèches that a key reaches.
create table api_key_creche (
    organiser_id text   not null,
    key_id       text   not null,
    creche_id    text   not null,
    position     bigint not null,
    primary key (organiser_id, key_id, position),
    foreign key (organiser_id, key_id) references api_key (organiser_id, id),
    foreign key (organiser_id, creche_id) references creche (organiser_id, id)
);

-- What an endpoint is told.
create table webhook_endpoint_event_type (
    organiser_id text   not null,
    endpoint_id  text   not null,
    event_type   text   not null check (event_type <> ''),
    position     bigint not null,
    primary key (organiser_id, endpoint_id, position),
    foreign key (organiser_id, endpoint_id) references webhook_endpoint (organiser_id, id)
);

-- The crèches that an endpoint is told of.
create table webhook_endpoint_creche (
    organiser_id text   not null,
    endpoint_id  text   not null,
    creche_id    text   not null,
    position     bigint not null,
    primary key (organiser_id, endpoint_id, position),
    foreign key (organiser_id, endpoint_id) references webhook_endpoint (organiser_id, id),
    foreign key (organiser_id, creche_id) references creche (organiser_id, id)
);

-- The lists become rows in their order, which codes of rows cover. Of a list of codes the one it begins with is taken,
-- again and again. Of a list of crèches, ["…","…"], each has 36 letters and stands 39 letters after the one before it.
insert into application_scope (organiser_id, application_id, scope, position)
with recursive code (scope) as (
    values ('attendance:read'), ('attendance:write'), ('medical:read'), ('medical:write'), ('staff:read'), ('staff:write'),
           ('summaries:read'), ('events:read'), ('webhooks:manage'), ('staffDocuments:read'), ('staffDocuments:write'),
           ('reports:read'), ('reports:write')
),
item (organiser_id, parent_id, scope, remaining, position) as (
    select organiser_id, id, '', scopes, -1 from application where all_scopes = 0
    union all
    select i.organiser_id, i.parent_id, c.scope, substr(i.remaining, length(c.scope) + 2), i.position + 1
    from item i join code c on substr(i.remaining || ' ', 1, length(c.scope) + 1) = c.scope || ' '
)
select organiser_id, parent_id, scope, position from item where position >= 0;

insert into api_key_scope (organiser_id, key_id, scope, position)
with recursive code (scope) as (
    values ('attendance:read'), ('attendance:write'), ('medical:read'), ('medical:write'), ('staff:read'), ('staff:write'),
           ('summaries:read'), ('events:read'), ('webhooks:manage'), ('staffDocuments:read'), ('staffDocuments:write'),
           ('reports:read'), ('reports:write')
),
item (organiser_id, parent_id, scope, remaining, position) as (
    select organiser_id, id, '', scopes, -1 from api_key
    union all
    select i.organiser_id, i.parent_id, c.scope, substr(i.remaining, length(c.scope) + 2), i.position + 1
    from item i join code c on substr(i.remaining || ' ', 1, length(c.scope) + 1) = c.scope || ' '
)
select organiser_id, parent_id, scope, position from item where position >= 0;

insert into webhook_endpoint_event_type (organiser_id, endpoint_id, event_type, position)
with recursive code (event_type) as (
    values ('attendanceStatement.deposited'), ('attendanceStatement.replaced'), ('attendanceStatement.refused'),
           ('attendanceStatement.missing'), ('medicalStatement.deposited'), ('medicalStatement.replaced'),
           ('medicalStatement.refused'), ('closures.replaced'), ('doctor.entered'), ('doctor.changed'),
           ('doctor.validated'), ('doctor.refused'), ('staffRegister.changed'), ('staffRegister.refused'),
           ('staffRegister.validated'), ('application.registered'), ('application.suspended'), ('application.resumed'),
           ('application.revoked'), ('key.issued'), ('key.expiring'), ('key.revoked'), ('webhookEndpoint.paused'),
           ('webhookEndpoint.disabled')
),
item (organiser_id, parent_id, event_type, remaining, position) as (
    select organiser_id, id, '', event_types, -1 from webhook_endpoint where event_types is not null
    union all
    select i.organiser_id, i.parent_id, c.event_type, substr(i.remaining, length(c.event_type) + 2), i.position + 1
    from item i join code c on substr(i.remaining || ' ', 1, length(c.event_type) + 1) = c.event_type || ' '
)
select organiser_id, parent_id, event_type, position from item where position >= 0;

insert into application_creche (organiser_id, application_id, creche_id, position)
with recursive item (organiser_id, parent_id, creches, position) as (
    select organiser_id, id, creches, 0 from application where creches is not null
    union all
    select organiser_id, parent_id, creches, position + 1 from item where length(creches) > 39 * (position + 2)
)
select i.organiser_id, i.parent_id, c.id, i.position from item i
join creche c on c.organiser_id = i.organiser_id and c.id = substr(i.creches, 39 * i.position + 3, 36);

insert into api_key_creche (organiser_id, key_id, creche_id, position)
with recursive item (organiser_id, parent_id, creches, position) as (
    select organiser_id, id, creches, 0 from api_key where creches is not null
    union all
    select organiser_id, parent_id, creches, position + 1 from item where length(creches) > 39 * (position + 2)
)
select i.organiser_id, i.parent_id, c.id, i.position from item i
join creche c on c.organiser_id = i.organiser_id and c.id = substr(i.creches, 39 * i.position + 3, 36);

insert into webhook_endpoint_creche (organiser_id, endpoint_id, creche_id, position)
with recursive item (organiser_id, parent_id, creches, position) as (
    select organiser_id, id, creches, 0 from webhook_endpoint where creches is not null
    union all
    select organiser_id, parent_id, creches, position + 1 from item where length(creches) > 39 * (position + 2)
)
select i.organiser_id, i.parent_id, c.id, i.position from item i
join creche c on c.organiser_id = i.organiser_id and c.id = substr(i.creches, 39 * i.position + 3, 36);

alter table application drop column scopes;
alter table application drop column creches;
alter table api_key drop column scopes;
alter table api_key drop column creches;
alter table webhook_endpoint drop column event_types;
alter table webhook_endpoint drop column creches;

-- Small tables likewise: the crèche of a row is one of the organiser that the row names. Rows of which that was not so
-- were found by nothing and are left out.

create table user_right (
    organiser_id text not null,
    user_id      text not null,
    creche_id    text not null,
    scopes       text not null,                    -- codes separated by spaces
    primary key (organiser_id, user_id, creche_id),
    foreign key (organiser_id, user_id) references app_user (organiser_id, id),
    foreign key (organiser_id, creche_id) references creche (organiser_id, id)
);
insert into user_right (organiser_id, user_id, creche_id, scopes)
select r.organiser_id, r.user_id, r.creche_id, r.scopes from app_user_right r
join app_user u on u.organiser_id = r.organiser_id and u.id = r.user_id
join creche c on c.organiser_id = r.organiser_id and c.id = r.creche_id;
drop table app_user_right;
alter table user_right rename to app_user_right;

create table places (
    organiser_id text   not null,
    creche_id    text   not null,
    from_date    text   not null,                  -- first day on which it holds
    places       bigint not null check (places >= 0),
    primary key (organiser_id, creche_id, from_date),
    foreign key (organiser_id, creche_id) references creche (organiser_id, id)
);
insert into places (organiser_id, creche_id, from_date, places)
select p.organiser_id, p.creche_id, p.from_date, p.places from capacity p
join creche c on c.organiser_id = p.organiser_id and c.id = p.creche_id;
drop table capacity;
alter table places rename to capacity;

create table closed_days (
    organiser_id text   not null,
    creche_id    text   not null,
    position     bigint not null,                  -- place in the list, from 0
    start_date   text   not null,                  -- first closed day
    end_date     text   not null,                  -- last closed day
    reason       text   not null,                  -- code: publicHoliday, strike, annualClosure, other
    primary key (organiser_id, creche_id, position),
    foreign key (organiser_id, creche_id) references creche (organiser_id, id)
);
insert into closed_days (organiser_id, creche_id, position, start_date, end_date, reason)
select p.organiser_id, p.creche_id, p.position, p.start_date, p.end_date, p.reason from closure p
join creche c on c.organiser_id = p.organiser_id and c.id = p.creche_id;
drop table closure;
alter table closed_days rename to closure;

create table typed_draft (
    organiser_id text   not null,
    creche_id    text   not null,
    kind         text   not null,
    month        text   not null,
    user_id      text   not null,                  -- who saved it last
    sealed       bytea  not null,                  -- JSON: the rows as they were typed
    saved_at     bigint not null,
    version      bigint not null,                  -- raised with each save; 1 at first
    primary key (organiser_id, creche_id, kind, month),
    foreign key (organiser_id, creche_id) references creche (organiser_id, id)
);
insert into typed_draft (organiser_id, creche_id, kind, month, user_id, sealed, saved_at, version)
select p.organiser_id, p.creche_id, p.kind, p.month, p.user_id, p.sealed, p.saved_at, p.version from draft p
join creche c on c.organiser_id = p.organiser_id and c.id = p.creche_id;
drop table draft;
alter table typed_draft rename to draft;
