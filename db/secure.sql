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
      -- History is append only; undo marks the set it took back. A release that did not know the table may have granted more.
      execute format('revoke update, delete on app.%I from crm_app, crm_worker', t.relname);
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
grant update (slug), delete on app.tenant to crm_auth;
grant select on app.member, app.tenant_settings, app.invitation to crm_auth;
grant select on app.api_key to crm_auth;
grant update (last_used_at) on app.api_key to crm_auth;
grant insert on app.audit_event to crm_auth;
grant select (tenant_id, remind_at, reminded_at, done, deleted_at, owner_id) on app.task to crm_auth;
grant select (tenant_id, at, mail, mailed_at, read_at) on app.notification to crm_auth;
grant select (tenant_id, written_at) on app.change_set, app.change, app.audit_event to crm_auth;
grant select on app.change, app.erasure to crm_auth;
grant update (before, after, erasure_id, erased_hash) on app.change to crm_auth;
-- Only auth.tenant_discard deletes history: of a workspace that never opened.
grant select (tenant_id) on app.audit_seal to crm_auth;
grant select (tenant_id, loading_id) on app.archive to crm_auth;
grant select (id), delete on app.change_set, app.audit_event to crm_auth;
grant delete on app.change to crm_auth;
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

-- The name an earlier release calls auth.tenant_status_set by.
create or replace function auth.tenant_set_status(p_id uuid, p_status text)
returns void language plpgsql security definer set search_path = pg_catalog as $$
begin
  perform auth.tenant_status_set(p_id, p_status);
end $$;

create or replace function auth.invitation_get(p_hash text, p_now timestamptz)
returns table (tenant_id uuid, slug text, company text, invitation_id uuid, email text, role text, inviter text, locale text, user_id uuid)
language sql stable security definer set search_path = pg_catalog as $$
  select t.id, t.slug, ts.name, i.id, i.email, i.role, m.name, i.locale, u.id
  from app.invitation i
  join app.tenant t on t.id = i.tenant_id and t.status in ('active', 'arriving')
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
  join app.tenant t on t.id = m.tenant_id and t.status in ('active', 'arriving')
  join app.tenant_settings ts on ts.tenant_id = m.tenant_id
  left join app.user_account u on u.id = m.user_id
  where m.tenant_id = p_tenant and m.id = p_member and m.status <> 'inactive' and m.deleted_at is null and u.disabled_at is null
$$;

create or replace function auth.api_key_touch(p_tenant uuid, p_key uuid)
returns void language sql security definer set search_path = pg_catalog as $$
  update app.api_key set last_used_at = now()
  where tenant_id = p_tenant and id = p_key and (last_used_at is null or last_used_at < now() - interval '1 minute')
    -- Not while nothing may be written, for the tenant is moving.
    and exists (select from app.tenant t where t.id = p_tenant and (t.moving_until is null or t.moving_until < clock_timestamp()))
$$;

-- Tenants that have something to be done for them: the cron jobs of each.
create or replace function auth.tenant_ids(p_after uuid, p_limit int)
returns table (id uuid) language sql stable security definer set search_path = pg_catalog as $$
  select t.id from app.tenant t where t.status = 'active' and (p_after is null or t.id > p_after) order by t.id limit p_limit
$$;

-- Sign-in and sessions as of now. The functions above stay as they are for servers of the release before; whoever asks
-- here brings the time.

-- Every process listens and forgets what it remembers of sessions and keys; delivered when the transaction commits.
create or replace function auth.sessions_changed()
returns void language sql security definer set search_path = pg_catalog as $$
  select pg_notify('guanxi_sessions', '')
$$;

