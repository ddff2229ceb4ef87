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

-- How often flows were begun with a person, and how often something became known that stands against beginning one
-- (an order, a stop, a consent that was taken back), by each name of the person. Who does the one says how often he has
-- seen the other: where that is not so any more the constraint breaks, and with it the whole commit.
create table person_course (
    person    text primary key,
    begun     bigint not null,
    closed    bigint not null,
    seen      bigint not null,
    overtaken boolean not null default false,
    constraint person_is_as_seen check (not overtaken)
) with (fillfactor = 80);

-- A message is stopped by an order of its contact that was placed from a moment on, where one is there, and that its
-- thread had not heard of when the message was queued. The thread is then told of it, by what was told of the order.
alter table outbox
    add column unless_bought_since timestamptz,
    add column orders_heard text[];
alter table purchase
    add column format smallint not null default 0,
    add column event text not null default '';
