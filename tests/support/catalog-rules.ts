/**
 * What the catalogue must say of schema `app` for tenants to stay apart and for the tables to be distributable by
 * tenant. Each statement must return no row. `{global}` stands for tables without a tenant.
 */
export const globalTables = ['tenant', 'user_account'];

export const catalogRules: Record<string, string> = {
  'R1 every table but the global ones has tenant_id not null': `
    select c.relname from pg_class c where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and c.relname <> all($1)
    and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnotnull)`,
  'R2 primary and unique keys of tenant tables begin with tenant_id': `
    select i.indexrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indrelid
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
    where c.relnamespace = 'app'::regnamespace and i.indisunique and i.indkey[0] <> a.attnum and $1::text[] is not null`,
  'R3 foreign keys between tenant tables pair tenant with tenant': `
    select k.conname from pg_constraint k
    join pg_attribute a on a.attrelid = k.conrelid and a.attname = 'tenant_id'
    join pg_attribute b on b.attrelid = k.confrelid and b.attname = 'tenant_id'
    where k.contype = 'f' and k.connamespace = 'app'::regnamespace and $1::text[] is not null
    and not exists (select from unnest(k.conkey, k.confkey) as pair(x, y) where pair.x = a.attnum and pair.y = b.attnum)`,
  'R4 no foreign key sets null, sets a default or cascades an update': `
    select conname from pg_constraint where contype = 'f' and connamespace = 'app'::regnamespace and $1::text[] is not null
    and (confdeltype in ('n', 'd') or confupdtype in ('n', 'd', 'c'))`,
  'R5 row security is enabled and forced': `
    select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
    where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and $1::text[] is not null and not (c.relrowsecurity and c.relforcerowsecurity)`,
  'R6 each tenant table has exactly the one policy': `
    select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
    where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and $1::text[] is not null and (
      (select count(*) from pg_policies p where p.schemaname = 'app' and p.tablename = c.relname) <> 1
      or exists (select from pg_policies p where p.schemaname = 'app' and p.tablename = c.relname and (p.cmd <> 'ALL' or p.permissive <> 'PERMISSIVE'
        or p.qual <> '(tenant_id = (current_setting(''app.tenant_id''::text))::uuid)' or p.with_check is distinct from p.qual)))`,
  'R7 no triggers': `
    select t.tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where c.relnamespace = 'app'::regnamespace and not t.tgisinternal and $1::text[] is not null`,
  'R8 sequences are bigint': `select seqrelid::regclass::text from pg_sequence s join pg_class c on c.oid = s.seqrelid
    where c.relnamespace = 'app'::regnamespace and seqtypid <> 'int8'::regtype and $1::text[] is not null`,
  'R9 the application roles have no attribute and no membership that opens more': `
    select rolname from pg_roles where $1::text[] is not null and rolname in ('crm_app', 'crm_worker') and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)
    union all select r.rolname from pg_auth_members m join pg_roles r on r.oid = m.member where r.rolname in ('crm_app', 'crm_worker')`,
  'R10 the application roles own nothing and may not truncate, reference or add triggers': `
    select table_name::text from information_schema.role_table_grants where $1::text[] is not null and table_schema in ('app', 'auth')
    and grantee in ('crm_app', 'crm_worker', 'PUBLIC') and (table_schema = 'auth' or privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER'))
    union all select c.relname from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname in ('crm_app', 'crm_worker')`,
  'R11 definer functions pin their search path and are not open to everybody': `
    select p.oid::regprocedure::text from pg_proc p where $1::text[] is not null and p.prosecdef
    and p.pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
    and (coalesce(array_to_string(p.proconfig, ','), '') !~ 'search_path=' or has_function_privilege('public', p.oid, 'execute'))`,
  'R12 views run with the rights of whoever asks': `
    select c.relname from pg_class c where c.relkind = 'v' and c.relnamespace = 'app'::regnamespace and $1::text[] is not null
    and coalesce(array_to_string(c.reloptions, ','), '') !~ 'security_invoker=(true|on|1)'`,
  'R13 indexed columns compare with leakproof operators': `
    select i.indexrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indrelid
    cross join lateral unnest(i.indkey) as k(att) join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.att
    where c.relnamespace = 'app'::regnamespace and c.relrowsecurity and $1::text[] is not null
    and exists (select from pg_operator o join pg_proc p on p.oid = o.oprcode where o.oprname = '=' and o.oprleft = a.atttypid and o.oprright = a.atttypid and not p.proleakproof)`,
  'R14 no index on an expression': `
    select i.indexrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indrelid
    where c.relnamespace = 'app'::regnamespace and c.relrowsecurity and i.indexprs is not null and $1::text[] is not null`,
  'R15 each foreign key has an index on its own side': `
    select k.conname from pg_constraint k where k.contype = 'f' and k.connamespace = 'app'::regnamespace and $1::text[] is not null
    and not exists (select from pg_index i where i.indrelid = k.conrelid
      and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] <@ k.conkey)`,
};

