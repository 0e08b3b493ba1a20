-- What postings ask for, in a form that is searched by skill and read fast: a page of matches looks at some hundreds of them. Both follow
-- from requirements, so that whatever writes those has nothing else to know.
create function posting_musts(requirements jsonb) returns text[] immutable parallel safe language sql
    return (select coalesce(array_agg(q ->> 'skill' order by q ->> 'skill'), '{}') from jsonb_array_elements(requirements) q where (q ->> 'must')::boolean);
-- skill:level, with a ! where it is a must, in order of first mention.
create function posting_asked(requirements jsonb) returns text immutable parallel safe language sql
    return (select coalesce(string_agg((q ->> 'skill') || ':' || (q ->> 'level') || case when (q ->> 'must')::boolean then '!' else '' end, ' ' order by n), '')
        from jsonb_array_elements(requirements) with ordinality e (q, n));
alter table postings
    add column musts text[] not null generated always as (posting_musts(requirements)) stored,
    add column asked text not null generated always as (posting_asked(requirements)) stored;
create index postings_musts on postings using gin (musts) with (fastupdate = off);
-- Titles alone: the index over all words has to look at each row again for where a word stands.
create index postings_title on postings using gin (to_tsvector('english', title)) with (fastupdate = off);

-- Postings that a person marked. What is shown of one stands here, since it may be taken down meanwhile.
create table saved_matches (
    person_id  uuid not null references people on delete cascade,
    posting_id uuid not null,
    resume_id  uuid not null references resumes on delete cascade,
    title      text not null,
    company    text not null,
    url        text not null,
    created_at timestamptz not null,
    primary key (person_id, posting_id)
);
create index saved_matches_by_resume on saved_matches (resume_id);

-- Companies that a person wants no postings of, in small letters.
create table hidden_companies (
    person_id  uuid not null references people on delete cascade,
    company    text not null,
    created_at timestamptz not null,
    primary key (person_id, company)
);

-- Feeds of new matches, one a resume. Of the token in the address only the SHA-256 is kept.
create table match_feeds (
    person_id  uuid not null references people on delete cascade,
    resume_id  uuid not null references resumes on delete cascade,
    token_hash bytea not null unique check (length(token_hash) = 32),
    filter     jsonb not null,
    created_at timestamptz not null,
    primary key (person_id, resume_id)
);
create index match_feeds_by_resume on match_feeds (resume_id);

-- A resume's vector was made of a text that held the person's name. The next start makes them anew of one that does not.
delete from resume_vectors;
