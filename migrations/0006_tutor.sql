-- Conversations with the tutor and progress on milestones.
create table conversations (
    id         uuid primary key,
    person_id  uuid not null references people on delete cascade,
    role_id    text not null,
    phase_id   text not null, -- '' for the role as a whole
    resume_id  uuid references resumes on delete set null,
    mode       text not null,
    created_at timestamptz not null
);
create index conversations_by_person on conversations (person_id, created_at desc);
create index conversations_by_resume on conversations (resume_id) where resume_id is not null;

create table messages (
    id              uuid primary key,
    conversation_id uuid not null references conversations on delete cascade,
    person_id       uuid not null references people on delete cascade,
    author          text not null check (author in ('person', 'tutor')),
    content         text not null,
    citations       jsonb not null default '[]',
    engine          text not null default '', -- which model, or the built-in retrieval
    created_at      timestamptz not null
);
create index messages_by_conversation on messages (conversation_id, id); -- ids are UUIDv7, so their order is that of time
create index messages_by_person on messages (person_id);

create table milestone_progress (
    person_id    uuid not null references people on delete cascade,
    role_id      text not null,
    milestone_id text not null,
    status       text not null check (status in ('open', 'started', 'done')),
    evidence_url text not null default '',
    note         text not null default '',
    updated_at   timestamptz not null,
    primary key (person_id, role_id, milestone_id)
);
