-- The ledger of the model gateway. All money is in nano-dollars (1e-9 USD).

-- What is spent and set aside in one window of one budget. subject is a person's id, or '' for the instance.
create table gateway_budgets (
    scope        text not null check (scope in ('person-day', 'instance-day', 'instance-month')),
    subject      text not null,
    window_start date not null,
    spent        bigint not null default 0 check (spent >= 0),
    reserved     bigint not null default 0 check (reserved >= 0),
    primary key (scope, subject, window_start)
);

-- One row a call. A person who leaves takes their name off it; the sums of the instance stay true.
create table gateway_calls (
    id                uuid primary key,
    person_id         uuid references people on delete set null,
    subject           text not null, -- of the person's budget window while the call is open
    purpose           text not null,
    prompt_version    text not null,
    model             text not null,
    state             text not null check (state in ('reserved', 'settled')),
    reserved_nano     bigint not null check (reserved_nano >= 0),
    cost_nano         bigint check (cost_nano >= 0),
    prompt_tokens     int,
    completion_tokens int,
    estimated         boolean not null default false, -- settled at the reservation, because the model did not say what it used
    day               date not null,
    month             date not null,
    created_at        timestamptz not null,
    settled_at        timestamptz,
    check ((state = 'settled') = (cost_nano is not null))
);
create index gateway_calls_open on gateway_calls (created_at) where state = 'reserved';
create index gateway_calls_by_person on gateway_calls (person_id, created_at desc);