/** Definer functions that may look across tenants, and nothing else may (security T11). */
export const definerFunctions = [
  'auth.api_key_get(text)',
  'auth.api_key_read(text,timestamp with time zone)',
  'auth.api_key_touch(uuid,uuid)',
  'auth.attempts_give(text[],double precision[])',
  'auth.attempts_take(text[],double precision[],double precision[],timestamp with time zone)',
  'auth.device_keep(uuid,text,text,timestamp with time zone)',
  'auth.email_change(uuid,text,text,timestamp with time zone,text,text)',
  'auth.email_confirm(uuid,text,timestamp with time zone,text,text)',
  'auth.history_erase(uuid,uuid,uuid[])',
  'auth.invitation_get(text,timestamp with time zone)',
  'auth.login_lookup(text)',
  'auth.member_get(uuid,uuid)',
  'auth.memberships_of(uuid)',
  'auth.memberships_read(uuid)',
  'auth.password_change(uuid,text,text,text,text,timestamp with time zone,text,text)',
  'auth.password_rehash(uuid,text)',
  'auth.password_renew(uuid,text,text)',
  'auth.password_set(uuid,text,text)',
  'auth.person_event(uuid,text,jsonb,timestamp with time zone,text,text)',
  'auth.prune(timestamp with time zone,integer)',
  'auth.session_begun(text)',
  'auth.session_create(text,uuid,integer,text[],text,text)',
  'auth.session_end(text,timestamp with time zone,text,text)',
  'auth.session_get(text)',
  'auth.session_list(uuid,timestamp with time zone)',
  'auth.session_read(text,timestamp with time zone)',
  'auth.session_revoke(text)',
  'auth.session_rotate(text,text,boolean,timestamp with time zone)',
  'auth.session_seen(text,timestamp with time zone)',
  'auth.session_start(text,uuid,text[],text,text,timestamp with time zone,text)',
  'auth.session_touch(text)',
  'auth.sessions_changed()',
  'auth.sessions_end(uuid,text,text,boolean,timestamp with time zone,text,text)',
  'auth.sessions_stale(uuid)',
  'auth.sign_in_failed(uuid,timestamp with time zone,text,text)',
  'auth.sign_in_find(text,text)',
  'auth.step_up(text,text,uuid,timestamp with time zone,text,text)',
  'auth.tenant_by_slug(text)',
  'auth.tenant_create(uuid,text)',
  'auth.tenant_discard(uuid,integer)',
  'auth.tenant_fill(uuid)',
  'auth.tenant_give_up(uuid)',
  'auth.tenant_ids(uuid,integer)',
  'auth.tenant_ids_reminding(uuid,integer,timestamp with time zone)',
  'auth.tenant_ids_unmailed(uuid,integer,timestamp with time zone,timestamp with time zone)',
  'auth.tenant_ids_written(uuid,integer,timestamp with time zone)',
  'auth.tenant_replace(uuid,uuid)',
  'auth.tenant_set_status(uuid,text)',
  'auth.tenant_shards()',
  'auth.tenant_status_set(uuid,text)',
  'auth.token_create(text,text,uuid,integer)',
  'auth.token_make(text,text,uuid,text,integer,timestamp with time zone)',
  'auth.token_read(text,text,timestamp with time zone)',
  'auth.token_take(text,text[],timestamp with time zone)',
  'auth.token_use(text,text)',
  'auth.user_confirm_email(uuid)',
  'auth.user_create(uuid,text,text,text,text)',
  'auth.user_get(uuid)',
  'auth.user_known(uuid)',
  'auth.user_update(uuid,text,text,text)',
  'auth.write_gate(uuid)',
];
