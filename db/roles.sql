-- Roles, once per database server. Run as a superuser (or as a role that may create roles with BYPASSRLS).
-- The application's roles own nothing, are members of nothing and cannot pass by a row policy.
do $$
begin
  if not exists (select from pg_roles where rolname = 'crm_owner') then create role crm_owner nologin; end if;
  if not exists (select from pg_roles where rolname = 'crm_migrator') then create role crm_migrator login; end if;
  if not exists (select from pg_roles where rolname = 'crm_app') then create role crm_app login nobypassrls noinherit; end if;
  if not exists (select from pg_roles where rolname = 'crm_worker') then create role crm_worker login nobypassrls noinherit; end if;
  -- Owns the definer functions that answer what precedes a tenant: sign-in, sign-up, sessions, API keys.
  if not exists (select from pg_roles where rolname = 'crm_auth') then create role crm_auth nologin bypassrls; end if;
  -- For dumps: reads every row and writes none. Under row policies a dump would be refused, or worse, be partial.
  if not exists (select from pg_roles where rolname = 'crm_backup') then create role crm_backup login bypassrls; end if;
end $$;
grant pg_read_all_data to crm_backup;
alter role crm_backup set default_transaction_read_only = on;
grant crm_owner to crm_migrator;
grant crm_auth to crm_migrator;
alter role crm_app set statement_timeout = '5s';
alter role crm_app set lock_timeout = '2s';
alter role crm_app set idle_in_transaction_session_timeout = '5s';
alter role crm_worker set statement_timeout = '60s';
alter role crm_worker set lock_timeout = '2s';
-- A job may compute between two statements of a batch; nobody waits at a screen for it.
alter role crm_worker set idle_in_transaction_session_timeout = '15s';
alter role crm_app set timezone = 'UTC';
alter role crm_worker set timezone = 'UTC';
-- Short statements by the thousand: compiling plans costs more than it saves.
alter role crm_app set jit = off;
alter role crm_worker set jit = off;
do $$
begin
  if current_setting('server_version_num')::int >= 170000 then
    alter role crm_app set transaction_timeout = '30s';
    alter role crm_worker set transaction_timeout = '10min';
  end if;
end $$;
