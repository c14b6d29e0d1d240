-- Run after every migration; each statement may be repeated. A table joins by existing: whatever in schema app has a
-- tenant_id gets the one policy, forced, and the application's grants.
do $$
declare t record;
begin
  for t in
    select c.relname from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
    where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p')
  loop
    if not exists (select from pg_class where oid = format('app.%I', t.relname)::regclass and relrowsecurity and relforcerowsecurity) then
      execute format('alter table app.%I enable row level security', t.relname);
      execute format('alter table app.%I force row level security', t.relname);
    end if;
    if not exists (select from pg_policies where schemaname = 'app' and tablename = t.relname) then
      execute format(
        'create policy tenant_isolation on app.%I using (tenant_id = current_setting(''app.tenant_id'')::uuid) with check (tenant_id = current_setting(''app.tenant_id'')::uuid)',
        t.relname);
    end if;
    if t.relname in ('change', 'change_set', 'audit_event', 'audit_seal') then
      -- History is append only; undo marks the set it took back.
      execute format('grant select, insert on app.%I to crm_app, crm_worker', t.relname);
    else
      execute format('grant select, insert, update, delete on app.%I to crm_app, crm_worker', t.relname);
    end if;
  end loop;
end $$;
grant update (undone_by) on app.change_set to crm_app, crm_worker;
-- A server asks at start and for /readyz whether the schema is the one it knows.
grant usage on schema app_migrations to crm_app, crm_worker;
grant select on app_migrations.__drizzle_migrations to crm_app, crm_worker;
grant usage on schema app to crm_app, crm_worker, crm_auth;
grant usage on schema auth to crm_app, crm_worker, crm_auth;

-- What crm_auth may touch, column by column.
grant select, insert, update on app.user_account to crm_auth;
grant select, insert on app.tenant to crm_auth;
grant update (status) on app.tenant to crm_auth;
grant select on app.member, app.tenant_settings, app.invitation to crm_auth;
grant select on app.api_key to crm_auth;
grant update (last_used_at) on app.api_key to crm_auth;
grant insert on app.audit_event to crm_auth;
grant select, insert, update, delete on auth.session, auth.token, auth.device, auth.attempt to crm_auth;
grant create on schema auth to crm_auth;

set local role crm_auth;

-- A person by e-mail, for sign-in.
create or replace function auth.login_lookup(p_email text)
returns table (id uuid, email text, name text, password_hash text, locale text, disabled boolean)
language sql security definer set search_path = pg_catalog as $$
  select u.id, u.email, u.name, u.password_hash, u.locale, u.disabled_at is not null
  from app.user_account u where u.email_norm = lower(p_email)
$$;

create or replace function auth.user_get(p_user uuid)
returns table (id uuid, email text, name text, password_hash text, locale text, theme text, email_confirmed boolean)
language sql security definer set search_path = pg_catalog as $$
  select u.id, u.email, u.name, u.password_hash, u.locale, u.theme, u.email_confirmed_at is not null
  from app.user_account u where u.id = p_user and u.disabled_at is null
$$;

create or replace function auth.user_create(p_id uuid, p_email text, p_name text, p_hash text, p_locale text)
returns uuid language sql security definer set search_path = pg_catalog as $$
  insert into app.user_account (id, email, email_norm, name, password_hash, locale)
  values (p_id, p_email, lower(p_email), p_name, p_hash, p_locale)
  on conflict (email_norm) do nothing returning id
$$;

create or replace function auth.user_update(p_user uuid, p_name text, p_locale text, p_theme text)
returns void language sql security definer set search_path = pg_catalog as $$
  update app.user_account set name = coalesce(p_name, name), locale = coalesce(p_locale, locale), theme = coalesce(p_theme, theme)
  where id = p_user
$$;

create or replace function auth.user_confirm_email(p_user uuid)
returns void language sql security definer set search_path = pg_catalog as $$
  update app.user_account set email_confirmed_at = coalesce(email_confirmed_at, now()) where id = p_user
$$;

-- A new password ends every session but the one that set it.
create or replace function auth.password_set(p_user uuid, p_hash text, p_keep text)
returns void language sql security definer set search_path = pg_catalog as $$
  update auth.session set revoked_at = now() where user_id = p_user and revoked_at is null and sid_hash is distinct from p_keep;
  update app.user_account set password_hash = p_hash where id = p_user
$$;

create or replace function auth.password_rehash(p_user uuid, p_hash text)
returns void language sql security definer set search_path = pg_catalog as $$
  update app.user_account set password_hash = p_hash where id = p_user
$$;

create or replace function auth.session_create(p_hash text, p_user uuid, p_days int, p_methods text[], p_ip text, p_ua text)
returns void language sql security definer set search_path = pg_catalog as $$
  insert into auth.session (sid_hash, user_id, expires_at, auth_methods, ip, user_agent)
  values (p_hash, p_user, now() + make_interval(days => p_days), p_methods, p_ip, p_ua)
$$;

