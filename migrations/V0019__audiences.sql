-- The audiences that the rules file had when it was looked at last: a definition that differs is another rule. What is
-- to be filled with people who are known already, and what is to be told again, goes on after the person, or the order,
-- that stands there ('' for the first).
create table audience (
    name        text primary key,
    definition  text not null,
    filled_to   text,
    resynced_to text
);

-- Where a person stands in an audience. A person is id:42, number:+14155550142, anonymous:507f191e or
-- email:ann@example.com; external_id and number are what is known (empty where it is not). event is when that happened
-- that put the person on the list, entered_at since when they are a member, due_at when time alone moves them. changes
-- counts what was told of it, under the conversation that names its reports. A row stays when its person has left, so that
-- no two reports have one name; told says whether other systems know the person to be a member.
create table audience_member (
    audience     text not null,
    person       text not null,
    conversation uuid not null,
    external_id  text not null default '',
    number       text not null default '',
    event        timestamptz,
    entered_at   timestamptz,
    cohort       text,
    left_at      timestamptz,
    due_at       timestamptz,
    changes      integer not null default 0,
    told         boolean not null default false,
    primary key (audience, person)
) with (fillfactor = 80);
-- Serve: where a person stands, by each name.
create index audience_member_person on audience_member (person);
create index audience_member_external_id on audience_member (external_id) where external_id <> '';
create index audience_member_number on audience_member (number) where number <> '';
-- Serves: whom time moves next.
create index audience_member_due_at on audience_member (due_at) where due_at is not null;
-- Serves: how many members there are, and who.
create index audience_member_entered_at on audience_member (audience, person) where entered_at is not null;

-- How many members there were at the beginning of an hour.
create table audience_size (
    audience text not null,
    at       timestamptz not null,
    members  integer not null,
    primary key (audience, at)
);
-- Serves: forgetting old sizes.
create index audience_size_at on audience_size (at);

-- Who has opted out and is still to be taken out of audiences: whoever writes an opt-out writes this, too, whatever way it
-- came. A row goes when that is done.
create table audience_opt_out (
    seq         bigint generated always as identity primary key,
    address     text not null,
    external_id text not null
);
create function audiences_heed_opt_out() returns trigger language plpgsql as $$
begin
    insert into audience_opt_out (address, external_id) values (new.address, coalesce(new.external_id, ''));
    return null;
end $$;
create trigger contact_opts_out_at_first after insert on contact
    for each row when (new.block = 'OPTED_OUT') execute function audiences_heed_opt_out();
create trigger contact_opts_out after update on contact
    for each row when (new.block = 'OPTED_OUT' and old.block is distinct from 'OPTED_OUT')
    execute function audiences_heed_opt_out();
create trigger consent_is_revoked after insert on consent
    for each row when (new.state = 'revoked' and new.programme = 'marketing')
    execute function audiences_heed_opt_out();
