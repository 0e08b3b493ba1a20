-- What a conversation is about besides its role and phase, how far its mode is, and what each answer was made from and cost.
alter table conversations
    add column milestone_id text not null default '', -- '' for none
    add column skill_id     text not null default '', -- '' for none
    add column state        jsonb not null default '{}',
    add column updated_at   timestamptz not null default now();
update conversations c
    set updated_at = coalesce((select max(m.created_at) from messages m where m.conversation_id = c.id), c.created_at);
create index conversations_by_use on conversations (person_id, updated_at desc);

alter table messages add column details jsonb not null default '{}';