-- A security event of a person, for the audit of every tenant in which they are a member.
create or replace function auth.person_event(p_user uuid, p_action text, p_detail jsonb, p_now timestamptz, p_request text, p_ip text)
returns void language sql security definer set search_path = pg_catalog as $$
  insert into app.audit_event (tenant_id, id, at, member_id, action, subject, detail, channel, request_id, ip)
  select m.tenant_id, gen_random_uuid(), p_now, case when p_action <> 'signInFailed' then m.id end, p_action,
    jsonb_build_object('object', 'member', 'id', m.id, 'name', m.name), p_detail, 'screen', p_request, p_ip
  from app.member m where m.user_id = p_user and m.status = 'active' and m.deleted_at is null
    -- Where a tenant has moved to another server it is told there; one on its way there is not there yet.
    and exists (select from app.tenant t where t.id = m.tenant_id and t.status not in ('moved', 'arriving'))
$$;

-- A person by e-mail, and whether the browser is one they have signed in with.
create or replace function auth.sign_in_find(p_email text, p_device text)
returns table (id uuid, email text, name text, password_hash text, locale text, disabled boolean, known_device boolean)
language sql stable security definer set search_path = pg_catalog as $$
  select u.id, u.email, u.name, u.password_hash, u.locale, u.disabled_at is not null,
    exists (select from auth.device d where d.hash = p_device and d.user_id = u.id)
  from app.user_account u where u.email_norm = lower(p_email)
$$;

-- Takes a token from each bucket, or from none when one is empty. Buckets are locked in the order of their keys.
-- Answers 0, or the seconds until the slowest has a token again.
create or replace function auth.attempts_take(p_keys text[], p_bursts float8[], p_rates float8[], p_now timestamptz)
returns int language plpgsql security definer set search_path = pg_catalog as $$
declare
  b record;
  v_left float8;
  v_wait int := 0;
begin
  insert into auth.attempt (key, tokens, at)
  select k.key, k.burst, p_now from unnest(p_keys, p_bursts) as k(key, burst) order by k.key
  on conflict (key) do nothing;
  for b in
    select a.key, a.tokens, a.at, k.burst, k.rate from unnest(p_keys, p_bursts, p_rates) as k(key, burst, rate)
    join auth.attempt a on a.key = k.key order by a.key for update of a
  loop
    v_left := least(b.burst, b.tokens + greatest(0, extract(epoch from p_now - b.at)) / 60 * b.rate);
    if v_left < 1 then v_wait := greatest(v_wait, ceil((1 - v_left) / b.rate * 60)::int); end if;
  end loop;
  update auth.attempt a
  set tokens = least(k.burst, a.tokens + greatest(0, extract(epoch from p_now - a.at)) / 60 * k.rate)
      - case when v_wait = 0 then 1 else 0 end,
    at = greatest(a.at, p_now)
  from unnest(p_keys, p_bursts, p_rates) as k(key, burst, rate) where a.key = k.key;
  return v_wait;
end $$;

-- Gives the tokens back: an attempt that was right is none.
create or replace function auth.attempts_give(p_keys text[], p_bursts float8[])
returns void language sql security definer set search_path = pg_catalog as $$
  select from auth.attempt a where a.key = any(p_keys) order by a.key for update;
  update auth.attempt a set tokens = least(k.burst, a.tokens + 1)
  from unnest(p_keys, p_bursts) as k(key, burst) where a.key = k.key
$$;

create or replace function auth.sign_in_failed(p_user uuid, p_now timestamptz, p_request text, p_ip text)
returns void language sql security definer set search_path = pg_catalog as $$
  select auth.person_event(p_user, 'signInFailed', null, p_now, p_request, p_ip)
$$;

-- Remembers the browser. True when the id it brought is one of ours and stays; else it gets the new one.
create or replace function auth.device_keep(p_user uuid, p_brought text, p_new text, p_now timestamptz)
returns boolean language sql security definer set search_path = pg_catalog as $$
  with ours as (select exists (select from auth.device d where d.hash = p_brought) as yes),
  kept as (
    insert into auth.device (hash, user_id, created_at, last_seen_at)
    select case when ours.yes then p_brought else p_new end, p_user, p_now, p_now from ours
    on conflict (hash, user_id) do update set last_seen_at = excluded.last_seen_at)
  select ours.yes from ours
$$;

