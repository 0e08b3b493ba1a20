-- Which model is in force, and the switches from one to another. A model's vectors and indexes are built beside those of the one in force,
-- which serves until one transaction moves the mark.
alter table embedding_models add column active boolean not null default false;
create unique index embedding_models_one_active on embedding_models (active) where active;
update embedding_models set active = true where id = (select max(id) from embedding_models where catalog_hash is not null);

create table embedding_switches (
    id         uuid primary key,
    name       text not null,          -- as the operator gave it
    stage      text not null check (stage in ('catalogue', 'postings', 'resumes', 'index', 'check', 'flip', 'done', 'failed')),
    done       bigint not null default 0, -- texts embedded
    total      bigint not null default 0, -- texts to embed, as counted when the stage began
    rate       int not null default 0 check (rate >= 0), -- texts a second at most; 0 for no bound
    drop_old   boolean not null default false,
    recall     double precision,       -- at 20, of the new index against exact search; null until measured, and where there is too little to measure
    detail     text not null default '', -- why it failed
    created_at timestamptz not null,
    updated_at timestamptz not null
);
-- One at a time: two that end in different models would undo each other's work.
create unique index embedding_switches_one_under_way on embedding_switches ((true)) where stage not in ('done', 'failed');

-- Vectors of impersonal texts (the catalogue's, postings') that an endpoint was paid for. A resume's text is never here: a person who leaves
-- takes everything along.
create table embedding_cache (
    model     text not null,
    text_hash bytea not null check (length(text_hash) = 32),
    embedding vector not null, -- single precision, as the endpoint gave it, so that a hit is the same to the bit
    used_on   date not null,
    primary key (model, text_hash)
);
create index embedding_cache_by_use on embedding_cache (used_on);

-- Full-text search, for what a vector blurs: names, versions, places. English stems; other languages are stemmed by the same rules on both
-- sides, which costs them little.
alter table postings add column search tsvector generated always as (
    setweight(to_tsvector('english', title), 'A') ||
    setweight(to_tsvector('simple', company || ' ' || location), 'B') ||
    setweight(to_tsvector('english', left(description, 20000)), 'D')) stored;
create index postings_search on postings using gin (search) with (fastupdate = off); -- a pending list would be scanned by every search

-- The catalogue in pieces that can be quoted.
create table passages (
    id        text primary key,          -- such as skill/kafka/rubric
    kind      text not null,             -- skill, rubric, role, phase, milestone, project
    skill_id  text,
    role_id   text,
    title     text not null,
    body      text not null,
    search    tsvector generated always as (setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', body), 'B')) stored
);
create index passages_search on passages using gin (search) with (fastupdate = off);
create table passage_vectors (
    model_id   int not null references embedding_models,
    passage_id text not null references passages on delete cascade,
    embedding  halfvec not null,
    primary key (model_id, passage_id)
);
create index passage_vectors_by_passage on passage_vectors (passage_id);

-- The vectors of one role's or one resume's skills are some dozens of rows that their primary key finds; their HNSW indexes were never scanned.
do $$
declare i text;
begin
    for i in select indexname from pg_indexes where indexname ~ '^(role_skill|resume_skill)_vectors_hnsw_[0-9]+$' and schemaname = current_schema() loop
        execute 'drop index ' || quote_ident(i);
    end loop;
end $$;

-- Reports that were given, each with what it was made of, so that it can be given again and compared with a later one.
create table gap_runs (
    id         uuid primary key,
    person_id  uuid not null references people on delete cascade,
    resume_id  uuid not null references resumes on delete cascade,
    role       text not null,
    digest     bytea not null check (length(digest) = 32), -- of the inputs
    inputs     jsonb not null,
    report     bytea not null, -- JSON, to the byte; jsonb would write it anew
    created_at timestamptz not null,
    unique (person_id, resume_id, digest)
);
create index gap_runs_by_resume on gap_runs (resume_id);

-- The latest postings first, which the market is counted over.
create index postings_latest on postings (posted_on desc nulls last, id desc);
