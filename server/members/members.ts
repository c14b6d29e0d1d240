import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { type ListedSession, membershipsOf, sessionList, sessionsEnd, sessionsStale } from '@/db/global';
import { invitations, members } from '@/db/schema/tenants';
import { inTenant } from '@/db/tenant';
import * as f from '@/domain/fields';
import { grantableRoles, type Role, roles } from '@/domain/permissions';
import { notFound, Refusal } from '@/domain/refusals';
import { audit } from '../core/audit';
import { apply, type Change } from '../core/changes';
import type { RequestContext } from '../core/context';
import { defineRecord, standardType } from '../core/record-types';
import { lockRecords } from '../core/record-verbs';
import { forgetSessions, type OwnSession, renewSession } from '../core/session';
import { typesOf } from '../core/types';
import type { Work } from '../core/work';

export const memberStatuses = ['active', 'invited', 'placeholder', 'inactive'] as const;

export const memberType = defineRecord({
  object: 'member' as const,
  table: members,
  tableName: 'member',
  fields: {
    name: f.text({ required: true }),
    email: f.email(),
    role: f.choice(roles, { required: true }),
    status: f.choice(memberStatuses, { required: true }),
    teamId: f.team(),
    userId: { ...f.text(), readOnly: true },
  },
  title: 'name',
  permission: 'members.manage',
  guard: refuseBeyondOwnRights,
  derive: (row) => ({
    nameNorm: String(row.name).toLowerCase(),
    emailNorm: row.email ? String(row.email).toLowerCase() : null,
  }),
});

export interface MemberView {
  id: string;
  name: string;
  email: string | null;
  role: Role;
  status: (typeof memberStatuses)[number];
  teamId: string | null;
  teamName: string | null;
}

export interface InvitationView {
  id: string;
  email: string;
  role: Role;
  teamId: string | null;
  memberId: string | null;
  expiresAt: string;
}

/** People of the tenant by name, and invitations that are still open. */
export async function listMembers(work: Work): Promise<{ members: MemberView[]; invitations: InvitationView[] }> {
  const [people, open] = await Promise.all([
    work.db.rows<MemberView>(sql`
      select m.id, m.name, m.email, m.role, m.status, m.team_id as "teamId", g.name as "teamName" from app.member m
      left join app.team g on g.tenant_id = ${work.actor.tenantId} and g.id = m.team_id and g.deleted_at is null
      where m.tenant_id = ${work.actor.tenantId} and m.deleted_at is null order by m.name_norm limit 5000`),
    work.db.find(
      invitations,
      and(
        isNull(invitations.acceptedAt),
        isNull(invitations.revokedAt),
        sql`${invitations.expiresAt} > ${work.now.toISOString()}`,
      ),
      { orderBy: asc(invitations.createdAt) },
    ),
  ]);
  return {
    members: people,
    // The table's check constraint holds roles to these.
    invitations: open.map(({ id, email, role, teamId, memberId, expiresAt }) => ({
      id,
      email,
      role: role as Role,
      teamId,
      memberId,
      expiresAt,
    })),
  };
}

/** Members whose name starts with, or has a word that starts with, what was typed. */
export async function searchMembers(work: Work, q: string, limit: number): Promise<{ id: string; name: string }[]> {
  const typed = q.trim().toLowerCase();
  return work.db.rows<{ id: string; name: string }>(sql`
    select m.id, m.name from app.member m
    where m.tenant_id = ${work.actor.tenantId} and m.deleted_at is null and m.status <> 'inactive'
      ${typed ? sql`and (starts_with(m.name_norm, ${typed}) or position(${` ${typed}`} in m.name_norm) > 0 or (${/\p{Script=Han}/u.test(typed)} and position(${typed} in m.name_norm) > 0))` : sql``}
    order by m.id <> ${work.actor.memberId}, m.name_norm limit ${limit}`);
}

/**
 * Gives a member another role.
 * @throws Refusal forbidden beyond one's own rights, conflict `lastOwner` when nobody would own the tenant
 */
