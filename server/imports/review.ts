import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import { importProblems, imports } from '@/db/schema/imports';
import { importPlanSchema } from '@/domain/imports/mapping';
import { valueTally } from '@/domain/imports/tally';
import { namesIn, targetIn } from '@/domain/imports/targets';
import { Refusal } from '@/domain/refusals';
import { audit } from '../core/audit';
import { apply, type Change } from '../core/changes';
import { newId } from '../core/ids';
import { flat, type RecordType, snake } from '../core/record-types';
import { direction } from '../core/records';
import { inScope } from '../core/scope';
import { andKind } from '../core/types';
import type { Work } from '../core/work';
import { listPipelines } from '../pipelines/pipelines';
import { Engine } from './engine';
import { keepMoves } from './history';
import { importOf } from './imports';
import { keepSourceIds, tallyOf, unfinished } from './jobs';
import { type Link, type LinkKind, linkChanges, linksOf } from './links';
import { withOwn } from './own';
import { type ImportProblem, keepProblems, openCounts } from './problems';
import { titleColumn } from './references';
import { RelationLinks } from './relations';
import type { Scan } from './scan';
import { addBatch, addStored, uncountRefused } from './tally';
import { fileOf } from './uploads';

type StoredProblem = typeof importProblems.$inferSelect;

export const reviewInput = z.strictObject({
  id: z.uuid(),
  cursor: z.int().min(0).max(2_147_483_647).nullish(),
  limit: z.int().min(1).max(200).default(50),
  direction,
});

/** A record that a row, or one of its cells, may mean. */
export interface ReviewCandidate {
  id: string;
  title: string;
  /** What tells it from others of its name: an address, a domain, a code. */
  detail: string | null;
}

/** Something of a row that could mean several records. */
export interface ReviewItem {
  row: number;
  /** The column's target; null where it is not clear which record the row itself is about. */
  target: string | null;
  header: string | null;
  object: string;
  /** The name in the cell, or what the row's record is called. */
  text: string;
  candidates: ReviewCandidate[];
  cells: string[];
}

/**
 * What of an import waits for a decision, by row, with the records it could mean: those that are there still and that the
 * person may see.
 */
export async function review(work: Work, { id, cursor, limit }: z.output<typeof reviewInput>) {
  const row = await importOf(work, id);
  const page = await openRows(work, id, cursor ?? 0, limit + 1);
  const rows = page.slice(0, limit);
  if (rows.length === 0) return { headers: [], items: [], total: 0, next: null };
  const plan = planOf(work, row.plan);
  const open = rows.flatMap((stored) => openOf(stored).map((problem) => ({ stored, problem })));
  const objectFor = ({ target }: ImportProblem) =>
    (target === null ? plan.object : targetIn(plan, target)?.to) ?? plan.object;
  // What the row calls its record says more than what those are called that it could mean.
  const title = plan.columns.find(({ target }) => target === work.types.find(plan.object)?.title);
  const known = await candidatesOf(
    work,
    open.map(({ problem }) => ({ object: objectFor(problem), ids: problem.candidates ?? [] })),
  );
  return {
    headers: plan.columns.map(({ header }) => header),
    items: open.map(
      ({ stored, problem }): ReviewItem => ({
        row: stored.row,
        target: problem.target,
        header: problem.header,
        object: objectFor(problem),
        text: (problem.target === null && cellsOf(stored)[title?.index ?? -1]?.trim()) || textOf(problem),
        candidates: (problem.candidates ?? []).flatMap((one) => known.get(one) ?? []),
        cells: cellsOf(stored),
      }),
    ),
    total: (await openCounts(work, [id])).get(id) ?? 0,
    next: page.length > limit ? (rows.at(-1)?.row ?? null) : null,
  };
}

// Written by `keepProblems` only.
const problemsOf = ({ problems }: StoredProblem) => problems as ImportProblem[];
const cellsOf = ({ cells }: StoredProblem) => cells as string[];
const openOf = (stored: StoredProblem) => problemsOf(stored).filter(({ open }) => open === true);
/** What is alike in rows that can be decided together. */
const textOf = ({ params }: ImportProblem) => String(params?.text ?? params?.names ?? '');

function planOf(work: Work, stored: unknown) {
  const parsed = importPlanSchema.safeParse(stored);
  if (!parsed.success) throw new Refusal('invalid', 'importPlan');
  return withOwn(work, parsed.data);
}

/** @param like what one of a row's problems must have */
function openRows(work: Work, importId: string, after: number, limit: number, like: Partial<ImportProblem> = {}) {
  const where = and(
    eq(importProblems.importId, importId),
    gt(importProblems.row, after),
    sql`${importProblems.problems} @> ${JSON.stringify([{ ...like, open: true }])}::jsonb`,
  );
  return work.db.find(importProblems, where, { orderBy: asc(importProblems.row), limit });
}

