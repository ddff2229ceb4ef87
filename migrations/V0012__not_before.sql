-- From when on a row may leave: when it was queued, or when the quiet hours end that it waits for. A lease moves due_at
-- alone, so that it writes to no index, and a row that is given back keeps its place.
alter table outbox add column not_before timestamptz not null default now();
update outbox set not_before = due_at where due_at > now();

-- Serves: the oldest messages of each sender that may leave, past the backlog of a sender that is paced, and short of
-- all that waits for its time.
drop index outbox_sends;
create index outbox_sends on outbox (sender, not_before, seq) where destination = 'twilio';
-- Serves: the oldest calls to each host, past the backlog of a host that is slow.
drop index outbox_calls;
create index outbox_calls on outbox (sender, not_before, seq) where destination = 'calls';