export async function setRole(
  work: Work,
  input: { id: string; role: Role },
  own?: OwnSession,
): Promise<{ changeSetId: string }> {
  const owners = await lockOwners(work);
  const member = await lockMember(work, input.id);
  refuseUngrantable(work, input.role, member.role);
  if (input.role !== member.role) requireFreshForOwner(work, input.role, member.role);
  if (input.role !== 'owner') refuseLastOwner(owners, [input.id]);
  const { changeSetId } = await apply(work, 'configure', [
    { type: memberType, op: 'update', id: input.id, values: { role: input.role } },
  ]);
  // Rights are read with every request, so sessions go on; but before what asks for a fresh proof the person gives one,
  // and with it the session gets a new id (security S1).
  if (member.userId) await sessionsStale(member.userId, work.db.client);
  if (own && input.id === work.actor.memberId) await renewSession(work.db, own, work.now);
  await forgetSessions(work.db);
  return { changeSetId };
}

export async function setTeam(
  work: Work,
  input: { id: string; teamId: string | null },
): Promise<{ changeSetId: string }> {
  await lockMember(work, input.id);
  if (input.teamId) await lockRecords(work, teamRecord(), [input.teamId]);
  const { changeSetId } = await apply(work, 'configure', [
    { type: memberType, op: 'update', id: input.id, values: { teamId: input.teamId } },
  ]);
  await forgetSessions(work.db);
  return { changeSetId };
}

/** A person's own name, as this tenant shows it. */
export async function renameSelf(work: Work, name: string): Promise<{ changeSetId: string }> {
  const { changeSetId } = await apply(work, 'update', [
    { type: memberType, op: 'update', id: work.actor.memberId, values: { name } },
  ]);
  return { changeSetId };
}

/** Ends a member's access and, where `handTo` is given, gives that person what was theirs. */
export async function deactivate(
  work: Work,
  input: { id: string; handTo?: string },
): Promise<{ changeSetId: string; handed: number }> {
  const owners = await lockOwners(work);
  const member = await lockMember(work, input.id);
  refuseUngrantable(work, member.role);
  if (input.id === work.actor.memberId) throw new Refusal('conflict', 'notYourself');
  refuseLastOwner(owners, [input.id]);
  const list: Change[] = [{ type: memberType, op: 'update', id: input.id, values: { status: 'inactive' } }];
  if (input.handTo) list.push(...(await handOver(work, input.id, input.handTo)));
  const { changeSetId } = await apply(work, 'configure', list);
  await forgetSessions(work.db);
  return { changeSetId, handed: list.length - 1 };
}

export async function reactivate(work: Work, input: { id: string }): Promise<{ changeSetId: string }> {
  const member = await lockMember(work, input.id);
  refuseUngrantable(work, member.role);
  const status = member.userId ? 'active' : 'placeholder';
  const { changeSetId } = await apply(work, 'configure', [
    { type: memberType, op: 'update', id: input.id, values: { status } },
  ]);
  await forgetSessions(work.db);
  return { changeSetId };
}

/** Where a member is signed in, in whatever tenant: a person has one session for all of theirs. */
export async function memberSessions(work: Work, id: string): Promise<ListedSession[]> {
  const userId = await userOf(work, id);
  return userId ? sessionList(userId, work.now) : [];
}

/** Signs a member out everywhere. Nobody signs out whose role they could not take away. */
export async function revokeMemberSessions(work: Work, id: string): Promise<{ ended: number }> {
  const member = await lockMember(work, id);
  refuseUngrantable(work, member.role);
  const origin = { now: work.now, requestId: work.requestId, ip: work.ip };
  const ended = member.userId ? await sessionsEnd(member.userId, { told: false }, origin, work.db.client) : 0;
  await audit(work, 'sessionsRevoked', { object: 'member', id, name: member.name }, { count: ended });
  await forgetSessions(work.db);
  return { ended };
}

async function userOf(work: Work, id: string): Promise<string | null> {
  const [member] = await work.db.find(members, and(eq(members.id, id), isNull(members.deletedAt)));
  if (!member) throw notFound();
  return member.userId;
}