/** Fields that tell records of one name apart, the surest first. */
const details: Record<string, readonly string[]> = {
  company: ['domain', 'city', 'phone'],
  contact: ['email', 'mobile', 'jobTitle'],
  product: ['code'],
  member: ['email'],
};

async function candidatesOf(
  work: Work,
  wanted: readonly { object: string; ids: readonly string[] }[],
): Promise<Map<string, ReviewCandidate>> {
  const found = new Map<string, ReviewCandidate>();
  for (const [object, list] of Map.groupBy(wanted, (each) => each.object)) {
    const type = work.types.find(object);
    if (!type) continue;
    const ids = [...new Set(list.flatMap((each) => each.ids))];
    const fields = (details[object] ?? []).filter((name) => Object.hasOwn(type.fields, name));
    const detail = fields.map((name) => sql`nullif(t.${sql.identifier(snake(name))}, '')`);
    const rows = await work.db.rows<ReviewCandidate>(sql`
      select t.id, left(${titleColumn(type)}::text, 200) as title, ${detail.length > 0 ? sql`coalesce(${sql.join(detail, sql`, `)})` : sql`null`} as detail
      from ${type.table} t where ${live(work, type, ids)}`);
    for (const row of rows) found.set(row.id, row);
  }
  return found;
}

function live(work: Work, type: RecordType, ids: readonly string[]) {
  const scope = inScope(work, type, 'read');
  return sql`t.tenant_id = ${work.actor.tenantId} and t.deleted_at is null ${andKind(type)} and t.id = any(${sql.param([...ids])}::uuid[]) ${scope ? sql`and ${scope}` : sql``}`;
}

/** Rows dealt with in one request; whoever asked for more asks again for the rest. */
const mostAtOnce = 500;

export const decideInput = z.strictObject({
  id: z.uuid(),
  row: z.int().min(1).max(2_147_483_647),
  /** Which of the row's open questions; null for the record the row itself is about. */
  target: z.string().max(100).nullable(),
  /** Which of the names in a cell that holds several; the first that is open where it is left out. */
  text: z.string().max(1000).optional(),
  choice: z.union([
    z.strictObject({ id: z.uuid() }),
    // Of the row itself only: it is none of the records there are.
    z.strictObject({ create: z.literal(true) }),
    // It stays as it is: refused, or without the value.
    z.strictObject({ leave: z.literal(true) }),
  ]),
  /** The row alone, all rows with the same text in the same column, or all rows with a question of this kind. */
  scope: z.enum(['row', 'alike', 'all']).default('row'),
});
type Decision = z.output<typeof decideInput>;

/**
 * Decides what rows mean that could mean several records, and does what the import would have done had it known: one change
 * set, which undoing the import takes back too.
 * @returns how many rows were decided, and the next one of the same question where there are more than one call takes
 * @throws Refusal conflict `importRunning`, `alreadyUndone`, `notInReview` for what is decided already; invalid
 *   `notACandidate` for a record that is none of those the row could mean, or is gone
 */
export async function decide(work: Work, input: Decision): Promise<{ decided: number; next: number | null }> {
  const row = await importOf(work, input.id, true);
  if (unfinished.includes(row.status) || row.status === 'paused') throw new Refusal('conflict', 'importRunning');
  const [set] = row.changeSetId
    ? await work.db.rows(
        sql`select 1 from app.change_set s where s.tenant_id = ${work.actor.tenantId} and s.id = ${row.changeSetId} and s.undone_by is null`,
      )
    : [];
  if (!set) throw new Refusal('conflict', 'alreadyUndone');
  const [asked] = await work.db.find(
    importProblems,
    and(eq(importProblems.importId, input.id), eq(importProblems.row, input.row)),
    { lock: true },
  );
  const question =
    asked && openOf(asked).find((one) => one.target === input.target && textOf(one) === (input.text ?? textOf(one)));
  if (!asked || !question) throw new Refusal('conflict', 'notInReview');
  const plan = planOf(work, row.plan);
  if ('create' in input.choice && input.target !== null) throw new Refusal('invalid', 'notACandidate');
  if ('id' in input.choice) await requireCandidate(work, plan, question, input.choice.id);
  const isMeant = (problem: ImportProblem) => isAlike(problem, question, input);
  const concerned = await alike(work, asked, question, isMeant, input);
  const rows = concerned.slice(0, mostAtOnce);
  if ('leave' in input.choice) {
    await settle(work, rows, isMeant);
    const { name } = await fileOf(work, row.fileId);
    await audit(work, 'importDecided', { object: 'import', id: row.id, name }, { rows: rows.length });
  } else {
    const made =
      input.target === null
        ? await takeRows(work, row, plan, rows, 'id' in input.choice ? input.choice.id : null)
        : 'id' in input.choice &&
          (await fillCells(work, row, plan, rows, isMeant, { target: input.target, id: input.choice.id }));
    if (made) await work.db.update(imports, { reviews: [...row.reviews, made] }, eq(imports.id, row.id));
  }
  return { decided: rows.length, next: concerned[mostAtOnce]?.row ?? null };
}

