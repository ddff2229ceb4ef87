-- Messages that Twilio posted to us and that Customer.io is to have too, as they came: those of one contact in their
-- order. A row is leased by moving due_at. What is relayed stays for a while without its content, since Twilio may post
-- it again; what is dead waits for a person, its body sealed where there is a key.
create table relayed (
    seq         bigint generated always as identity primary key,
    message     text not null unique,
    contact     text not null,
    token       text not null,
    body        bytea not null,
    key         text,
    received_at timestamptz not null,
    attempts    integer not null default 0,
    due_at      timestamptz not null default now(),
    state       text not null default 'waiting' check (state in ('waiting', 'done', 'dead')),
    error       text
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
        autovacuum_vacuum_cost_delay = 0);
-- Serves: a lease, which asks of each message whether an earlier one of the same contact waits.
create index relayed_waiting on relayed (contact, seq) where state = 'waiting';
-- Serves: forgetting what is relayed, listing and counting what is dead.
create index relayed_over on relayed (received_at) where state <> 'waiting';

-- When a call that may be made only so often may be made next, by what paces it: customerio/broadcast:12.
create table paced (
    name    text primary key,
    free_at timestamptz not null
);
