-- Those who work at the desk: with a password of their own, or by the word of an identity provider (issuer, subject).
-- Nobody is ever deleted, so that the audit can name them; who may not sign in any more is not active.
create table desk_user (
    id           uuid primary key,
    name         text not null,
    email        text not null,
    role         text not null check (role in ('agent', 'lead', 'admin', 'auditor')),
    topics       text[] not null default '{}',
    active       boolean not null default true,
    password     text,
    issuer       text,
    subject      text,
    created_at   timestamptz not null,
    signed_in_at timestamptz,
    constraint desk_user_is_local_or_not check ((password is null) <> (issuer is null)),
    constraint desk_user_subject unique (issuer, subject)
);
-- Serves: a sign-in by password; one e-mail has one of them.
create unique index desk_user_email on desk_user (lower(email)) where password is not null;

-- Who is signed in: by the SHA-256 of what the browser's cookie holds, so that who reads this table cannot sign in.
create table desk_session (
    id         text primary key,
    user_id    uuid not null references desk_user (id),
    created_at timestamptz not null,
    seen_at    timestamptz not null,
    ends_at    timestamptz not null
);
-- Serves: signing a user out everywhere.
create index desk_session_user on desk_session (user_id);

-- Links that make a user, each once: by the SHA-256 of the token in the link. Those that the log shows while there is
-- no admin are over with the first of them that is taken.
create table desk_invite (
    id         text primary key,
    first      boolean not null default false,
    email      text,
    role       text not null check (role in ('agent', 'lead', 'admin', 'auditor')),
    topics     text[] not null default '{}',
    invited_by uuid references desk_user (id),
    created_at timestamptz not null,
    expires_at timestamptz not null
);

-- Sign-ins that were tried of late, by account and by address, neither in plain text.
create table desk_attempt (
    name  text primary key,
    tries integer not null,
    since timestamptz not null
);

-- Who did what at the desk, and who looked at what: never what was said in a conversation.
create table desk_audit (
    seq          bigint generated always as identity primary key,
    at           timestamptz not null,
    user_id      uuid,
    user_name    text not null,
    action       text not null,
    conversation uuid,
    detail       text not null
);
-- Serves: who looked at a conversation; what a user did; all of one kind; a stretch of time.
create index desk_audit_conversation on desk_audit (conversation, seq) where conversation is not null;
create index desk_audit_user on desk_audit (user_id, seq) where user_id is not null;
create index desk_audit_action on desk_audit (action, seq);
create index desk_audit_at on desk_audit (at);

create function desk_audit_stays() returns trigger language plpgsql as $$
begin
    raise exception 'a row of desk_audit is never changed';
end $$;
create trigger desk_audit_stays before update on desk_audit
    for each row execute function desk_audit_stays();
