-- When a milestone was done, which stays while more is noted on it. What was done before has the day on which it was last spoken of.
alter table milestone_progress add column done_at timestamptz;
update milestone_progress set done_at = updated_at where status = 'done';

-- The shape that a role had when a person last agreed to it, so that an upgrade of the catalogue can be shown as a difference.
create table progress_shapes (
    person_id       uuid not null references people on delete cascade,
    role_id         text not null,
    catalog_version text not null,
    shape           jsonb not null,
    seen_at         timestamptz not null,
    primary key (person_id, role_id)
);

-- Calendars that can be subscribed to, one a resume and role. Of the token in the address only the SHA-256 is kept.
create table calendar_feeds (
    person_id      uuid not null references people on delete cascade,
    resume_id      uuid not null references resumes on delete cascade,
    role_id        text not null,
    token_hash     bytea not null unique check (length(token_hash) = 32),
    hours_per_week int not null check (hours_per_week between 1 and 168),
    weeks_off      jsonb not null default '[]',
    created_at     timestamptz not null,
    body           bytea not null default '', -- the file as it was last made, given again for a minute
    made_at        timestamptz,
    content        bytea not null default '', -- SHA-256 of what the file says, without its times
    modified_at    timestamptz,               -- when what it says last changed
    primary key (person_id, resume_id, role_id)
);
create index calendar_feeds_by_resume on calendar_feeds (resume_id);