create or replace function auth.session_start(p_hash text, p_user uuid, p_methods text[], p_ip text, p_ua text, p_now timestamptz, p_request text)
returns void language sql security definer set search_path = pg_catalog as $$
  insert into auth.session (sid_hash, user_id, created_at, last_seen_at, expires_at, auth_time, auth_methods, ip, user_agent)
  values (p_hash, p_user, p_now, p_now, p_now + interval '30 days', p_now, p_methods, p_ip, p_ua);
  select auth.person_event(p_user, 'signIn', jsonb_build_object('methods', p_methods), p_now, p_request, p_ip)
$$;

-- Who a session is and where they are a member, in one call; the strictest limits of those tenants count, within 12
-- hours idle and 30 days in all.
create or replace function auth.session_read(p_hash text, p_now timestamptz)
returns table (user_id uuid, email text, name text, locale text, theme text, email_confirmed boolean, auth_time timestamptz, last_seen_at timestamptz, tenants jsonb)
language sql stable security definer set search_path = pg_catalog as $$
  select u.id, u.email, u.name, u.locale, u.theme, u.email_confirmed_at is not null, s.auth_time, s.last_seen_at, l.tenants
  from auth.session s join app.user_account u on u.id = s.user_id and u.disabled_at is null
  cross join lateral (
    select make_interval(mins => least(720, min(ts.session_idle_minutes))) as idle,
      make_interval(days => least(30, min(ts.session_days))) as total,
      coalesce(jsonb_agg(jsonb_build_object('tenantId', t.id, 'slug', t.slug, 'name', ts.name, 'memberId', m.id, 'role', m.role, 'teamId', m.team_id) order by ts.name), '[]'::jsonb) as tenants
    from app.member m
    join app.tenant t on t.id = m.tenant_id and t.status = 'active'
    join app.tenant_settings ts on ts.tenant_id = m.tenant_id
    where m.user_id = u.id and m.status = 'active' and m.deleted_at is null) l
  where s.sid_hash = p_hash and s.revoked_at is null and s.expires_at > p_now
    and s.created_at + l.total > p_now and s.last_seen_at + l.idle > p_now
$$;

create or replace function auth.session_seen(p_hash text, p_now timestamptz)
returns void language sql security definer set search_path = pg_catalog as $$
  update auth.session set last_seen_at = p_now where sid_hash = p_hash and last_seen_at < p_now - interval '1 minute'
$$;

-- A person's sessions that still stand, latest use first. The id names a session without opening it.
create or replace function auth.session_list(p_user uuid, p_now timestamptz)
returns table (id text, created_at timestamptz, last_seen_at timestamptz, ip text, user_agent text, methods text[])
language sql stable security definer set search_path = pg_catalog as $$
  select left(s.sid_hash, 32), s.created_at, s.last_seen_at, s.ip, s.user_agent, s.auth_methods
  from auth.session s
  where s.user_id = p_user and s.revoked_at is null and s.expires_at > p_now
    and exists (select from auth.session_read(s.sid_hash, p_now))
  order by s.last_seen_at desc limit 200
$$;

create or replace function auth.session_end(p_hash text, p_now timestamptz, p_request text, p_ip text)
returns void language sql security definer set search_path = pg_catalog as $$
  with ended as (
    update auth.session set revoked_at = p_now where sid_hash = p_hash and revoked_at is null returning user_id)
  select auth.person_event(ended.user_id, 'signOut', null, p_now, p_request, p_ip) from ended;
  select auth.sessions_changed()
$$;

-- Ends a person's sessions: the one of this id, or all but the one to keep. `p_told`: the person did it, so that the
-- tenants' audits tell; what an admin does is told by the admin's own tenant.
create or replace function auth.sessions_end(p_user uuid, p_id text, p_keep text, p_told boolean, p_now timestamptz, p_request text, p_ip text)
returns int language plpgsql security definer set search_path = pg_catalog as $$
declare v_ended int;
begin
  update auth.session s set revoked_at = p_now
  where s.user_id = p_user and s.revoked_at is null and (p_id is null or left(s.sid_hash, 32) = p_id)
    and s.sid_hash is distinct from p_keep;
  get diagnostics v_ended = row_count;
  if p_told and v_ended > 0 then
    perform auth.person_event(p_user, 'sessionsRevoked', jsonb_build_object('count', v_ended), p_now, p_request, p_ip);
  end if;
  perform auth.sessions_changed();
  return v_ended;
