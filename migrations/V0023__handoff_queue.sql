-- The queue of conversations that wait for a person, and what a list of them shows: a row a handoff, which comes with
-- it, is told of each change of it in the same commit, and goes with it. The keeper of the queue reads what was told
-- (told > read), and says what the desk's rules make of it: topic, skills, priority, clocks. Offers, snoozes and marks
-- stand here alone.
create table handoff_queue (
    conversation         uuid not null,
    turn                 integer not null,
    index                integer not null,
    ours                 text not null,
    theirs               text not null,
    channel              text not null,
    external_id          text,
    flow                 text not null,
    reason               text not null,
    state                text not null,
    holder               text,
    opened_at            timestamptz not null,
    closed_at            timestamptz,
    last_at              timestamptz not null,
    told                 integer not null default 1,
    read                 integer not null default 0,
    read_turn            integer not null default 0,
    -- by the desk's rules
    admitted_at          timestamptz,
    topic                text not null default 'general',
    target               text not null default 'desk',
    skills               text[] not null default '{}',
    priority             integer not null default 0,
    weight               integer not null default 1,
    queued_at            timestamptz not null,
    context              text,
    -- clocks
    first_due            timestamptz,
    next_due             timestamptz,
    resolution_due       timestamptz,
    sla_kind             text,
    sla_due              timestamptz,
    sla_next             timestamptz,
    sla                  text not null default 'ok',
    escalated            text[] not null default '{}',
    -- who is asked to take it
    offered_to           text,
    offer_expires_at     timestamptz,
    offers               integer not null default 0,
    passed               text[] not null default '{}',
    -- what frees its holder's hands
    snoozed_until        timestamptz,
    waiting_for_customer boolean not null default false,
    -- what was said to the contact, and asked by them
    said                 text[] not null default '{}',
    callback_at          timestamptz,
    callback             text,
    -- what a list shows, and what it is found by
    name                 text,
    snippet              text not null default '',
    tags                 text[] not null default '{}',
    search               tsvector not null default ''::tsvector,
    primary key (conversation, turn, index),
    foreign key (conversation, turn, index) references handoff on delete cascade
) with (fillfactor = 80);
-- Serves: what was told of and not read yet.
create index handoff_queue_news on handoff_queue (last_at) where told > read;
-- Serves: the next of each topic and skills for those who have a hand free.
create index handoff_queue_waiting on handoff_queue (topic, skills, priority desc, queued_at)
    where state = 'QUEUED' and closed_at is null;
-- Serves: what nobody has, the most pressing first.
create index handoff_queue_unassigned on handoff_queue (priority desc, queued_at) include (conversation, turn, index)
    where state = 'QUEUED' and closed_at is null and snoozed_until is null;
-- Serves: what is open, the latest first; of a topic; of an agent, and the agent's load.
create index handoff_queue_open on handoff_queue (last_at desc) include (conversation, turn, index)
    where closed_at is null;
create index handoff_queue_topic on handoff_queue (topic, last_at desc) include (conversation, turn, index)
    where closed_at is null;
create index handoff_queue_holder on handoff_queue (holder, last_at desc) where closed_at is null and holder is not null;
-- Serves: what is closed, the latest first.
create index handoff_queue_closed on handoff_queue (closed_at desc) include (conversation, turn, index)
    where closed_at is not null;
-- Serves: what sleeps, and what is to be woken.
create index handoff_queue_snoozed on handoff_queue (snoozed_until) where closed_at is null and snoozed_until is not null;
-- Serves: offers that are open, and those that have run out.
create index handoff_queue_offered on handoff_queue (offer_expires_at) where offered_to is not null;
-- Serves: clocks that have come to a mark.
create index handoff_queue_sla on handoff_queue (sla_next) where closed_at is null and sla_next is not null;
-- Serves: those who wait and were told nothing yet, and those who may have waited too long.
create index handoff_queue_unspoken on handoff_queue (queued_at)
    where state = 'QUEUED' and closed_at is null and said = '{}';
create index handoff_queue_patient on handoff_queue (queued_at)
    where state = 'QUEUED' and closed_at is null and not ('too_long' = any(said));
-- Serves: the search.
create index handoff_queue_search on handoff_queue using gin (search);

create function handoff_opened() returns trigger language plpgsql as $$
begin
    insert into handoff_queue (conversation, turn, index, ours, theirs, channel, external_id, flow, reason, state, holder,
                               opened_at, closed_at, last_at, queued_at)
    values (new.conversation, new.turn, new.index, new.ours, new.theirs,
            case when new.theirs ~ '^(CH|IS)[0-9a-fA-F]{32}$' then 'conversation'
                 when new.theirs like 'whatsapp:%' then 'whatsapp' else 'sms' end,
            new.external_id, new.flow, coalesce(new.reason, 'widget'), new.state, new.holder, new.opened_at,
            new.closed_at, new.opened_at, new.opened_at);
    return null;
end $$;

-- What the contact writes wakes it and takes it off those that wait for the contact. Who gives it back is asked last to
-- take it again.
create function handoff_changed() returns trigger language plpgsql as $$
begin
    update handoff_queue
       set state = new.state, holder = new.holder, closed_at = new.closed_at,
           last_at = greatest(last_at, new.customer_wrote_at, new.agent_wrote_at, new.taken_at, new.closed_at),
           snoozed_until = case when new.customer_wrote_at is distinct from old.customer_wrote_at
                                  or new.closed_at is not null or new.state is distinct from old.state
                                then null else snoozed_until end,
           waiting_for_customer = waiting_for_customer
                                  and new.customer_wrote_at is not distinct from old.customer_wrote_at
                                  and new.state is not distinct from old.state,
           offered_to = case when new.state = 'QUEUED' and new.closed_at is null then offered_to end,
           offer_expires_at = case when new.state = 'QUEUED' and new.closed_at is null then offer_expires_at end,
           passed = case when old.state = 'AGENT' and new.state = 'QUEUED' and not (old.holder = any(passed))
                         then passed || old.holder else passed end,
           told = told + 1
     where conversation = new.conversation and turn = new.turn and index = new.index;
    return null;
end $$;

create trigger handoff_opened after insert on handoff for each row execute function handoff_opened();
create trigger handoff_changed after update on handoff for each row execute function handoff_changed();

insert into handoff_queue (conversation, turn, index, ours, theirs, channel, external_id, flow, reason, state, opened_at,
                           closed_at, last_at, queued_at)
select conversation, turn, index, ours, theirs,
       case when theirs ~ '^(CH|IS)[0-9a-fA-F]{32}$' then 'conversation'
            when theirs like 'whatsapp:%' then 'whatsapp' else 'sms' end,
       external_id, flow, 'widget', state, opened_at, closed_at, coalesce(closed_at, opened_at), opened_at
  from handoff;

-- Serves: whom flows speak with, the latest first.
create index execution_live_latest on execution (started_at desc) where ended_at is null;

-- Who answers at the desk, and whether they are there. Capacity and skills are the desk file's where none stand here.
create table agent_presence (
    agent      text primary key,
    status     text not null,
    since      timestamptz not null,
    seen_at    timestamptz not null,
    capacity   integer,
    skills     text[] not null default '{}',
    topics     text[] not null default '{}',
    misses     integer not null default 0,
    offered_at timestamptz
) with (fillfactor = 80);
