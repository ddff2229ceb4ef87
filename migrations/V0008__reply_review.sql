-- Replies that were not understood, kept for people to look at.
create table reply_review (
    conversation uuid not null,
    turn         integer not null,
    at           timestamptz not null,
    text         text not null,
    text_sha256  text not null,
    tags         text not null,
    score        real not null,
    tagger       text not null,
    flow         text not null,
    primary key (conversation, turn)
);
-- Serves: the list by time, and forgetting the oldest.
create index reply_review_at on reply_review (at);
