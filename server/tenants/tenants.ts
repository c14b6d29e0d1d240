import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { SessionRow } from '@/db/global';
import { members, preferences, teams, tenantSettings } from '@/db/schema/tenants';
import type { ObjectDefinition } from '@/domain/catalogue';
import type { FieldDefinition } from '@/domain/custom-fields';
import type { StoredLayout } from '@/domain/layouts';
import type { Role } from '@/domain/permissions';
import type { PipelineView } from '@/domain/pipelines';
import { audit } from '../core/audit';
import { apply } from '../core/changes';
import { forgetSessions } from '../core/session';
import type { Work } from '../core/work';
import { listLayouts } from '../layouts/layouts';
import { listPipelines } from '../pipelines/pipelines';
import { reachOf } from './reach';
import { settingsOf, tenantType } from './settings';

export interface Boot {
  tenant: { id: string; slug: string; name: string; currency: string; timeZone: string; locale: string };
  member: { id: string; name: string; email: string | null; role: Role; teamIds: string[] };
  user: { id: string; name: string; email: string; locale: string; theme: string };
  tenants: { slug: string; name: string; role: string }[];
  pipelines: PipelineView[];
  teams: { id: string; name: string; managerId: string | null }[];
  preferences: Record<string, unknown>;
  /** What the tenant made: objects, and fields of these and of the standard ones (domain/catalogue). */
  objects: readonly ObjectDefinition[];
  fields: readonly FieldDefinition[];
  /** How pages of records are laid out, where somebody arranged them. */
  layouts: readonly StoredLayout[];
  /** Another value whenever what this person may see has become something else: what a browser keeps goes then. */
  reach: string;
  /** Minutes without a request after which the session ends at the latest. */
  idleMinutes: number;
}

/** Everything the signed-in product needs before its first screen; its size does not grow with the tenant's records. */
export async function boot(work: Work, session: SessionRow | undefined): Promise<Boot> {
  const me = work.actor.memberId;
  const [[settings], [member], teamRows, preferenceRows, pipelines, layouts, reach] = await Promise.all([
    work.db.find(tenantSettings),
    work.db.find(members, eq(members.id, me)),
    work.db.find(teams, isNull(teams.deletedAt), { orderBy: asc(teams.nameNorm), limit: 200 }),
    work.db.find(preferences, eq(preferences.memberId, me), { limit: 500 }),
    listPipelines(work),
    listLayouts(work),
    reachOf(work),
  ]);
  if (!settings || !member) throw new Error('A member or a tenant without its row');
  const teamIds = teamRows.filter((team) => team.managerId === me || team.id === member.teamId).map((team) => team.id);
  return {
    tenant: {
      id: work.actor.tenantId,
      slug: work.actor.tenantSlug,
      name: settings.name,
      currency: settings.currency,
      timeZone: settings.timeZone,
      locale: settings.locale,
    },
    member: { id: me, name: member.name, email: member.email, role: work.actor.role, teamIds },
    user: session
      ? { id: session.userId, name: session.name, email: session.email, locale: session.locale, theme: session.theme }
      : {
          id: work.actor.userId ?? me,
          name: member.name,
          email: member.email ?? '',
          locale: settings.locale,
          theme: 'system',
        },
    tenants: session?.tenants.map(({ slug, name, role }) => ({ slug, name, role })) ?? [],
    pipelines,
    teams: teamRows.map(({ id, name, managerId }) => ({ id, name, managerId })),
    preferences: Object.fromEntries(preferenceRows.map(({ key, value }) => [key, value])),
    objects: work.types.objects,
    fields: work.types.fields,
    layouts,
    reach,
    idleMinutes: Math.min(longestIdle, settings.sessionIdleMinutes ?? longestIdle),
  };
}

/** Of every session (db/secure.sql, ASVS 7.3.1). */
const longestIdle = 720;

export interface TenantInput {
  name?: string;
  currency?: string;
  timeZone?: string;
  locale?: 'en' | 'zh';
}

export async function updateTenant(work: Work, values: TenantInput): Promise<{ changeSetId: string }> {
  const { changeSetId } = await apply(work, 'configure', [
    { type: tenantType, op: 'update', id: work.actor.tenantId, values: { ...values } },
  ]);
  await forgetSessions(work.db);
  return { changeSetId };
}

export interface SessionPolicy {
  /** Minutes without a request after which a member's session ends; null is the product's own. */
  idleMinutes: number | null;
  /** Days after sign-in on which it ends in any case; null is the product's own. */
  days: number | null;
}

export async function sessionPolicy(work: Work): Promise<SessionPolicy> {
  const { sessionIdleMinutes, sessionDays } = await settingsOf(work);
  return { idleMinutes: sessionIdleMinutes, days: sessionDays };
}

/** Sets shorter limits for the sessions of all members; they count from the next request on. */
export async function setSessionPolicy(work: Work, policy: SessionPolicy): Promise<{ ok: true }> {
  const before = await sessionPolicy(work);
  await work.db.update(
    tenantSettings,
    { sessionIdleMinutes: policy.idleMinutes, sessionDays: policy.days },
    eq(tenantSettings.id, work.actor.tenantId),
  );
  await audit(work, 'sessionPolicyChanged', undefined, { before, after: policy });
  await forgetSessions(work.db);
  return { ok: true };
}

export const checklistSteps = ['records', 'pipeline', 'invite', 'deal', 'key'] as const;

/** First steps of a new tenant and which are done, told from what is there. */
export async function checklist(
  work: Work,
): Promise<{ steps: { key: (typeof checklistSteps)[number]; done: boolean }[] }> {
  const tenant = work.actor.tenantId;
  const [row] = await work.db.rows<Record<(typeof checklistSteps)[number], boolean>>(sql`select
    exists (select from app.company c where c.tenant_id = ${tenant} and c.deleted_at is null) as records,
    exists (select from app.change c join app.change_set s on s.tenant_id = ${tenant} and s.id = c.change_set_id
      where c.tenant_id = ${tenant} and c.object = 'stage' and s.channel = 'screen') as pipeline,
    (select count(*) from app.invitation i where i.tenant_id = ${tenant}) > 0 as invite,
    exists (select from app.deal d where d.tenant_id = ${tenant} and d.deleted_at is null) as deal,
    exists (select from app.api_key k where k.tenant_id = ${tenant}) as key`);
  return { steps: checklistSteps.map((key) => ({ key, done: row?.[key] ?? false })) };
}

/** Keeps a small setting of the person in this tenant; null forgets it. */
export async function setPreference(work: Work, key: string, value: unknown): Promise<{ ok: true }> {
  const mine = and(eq(preferences.memberId, work.actor.memberId), inArray(preferences.key, [key]));
  if (value === null) await work.db.delete(preferences, mine);
  else {
    const row = { memberId: work.actor.memberId, key, value, updatedAt: work.now.toISOString() };
    await work.db.upsert(preferences, row, [preferences.tenantId, preferences.memberId, preferences.key], {
      value,
      updatedAt: row.updatedAt,
    });
  }
  return { ok: true };
}