end $$;

-- The session goes on under another id and the old id is dead; false when it was dead already. Its end stays where it
-- was. `p_fresh`: the person has just proved who they are.
create or replace function auth.session_rotate(p_old text, p_new text, p_fresh boolean, p_now timestamptz)
returns boolean language sql security definer set search_path = pg_catalog as $$
  with old as (
    update auth.session set revoked_at = p_now where sid_hash = p_old and revoked_at is null
    returning user_id, created_at, expires_at, auth_time, auth_methods, ip, user_agent),
  made as (
    insert into auth.session (sid_hash, user_id, created_at, last_seen_at, expires_at, auth_time, auth_methods, ip, user_agent)
    select p_new, user_id, created_at, p_now, expires_at, case when p_fresh then p_now else auth_time end, auth_methods, ip, user_agent
    from old returning sid_hash),
  told as (select pg_notify('guanxi_sessions', '') from made)
  select exists (select from told)
$$;

create or replace function auth.step_up(p_old text, p_new text, p_user uuid, p_now timestamptz, p_request text, p_ip text)
returns boolean language plpgsql security definer set search_path = pg_catalog as $$
begin
  if not auth.session_rotate(p_old, p_new, true, p_now) then return false; end if;
  perform auth.person_event(p_user, 'stepUp', null, p_now, p_request, p_ip);
  return true;
end $$;

-- A person whose rights were changed proves anew who they are before anything that asks for it.
create or replace function auth.sessions_stale(p_user uuid)
returns void language sql security definer set search_path = pg_catalog as $$
  update auth.session set auth_time = 'epoch' where user_id = p_user and revoked_at is null;
  select auth.sessions_changed()
$$;

-- A new password ends every session but the one that set it, which goes on under a new id, and every open link.
create or replace function auth.password_change(p_user uuid, p_hash text, p_keep text, p_new text, p_action text, p_now timestamptz, p_request text, p_ip text)
returns void language plpgsql security definer set search_path = pg_catalog as $$
begin
  update auth.session s set revoked_at = p_now
  where s.user_id = p_user and s.revoked_at is null and s.sid_hash is distinct from p_keep;
  if p_keep is not null then perform auth.session_rotate(p_keep, p_new, true, p_now); end if;
  update app.user_account set password_hash = p_hash where id = p_user;
  delete from auth.token where user_id = p_user and kind in ('reset', 'magic') and used_at is null;
  perform auth.person_event(p_user, p_action, null, p_now, p_request, p_ip);
  perform auth.sessions_changed();
end $$;

-- The same password hashed anew; not when it has been changed meanwhile.
create or replace function auth.password_renew(p_user uuid, p_old text, p_new text)
returns void language sql security definer set search_path = pg_catalog as $$
  update app.user_account set password_hash = p_new where id = p_user and password_hash = p_old
$$;

create or replace function auth.token_make(p_hash text, p_kind text, p_user uuid, p_subject text, p_minutes int, p_now timestamptz)
returns void language sql security definer set search_path = pg_catalog as $$
  insert into auth.token (hash, kind, user_id, subject, created_at, expires_at)
  values (p_hash, p_kind, p_user, p_subject, p_now, p_now + make_interval(mins => p_minutes))
$$;

