-- Handoffs that a desk elsewhere has, or is to have: what it is known by there, and which turns it has been told of.
-- A row is leased by its due time while a courier is at it.
create table handoff_target (
    conversation  uuid not null,
    turn          integer not null,
    index         integer not null,
    target        text not null,
    -- how often it has been given to a target: one that came back may be moved to one again
    round         integer not null default 1,
    -- OPENING until it is placed there; OPEN; OVER
    state         text not null default 'OPENING',
    -- what the target names it by, and what else its answers have told, as JSON
    reference     text,
    known         text not null default '{}',
    -- the last turn that the target has been told of
    told_turn     integer not null,
    -- whether the target has said that it is over there
    ended_there   boolean not null default false,
    attempts      integer not null default 0,
    failing_since timestamptz,
    error         text,
    due_at        timestamptz not null default now(),
    poll_at       timestamptz not null default 'infinity',
    created_at    timestamptz not null default now(),
    primary key (conversation, turn, index),
    foreign key (conversation, turn, index) references handoff on delete cascade
) with (fillfactor = 80);
-- Serves: which of them there is something to do for.
create index handoff_target_due on handoff_target (due_at) where state <> 'OVER';
-- Serves: which handoff a target speaks of.
create index handoff_target_reference on handoff_target (target, reference) where reference is not null;
