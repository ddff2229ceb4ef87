-- Triggers that wait in the inbox for the end of handoffs: the conversations that they wait behind, in which a person
-- speaks with the contact or shall. Such a row is not due until none of those has an open handoff.
alter table inbox add column behind uuid[];
-- Serves: which of them need wait no more.
create index inbox_behind on inbox (received_at) where behind is not null;

-- Where a row of the queue was before: whoever sees those topics alone, or had it in hand, is told that it has gone.
alter table handoff_queue add column left_topic text, add column left_holder text;

create or replace function handoff_queue_touched() returns trigger language plpgsql as $$
begin
    new.changed_at := clock_timestamp();
    if tg_op = 'UPDATE' then
        if new.topic is distinct from old.topic then
            new.left_topic := old.topic;
        end if;
        if new.holder is distinct from old.holder then
            new.left_holder := old.holder;
        end if;
    end if;
    return new;
end $$;
