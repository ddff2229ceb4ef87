-- The events of Customer.io's reporting webhooks that changed a consent and were taken whole, by the event's own id. A
-- repeat is told by it for as long as Customer.io repeats, which is seven days, and some more.
create table customerio_report (
    event_id    text primary key,
    received_at timestamptz not null
);
-- Serves: forgetting what is repeated no more.
create index customerio_report_received_at on customerio_report (received_at);

-- What a list says of the same second in which the person said something stands beside it.
alter table consent
    drop constraint consent_pkey,
    add primary key (address, external_id, channel, programme, at, state, method);
