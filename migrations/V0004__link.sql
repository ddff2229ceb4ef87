-- Short links in messages, inserted with the turn whose send carries them. A code that another link has is an
-- error and no second link: it would lead to somebody else's url.
create table link (
    code         text primary key,
    conversation uuid not null,
    turn         integer not null,
    index        integer not null,
    url          text not null,
    created_at   timestamptz not null
);

-- What codes are derived from: one row, the same for every node. To change it breaks no link that there is.
create table link_secret (
    one    boolean primary key default true check (one),
    secret text not null
);
insert into link_secret (secret) values (gen_random_uuid()::text || gen_random_uuid()::text);
