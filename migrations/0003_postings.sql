-- Job postings belong to the instance, not to a person.
create table postings (
    id           uuid primary key,
    source       text not null,
    external_id  text not null,
    content_hash bytea not null check (length(content_hash) = 32),
    title        text not null,
    company      text not null,
    location     text not null,
    remote       text not null check (remote in ('', 'no', 'hybrid', 'yes')),
    seniority    text not null check (seniority in ('', 'junior', 'mid', 'senior', 'staff', 'lead')),
    posted_on    date,
    url          text not null,
    description  text not null,
    requirements jsonb not null,
    catalog_version   text not null,
    extractor_version text not null,
    created_at   timestamptz not null,
    unique (source, external_id)
);