-- Whose a token is, without using it, and the words a password of theirs must not be made of.
create or replace function auth.token_read(p_hash text, p_kind text, p_now timestamptz)
returns table (user_id uuid, words text[]) language sql stable security definer set search_path = pg_catalog as $$
  select u.id, array[u.name, u.email] || coalesce((
    select array_agg(ts.name) from app.member m join app.tenant_settings ts on ts.tenant_id = m.tenant_id
    where m.user_id = u.id and m.status = 'active' and m.deleted_at is null), '{}')
  from auth.token t join app.user_account u on u.id = t.user_id and u.disabled_at is null
  where t.hash = p_hash and t.kind = p_kind and t.used_at is null and t.expires_at > p_now
$$;

-- Single use also under concurrency: the update takes the row's lock. Other open tokens of its kind end with it.
create or replace function auth.token_take(p_hash text, p_kinds text[], p_now timestamptz)
returns table (user_id uuid, kind text, subject text) language plpgsql security definer set search_path = pg_catalog as $$
#variable_conflict use_column
begin
  update auth.token t set used_at = p_now from app.user_account u
  where t.hash = p_hash and t.kind = any(p_kinds) and t.used_at is null and t.expires_at > p_now
    and u.id = t.user_id and u.disabled_at is null
  returning t.user_id, t.kind, t.subject into token_take.user_id, token_take.kind, token_take.subject;
  if not found then return; end if;
  delete from auth.token t
  where t.user_id = token_take.user_id and t.kind = token_take.kind and t.used_at is null;
  return next;
end $$;

-- The address a link was sent to is the person's: false when they have another by now.
create or replace function auth.email_confirm(p_user uuid, p_email text, p_now timestamptz, p_request text, p_ip text)
returns boolean language plpgsql security definer set search_path = pg_catalog as $$
declare v_was timestamptz;
begin
  select u.email_confirmed_at into v_was from app.user_account u where u.id = p_user and u.email_norm = lower(p_email) for update;
  if not found then return false; end if;
  if v_was is null then
    update app.user_account set email_confirmed_at = p_now where id = p_user;
    perform auth.person_event(p_user, 'emailConfirmed', null, p_now, p_request, p_ip);
    perform auth.sessions_changed();
  end if;
  return true;
end $$;

-- The person's new, confirmed address. Ends every session but the one to keep and every open link. Answers the old
-- address, or nothing when the new one is somebody else's.
create or replace function auth.email_change(p_user uuid, p_email text, p_keep text, p_now timestamptz, p_request text, p_ip text)
returns text language plpgsql security definer set search_path = pg_catalog as $$
declare v_old text;
begin
  if exists (select from app.user_account u where u.email_norm = lower(p_email) and u.id <> p_user) then return null; end if;
  select u.email into v_old from app.user_account u where u.id = p_user for update;
  update app.user_account set email = p_email, email_norm = lower(p_email), email_confirmed_at = p_now where id = p_user;
  update auth.session s set revoked_at = p_now
  where s.user_id = p_user and s.revoked_at is null and s.sid_hash is distinct from p_keep;
  delete from auth.token where user_id = p_user and used_at is null;
  perform auth.person_event(p_user, 'emailChanged', null, p_now, p_request, p_ip);
  perform auth.sessions_changed();
  return v_old;
end $$;

-- Where a person is an active member.
create or replace function auth.memberships_of(p_user uuid)
returns table (tenant_id uuid, slug text, member_id uuid, role text, team_id uuid, locale text)
language sql stable security definer set search_path = pg_catalog as $$
  select t.id, t.slug, m.id, m.role, m.team_id, ts.locale
  from app.member m
  join app.tenant t on t.id = m.tenant_id and t.status = 'active'
  join app.tenant_settings ts on ts.tenant_id = m.tenant_id
  where m.user_id = p_user and m.status = 'active' and m.deleted_at is null
$$;

-- The same on another server that tenants have moved to, with what a session there may last. One that has just arrived counts:
-- whoever asks knows from home whether it is here.
create or replace function auth.memberships_read(p_user uuid)
returns table (tenant_id uuid, slug text, name text, member_id uuid, role text, team_id uuid, locale text, idle_minutes int, days int)
language sql stable security definer set search_path = pg_catalog as $$
  select t.id, t.slug, ts.name, m.id, m.role, m.team_id, ts.locale, ts.session_idle_minutes, ts.session_days
  from app.member m
  join app.tenant t on t.id = m.tenant_id and t.status in ('active', 'arriving')
  join app.tenant_settings ts on ts.tenant_id = m.tenant_id
  where m.user_id = p_user and m.status = 'active' and m.deleted_at is null
