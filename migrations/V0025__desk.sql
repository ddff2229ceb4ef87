-- What agents note beside a conversation, for each other: nothing of it leaves.
create table desk_note (
    number       bigint generated always as identity primary key,
    conversation uuid not null,
    turn         integer not null,
    author       text not null,
    author_name  text not null,
    note         text not null,
    at           timestamptz not null
);
-- Serves: the notes of a conversation, in their order, and those that came since one.
create index desk_note_conversation on desk_note (conversation, number);

-- Filters of the inbox that an agent gave a name.
create table desk_view (
    agent      text not null,
    name       text not null,
    filter     text not null,
    updated_at timestamptz not null,
    primary key (agent, name)
);

-- When a row of the list changed, whoever changed it, so that each node can tell those who look at the list.
alter table handoff_queue add column changed_at timestamptz not null default clock_timestamp();
create function handoff_queue_touched() returns trigger language plpgsql as $$
begin
    new.changed_at := clock_timestamp();
    return new;
end $$;
create trigger handoff_queue_touched before insert or update on handoff_queue
    for each row execute function handoff_queue_touched();
-- Serves: what changed since a moment.
create index handoff_queue_changed on handoff_queue (changed_at);
