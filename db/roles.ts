import type pg from 'pg';

/**
 * Why the role of this connection must not serve requests, in one sentence, or undefined when it may: it must not be
 * able to pass by row policies, own tables, or become somebody who can.
 */
export async function unsafeRole(pool: pg.Pool): Promise<string | undefined> {
  const { rows } = await pool.query<{
    name: string;
    rolsuper: boolean;
    rolbypassrls: boolean;
    owns: boolean;
    memberships: number;
  }>(`
    select r.rolname as name, r.rolsuper, r.rolbypassrls,
      exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('app', 'auth') and c.relowner = r.oid) as owns,
      (select count(*)::int from pg_auth_members m where m.member = r.oid) as memberships
    from pg_roles r where r.rolname = current_user`);
  const role = rows[0];
  if (!role) return 'The database does not say which role this is.';
  if (role.rolsuper || role.rolbypassrls)
    return `The database role ${role.name} could bypass row policies: connect as crm_app, which db/roles.sql creates.`;
  if (role.owns)
    return `The database role ${role.name} owns the tables and could switch off their row policies: connect as crm_app.`;
  if (role.memberships > 0)
    return `The database role ${role.name} is a member of other roles: connect as crm_app, which is a member of nothing.`;
  return undefined;
}
