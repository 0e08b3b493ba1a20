-- People and what proves who they are. A guest is a person without a name.
create table people (
    id           uuid primary key,
    kind         text not null check (kind in ('guest', 'member', 'operator', 'local')),
    name         text,
    created_at   timestamptz not null
);
-- At most one person for the command line of the machine itself.
create unique index people_one_local on people (kind) where kind = 'local';

-- Only the SHA-256 of a token is kept: a copy of the database opens no door.
create table tokens (
    hash       bytea primary key check (length(hash) = 32),
    person_id  uuid not null references people on delete cascade,
    kind       text not null check (kind in ('session', 'bearer')),
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index tokens_by_person on tokens (person_id);
