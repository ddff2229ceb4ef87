-- What is measured: modules/store/VIEWS.md is the documentation of the views.

-- Who an execution is about, and the arm of an experiment that it is in: what the trigger named, or the flow drew last.
alter table execution
    add column external_id text,
    add column number      text,
    add column cohort      text;
-- Serves: the executions of a conversation, in their order.
create index execution_conversation on execution (conversation, first_turn);
-- Serves: the next execution with a person.
create index execution_number on execution (number, started_at) where number is not null;

-- What an order brought in, as the shop told it first; no value where it told none, an empty currency where it named none.
alter table purchase
    add column value    numeric,
    add column currency text not null default '';

-- Serves: turns of a time. They are appended in the order of time, so that a few bytes tell where each hour is.
create index turn_at on turn using brin (at) with (autosummarize = on);
-- Serves: who was held out of an experiment.
create index turn_held_out on turn (at) where kind = 'Triggered' and refusal = 'holdout';

-- Which order counts as what a flow led to, by the flow's name or sid; an empty name for all other flows. It is the first
-- one within the length from the beginning of the execution, or from its last message.
create table conversion_rule (
    flow         text primary key,
    length       interval not null,
    from_message boolean not null
);
insert into conversion_rule (flow, length, from_message) values ('', interval '72 hours', false);

-- Stored JSON as jsonb, which cannot hold the character of code 0.
create function stored_json(stored text) returns jsonb immutable parallel safe language sql
    return replace(nullif(stored, ''), '\u0000', '\ufffd')::jsonb;

create function channel_of(address text) returns text immutable parallel safe language sql
    return case when address like 'whatsapp:%' then 'whatsapp'
                when address ~ '^(CH|IS)[0-9a-fA-F]{32}$' then 'conversation'
                else 'sms' end;

-- The phone number of an address; null where it has none.
create function number_of(address text) returns text immutable parallel safe language sql
    return case when address like '+%' then address
                when address like 'whatsapp:+%' then substr(address, 10) end;

-- What there was before is measured, too.
update execution x
   set number = number_of(x.contact),
       external_id = (select c.external_id from contact c where c.address = x.contact),
       cohort = (select stored_json(t.state) -> 'runs' -> -1 ->> 'cohort' from turn t
                  where t.conversation = x.conversation
                    and t.number = coalesce(x.last_turn, (select max(l.number) from turn l
                                                           where l.conversation = x.conversation)));
