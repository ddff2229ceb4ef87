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
