-- What was uploaded and what was read from it. The owner stands in every table, so that every query can name it.
create table resumes (
    id                uuid primary key,
    person_id         uuid not null references people on delete cascade,
    file_name         text not null,
    media_type        text not null,
    file              bytea not null,
    document          jsonb not null,
    extractor_version text not null,
    catalog_version   text not null,
    created_at        timestamptz not null
);
create index resumes_by_person on resumes (person_id, created_at desc);
-- Bytes of a PDF are compressed already; trying again costs time on every upload.
alter table resumes alter column file set storage external;

-- One row a claim. read_level is what the rules read and stays; level and status are what holds after the person's correction.
create table resume_claims (
    resume_id  uuid not null references resumes on delete cascade,
    person_id  uuid not null references people on delete cascade,
    position   int not null,
    skill_id   text,
    name       text not null,
    kind       text not null,
    level      int not null check (level between 0 and 5),
    read_level int not null check (read_level between 0 and 5),
    years      double precision not null,
    last_used  int not null,
    why        text not null,
    status     text not null check (status in ('read', 'confirmed', 'rejected')),
    note       text not null default '',
    mentions   jsonb not null,
    primary key (resume_id, position)
);
create unique index resume_claims_by_skill on resume_claims (resume_id, skill_id) where skill_id is not null;
create index resume_claims_by_person on resume_claims (person_id);