/** A record that is one of those meant, is there, and may be seen. */
async function requireCandidate(work: Work, plan: Plan, { target, candidates }: ImportProblem, id: string) {
  const object = (target === null ? plan.object : targetIn(plan, target)?.to) ?? plan.object;
  const type = work.types.find(object);
  const seen =
    type && candidates?.includes(id)
      ? await work.db.rows(sql`select 1 from ${type.table} t where ${live(work, type, [id])}`)
      : [];
  if (seen.length === 0) throw new Refusal('invalid', { code: 'notACandidate', field: 'choice.id' });
}

type Plan = ReturnType<typeof planOf>;
type ImportRow = Awaited<ReturnType<typeof importOf>>;

/** Whether a decision about one question answers another. */
function isAlike(problem: ImportProblem, question: ImportProblem, { scope, target, choice }: Decision): boolean {
  if (problem.open !== true || problem.target !== target) return false;
  if (scope !== 'all' && textOf(problem) !== textOf(question)) return false;
  return !('id' in choice) || problem.candidates?.includes(choice.id) === true;
}
type IsMeant = (problem: ImportProblem) => boolean;

/** The rows a decision is about, that of the question first: more than are dealt with at once, if there are more. */
async function alike(
  work: Work,
  asked: StoredProblem,
  question: ImportProblem,
  isMeant: IsMeant,
  { id, scope }: Decision,
) {
  if (scope === 'row') return [asked];
  const { target } = question;
  const name = question.params?.text === undefined ? 'names' : 'text';
  const like = { target, ...(scope === 'alike' ? { params: { [name]: textOf(question) } } : {}) };
  const found = [asked];
  let after = 0;
  while (found.length <= mostAtOnce) {
    const page = await openRows(work, id, after, mostAtOnce, like);
    found.push(...page.filter((one) => one.row !== asked.row && problemsOf(one).some(isMeant)));
    const last = page.at(-1);
    if (!last || page.length < mostAtOnce) break;
    after = last.row;
  }
  return found;
}

/** Takes a question off rows: the problem stays where the value is still missing. */
async function settle(work: Work, rows: readonly StoredProblem[], isMeant: IsMeant): Promise<void> {
  for (const stored of rows) {
    const problems = problemsOf(stored).map((problem) => (isMeant(problem) ? closed(problem) : problem));
    await keepRow(work, stored, problems);
  }
}

const closed = ({ open: _, candidates: __, ...problem }: ImportProblem): ImportProblem => problem;

async function keepRow(work: Work, stored: StoredProblem, problems: ImportProblem[]): Promise<void> {
  const those = and(eq(importProblems.importId, stored.importId), eq(importProblems.row, stored.row));
  if (problems.length === 0) await work.db.delete(importProblems, those);
  else await work.db.update(importProblems, { problems }, those);
}

/** Takes rows that were refused as what a person said they are: a record, or new ones. @returns the change set */
async function takeRows(
  work: Work,
  row: ImportRow,
  plan: Plan,
  rows: readonly StoredProblem[],
  recordId: string | null,
): Promise<string | null> {
  const engine = new Engine(plan, noScan(plan), {
    types: work.types,
    pipelines: plan.object === 'deal' ? await listPipelines(work) : [],
    locale: work.actor.locale,
    changeSetId: newId(),
  });
  if (engine.book && engine.book.changes.length > 0) await apply(work, 'configure', engine.book.changes);
  for (const { row: number } of rows) engine.decided.set(number, recordId);
  const batch = await engine.take(
    work,
    rows.map((stored) => ({ row: stored.row, cells: cellsOf(stored) })),
  );
  const { changeSetId } = await apply(work, 'import', batch.changes, {
    keepAuthors: true,
    detail: { importId: row.id, object: plan.object },
  });
  const sums = tallyOf(row);
  const { created, updated, unchanged, refused } = row;
  const counts = { created, updated, unchanged, refused };
  uncountRefused(plan, batch.rows, counts, sums);
  addBatch(plan, batch, counts, sums);
  await work.db.delete(
    importProblems,
    and(
      eq(importProblems.importId, row.id),
      inArray(
        importProblems.row,
        rows.map((stored) => stored.row),
      ),
    ),
  );
  await keepSourceIds(work, plan, batch, row.changeSetId);
  await keepMoves(work, row.id, batch);
  await keepProblems(work, row.id, batch);
  await addStored(work, plan, batch, sums);
  await work.db.update(imports, { ...counts, sums }, eq(imports.id, row.id));
  return changeSetId;
}

