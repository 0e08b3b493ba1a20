-- What the tutor remembers of a person: one row for each concept of a skill, with everything that was shown of it.
create table mastery_items (
    id          uuid primary key,
    person_id   uuid not null references people on delete cascade,
    skill_id    text not null,
    concept     text not null, -- id of a check question of the catalogue, or a short name
    note        text not null default '',
    shown       jsonb not null, -- the oldest first
    counting    jsonb not null, -- those right answers that a gap report may count
    stability   double precision not null check (stability > 0), -- of the memory, in days
    difficulty  double precision not null check (difficulty between 1 and 10),
    reviewed_at timestamptz not null,
    due_at      timestamptz not null,
    version     int not null, -- counts changes, so that of two at once none is lost
    unique (person_id, skill_id, concept)
);
create index mastery_items_by_due on mastery_items (person_id, due_at);
