-- What is read of postings beyond their words, which of them are matched, and where they come from.
alter table postings
    add column valid_through date,
    add column language      text not null default '', -- ISO 639-1, '' where it is not told
    add column pay_currency  text not null default '', -- ISO 4217
    add column pay_min       bigint not null default 0, -- hundredths of the currency, 0 unknown
    add column pay_max       bigint not null default 0,
    add column pay_period    text not null default '' check (pay_period in ('', 'hour', 'day', 'week', 'month', 'year')),
    add column pay_yearly    bigint not null default 0, -- pay_max as of a year's work, for filters
    add column near          bigint[] not null default '{}', -- keys under which near-duplicates meet
    add column simhash       bigint not null default 0,
    add column duplicate_of  uuid references postings on delete set null, -- the first of those that say the same
    add column expired_at    timestamptz; -- when it was found to have vanished or run out
alter table postings add column live boolean not null generated always as (expired_at is null and duplicate_of is null) stored;
create index postings_near on postings using gin (near) with (fastupdate = off);
create index postings_duplicate_of on postings (duplicate_of) where duplicate_of is not null;
create index postings_valid_through on postings (valid_through) where expired_at is null and valid_through is not null;

-- Where postings are fetched from, and what a server said the last time, so that it is asked for what has changed alone.
create table posting_sources (
    name          text primary key, -- as it is written: greenhouse:acme, or an address
    scheduled     boolean not null, -- else somebody has imported it by hand
    etag          text not null default '',
    last_modified text not null default '',
    versions      text not null default '', -- of what read the answer: another reads it anew
    failures      int not null default 0,   -- in a row
    error         text not null default '',
    summary       jsonb,
    fetched_at    timestamptz,
    next_at       timestamptz not null, -- not before
    created_at    timestamptz not null
);