$$;

-- Another server knows the ids of people, for members refer to them, and nothing else of them: accounts are at home.
create or replace function auth.user_known(p_user uuid)
returns void language sql security definer set search_path = pg_catalog as $$
  insert into app.user_account (id, email, email_norm, name)
  values (p_user, p_user || '@elsewhere.invalid', p_user || '@elsewhere.invalid', '') on conflict do nothing
$$;

-- When a session began.
create or replace function auth.session_begun(p_hash text)
returns timestamptz language sql stable security definer set search_path = pg_catalog as $$
  select s.created_at from auth.session s where s.sid_hash = p_hash
$$;

-- Closes an open workspace and opens it again. What an archive fills or has replaced has functions of its own below:
-- whoever could give out their states by this one could have the history of an open workspace removed.
create or replace function auth.tenant_status_set(p_id uuid, p_status text)
returns void language plpgsql security definer set search_path = pg_catalog as $$
begin
  if p_status not in ('active', 'suspended')
    or exists (select from app.tenant t where t.id = p_id and t.status not in ('active', 'suspended')) then
    raise exception 'tenant_status_set: only opens and suspends';
  end if;
  update app.tenant set status = p_status where id = p_id and status in ('active', 'suspended');
  perform auth.sessions_changed();
end $$;

create or replace function auth.api_key_read(p_hash text, p_now timestamptz)
returns table (tenant_id uuid, slug text, key_id uuid, access text, member_id uuid, user_id uuid, role text, team_id uuid, locale text, email_confirmed boolean)
language sql stable security definer set search_path = pg_catalog as $$
  select t.id, t.slug, k.id, k.access, m.id, m.user_id, m.role, m.team_id, ts.locale, u.email_confirmed_at is not null
  from app.api_key k
  join app.tenant t on t.id = k.tenant_id and t.status in ('active', 'arriving')
  join app.tenant_settings ts on ts.tenant_id = k.tenant_id
  join app.member m on m.tenant_id = k.tenant_id and m.id = k.member_id and m.status = 'active' and m.deleted_at is null
  left join app.user_account u on u.id = m.user_id
  where k.hash = p_hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > p_now)
    and (m.user_id is null or u.disabled_at is null)
$$;

-- Removes what no longer serves anybody, at most so many of each. Every bucket is full again within a day.
create or replace function auth.prune(p_now timestamptz, p_limit int)
returns table (sessions int, tokens int, attempts int, devices int)
language plpgsql security definer set search_path = pg_catalog as $$
begin
  delete from auth.session s where s.sid_hash in (
    select e.sid_hash from auth.session e
    where e.revoked_at < p_now - interval '30 days' or e.expires_at < p_now - interval '30 days' limit p_limit);
  get diagnostics sessions = row_count;
  delete from auth.token t where t.hash in (
    select e.hash from auth.token e
    where e.used_at < p_now - interval '1 day' or e.expires_at < p_now - interval '1 day' limit p_limit);
  get diagnostics tokens = row_count;
  delete from auth.attempt a where a.key in (
    select e.key from auth.attempt e where e.at < p_now - interval '1 day' limit p_limit);
  get diagnostics attempts = row_count;
  delete from auth.device d using (
    select e.hash, e.user_id from auth.device e where e.last_seen_at < p_now - interval '180 days' limit p_limit) old
  where d.hash = old.hash and d.user_id = old.user_id;
  get diagnostics devices = row_count;
  return next;
end $$;

-- Here go functions that only the release before the last one called (docs/decisions/0020): drop function if exists auth.…;