/** Nothing is known of the rest of the file: what these rows name is in the tables by now. */
function noScan(plan: Plan): Scan {
  const { tally } = valueTally(plan);
  return { rows: 0, tally, levels: new Map(), passes: 1, loops: new Map(), later: new Map(), owed: new Map() };
}

/** Links that are records of their own, by the object and the column that brings them. */
const linkKinds: Record<string, LinkKind | undefined> = { 'contact.company': 'contact', 'deal.contact': 'deal' };

/** Writes what a cell means to the records of its rows, and nothing else of them. @returns the change set */
async function fillCells(
  work: Work,
  row: ImportRow,
  plan: Plan,
  rows: readonly StoredProblem[],
  isMeant: IsMeant,
  { target, id }: { target: string; id: string },
): Promise<string | null> {
  const sums = tallyOf(row);
  for (const stored of rows) {
    const problems = problemsOf(stored).filter((problem) => !isMeant(problem));
    await keepRow(work, stored, problems);
    if (!problems.some(({ level }) => level === 'cell')) sums.partly--;
  }
  await work.db.update(imports, { sums }, eq(imports.id, row.id));
  const kinds = await kindsOf(work, row);
  const changes: Change[] = [];
  for (const [object, ofKind] of Map.groupBy(rows, ({ recordId }) => kinds.get(recordId ?? '') ?? plan.object)) {
    const type = work.types.get(object);
    const filled = await fillings(work, plan, type, ofKind, target, id);
    await type.guard?.(
      work,
      filled.filter((change) => change.type === type),
    );
    changes.push(...filled);
  }
  if (changes.length === 0) return null;
  return (await apply(work, 'import', changes, { detail: { importId: row.id, object: plan.object } })).changeSetId;
}

/** Of what kinds the records are that an import wrote which holds several. */
async function kindsOf(work: Work, { object, changeSetId, id }: ImportRow): Promise<Map<string, string>> {
  if (object !== 'activity' && object !== 'task') return new Map();
  const rows = await work.db.rows<{ id: string; object: string }>(sql`
    select c.record_id as id, c.object from app.import_problem p
    join app.change c on c.tenant_id = ${work.actor.tenantId} and c.change_set_id = ${changeSetId} and c.record_id = p.record_id
    where p.tenant_id = ${work.actor.tenantId} and p.import_id = ${id}`);
  return new Map(rows.map((each) => [each.id, each.object]));
}

/** The changes that put a record into the place a column goes to: a field, a link, or both. */
async function fillings(
  work: Work,
  plan: Plan,
  type: RecordType,
  rows: readonly StoredProblem[],
  target: string,
  meant: string,
): Promise<Change[]> {
  const ids = [...new Set(rows.flatMap(({ recordId }) => recordId ?? []))];
  const found = await work.db.find(type.table, inArray(type.table.id, ids), { lock: true, orderBy: type.table.id });
  // What is gone by now needs nothing.
  const current = new Map(found.map((one) => [String(one.id), flat(one)] as const).filter(([, one]) => !one.deletedAt));
  const relations = new RelationLinks({ ...plan, policy: 'overwrite' }, null);
  if (relations.fields.has(target)) {
    const wanted = [...current.keys()].map((from) => ({ target, from, to: meant }));
    return (await relations.changes(work, wanted)).map(({ change }) => change);
  }
  const known = targetIn(plan, target);
  const kind = linkKinds[`${type.object}.${target}`];
  const links = kind ? await linksOf(work, kind, [...current.keys()]) : new Map<string, Link[]>();
  const column = plan.columns.find((one) => one.target === target);
  const cells = new Map(rows.map((stored) => [stored.recordId, cellsOf(stored)[column?.index ?? -1] ?? '']));
  return [...current].flatMap(([id, record]) => {
    const field = known?.field;
    // A cell that names several has filled the field with one of them already.
    const isOnly = !known || namesIn(known, cells.get(id) ?? '').length <= 1;
    const isSet = field !== undefined && (isOnly || (record[field] ?? null) === null);
    const set: Change[] = isSet ? [{ type, op: 'update', id, values: { [field]: meant } }] : [];
    if (!kind) return set;
    const existing = links.get(id) ?? [];
    const isPrimary = field === undefined ? existing.length === 0 : isSet;
    return [...set, ...linkChanges(kind, id, [meant], existing, isPrimary ? meant : null)];
  });
}