/** A person's new address, in every tenant in which they are a member. */
export async function followEmail(
  { now, requestId, ip, enqueue }: RequestContext,
  userId: string,
  email: string,
): Promise<void> {
  for (const { tenantId, slug, memberId, role, teamId, locale } of await membershipsOf(userId)) {
    await inTenant(tenantId, 'write', async (db) =>
      apply(
        {
          db,
          types: await typesOf(db),
          now: now(),
          requestId,
          ip,
          enqueue,
          // The table's check constraint holds roles to these.
          actor: {
            tenantId,
            tenantSlug: slug,
            memberId,
            userId,
            role: role as Role,
            teamId,
            locale,
            channel: 'system',
          },
        },
        'update',
        [{ type: memberType, op: 'update', id: memberId, values: { email } }],
      ),
    );
  }
}

/** The open work and all records a member owns, as changes of owner. */
async function handOver(work: Work, from: string, to: string): Promise<Change[]> {
  if (from === to) throw new Refusal('invalid', { code: 'noSuchRecord', field: 'handTo' });
  const target = await lockMember(work, to);
  if (target.status === 'inactive') throw new Refusal('invalid', { code: 'noSuchRecord', field: 'handTo' });
  const list: Change[] = [];
  for (const object of ['company', 'contact', 'deal', 'task', 'activity']) {
    const type = work.types.find(object);
    if (!type) continue;
    const rows = await work.db.rows<{ id: string }>(
      sql`select t.id from ${type.table} t where t.tenant_id = ${work.actor.tenantId} and t.owner_id = ${from} and t.deleted_at is null`,
    );
    list.push(...rows.map(({ id }): Change => ({ type, op: 'update', id, values: { ownerId: to } })));
  }
  return list;
}

async function lockMember(work: Work, id: string) {
  const [member] = await work.db.find(members, and(eq(members.id, id), isNull(members.deletedAt)), { lock: true });
  if (!member) throw notFound();
  return member;
}

/**
 * Everybody who owns the tenant, locked in one order and before anybody else: of two owners who demote each other
 * one waits and is then refused (security Z5).
 */
function lockOwners(work: Work) {
  return work.db.find(
    members,
    and(eq(members.role, 'owner'), eq(members.status, 'active'), isNull(members.deletedAt)),
    {
      lock: true,
      orderBy: asc(members.id),
    },
  );
}

/** @throws Refusal conflict `lastOwner` when nobody would be left */
function refuseLastOwner(owners: { id: string }[], leaving: string[]): void {
  const left = owners.filter((owner) => !leaving.includes(owner.id));
  if (left.length === 0) throw new Refusal('conflict', 'lastOwner');
}

/** Nobody gives, or takes away, a role beyond those they may give. */
function refuseUngrantable(work: Work, ...concerned: string[]): void {
  const grantable: readonly string[] = grantableRoles(work.actor.role);
  if (!concerned.every((role) => grantable.includes(role))) throw new Refusal('forbidden', 'forbidden');
}

/**
 * The keys of the house: who gives or takes the owner's role has just proved who they are (security S4).
 * @throws Refusal forbidden `stepUpNeeded`, `notByKey`
 */
export function requireFreshForOwner({ actor }: Work, ...concerned: string[]): void {
  if (!concerned.includes('owner') || actor.fresh) return;
  throw new Refusal('forbidden', actor.fresh === undefined ? 'notByKey' : 'stepUpNeeded');
}

/** Undoing a change of role, status or membership asks for the same rights as making it. */
async function refuseBeyondOwnRights(work: Work, changes: Change[]): Promise<void> {
  const owners = await lockOwners(work);
  const leaving: string[] = [];
  for (const change of changes) {
    const [member] = await work.db.find(members, eq(members.id, change.id), { lock: true });
    const values = change.op === 'update' || change.op === 'create' ? change.values : {};
    if (!member) continue;
    if (change.op !== 'update' || values.role !== undefined || values.status !== undefined) {
      const next = String(values.role ?? member.role);
      refuseUngrantable(work, member.role, next);
      if (next !== member.role) requireFreshForOwner(work, member.role, next);
    }
    const stays =
      change.op !== 'delete' && (values.role ?? 'owner') === 'owner' && (values.status ?? 'active') === 'active';
    if (!stays) leaving.push(change.id);
  }
  if (leaving.some((id) => owners.some((owner) => owner.id === id))) refuseLastOwner(owners, leaving);
}

const teamRecord = () => standardType('team');
