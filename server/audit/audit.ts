import { type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { AuditAction, AuditSubject } from '@/domain/audit';
import type { ChangeView, Channel, Verb } from '@/domain/changes';
import { momentSchema as moment, textSchema } from '@/domain/fields';
import { notFound } from '@/domain/refusals';
import { namedReferences, titlesOf } from '../changes/changes';
import { audit } from '../core/audit';
import { changeSet } from '../core/changes';
import { makeCursor, readCursor } from '../core/cursor';
import { direction } from '../core/records';
import type { Work } from '../core/work';
import { type ChainCheck, checkChain } from './chain';

export const listInput = z.strictObject({
  cursor: z.string().max(500).nullish(),
  direction,
  limit: z.int().min(1).max(100).default(50),
  memberId: z.uuid().optional(),
  /** An action or a verb. */
  action: textSchema(50).optional(),
  from: moment.optional(),
  to: moment.optional(),
});

const cursorSchema = z.tuple([moment, z.uuid()]);

/** One thing somebody did: a change set, or an event that is none. */
export interface AuditRow {
  id: string;
  kind: 'event' | 'change';
  at: string;
  memberId: string | null;
  memberName: string | null;
  channel: Channel;
  action: AuditAction | Verb;
  /** What it was done to; of a change set its first record. */
  subject: AuditSubject | null;
  /** Records of a change set, counted up to `countedTo`. */
  count: number;
  detail: Record<string, unknown> | null;
  ip: string | null;
  requestId: string | null;
  changeSetId?: string;
  undoes?: string | null;
  undoneBy?: string | null;
}

export const countedTo = 1000;

type Stored = Omit<AuditRow, 'changeSetId' | 'count'>;

/** What was done in the tenant, newest first: change sets and audit events in one order. */
export async function listAudit(
  work: Work,
  input: z.infer<typeof listInput>,
): Promise<{ rows: AuditRow[]; next: string | null }> {
  const tenant = work.actor.tenantId;
  const most = input.limit + 1;
  const stored = await work.db.rows<Stored>(sql`
    select u.*, m.name as "memberName" from (
      (select e.id, 'event' as kind, e.at, e.member_id as "memberId", e.action, e.channel, e.subject, e.detail, e.ip,
          e.request_id as "requestId", null::uuid as undoes, null::uuid as "undoneBy"
        from app.audit_event e where e.tenant_id = ${tenant} ${filters(input, sql`e.action`, 'e')}
        order by e.at desc, e.id desc limit ${most})
      union all
      (select s.id, 'change', s.at, s.member_id, s.verb, s.channel, null, s.detail, s.ip, s.request_id, s.undoes, s.undone_by
        from app.change_set s where s.tenant_id = ${tenant} ${filters(input, sql`s.verb`, 's')}
        order by s.at desc, s.id desc limit ${most})) u
    left join app.member m on m.tenant_id = ${tenant} and m.id = u."memberId"
    order by u.at desc, u.id desc limit ${most}`);
  const page = stored.slice(0, input.limit);
  const last = page.at(-1);
  const next = stored.length > input.limit && last ? makeCursor([last.at, last.id]) : null;
  return { rows: await withSubjects(work, page), next };
}

function filters(input: z.infer<typeof listInput>, action: SQL, table: 'e' | 's'): SQL {
  const t = sql.identifier(table);
  const conditions: SQL[] = [];
  if (input.memberId) conditions.push(sql`${t}.member_id = ${input.memberId}`);
  if (input.action) conditions.push(sql`${action} = ${input.action}`);
  if (input.from) conditions.push(sql`${t}.at >= ${input.from}::timestamptz`);
  if (input.to) conditions.push(sql`${t}.at < ${input.to}::timestamptz`);
  if (input.cursor) {
    const [at, id] = readCursor(cursorSchema, input.cursor);
    conditions.push(sql`(${t}.at, ${t}.id) < (${at}::timestamptz, ${id}::uuid)`);
  }
  return sql.join(conditions.map((condition) => sql` and ${condition}`));
}

/** Says of each change set which record it is about and how many there are. */
async function withSubjects(work: Work, page: Stored[]): Promise<AuditRow[]> {
  const tenant = work.actor.tenantId;
  const sets = page.filter((row) => row.kind === 'change').map((row) => row.id);
  const found = await work.db.rows<{ id: string; object: string; recordId: string; count: number }>(sql`
    select s.id, one.object, one.record_id as "recordId", counted.n as count
    from unnest(${sql.param(sets)}::uuid[]) as s (id)
    cross join lateral (select c.object, c.record_id from app.change c
      where c.tenant_id = ${tenant} and c.change_set_id = s.id order by c.record_id limit 1) one
    cross join lateral (select count(*)::int as n from (select from app.change c
      where c.tenant_id = ${tenant} and c.change_set_id = s.id limit ${countedTo + 1}) as few) counted`);
  const titles = await titlesOf(work, found);
  const bySet = new Map(found.map((first) => [first.id, first]));
  return page.map(({ undoes, undoneBy, ...row }) => {
    if (row.kind === 'event') return { ...row, count: 0 };
    const first = bySet.get(row.id);
    const subject = first ? { object: first.object, id: first.recordId, name: titles.get(first.recordId) } : null;
    return { ...row, subject, count: first?.count ?? 0, changeSetId: row.id, undoes, undoneBy };
  });
}

const shownChanges = 100;

/** What a change set did, record by record, before and after. @throws Refusal notFound */
export async function changesOfSet(work: Work, changeSetId: string): Promise<{ changes: ChangeView[]; more: boolean }> {
  if (!(await changeSet(work, changeSetId))) throw notFound();
  const tenant = work.actor.tenantId;
  const stored = await work.db.rows<Omit<ChangeView, 'recordTitle'>>(sql`
    select c.object, c.record_id as "recordId", c.op, c.before, c.after from app.change c
    where c.tenant_id = ${tenant} and c.change_set_id = ${changeSetId} order by c.record_id limit ${shownChanges + 1}`);
  const page = stored.slice(0, shownChanges);
  const titles = await titlesOf(work, page);
  return {
    more: stored.length > shownChanges,
    changes: page.map((change) => ({
      ...change,
      recordTitle: titles.get(change.recordId) ?? null,
      ...namedReferences(work, change, titles),
    })),
  };
}

/** Entries one call checks: a few seconds' worth. */
const checkedAtOnce = 100_000;

/** Recomputes the chain, or a part of a long one, and notes that somebody did. */
export async function verify(work: Work, after: number | null): Promise<ChainCheck> {
  const check = await checkChain(work.db, after, checkedAtOnce);
  const { ok, seals, entries, brokenAt } = check;
  await audit(work, 'auditVerified', undefined, { ok, seals, entries, ...(brokenAt ? { brokenAt } : {}) });
  return check;
}
