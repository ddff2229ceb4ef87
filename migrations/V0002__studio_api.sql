-- Flows as Studio's REST API shows them: a row a flow with what is in force, a row a revision. Two flows may have one
-- name. file and file_hash tell the flow of a file in the flows folder, and which content of it was published last.
-- changed_by is the transaction that wrote the row last, so that a node can ask what others have changed.
alter table flow drop constraint flow_name_key;
alter table flow add column latest     integer not null default 0;
alter table flow add column published  integer;
alter table flow add column file       text;
alter table flow add column file_hash  text;
alter table flow add column test_users text[] not null default '{}';
alter table flow add column created_at timestamptz not null default now();
alter table flow add column deleted_at timestamptz;
alter table flow add column changed_by xid8 not null default pg_current_xact_id();

alter table flow_revision add column name           text;
alter table flow_revision add column status         text not null default 'published';
alter table flow_revision add column author         text;
alter table flow_revision add column commit_message text;

update flow set file = name,
                file_hash  = (select hash from flow_revision where flow = flow.sid order by number desc limit 1),
                latest     = coalesce((select max(number) from flow_revision where flow = flow.sid), 0),
                published  = (select max(number) from flow_revision where flow = flow.sid),
                created_at = coalesce((select min(created_at) from flow_revision where flow = flow.sid), created_at);
update flow_revision set name = (select name from flow where flow.sid = flow_revision.flow);
alter table flow_revision alter column name set not null;
alter table flow_revision drop column hash;
-- Serves: which flow does a file publish to.
create unique index flow_file on flow (file) where deleted_at is null;

-- One run of a flow, by Studio's sid: begun and ended by the commits of its first and last turn. What it did in between
-- is in the journal.
create table execution (
    sid          text primary key,
    flow         text not null,
    revision     integer not null,
    conversation uuid not null,
    first_turn   integer not null,
    last_turn    integer,
    contact      text not null,
    initiated_by text not null,
    result       text,
    started_at   timestamptz not null,
    ended_at     timestamptz,
    deleted_at   timestamptz
) with (fillfactor = 80);
-- Serves: the executions of a flow, newest first.
create index execution_flow on execution (flow, started_at, sid);
