-- What a handoff came of, who holds it, and when who did what in it last: all of it is noted in the turn's own commit.
-- `state` is who speaks: QUEUED, AGENT, EXTERNAL, CLOSED.
alter table handoff
    add column reason          text not null default 'widget',
    add column holder          text,
    add column taken_at        timestamptz,
    add column first_reply_at  timestamptz,
    add column customer_wrote_at timestamptz,
    add column agent_wrote_at  timestamptz,
    add column touched_at      timestamptz;
update handoff set touched_at = coalesce(closed_at, opened_at);
alter table handoff alter column touched_at set default now(), alter column touched_at set not null;
-- Serves: what has changed of late among those that are open.
create index handoff_touched on handoff (touched_at) where closed_at is null;
-- Serves: the handoff that is open in a thread, when its person is asked for.
create index handoff_of_conversation on handoff (conversation) where closed_at is null;
-- Serves: whether a person speaks with somebody in another thread, by number and by id, before a flow's message leaves.
create index handoff_of_number on handoff (theirs) where closed_at is null;
create index handoff_of_person on handoff (external_id) where closed_at is null;
