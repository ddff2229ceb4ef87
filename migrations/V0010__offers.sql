-- Codes of offers that are one contact's alone: those of pools, loaded from files, and those that were generated, which
-- have no pool. Given to the grant (conversation, turn, index), or free. A code is there once, however it is written.
create table offer_code (
    code_key     text primary key,
    code         text not null,
    pool         text,
    seq          bigint generated always as identity,
    loaded_at    timestamptz not null,
    conversation uuid,
    turn         integer,
    index        integer
) with (fillfactor = 80);
-- Serves: the next free code of a pool, and how many are left.
create index offer_code_free on offer_code (pool, seq) where conversation is null;
-- Serves: how many codes a pool has.
create index offer_code_pool on offer_code (pool);

-- Offers that were asked for, by the effect that asked; a refusal is kept, too, so that a retry hears the same.
-- persons are the names by which the contact is known (id:42, to:+14155550100).
create table offer_grant (
    conversation uuid not null,
    turn         integer not null,
    index        integer not null,
    offer        text not null,
    origin       text not null,
    worth        text not null,
    persons      text[] not null,
    code         text,
    state        text not null,
    reason       text,
    granted_at   timestamptz not null,
    expires_at   timestamptz not null,
    changed_at   timestamptz not null,
    order_id     text,
    primary key (conversation, turn, index)
);
-- Serves: which offers a person has had.
create index offer_grant_persons on offer_grant using gin (persons);
-- Serves: the grant of a code that an order names.
create index offer_grant_code on offer_grant (upper(code)) where code is not null;
-- Serves: the grants that stand, and those of them that are to expire.
create index offer_grant_live on offer_grant (expires_at) where state in ('RESERVED', 'SENT');

-- At most one live offer for a person: a row for each name of theirs, which no two offers have at once.
-- Names are always taken in their order, so that no two takers wait for each other.
create table offer_hold (
    person       text primary key,
    until        timestamptz not null,
    conversation uuid not null,
    turn         integer not null,
    index        integer not null
) with (fillfactor = 80);
-- Serves: the holds that are over.
create index offer_hold_until on offer_hold (until);
-- Serves: the holds of a grant that is given back.
create index offer_hold_grant on offer_hold (conversation, turn, index);

-- What generated codes are derived from: one row, the same for every node.
create table offer_secret (
    one    boolean primary key default true check (one),
    secret text not null
);
insert into offer_secret (secret) values (gen_random_uuid()::text || gen_random_uuid()::text);