-- Who a session is and, in one call, where they are a member. Idle 12 hours or past its end: no row.
create or replace function auth.session_get(p_hash text)
returns table (user_id uuid, email text, name text, locale text, theme text, email_confirmed boolean, auth_time timestamptz, last_seen_at timestamptz, tenants jsonb)
language sql stable security definer set search_path = pg_catalog as $$
  select u.id, u.email, u.name, u.locale, u.theme, u.email_confirmed_at is not null, s.auth_time, s.last_seen_at,
    coalesce((
      select jsonb_agg(jsonb_build_object('tenantId', t.id, 'slug', t.slug, 'name', ts.name, 'memberId', m.id, 'role', m.role, 'teamId', m.team_id) order by ts.name)
      from app.member m
      join app.tenant t on t.id = m.tenant_id and t.status = 'active'
      join app.tenant_settings ts on ts.tenant_id = m.tenant_id
      where m.user_id = u.id and m.status = 'active' and m.deleted_at is null), '[]'::jsonb)
  from auth.session s join app.user_account u on u.id = s.user_id and u.disabled_at is null
  where s.sid_hash = p_hash and s.revoked_at is null and s.expires_at > now() and s.last_seen_at > now() - interval '12 hours'
$$;

create or replace function auth.session_touch(p_hash text)
returns void language sql security definer set search_path = pg_catalog as $$
  update auth.session set last_seen_at = now() where sid_hash = p_hash and last_seen_at < now() - interval '5 minutes'
$$;

create or replace function auth.session_revoke(p_hash text)
returns void language sql security definer set search_path = pg_catalog as $$
  update auth.session set revoked_at = now() where sid_hash = p_hash and revoked_at is null
$$;

create or replace function auth.token_create(p_hash text, p_kind text, p_user uuid, p_minutes int)
returns void language sql security definer set search_path = pg_catalog as $$
  insert into auth.token (hash, kind, user_id, expires_at) values (p_hash, p_kind, p_user, now() + make_interval(mins => p_minutes))
$$;

-- Single use also under concurrency: the update takes the row's lock.
create or replace function auth.token_use(p_hash text, p_kind text)
returns uuid language sql security definer set search_path = pg_catalog as $$
  update auth.token set used_at = now()
  where hash = p_hash and kind = p_kind and used_at is null and expires_at > now() returning user_id
$$;

create or replace function auth.tenant_create(p_id uuid, p_slug text)
returns boolean language sql security definer set search_path = pg_catalog as $$
  with made as (insert into app.tenant (id, slug) values (p_id, p_slug) on conflict do nothing returning id)
  select exists (select from made)
$$;

create or replace function auth.tenant_by_slug(p_slug text)
returns table (id uuid, status text) language sql stable security definer set search_path = pg_catalog as $$
  select t.id, t.status from app.tenant t where t.slug = p_slug
$$;

create or replace function auth.tenant_set_status(p_id uuid, p_status text)
returns void language sql security definer set search_path = pg_catalog as $$
  update app.tenant set status = p_status where id = p_id
$$;

create or replace function auth.invitation_get(p_hash text, p_now timestamptz)
returns table (tenant_id uuid, slug text, company text, invitation_id uuid, email text, role text, inviter text, locale text, user_id uuid)
language sql stable security definer set search_path = pg_catalog as $$
  select t.id, t.slug, ts.name, i.id, i.email, i.role, m.name, i.locale, u.id
  from app.invitation i
  join app.tenant t on t.id = i.tenant_id and t.status = 'active'
  join app.tenant_settings ts on ts.tenant_id = i.tenant_id
  join app.member m on m.tenant_id = i.tenant_id and m.id = i.invited_by
  left join app.user_account u on u.email_norm = i.email_norm
  where i.token_hash = p_hash and i.accepted_at is null and i.revoked_at is null and i.expires_at > p_now
$$;

create or replace function auth.api_key_get(p_hash text)
returns table (tenant_id uuid, slug text, key_id uuid, access text, member_id uuid, user_id uuid, role text, team_id uuid, locale text)
language sql stable security definer set search_path = pg_catalog as $$
  select t.id, t.slug, k.id, k.access, m.id, m.user_id, m.role, m.team_id, ts.locale
  from app.api_key k
  join app.tenant t on t.id = k.tenant_id and t.status = 'active'
  join app.tenant_settings ts on ts.tenant_id = k.tenant_id
  join app.member m on m.tenant_id = k.tenant_id and m.id = k.member_id and m.status = 'active' and m.deleted_at is null
  where k.hash = p_hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
$$;

-- In whose name a job runs, and whether it still may.
create or replace function auth.member_get(p_tenant uuid, p_member uuid)
returns table (slug text, user_id uuid, role text, team_id uuid, locale text)
language sql stable security definer set search_path = pg_catalog as $$
  select t.slug, m.user_id, m.role, m.team_id, ts.locale
  from app.member m
  join app.tenant t on t.id = m.tenant_id and t.status = 'active'
  join app.tenant_settings ts on ts.tenant_id = m.tenant_id
  where m.tenant_id = p_tenant and m.id = p_member and m.status <> 'inactive' and m.deleted_at is null
$$;

create or replace function auth.api_key_touch(p_tenant uuid, p_key uuid)
returns void language sql security definer set search_path = pg_catalog as $$
  update app.api_key set last_used_at = now()
  where tenant_id = p_tenant and id = p_key and (last_used_at is null or last_used_at < now() - interval '1 minute')
$$;

-- Tenants that have something to be done for them: the cron jobs of each.
create or replace function auth.tenant_ids(p_after uuid, p_limit int)
returns table (id uuid) language sql stable security definer set search_path = pg_catalog as $$
  select t.id from app.tenant t where t.status = 'active' and (p_after is null or t.id > p_after) order by t.id limit p_limit
$$;

do $$
declare f record;
begin
  for f in select p.oid::regprocedure as name from pg_proc p where p.pronamespace = 'auth'::regnamespace loop
    execute format('revoke all on function %s from public', f.name);
    execute format('grant execute on function %s to crm_app, crm_worker', f.name);
  end loop;
end $$;

reset role;
