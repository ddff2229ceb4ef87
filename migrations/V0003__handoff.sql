-- Conversations in which a person speaks for us, or shall: a row comes with the turn that hands over and is closed
-- with the turn that ends it. What was known then is the state of the turn (conversation, turn).
create table handoff (
    conversation uuid not null,
    turn         integer not null,
    index        integer not null,
    ours         text not null,
    theirs       text not null,
    external_id  text,
    flow         text not null,
    widget       text not null,
    epoch        integer not null,
    format       smallint not null,
    effect       text not null,
    state        text not null,
    opened_at    timestamptz not null,
    closed_at    timestamptz,
    closed_turn  integer,
    disposition  text,
    why          text,
    primary key (conversation, turn, index)
);
-- Serves: what is open, oldest first.
create index handoff_open on handoff (opened_at) where closed_at is null;
-- Serves: the list of all, newest first.
create index handoff_opened_at on handoff (opened_at);

-- When a flow last began for a person, whichever of the person's addresses it began with; only of triggers that cool
-- off. A row is claimed in the turn's own commit: who claims it too early breaks the constraint, and with it the turn.
create table cooling_off (
    flow         text not null,
    person       text not null,
    begun_at     timestamptz not null,
    until        timestamptz not null,
    conversation uuid not null,
    turn         integer not null,
    overlapping  boolean not null default false,
    primary key (flow, person),
    constraint cooling_off_is_over check (not overlapping)
);