-- Tenants in which something was written since a moment: those whose audit has something to seal.
create or replace function auth.tenant_ids_written(p_after uuid, p_limit int, p_since timestamptz)
returns table (id uuid) language sql stable security definer set search_path = pg_catalog as $$
  select t.id from app.tenant t
  where t.status = 'active' and (p_after is null or t.id > p_after) and (
    exists (select from app.change_set s where s.tenant_id = t.id and s.written_at > p_since)
    or exists (select from app.change c where c.tenant_id = t.id and c.written_at > p_since)
    or exists (select from app.audit_event e where e.tenant_id = t.id and e.written_at > p_since))
  order by t.id limit p_limit
$$;

-- Tenants in which a reminder of a task is due: index task_reminder answers for each.
create or replace function auth.tenant_ids_reminding(p_after uuid, p_limit int, p_now timestamptz)
returns table (id uuid) language sql stable security definer set search_path = pg_catalog as $$
  select t.id from app.tenant t
  where t.status = 'active' and (p_after is null or t.id > p_after) and exists (
    select from app.task k where k.tenant_id = t.id and k.remind_at <= p_now and k.reminded_at is null
      and k.remind_at is not null and k.done is not true and k.deleted_at is null and k.owner_id is not null)
  order by t.id limit p_limit
$$;

-- Tenants in which a mail is to tell of something that was not read: index notification_mail answers for each. A reminder
-- that falls due writes nothing else, so that what was written lately does not tell of it.
create or replace function auth.tenant_ids_unmailed(p_after uuid, p_limit int, p_since timestamptz, p_until timestamptz)
returns table (id uuid) language sql stable security definer set search_path = pg_catalog as $$
  select t.id from app.tenant t
  where t.status = 'active' and (p_after is null or t.id > p_after) and exists (
    select from app.notification n where n.tenant_id = t.id and n.at > p_since and n.at <= p_until
      and n.mail and n.mailed_at is null and n.read_at is null)
  order by t.id limit p_limit
$$;

-- Takes the values of erased records out of the history, which is append only for everybody else. A row keeps what its hash
-- was, so that the audit's chain still holds (docs/decisions/0026). Only of the transaction's own tenant, and only for an
-- erasure that the same transaction has written down.
create or replace function auth.history_erase(p_tenant uuid, p_erasure uuid, p_records uuid[])
returns int language plpgsql security definer set search_path = pg_catalog as $$
declare v_count int;
begin
  if p_tenant is distinct from current_setting('app.tenant_id')::uuid then
    raise exception 'history_erase: not the tenant of this transaction';
  end if;
  if not exists (select from app.erasure e where e.tenant_id = p_tenant and e.id = p_erasure and e.xmin = pg_current_xact_id()::xid) then
    raise exception 'history_erase: no such erasure in this transaction';
  end if;
  update app.change c set before = null, after = null, erasure_id = p_erasure,
    erased_hash = encode(sha256(convert_to(jsonb_build_array(c.change_set_id, c.object, c.record_id, c.op, c.at at time zone 'UTC',
      c.before, c.after, c.written_at at time zone 'UTC')::text, 'UTF8')), 'hex')
  where c.tenant_id = p_tenant and c.record_id = any(p_records) and c.erasure_id is null;
  get diagnostics v_count = row_count;
  return v_count;
end $$;

-- A new workspace for an archive to fill, where nobody can come in: only one made so can open by auth.tenant_replace or be
-- removed by auth.tenant_discard.
create or replace function auth.tenant_fill(p_tenant uuid)
returns void language sql security definer set search_path = pg_catalog as $$
  insert into app.tenant (id, slug, status) values (p_tenant, 'loading-' || p_tenant, 'loading')
$$;

