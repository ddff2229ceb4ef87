-- Triggers that wait in the inbox for the end of handoffs: the conversations that they wait behind, in which a person
-- speaks with the contact or shall. Such a row is not due until none of those has an open handoff.
alter table inbox add column behind uuid[];
-- Serves: which of them need wait no more.
create index inbox_behind on inbox (received_at) where behind is not null;
