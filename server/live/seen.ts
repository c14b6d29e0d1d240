import { type SQL, sql } from 'drizzle-orm';
import { plainArray, textArray } from '@/db/arrays';
import type { TenantDb } from '@/db/tenant';
import type { ChangeOp } from '@/domain/changes';
import { isOwnObject } from '@/domain/custom-fields';
import { isRecordObject } from '@/domain/objects';
import type { Role } from '@/domain/permissions';
import type { ChangedRecord } from '../core/bus';
import { type RecordType, snake } from '../core/record-types';
import { inScope, ownersScope, scopeFor, type Viewer } from '../core/scope';
import { andKind, type Types } from '../core/types';

/** Somebody who is told of changes. */
export interface Person {
  memberId: string;
  role: Role;
  teamId: string | null;
}

/** What somebody is told of one record; `gone`: it is no longer theirs to see. */
export type Seen = [object: string, id: string, op: ChangeOp | 'gone'];

/** Whether changes of this kind are told record by record. Of everything else only the kind is told, to everybody. */
export const isTold = (object: string): boolean => isRecordObject(object) || isOwnObject(object);

/** Whether a role has any right to read records of a kind. */
export function mayRead(types: Types, role: Role, object: string): boolean {
  const type = types.find(object);
  const actor = { tenantId: '', role, memberId: '', teamId: null };
  return type !== undefined && scopeFor({ types, actor }, type, 'read') !== 'none';
}

/**
 * What each of these people may be told of changed records: those they may read now, and that those are gone which went
 * from somebody whose records they see to somebody whose they do not. One statement for all people of a role.
 * @returns by member; those who may see all of them share one list
 */
export async function seenBy(
  db: TenantDb,
  types: Types,
  people: readonly Person[],
  records: readonly ChangedRecord[],
): Promise<Map<string, readonly Seen[]>> {
  const told = records.filter(([object]) => types.find(object) && isTold(object));
  const all: readonly Seen[] = told.map(([object, id, op]) => [object, id, op]);
  const seen = new Map<string, readonly Seen[]>();
  const roles = [...Map.groupBy(people, ({ role }) => role)];
  await Promise.all(
    roles.map(async ([role, ofRole]) => {
      const asking = new Asking(db, types, role, ofRole);
      const limited = [...Map.groupBy(told, ([object]) => object)].filter(([object]) => asking.isLimited(object));
      const answers = new Map(
        await Promise.all(
          limited.map(async ([object, list]) => [object, await asking.answer(types.get(object), list)] as const),
        ),
      );
      for (const { memberId } of ofRole) {
        const own = (record: ChangedRecord): Seen[] => {
          const [object, id, op, from] = record;
          const answer = answers.get(object);
          if (!answer || answer.visible.has(`${memberId} ${id}`)) return [[object, id, op]];
          return from?.some((owner) => answer.had.has(`${memberId} ${owner}`)) ? [[object, id, 'gone']] : [];
        };
        seen.set(memberId, answers.size === 0 ? all : told.flatMap(own));
      }
    }),
  );
  return seen;
}

interface Answer {
  /** `<member> <record>` for every record somebody may read. */
  visible: ReadonlySet<string>;
  /** `<member> <former owner>` where somebody could read what that person had. */
  had: ReadonlySet<string>;
}

/** Questions about what the people of one role may read. */
class Asking {
  private readonly db: TenantDb;
  private readonly viewer: Viewer;
  private readonly people: SQL;

  constructor(db: TenantDb, types: Types, role: Role, people: readonly Person[]) {
    this.db = db;
    this.viewer = {
      types,
      actor: { tenantId: db.tenantId, role, memberId: sql`v.member_id`, teamId: sql`v.team_id` },
    };
    const once = [...new Map(people.map((person) => [person.memberId, person])).values()];
    this.people = sql`unnest(${plainArray(once.map(({ memberId }) => memberId))}::uuid[],
      ${textArray(once.map(({ teamId }) => teamId))}::uuid[]) as v (member_id, team_id)`;
  }

  /** Whether this role does not see all records of a kind. */
  isLimited(object: string): boolean {
    return inScope(this.viewer, this.viewer.types.get(object), 'read') !== undefined;
  }

  async answer(type: RecordType, records: readonly ChangedRecord[]): Promise<Answer> {
    if (scopeFor(this.viewer, type, 'read') === 'none') return { visible: new Set(), had: new Set() };
    const [visible, had] = await Promise.all([this.visible(type, records), this.had(type, records)]);
    return { visible, had };
  }

  private async visible(type: RecordType, records: readonly ChangedRecord[]): Promise<ReadonlySet<string>> {
    const ids = plainArray(records.map(([, id]) => id));
    // In the bin as well: whoever saw it is told that it went.
    const rows = await this.db.kept<{ member: string; id: string }>(sql`
      select v.member_id as member, t.id from ${this.people}
      join ${type.table} t on t.tenant_id = ${this.db.tenantId} and t.id = any(${ids}::uuid[]) ${andKind(type)}
        and ${inScope(this.viewer, type, 'read')}`);
    return new Set(rows.map(({ member, id }) => `${member} ${id}`));
  }

  private async had(type: RecordType, records: readonly ChangedRecord[]): Promise<ReadonlySet<string>> {
    const froms = new Set(records.flatMap(([, , , from = []]) => from));
    const scope = ownersScope(this.viewer, type, 'read', 'o');
    if (!type.owner || !scope || froms.size === 0) return new Set();
    const owner = sql.identifier(snake(type.owner));
    const rows = await this.db.kept<{ member: string; owner: string }>(sql`
      select v.member_id as member, o.${owner} as owner from ${this.people}
      join unnest(${plainArray([...froms])}::uuid[]) as o (${owner}) on ${scope}`);
    return new Set(rows.map(({ member, owner: from }) => `${member} ${from}`));
  }
}
