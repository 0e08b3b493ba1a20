-- Budgets of persons and groups by day and month, slices of budgets that replicas draw, and what a call was like.

alter table gateway_budgets drop constraint gateway_budgets_scope_check;
alter table gateway_budgets add constraint gateway_budgets_scope_check
    check (scope in ('person-day', 'person-month', 'group-day', 'group-month', 'instance-day', 'instance-month'));
alter table gateway_budgets add column leased bigint not null default 0 check (leased >= 0); -- the sum of its rows of gateway_leases

-- A process that reserves. It lives for as long as it holds the advisory lock (7402, lock).
create table gateway_owners (
    id         uuid primary key,
    lock       int generated always as identity,
    seq        bigint not null default 0, -- of its last exchange
    created_at timestamptz not null default now()
);

-- What a process has drawn of a budget's window and neither spent nor given back.
create table gateway_leases (
    owner        uuid not null references gateway_owners on delete cascade,
    scope        text not null,
    subject      text not null,
    window_start date not null,
    held         bigint not null check (held >= 0),
    primary key (owner, scope, subject, window_start)
);
create index gateway_leases_by_window on gateway_leases (scope, subject, window_start);

alter table gateway_calls
    add column owner              uuid,                      -- whose reservation it is while it is open; null with leases, which keep theirs in memory
    add column group_name         text not null default '',
    add column scopes             text[] not null default '{person-day,instance-month,instance-day}', -- the windows that it was reserved in
    add column provider           text not null default '',
    add column cached_tokens      int,
    add column cache_write_tokens int,
    add column reasoning_tokens   int,
    add column outcome            text not null default '',  -- ok, cached, aborted, cut, refused, failed, abandoned
    add column cache              text not null default '',  -- exact or semantic where the answer was there
    add column latency_us         bigint,
    add column first_token_us     bigint,
    add column abandoned          boolean not null default false; -- booked in full because its process seemed dead; its own settlement still replaces it
create index gateway_calls_by_time on gateway_calls (created_at);

-- What an operator has laid down for a person, and with it for the person's key.
create table gateway_accounts (
    person_id       uuid primary key references people on delete cascade,
    group_name      text not null default '',
    day_cap_nano    bigint check (day_cap_nano >= 0),
    month_cap_nano  bigint check (month_cap_nano >= 0),
    requests_minute int not null default 0 check (requests_minute >= 0),
    tokens_minute   int not null default 0 check (tokens_minute >= 0)
);

-- Answers to questions in which nothing of a person is, by their meaning.
create table gateway_answers (
    id         uuid primary key,
    family     bytea not null check (length(family) = 32), -- hash of everything in the prompt but the question
    question   text not null,
    embedding  vector not null,
    answer     jsonb not null,
    expires_at timestamptz not null
);
create index gateway_answers_by_family on gateway_answers (family, expires_at);

-- Whether a process lives. When the server has just been started nobody has had the time to take a lock, and everybody counts as alive.
create function gateway_alive(p_owner uuid) returns boolean language sql stable as $$
    select pg_postmaster_start_time() > clock_timestamp() - interval '2 seconds' or exists (select from gateway_owners o join pg_locks l on l.locktype = 'advisory' and l.classid = 7402 and l.objid = o.lock::bigint::oid and l.objsubid = 2
        and l.database = (select d.oid from pg_database d where d.datname = current_database()) and l.granted
        where o.id = p_owner)
$$;

-- One window's part of an exchange: books p_spend, takes p_release off what the owner holds, and draws between p_need and p_want where p_need
-- is left: at most a quarter of what is left beyond p_need, so that other processes find something too. reserved includes all that is drawn
-- by living processes; what dead ones hold counts as spent. A window is made where something is wanted of it. Where nothing could be drawn, the others are told that somebody is short.
create function gateway_exchange(p_owner uuid, p_scope text, p_subject text, p_start date, p_spend bigint, p_release bigint, p_need bigint, p_want bigint, p_cap bigint,
    out granted bigint, out gone boolean, out spent bigint, out reserved bigint) language plpgsql as $$
declare
    b gateway_budgets;
    room bigint;
    dead bigint := 0;
begin
    granted := 0;
    gone := false;
    if p_want > 0 then
        insert into gateway_budgets (scope, subject, window_start) values (p_scope, p_subject, p_start) on conflict do nothing;
    end if;
    select * into b from gateway_budgets g where g.scope = p_scope and g.subject = p_subject and g.window_start = p_start for update;
    if not found then
        gone := p_spend <> 0 or p_release <> 0;
        delete from gateway_leases g where g.owner = p_owner and g.scope = p_scope and g.subject = p_subject and g.window_start = p_start;
        spent := 0;
        reserved := 0;
        return;
    end if;
    p_release := least(p_release, b.leased);
    room := p_cap - b.spent - p_spend - b.reserved - (b.leased - p_release);
    if p_need > 0 and room >= p_need then
        granted := greatest(p_need, least(p_want, room / 4));
    end if;
    spent := b.spent + p_spend;
    reserved := b.reserved + b.leased - p_release + granted;
    if p_spend <> 0 or p_release <> granted then
        update gateway_budgets g set spent = b.spent + p_spend, leased = b.leased - p_release + granted
        where g.scope = p_scope and g.subject = p_subject and g.window_start = p_start;
    end if;
    if granted > 0 then
        insert into gateway_leases as l (owner, scope, subject, window_start, held) values (p_owner, p_scope, p_subject, p_start, granted)
        on conflict (owner, scope, subject, window_start) do update set held = greatest(l.held - p_release, 0) + granted;
    elsif p_release > 0 then
        update gateway_leases l set held = greatest(l.held - p_release, 0)
        where l.owner = p_owner and l.scope = p_scope and l.subject = p_subject and l.window_start = p_start;
    end if;
    if p_need > 0 and granted = 0 then
        select coalesce(sum(l.held), 0) into dead from gateway_leases l
        where l.scope = p_scope and l.subject = p_subject and l.window_start = p_start and l.owner <> p_owner and l.held > 0 and not gateway_alive(l.owner);
        spent := spent + dead;
        reserved := reserved - dead;
        perform pg_notify('gapwise_slices', p_scope || '|' || to_char(p_start, 'YYYY-MM-DD') || '|' || p_subject);
    end if;
end $$;

-- Which ledger this is, for the journals that processes keep outside of it.
create table gateway_ledger (id uuid not null default gen_random_uuid());
insert into gateway_ledger default values;
