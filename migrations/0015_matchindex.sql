-- What an index of postings in memory is kept current by: the transaction that touched each last. One that reads what snapshots of before did
-- not show misses nothing, whichever order transactions end in.
alter table postings add column touched xid8; -- null for what stood here before, which an index reads whole in any case
alter table postings alter column touched set default pg_current_xact_id();
create index postings_touched on postings (touched);
create function posting_touched() returns trigger language plpgsql as $$
begin
    new.touched := pg_current_xact_id();
    return new;
end $$;
create trigger postings_touched before update on postings for each row execute function posting_touched();
-- A row that is gone can tell nothing: this one does.
create table postings_gone (
    only_one boolean primary key default true check (only_one),
    last     xid8 not null default pg_current_xact_id() -- transaction that deleted postings last
);
insert into postings_gone default values;
create function posting_gone() returns trigger language plpgsql as $$
begin
    if exists (select from gone) then
        update postings_gone set last = pg_current_xact_id();
    end if;
    return null;
end $$;
create trigger postings_gone after delete on postings referencing old table as gone for each statement execute function posting_gone();

-- Languages but English that a posting cannot do without; see posting.Speaks. The next import of a source reads them.
alter table postings add column speaks text not null default '';

-- That index finds what these were for, and of an import they were a tenth of the work.
drop index postings_musts;
drop index postings_title;
alter table postings drop column musts;
drop function posting_musts(jsonb);
