-- Other names that a thread is written to under: the conversation of Twilio Conversations that a flow opened.
create table thread_name (
    name         text primary key,
    conversation uuid not null,
    at           timestamptz not null
);
