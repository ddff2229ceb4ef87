-- The journal: one row a turn, appended, never updated. Loading a conversation is reading its last turn.
-- (conversation, number) is the fence between two nodes; (source, source_id) tells a repeat from a new event.
create table turn (
    conversation uuid not null,
    number       integer not null,
    source       text not null,
    source_id    text not null,
    at           timestamptz not null,
    kind         text not null,
    format       smallint not null,
    event        text not null,
    effects      text not null,
    path         text not null,
    state        text not null,
    refusal      text,
    primary key (conversation, number),
    unique (source, source_id)
);

-- A second name of an event (a delivery key beside an idempotency key); taken once.
create table turn_alias (
    source       text not null,
    alias        text not null,
    conversation uuid not null,
    number       integer not null,
    primary key (source, alias)
);

-- The two ends of each conversation, and the oldest epoch whose sends may still leave.
create table conversation (
    id         uuid primary key,
    ours       text not null,
    theirs     text not null,
    epoch      integer not null default 0,
    created_at timestamptz not null
);
-- Serves: which conversations does a contact have (a purchase, an erasure).
create index conversation_theirs on conversation (theirs);

-- What is on record about an address of a contact.
create table contact (
    address        text primary key,
    external_id    text,
    block          text,
    block_evidence text,
    block_at       timestamptz,
    updated_at     timestamptz not null
);
-- Serves: which addresses does a person have (a purchase that names only the external id).
create index contact_external_id on contact (external_id) where external_id is not null;

-- What is to leave, inserted with its turn. A row is leased by moving due_at; in_doubt_since is set from the
-- moment that a request leaves until its answer is stored.
create table outbox (
    conversation   uuid not null,
    turn           integer not null,
    index          integer not null,
    seq            bigint generated always as identity,
    destination    text not null,
    sender         text not null,
    contact        text not null,
    epoch          integer not null,
    format         smallint not null,
    effect         text not null,
    due_at         timestamptz not null,
    created_at     timestamptz not null,
    attempts       integer not null default 0,
    in_doubt_since timestamptz,
    last_error     text,
    primary key (conversation, turn, index, destination)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
        autovacuum_vacuum_cost_delay = 0);
-- Serves: the oldest messages of each sender, past the backlog of a sender that is paced.
create index outbox_sends on outbox (sender, seq) where destination = 'twilio';
-- Serves: the oldest reports for a sink.
create index outbox_reports on outbox (destination, seq) where destination <> 'twilio';
-- Serves: the messages in doubt, few among many.
create index outbox_in_doubt on outbox (in_doubt_since) where in_doubt_since is not null;

-- What has left, and by which name the provider knows it.
create table delivery (
    conversation uuid not null,
    turn         integer not null,
    index        integer not null,
    destination  text not null,
    outcome      text not null,
    provider_id  text,
    at           timestamptz not null,
    primary key (conversation, turn, index, destination)
);

-- What no destination would take, kept until somebody replays it.
create table dead_letter (
    conversation uuid not null,
    turn         integer not null,
    index        integer not null,
    destination  text not null,
    sender       text not null,
    contact      text not null,
    epoch        integer not null,
    format       smallint not null,
    effect       text not null,
    attempts     integer not null,
    reason       text not null,
    created_at   timestamptz not null,
    died_at      timestamptz not null,
    primary key (conversation, turn, index, destination)
);
-- Serves: the list, newest first.
create index dead_letter_died_at on dead_letter (died_at);

-- Timers that wait, by the effect that set them.
create table timer (
    conversation uuid not null,
    turn         integer not null,
    index        integer not null,
    ours         text not null,
    theirs       text not null,
    purpose      text not null,
    due_at       timestamptz not null,
    primary key (conversation, turn, index)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
        autovacuum_vacuum_cost_delay = 0);
-- Serves: what is due.
create index timer_due_at on timer (due_at);

-- Events that were acknowledged but could not become a turn yet: swept, never lost.
create table inbox (
    source      text not null,
    source_id   text not null,
    alias       text,
    ours        text not null,
    theirs      text not null,
    format      smallint not null,
    event       text not null,
    received_at timestamptz not null,
    attempts    integer not null default 0,
    due_at      timestamptz not null,
    parked      boolean not null default false,
    error       text not null,
    primary key (source, source_id)
);
-- Serves: the sweep.
create index inbox_due_at on inbox (due_at) where not parked;

-- Flow definitions; an execution keeps the revision that it started with.
create table flow (
    sid        text primary key,
    name       text not null unique
);
create table flow_revision (
    flow        text not null references flow (sid),
    number      integer not null,
    hash        text not null,
    definition  text not null,
    created_at  timestamptz not null,
    primary key (flow, number)
);