-- A workspace that was filled from an archive takes the address of the empty one, and opens (docs/decisions/0029). Only in
-- its own transaction, and only one that has never been open.
create or replace function auth.tenant_replace(p_old uuid, p_new uuid)
returns text language plpgsql security definer set search_path = pg_catalog as $$
declare v_slug text;
begin
  if p_new is distinct from current_setting('app.tenant_id')::uuid then
    raise exception 'tenant_replace: not the tenant of this transaction';
  end if;
  if not exists (select from app.archive a where a.tenant_id = p_old and a.loading_id = p_new) then
    raise exception 'tenant_replace: not asked for by the workspace to replace';
  end if;
  select t.slug into v_slug from app.tenant t where t.id = p_old and t.status = 'active' for update;
  if not found then raise exception 'tenant_replace: nothing to replace'; end if;
  update app.tenant set slug = 'replaced-' || p_old, status = 'replaced' where id = p_old;
  update app.tenant set slug = v_slug, status = 'active' where id = p_new and status = 'loading';
  if not found then raise exception 'tenant_replace: not a workspace that is being filled'; end if;
  perform auth.sessions_changed();
  return v_slug;
end $$;

-- Gives up a workspace that is being filled: it cannot open any more. Answers whether it is given up, now or before; one that
-- has opened is not.
create or replace function auth.tenant_give_up(p_tenant uuid)
returns boolean language plpgsql security definer set search_path = pg_catalog as $$
begin
  if p_tenant is distinct from current_setting('app.tenant_id')::uuid then
    raise exception 'tenant_give_up: not the tenant of this transaction';
  end if;
  update app.tenant set status = 'discarded' where id = p_tenant and status = 'loading';
  return exists (select from app.tenant t where t.id = p_tenant and t.status = 'discarded');
end $$;

-- Removes the history of a workspace that was to be filled from an archive and will never open, and at last the workspace
-- itself; everything else of it is gone by then. One that has been open has seals and is left alone. Answers how many rows
-- went: 0 when nothing is left.
create or replace function auth.tenant_discard(p_tenant uuid, p_limit int)
returns int language plpgsql security definer set search_path = pg_catalog as $$
declare v_count int;
begin
  if p_tenant is distinct from current_setting('app.tenant_id')::uuid then
    raise exception 'tenant_discard: not the tenant of this transaction';
  end if;
  if not exists (select from app.tenant t where t.id = p_tenant and t.status = 'discarded')
    or exists (select from app.audit_seal s where s.tenant_id = p_tenant) then
    raise exception 'tenant_discard: not a workspace that was given up';
  end if;
  delete from app.change c where c.tenant_id = p_tenant and (c.change_set_id, c.record_id) in (
    select o.change_set_id, o.record_id from app.change o where o.tenant_id = p_tenant limit p_limit);
  get diagnostics v_count = row_count;
  if v_count > 0 then return v_count; end if;
  delete from app.change_set s where s.tenant_id = p_tenant and s.id in (
    select o.id from app.change_set o where o.tenant_id = p_tenant limit p_limit);
  get diagnostics v_count = row_count;
  if v_count > 0 then return v_count; end if;
  delete from app.audit_event e where e.tenant_id = p_tenant and e.id in (
    select o.id from app.audit_event o where o.tenant_id = p_tenant limit p_limit);
  get diagnostics v_count = row_count;
  if v_count > 0 then return v_count; end if;
  delete from app.tenant where id = p_tenant;
  return 0;
end $$;

-- Whether a tenant's rows may be written here (docs/decisions/0042). Whoever writes shares a lock until the transaction ends:
-- the mover takes it alone, once nobody is let in any more, and knows then that all there is has been committed.
create or replace function auth.write_gate(p_tenant uuid)
returns void language plpgsql security definer set search_path = pg_catalog as $$
begin
  perform pg_advisory_xact_lock_shared(7236502, hashtext(p_tenant::text));
  if exists (select from app.tenant t where t.id = p_tenant and (t.shard is not null or t.moving_until > clock_timestamp())) then
    raise exception 'the tenant is moving to another server' using errcode = 'GX001';
  end if;
end $$;

-- Tenants whose rows are on another server, and on which.
create or replace function auth.tenant_shards()
returns table (id uuid, shard text) language sql stable security definer set search_path = pg_catalog as $$
  select t.id, t.shard from app.tenant t where t.shard is not null
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
