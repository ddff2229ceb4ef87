-- What a person has bought, by whichever of external id and phone number the shop knew (empty where it did not), so
-- that it is found by either. An order that is told of twice is one.
create table purchase (
    order_id    text not null,
    external_id text not null default '',
    number      text not null default '',
    at          timestamptz not null,
    seen_at     timestamptz not null,
    primary key (order_id, external_id, number),
    check (external_id <> '' or number <> '')
);
-- Serves: what a person bought last, by external id.
create index purchase_external_id on purchase (external_id, at desc) where external_id <> '';
-- Serves: what a person bought last, by phone number.
create index purchase_number on purchase (number, at desc) where number <> '';

-- The window in which other messages to a conversation's person are held back: one a conversation, the latest.
create table suppression (
    conversation uuid primary key,
    reason       text not null,
    started_at   timestamptz not null,
    until        timestamptz not null,
    ended_at     timestamptz,
    ended_reason text
) with (fillfactor = 80);
-- Serves: which windows are over and not yet ended.
create index suppression_until on suppression (until) where ended_at is null;

-- Serves: which of a person's threads has a live execution.
create index execution_live on execution (conversation) where ended_at is null;

-- What people agreed to and took back: appended, never updated. Of one identity, channel and programme the newest
-- holds. An address is a phone number without a channel's prefix, or an e-mail address; with neither address nor
-- external id (empty) there is nobody. What is told twice is one row.
create table consent (
    id          bigint generated always as identity,
    address     text not null default '',
    external_id text not null default '',
    channel     text not null,
    programme   text not null,
    state       text not null,
    method      text not null,
    source      text not null,
    evidence    text not null,
    at          timestamptz not null,
    recorded_at timestamptz not null,
    primary key (address, external_id, channel, programme, at, state),
    check (external_id <> '' or address <> '')
);
-- Serves: what a person agreed to, by external id; the primary key serves it by address.
create index consent_external_id on consent (external_id) where external_id <> '';
-- Serves: the list of addresses that nothing may be sent to, the latest first.
create index contact_blocked on contact (block_at desc) where block is not null;

-- The other address of the same phone number: +1... and whatsapp:+1...; null where there is none.
create function twin_address(address text) returns text immutable parallel safe language sql
    return case when address like 'whatsapp:+%' then substr(address, 10)
                when address like '+%' then 'whatsapp:' || address end;

-- The two keys of HMAC-SHA256 (RFC 2104), made of one secret that is drawn here: one row, the same for every node. To
-- change it forgets what the erased had said.
create table erasure_key (
    one       boolean primary key default true check (one),
    inner_key bytea not null,
    outer_key bytea not null
);
do $$
declare
    secret bytea := sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text
                                      || gen_random_uuid()::text, 'UTF8'));
    inner_key bytea := decode(repeat('36', 64), 'hex');
    outer_key bytea := decode(repeat('5c', 64), 'hex');
begin
    for i in 0 .. 31 loop
        inner_key := set_byte(inner_key, i, get_byte(secret, i) # 54);
        outer_key := set_byte(outer_key, i, get_byte(secret, i) # 92);
    end loop;
    insert into erasure_key (inner_key, outer_key) values (inner_key, outer_key);
end $$;

-- HMAC-SHA256 under the secret, in hexadecimal digits.
create function keyed_hash(value text) returns text stable parallel safe language sql
    return (select encode(sha256(k.outer_key || sha256(k.inner_key || convert_to(value, 'UTF8'))), 'hex')
              from erasure_key k);

-- What stands in a name's or an address's place after an erasure.
create function erased_name(value text) returns text stable parallel safe language sql
    return 'erased:' || keyed_hash(value);

-- The opt-outs of the erased, by address: all that is kept of them. A row stands in for a row of contact, and for as
-- long as there is none.
create table kept_opt_out (
    address_hash text primary key,
    at           timestamptz not null
);

-- That there has been an erasure, and what it took; of whom is not kept.
create table erasure (
    id            uuid primary key,
    at            timestamptz not null,
    conversations integer not null,
    turns         integer not null,
    opt_outs      integer not null
);

-- A contact who comes back after an erasure is as opted out as before it, until a row says that a block was lifted,
-- and by which words.
create function contact_heeds_kept_opt_out() returns trigger language plpgsql as $$
declare
    kept timestamptz;
begin
    if not exists (select from kept_opt_out) then
        return new;
    end if;
    select k.at into kept from kept_opt_out k where k.address_hash = keyed_hash(new.address);
    if kept is null then
        return new;
    end if;
    if new.block is null and new.block_evidence is not null and kept <= new.updated_at then
        delete from kept_opt_out k where k.address_hash = keyed_hash(new.address);
        return new;
    end if;
    new.block := 'OPTED_OUT';
    new.block_evidence := 'opted out before an erasure';
    new.block_at := kept;
    return new;
end $$;
create trigger contact_comes_back before insert on contact
    for each row when (new.block is distinct from 'OPTED_OUT') execute function contact_heeds_kept_opt_out();
create trigger contact_is_unblocked before update on contact
    for each row when (old.block is not null and new.block is null)
    execute function contact_heeds_kept_opt_out();

-- An event whose caller named it, and whose turn was erased, is a repeat all the same: its name is kept as a hash.
-- Names that Twilio or Parley gave say nothing of a person and are kept as they are.
create function turn_heeds_erased_names() returns trigger language plpgsql as $$
begin
    if exists (select from erasure)
       and exists (select from turn t
                    where t.source = new.source and t.source_id = erased_name(new.source_id)) then
        return null;
    end if;
    return new;
end $$;
create trigger turn_is_no_repeat_of_an_erased_one before insert on turn
    for each row
    when (new.source not in ('twilio_message', 'twilio_status', 'twilio_answer', 'call_answer', 'timer', 'erasure'))
    execute function turn_heeds_erased_names();

-- A conversation keeps its id and its turns' numbers through an erasure, and has its other end back with the next
-- execution in it.
create function execution_names_its_contact() returns trigger language plpgsql as $$
begin
    update conversation set theirs = new.contact where id = new.conversation and theirs like 'erased:%';
    return null;
end $$;
create trigger execution_begins after insert on execution
    for each row execute function execution_names_its_contact();
