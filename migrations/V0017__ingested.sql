-- Calls of Segment's specification that were acknowledged and are to be worked off: those of one subject in their
-- order. A row is leased by moving due_at, and goes when it is done with; one that failed too often is parked.
create table ingested (
    seq         bigint generated always as identity primary key,
    source      text not null,
    message_id  text not null,
    subject     text not null,
    format      smallint not null,
    call        text not null,
    received_at timestamptz not null,
    attempts    integer not null default 0,
    due_at      timestamptz not null default now(),
    parked      boolean not null default false,
    error       text
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
        autovacuum_vacuum_cost_delay = 0);
-- Serves: a lease, which asks of each call for its subject's first one and for earlier ones under way. The order among
-- subjects is the primary key's.
create index ingested_subject on ingested (subject, seq) where not parked;

-- Which calls have been taken, under a keyed hash of source and message id: a second one is a repeat.
create table ingested_name (
    name text primary key,
    at   timestamptz not null
);
-- Serves: forgetting the names that no client repeats any more.
create index ingested_name_at on ingested_name (at);

-- What is true of a person now, as JSON. A person is id:42, and anonymous:507f191e or email:ann@example.com before the
-- id is known. set_by is the call that set the value and previous what it was before, so that a call that is worked off
-- twice finds the same change.
create table trait (
    person   text not null,
    name     text not null,
    value    text not null,
    previous text,
    set_by   bigint not null,
    at       timestamptz not null,
    primary key (person, name)
) with (fillfactor = 80);
-- Serves: whose phone number it is (an erasure).
create index trait_phone on trait (value) where name = 'phone';
