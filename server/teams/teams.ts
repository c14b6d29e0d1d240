import { and, eq, isNull, sql } from 'drizzle-orm';
import { members, teams } from '@/db/schema/tenants';
import * as f from '@/domain/fields';
import { Refusal } from '@/domain/refusals';
import { apply, type Change } from '../core/changes';
import { newId } from '../core/ids';
import { defineRecord } from '../core/record-types';
import { lockRecords, requireReferences } from '../core/record-verbs';
import { forgetSessions } from '../core/session';
import type { Work } from '../core/work';
import { memberType } from '../members/members';

export const teamType = defineRecord({
  object: 'team' as const,
  table: teams,
  tableName: 'team',
  fields: { name: f.text({ required: true, max: 120 }), office: f.text({ max: 120 }), managerId: f.member() },
  title: 'name',
  permission: 'members.manage',
  derive: (row) => ({ nameNorm: String(row.name).toLowerCase() }),
});

export interface TeamView {
  id: string;
  name: string;
  office: string | null;
  managerId: string | null;
  managerName: string | null;
  members: number;
}

export function listTeams(work: Work): Promise<TeamView[]> {
  const tenant = work.actor.tenantId;
  return work.db.rows<TeamView>(sql`
    select g.id, g.name, g.office, g.manager_id as "managerId", m.name as "managerName",
      (select count(*)::int from app.member x where x.tenant_id = ${tenant} and x.team_id = g.id and x.deleted_at is null) as members
    from app.team g left join app.member m on m.tenant_id = ${tenant} and m.id = g.manager_id
    where g.tenant_id = ${tenant} and g.deleted_at is null order by g.name_norm limit 1000`);
}

export interface TeamInput {
  name: string;
  office?: string | null;
  managerId?: string | null;
  /** Everybody in the team; whoever is not named leaves it. Not given, nobody moves. */
  memberIds?: string[];
}

export async function createTeam(
  work: Work,
  { memberIds, ...values }: TeamInput,
): Promise<{ id: string; changeSetId: string }> {
  await refuseSameName(work, values.name);
  await requireReferences(work, teamType, { managerId: values.managerId });
  const id = newId();
  const moves = await joining(work, id, memberIds);
  const { changeSetId } = await apply(work, 'configure', [{ type: teamType, op: 'create', id, values }, ...moves]);
  await forgetSessions(work.db);
  return { id, changeSetId };
}

export async function updateTeam(
  work: Work,
  { id, memberIds, ...values }: { id: string } & Partial<TeamInput>,
): Promise<{ changeSetId: string }> {
  if (values.name !== undefined) await refuseSameName(work, values.name, id);
  await requireReferences(work, teamType, { managerId: values.managerId });
  const moves = await joining(work, id, memberIds);
  const { changeSetId } = await apply(work, 'configure', [{ type: teamType, op: 'update', id, values }, ...moves]);
  await forgetSessions(work.db);
  return { changeSetId };
}

/** Who has to change team so that exactly these are in it. */
async function joining(work: Work, id: string, memberIds: string[] | undefined): Promise<Change[]> {
  if (!memberIds) return [];
  const wanted = [...new Set(memberIds)];
  const joiners = await lockRecords(work, memberType, wanted);
  const present = await work.db.find(members, and(eq(members.teamId, id), isNull(members.deletedAt)), {
    lock: true,
    orderBy: members.id,
  });
  const leavers = present.filter((member) => !wanted.includes(member.id));
  const move = (memberId: string, teamId: string | null): Change => ({
    type: memberType,
    op: 'update',
    id: memberId,
    values: { teamId },
  });
  return [
    ...joiners.filter((member) => member.teamId !== id).map((member) => move(String(member.id), id)),
    ...leavers.map((member) => move(member.id, null)),
  ];
}

/** Removes a team; its people stay, without a team. */
export async function removeTeam(work: Work, id: string): Promise<{ changeSetId: string }> {
  const people = await work.db.find(members, and(eq(members.teamId, id), isNull(members.deletedAt)));
  const released = people.map(
    (member): Change => ({ type: memberType, op: 'update', id: member.id, values: { teamId: null } }),
  );
  const { changeSetId } = await apply(work, 'configure', [...released, { type: teamType, op: 'delete', id }]);
  await forgetSessions(work.db);
  return { changeSetId };
}

async function refuseSameName(work: Work, name: string, except?: string): Promise<void> {
  const same = await work.db.find(teams, and(eq(teams.nameNorm, name.toLowerCase()), isNull(teams.deletedAt)));
  if (same.some((team) => team.id !== except))
    throw new Refusal('conflict', { code: 'nameTaken', params: { name }, field: 'name' });
}
