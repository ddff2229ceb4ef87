-- Which thread a trigger's person is being spoken to in, by each name of the person, so that of two triggers at once
-- one runs: the other breaks the constraint, and with it its whole commit.
create table engaged (
    person       text primary key,
    conversation uuid not null,
    live         boolean not null,
    overlapping  boolean not null default false,
    constraint one_conversation_at_a_time check (not overlapping)
);
-- Serves: an erasure.
create index engaged_conversation on engaged (conversation);

-- A message is stopped by an order of its contact that was placed from a moment on, where one is there, and that became
-- known since the message was queued. Both clocks are the database's.
alter table outbox
    add column unless_bought_since timestamptz,
    add column queued_at timestamptz not null default now();
alter table purchase add column recorded_at timestamptz not null default now();
