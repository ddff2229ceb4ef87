-- A call waits by the host that it is made to, which stands where a message has its sender.
-- Serves: the oldest calls to each host, past the backlog of a host that is slow.
create index outbox_calls on outbox (sender, seq) where destination = 'calls';
