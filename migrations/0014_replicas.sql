-- What replicas of the gateway share beside budgets: requests and tokens of a minute, answers that are kept, and, where it is switched on, what
-- was asked and answered.

-- A person's minute. The window slides: what the minute before used counts by the share of it that is still within sixty seconds.
create table gateway_minutes (
    person_id       uuid primary key references people on delete cascade,
    start           timestamptz not null, -- of the minute that requests and tokens are of
    requests        bigint not null default 0 check (requests >= 0),
    tokens          bigint not null default 0 check (tokens >= 0),
    before_requests bigint not null default 0 check (before_requests >= 0),
    before_tokens   bigint not null default 0 check (before_tokens >= 0)
) with (fillfactor = 50);

-- Answers to requests that were exactly the same. key is a hash of a hash of the request, and the answer is encrypted with the first of the
-- two: who has the row and not the question cannot read it.
create table gateway_kept (
    key        bytea primary key check (length(key) = 32),
    person_id  uuid references people on delete cascade, -- null for an impersonal request
    answer     bytea not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);
create index gateway_kept_by_person on gateway_kept (person_id);
create index gateway_kept_by_end on gateway_kept (expires_at);

-- Prompts and answers, only where GAPWISE_LOG_PROMPTS says for how long.
create table gateway_transcripts (
    id         uuid primary key, -- of the call
    person_id  uuid references people on delete cascade,
    purpose    text not null,
    model      text not null,
    outcome    text not null,
    prompt     text not null,
    answer     text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index gateway_transcripts_by_person on gateway_transcripts (person_id);
create index gateway_transcripts_by_end on gateway_transcripts (expires_at);

-- Gives p_back_… back, and then takes of a person's minute between p_need_… and p_want_…, at most a quarter of what is left beyond p_need_…, or
-- nothing where p_need_… does not fit. A limit of 0 is none. wait is when the minute is over. Its clock is the database's, so that replicas agree.
create function gateway_minute(p_person uuid, p_need_requests bigint, p_need_tokens bigint, p_want_requests bigint, p_want_tokens bigint, p_back_requests bigint,
    p_back_tokens bigint, p_limit_requests bigint, p_limit_tokens bigint, out fits boolean, out requests bigint, out tokens bigint, out wait interval) language plpgsql as $$
declare
    m gateway_minutes;
    elapsed double precision;
    share double precision;
    room_requests bigint;
    room_tokens bigint;
begin
    perform set_config('synchronous_commit', 'off', true); -- a crash forgets half a second of counting, and the disk is not waited for
    select * into m from gateway_minutes g where g.person_id = p_person for update;
    if not found then
        insert into gateway_minutes (person_id, start) values (p_person, clock_timestamp()) on conflict do nothing;
        select * into m from gateway_minutes g where g.person_id = p_person for update;
    end if;
    elapsed := extract(epoch from clock_timestamp() - m.start);
    if elapsed >= 120 then
        m.start := clock_timestamp();
        m.before_requests := 0;
        m.before_tokens := 0;
    elsif elapsed >= 60 then
        m.start := m.start + interval '60 seconds';
        m.before_requests := m.requests;
        m.before_tokens := m.tokens;
    end if;
    if elapsed >= 60 then
        m.requests := 0;
        m.tokens := 0;
    end if;
    elapsed := greatest(extract(epoch from clock_timestamp() - m.start), 0);
    share := greatest(1 - elapsed / 60, 0);
    -- what the minute did not take comes off the one before, for it may have been drawn in it
    m.before_requests := greatest(m.before_requests - greatest(p_back_requests - m.requests, 0), 0);
    m.before_tokens := greatest(m.before_tokens - greatest(p_back_tokens - m.tokens, 0), 0);
    m.requests := greatest(m.requests - p_back_requests, 0);
    m.tokens := greatest(m.tokens - p_back_tokens, 0);
    room_requests := floor(p_limit_requests - m.requests - share * m.before_requests);
    room_tokens := floor(p_limit_tokens - m.tokens - share * m.before_tokens);
    fits := (p_limit_requests = 0 or p_need_requests <= 0 or p_need_requests <= room_requests) and (p_limit_tokens = 0 or p_need_tokens <= 0 or p_need_tokens <= room_tokens);
    requests := 0;
    tokens := 0;
    if fits then
        requests := case when p_limit_requests = 0 then 0 else greatest(p_need_requests, least(p_want_requests, room_requests / 4)) end;
        tokens := case when p_limit_tokens = 0 then 0 else greatest(p_need_tokens, least(p_want_tokens, room_tokens / 4)) end;
    end if;
    wait := make_interval(secs => greatest(60 - elapsed, 1));
    update gateway_minutes g set start = m.start, requests = m.requests + gateway_minute.requests, tokens = m.tokens + gateway_minute.tokens,
        before_requests = m.before_requests, before_tokens = m.before_tokens
    where g.person_id = p_person;
end $$;

-- When this start of the server was first noticed by a process. That is when processes can begin to take their locks again: recovery after a crash
-- can take longer than any time that is counted from the start itself.
alter table gateway_ledger add column started timestamptz, add column noticed timestamptz;
update gateway_ledger set started = pg_postmaster_start_time(), noticed = clock_timestamp() - interval '1 minute'; -- the server that migrates is up

-- Whether a process lives. Until three seconds after the server's start has been noticed nobody has had the time to take a lock, and everybody counts as alive.
create or replace function gateway_alive(p_owner uuid) returns boolean language sql stable as $$
    select not exists (select from gateway_ledger where started = pg_postmaster_start_time() and noticed < clock_timestamp() - interval '3 seconds')
        or exists (select from gateway_owners o join pg_locks l on l.locktype = 'advisory' and l.classid = 7402 and l.objid = o.lock::bigint::oid and l.objsubid = 2
        and l.database = (select d.oid from pg_database d where d.datname = current_database()) and l.granted
        where o.id = p_owner)
$$;
