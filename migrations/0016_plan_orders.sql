-- The order in which a person wants to take the skills of a role, where it is not that of priority.
create table plan_orders (
    person_id uuid not null references people on delete cascade,
    role_id   text not null,
    skills    text[] not null,
    primary key (person_id, role_id)
);
