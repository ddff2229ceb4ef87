-- Why a message is sent: FLOW is what a flow says, QUESTION asks whether to stop, NOTICE is what law or carriers ask for.
alter table outbox add column purpose text not null default 'FLOW';
-- Serves: the messages of each sender that no flow says, past its backlog.
create index outbox_notices on outbox (sender, seq) where destination = 'twilio' and purpose <> 'FLOW';
