-- Vectors. Two models can stand side by side: every row names its model, and every model has HNSW indexes of its own over its own rows,
-- made when the model is first used (a vector of no fixed length cannot be indexed, one cast to its model's length can).
create extension if not exists vector;

create table embedding_models (
    id         int generated always as identity primary key,
    name       text not null unique,
    dimensions int not null check (dimensions between 1 and 4000), -- halfvec's limit in an HNSW index
    catalog_hash   bytea,            -- of the texts whose vectors are stored; null until the catalogue is indexed
    near_threshold double precision, -- cosine from which two skills are near under this model
    created_at timestamptz not null
);

create table skill_vectors (
    model_id  int not null references embedding_models,
    skill_id  text not null,
    embedding halfvec not null,
    primary key (model_id, skill_id)
);

create table role_skill_vectors (
    model_id  int not null references embedding_models,
    role_id   text not null,
    skill_id  text not null,
    embedding halfvec not null,
    primary key (model_id, role_id, skill_id)
);

create table role_vectors (
    model_id  int not null references embedding_models,
    role_id   text not null,
    embedding halfvec not null,
    primary key (model_id, role_id)
);

create table resume_skill_vectors (
    model_id  int not null references embedding_models,
    resume_id uuid not null references resumes on delete cascade,
    person_id uuid not null references people on delete cascade,
    skill_id  text not null,
    embedding halfvec not null,
    primary key (model_id, resume_id, skill_id)
);
create index resume_skill_vectors_by_resume on resume_skill_vectors (resume_id);
create index resume_skill_vectors_by_person on resume_skill_vectors (person_id);

create table resume_vectors (
    model_id  int not null references embedding_models,
    resume_id uuid not null references resumes on delete cascade,
    person_id uuid not null references people on delete cascade,
    embedding halfvec not null,
    primary key (model_id, resume_id)
);
create index resume_vectors_by_resume on resume_vectors (resume_id);
create index resume_vectors_by_person on resume_vectors (person_id);

create table posting_vectors (
    model_id   int not null references embedding_models,
    posting_id uuid not null references postings on delete cascade,
    embedding  halfvec not null,
    primary key (model_id, posting_id)
);
create index posting_vectors_by_posting on posting_vectors (posting_id);