update purchase p
   set value = told.value::numeric, currency = told.currency
  from (select distinct on (order_id) order_id, value, currency
          from (select t.at, stored_json(t.event) ->> 'orderId' as order_id,
                       coalesce(stored_json(t.event) #>> '{properties,value}',
                                stored_json(t.event) #>> '{properties,total}',
                                stored_json(t.event) #>> '{properties,revenue}') as value,
                       coalesce(upper(stored_json(t.event) #>> '{properties,currency}'), '') as currency
                  from turn t where t.kind = 'PurchaseSeen') t
         where value ~ '^\s*-?[0-9]{1,14}([.][0-9]{1,20})?\s*$'
         order by order_id, at) told
 where told.order_id = p.order_id;

create view parley_executions as
select x.sid as execution_sid, x.conversation as conversation_id, x.first_turn as turn,
       x.flow as flow_sid, f.name as flow, x.revision as flow_revision, x.cohort, false as holdout,
       channel_of(c.theirs) as channel, c.ours as sender, c.theirs as contact, x.external_id,
       x.started_at as began_at, x.ended_at, x.result,
       (select count(*) from delivery d
         where d.conversation = x.conversation and d.turn between x.first_turn and coalesce(x.last_turn, 2147483647)
           and d.destination = 'twilio' and d.outcome = 'accepted') as messages,
       (select max(d.at) from delivery d
         where d.conversation = x.conversation and d.turn between x.first_turn and coalesce(x.last_turn, 2147483647)
           and d.destination = 'twilio' and d.outcome = 'accepted') as last_message_at,
       (select count(*) from turn t
         where t.conversation = x.conversation and t.kind = 'ReplyReceived'
           and t.number > x.first_turn - 1 and t.number <= coalesce(x.last_turn, 2147483647)) as replies,
       (select count(*) from turn t
         where t.conversation = x.conversation and t.kind = 'LinkClicked'
           and t.number > x.first_turn and t.number < coalesce(n.first_turn, 2147483647)) as clicks,
       (select count(*) from offer_grant g
         where g.conversation = x.conversation and g.turn between x.first_turn and coalesce(x.last_turn, 2147483647)
           and g.state in ('SENT', 'USED', 'EXPIRED', 'RESERVED')) as offers_granted,
       (select count(*) from offer_grant g
         where g.conversation = x.conversation and g.turn between x.first_turn and coalesce(x.last_turn, 2147483647)
           and g.state = 'USED') as offers_used,
       (select count(*) from handoff h
         where h.conversation = x.conversation
           and h.turn between x.first_turn and coalesce(x.last_turn, 2147483647)) as handoffs,
       (select min(t.at) from turn t
         where t.conversation = x.conversation and t.number >= x.first_turn
           and t.number < coalesce(n.first_turn, 2147483647)
           and t.effects like '%"name":"opted\_out"%') as opted_out_at
  from execution x
  join conversation c on c.id = x.conversation
  left join flow f on f.sid = x.flow
  left join lateral (select e.first_turn from execution e
                      where e.conversation = x.conversation and e.first_turn > x.first_turn
                      order by e.first_turn limit 1) n on true
 where x.deleted_at is null;

create view parley_messages as
with turns as not materialized (
  select t.conversation, t.number, t.source, t.source_id, t.at, t.kind, t.event, t.effects,
         channel_of(c.theirs) as channel, c.ours, c.theirs,
         x.sid, x.flow, f.name as flow_name, x.revision, x.cohort, x.external_id
    from turn t
    join conversation c on c.id = t.conversation
    left join lateral (select e.sid, e.flow, e.revision, e.cohort, e.external_id from execution e
                        where e.conversation = t.conversation and e.first_turn <= t.number
                          and e.deleted_at is null
                        order by e.first_turn desc limit 1) x on true
    left join flow f on f.sid = x.flow
)
select t.conversation as conversation_id, t.number as turn, s.index, 'out' as direction, t.at,
       t.sid as execution_sid, t.flow as flow_sid, t.flow_name as flow, t.revision as flow_revision,
       t.cohort, t.channel, s.send ->> 'from' as sender, s.send ->> 'to' as contact, t.external_id,
       lower(s.send ->> 'purpose') as purpose, d.provider_id as message_sid,
       case when d.outcome is not null then d.outcome
            when exists (select from outbox o
                          where o.conversation = t.conversation and o.turn = t.number
                            and o.index = s.index and o.destination = 'twilio') then 'waiting'
            else 'withdrawn' end as state,
       case when d.outcome = 'accepted' then d.at end as accepted_at,
       (select r.at from turn r where r.source = 'twilio_status'
          and r.source_id = d.provider_id || ':delivered') as delivered_at,
       (select r.at from turn r where r.source = 'twilio_status'
          and r.source_id = d.provider_id || ':read') as read_at,
       failed.at as failed_at, failed.code as error_code,
       null::text[] as tags
  from turns t
  cross join lateral jsonb_array_elements(stored_json(t.effects)) e(send)
  cross join lateral (select e.send, split_part(e.send ->> 'id', ':', 3)::integer as index
                       where e.send ->> 'type' = 'Send') s
  left join delivery d on d.conversation = t.conversation and d.turn = t.number and d.index = s.index
                      and d.destination = 'twilio'
  left join lateral (
    select r.at, coalesce((stored_json(r.event) ->> 'errorCode')::integer,
                          (stored_json(r.event) ->> 'code')::integer) as code
      from turn r
     where (r.source = 'twilio_status'
            and r.source_id in (d.provider_id || ':undelivered', d.provider_id || ':failed',
                                d.provider_id || ':canceled'))
        or (r.source = 'twilio_answer' and r.source_id = (s.send ->> 'id') || ':failed')
     order by r.at limit 1) failed on true
 where t.effects like '%"type":"Send"%'
union all
select t.conversation, t.number, null, 'in', t.at, t.sid, t.flow, t.flow_name, t.revision, t.cohort,
       t.channel, t.ours, t.theirs, t.external_id, null, stored_json(t.event) ->> 'sid', 'received',
       null, null, null, null, null,
       (select array_agg(tag ->> 'name' order by place)
          from jsonb_array_elements(stored_json(t.event) -> 'tags') with ordinality g(tag, place))
  from turns t
 where t.kind = 'ReplyReceived';

create view parley_outcomes as
select o.report ->> 'id' as outcome_id, t.conversation as conversation_id, t.number as turn, o.index, t.at,
       o.report ->> 'name' as name, o.report #>> '{properties,execution_sid}' as execution_sid,
       o.report #>> '{properties,flow_sid}' as flow_sid, o.report #>> '{properties,flow}' as flow,
       (o.report #>> '{properties,flow_revision}')::integer as flow_revision,
       o.report #>> '{properties,experiment_cohort}' as cohort,
       o.report #>> '{properties,channel}' as channel, o.report #>> '{properties,sender}' as sender,
       o.report ->> 'contact' as contact, o.report #>> '{person,externalId}' as external_id,
       (o.report -> 'properties') - 'body' as properties,
       (select jsonb_object_agg(s.destination, s.state)
          from (select d.destination, d.outcome as state from delivery d
                 where d.conversation = t.conversation and d.turn = t.number and d.index = o.index
                union all
                select w.destination, 'waiting' from outbox w
                 where w.conversation = t.conversation and w.turn = t.number and w.index = o.index
                union all
                select l.destination, 'dead' from dead_letter l
                 where l.conversation = t.conversation and l.turn = t.number and l.index = o.index) s)
         as destinations
  from turn t
  cross join lateral jsonb_array_elements(stored_json(t.effects)) e(report)
  cross join lateral (select e.report, split_part(e.report ->> 'id', ':', 3)::integer as index
                       where e.report ->> 'type' = 'ReportOutcome') o
 where t.effects like '%"type":"ReportOutcome"%';

-- One row for each widget that an execution reached.
create view parley_widget_visits as
select v.execution_sid, v.conversation_id, v.flow_sid, v.flow, v.flow_revision, v.cohort, v.began_at,
       v.subflow, v.widget, v.place, v.visits, v.went_on,
       v.result = 'completed' and v.ended and v.subflow = '' as completed,
       v.result is not null and (v.stood or v.broken) as dropped,
       v.result is null and v.stood as waiting
  from (select x.sid as execution_sid, x.conversation as conversation_id, x.flow as flow_sid, f.name as flow,
               x.revision as flow_revision, x.cohort, x.started_at as began_at, x.result,
               coalesce(p.hop ->> 'subflow', '') as subflow, w.widget,
               min((t.number - x.first_turn) * 10000::bigint + p.place) as place,
               sum(w.entered) as visits,
               bool_or(w.entered = 0 and p.hop ->> 'next' <> '') as went_on,
               bool_or(w.entered = 0 and p.hop ->> 'next' = '') as ended,
               bool_or(w.entered = 0 and p.hop ->> 'next' = '' and p.hop ->> 'event' = x.result
                       and x.result <> 'completed') as broken,
               2 * sum(w.entered) > count(*) as stood
          from execution x
          left join flow f on f.sid = x.flow
          join turn t on t.conversation = x.conversation
                     and t.number between x.first_turn and coalesce(x.last_turn, 2147483647)
                     and t.path <> '[]'
         cross join lateral jsonb_array_elements(stored_json(t.path)) with ordinality p(hop, place)
         cross join lateral (values (p.hop ->> 'widget', 0), (p.hop ->> 'next', 1)) w(widget, entered)
         where x.deleted_at is null and w.widget <> ''
         group by x.sid, x.conversation, x.flow, f.name, x.revision, x.cohort, x.started_at, x.result,
                  coalesce(p.hop ->> 'subflow', ''), w.widget
        having sum(w.entered) > 0) v;

create view parley_widget_reach as
select v.flow_sid, v.flow, v.flow_revision, v.cohort, (v.began_at at time zone 'UTC')::date as day,
       v.subflow, v.widget, avg(v.place) as place,
       count(*) as reached, sum(v.visits) as visits,
       count(*) filter (where v.went_on) as went_on, count(*) filter (where v.completed) as completed,
       count(*) filter (where v.dropped) as dropped, count(*) filter (where v.waiting) as waiting,
       round(count(*) filter (where v.dropped)::numeric / count(*), 4) as drop_off
  from parley_widget_visits v
 group by v.flow_sid, v.flow, v.flow_revision, v.cohort, (v.began_at at time zone 'UTC')::date, v.subflow,
          v.widget;

-- What is weighed: executions, and beside them what was held out of an experiment.
create view parley_entries as
select x.conversation as conversation_id, x.first_turn as turn, x.last_turn, x.sid as execution_sid,
       x.flow as flow_sid, f.name as flow, x.revision as flow_revision, x.cohort, false as holdout,
       x.contact, x.number, x.external_id, x.started_at as began_at
  from execution x left join flow f on f.sid = x.flow
 where x.deleted_at is null
union all
select t.conversation, t.number, t.number, null, h.flow ->> 'sid', h.flow ->> 'name',
       (h.flow ->> 'revision')::integer,
       coalesce(h.event #>> '{parameters,controls,experiment_cohort}', 'holdout'), true,
       c.theirs, number_of(c.theirs), h.event #>> '{person,externalId}', t.at
  from turn t
  join conversation c on c.id = t.conversation
 cross join lateral (select stored_json(t.event) as event, stored_json(t.event) -> 'flow' as flow) h
 cross join lateral (select r.length from conversion_rule r
                      where r.flow in ('', h.flow ->> 'sid', h.flow ->> 'name')
                      order by r.flow = h.flow ->> 'sid' desc, r.flow = h.flow ->> 'name' desc limit 1) r
 where t.kind = 'Triggered' and t.refusal = 'holdout'
   and not exists (select from turn b
                    where b.conversation = t.conversation and b.number < t.number
                      and b.kind = 'Triggered' and b.refusal = 'holdout' and b.at > t.at - r.length
                      and stored_json(b.event) #>> '{flow,sid}' = h.flow ->> 'sid');

-- One row for each entry that an order followed. The part of a second that a shop does not tell is forgiven.
create view parley_conversions as
select e.conversation_id, e.turn, e.execution_sid, e.flow_sid, e.flow, e.flow_revision, e.cohort, e.holdout,
       e.contact, e.external_id, e.began_at, u.until as window_ends_at, p.order_id, p.at as ordered_at,
       greatest(extract(epoch from p.at - e.began_at), 0) as seconds_to_order, p.value, p.currency,
       g.offer, g.code as offer_code, g.offer is not null as offer_used,
       not exists (select from execution l
                    where l.number = e.number and l.started_at > e.began_at
                      and date_trunc('second', l.started_at) <= p.at) as last_touch
  from parley_entries e
 cross join lateral (select r.length, r.from_message from conversion_rule r
                      where r.flow in ('', e.flow_sid, e.flow)
                      order by r.flow = e.flow_sid desc, r.flow = e.flow desc limit 1) r
 cross join lateral (
   select r.length
          + case when r.from_message
                 then coalesce((select max(d.at) from delivery d
                                 where d.conversation = e.conversation_id
                                   and d.turn between e.turn and coalesce(e.last_turn, 2147483647)
                                   and d.destination = 'twilio' and d.outcome = 'accepted'), e.began_at)
                 else e.began_at end as until,
          least((select min(n.started_at) from execution n
                  where n.number = e.number and n.flow = e.flow_sid and n.started_at > e.began_at),
                (select min(n.started_at) from execution n
                  where n.conversation = e.conversation_id and n.first_turn > e.turn
                    and n.flow = e.flow_sid)) as next) u
 cross join lateral (
   (select o.order_id, o.at, o.value, o.currency from purchase o
     where o.external_id = e.external_id and o.external_id <> ''
       and o.at >= date_trunc('second', e.began_at) and o.at <= u.until
       and (u.next is null or o.at < date_trunc('second', u.next))
     order by o.at limit 1)
   union all
   (select o.order_id, o.at, o.value, o.currency from purchase o
     where o.number = e.number and o.number <> ''
       and o.at >= date_trunc('second', e.began_at) and o.at <= u.until
       and (u.next is null or o.at < date_trunc('second', u.next))
     order by o.at limit 1)
   order by 2, 1 limit 1) p
  left join lateral (select g.offer, g.code from offer_grant g
                      where g.conversation = e.conversation_id and g.order_id = p.order_id
                      limit 1) g on true;
