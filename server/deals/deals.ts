import { and, asc, eq, isNull } from 'drizzle-orm';
import { pipelines, stages } from '@/db/schema/pipelines';
import { deals } from '@/db/schema/records';
import type { Verb } from '@/domain/changes';
import { dealFields } from '@/domain/deals';
import { nameKey } from '@/domain/imports/matching';
import { missingForStage } from '@/domain/pipelines';
import { Refusal } from '@/domain/refusals';
import { sortKey } from '@/domain/search-keys';
import { type Base, requireUnchanged } from '../core/base';
import { apply, type Change } from '../core/changes';
import { newId } from '../core/ids';
import { defineRecord, type RecordValues } from '../core/record-types';
import { lockRecords, requireOwnerInScope, requireReferences, unusedId } from '../core/record-verbs';
import { requireInScope } from '../core/scope';
import { texts } from '../core/texts';
import type { Work } from '../core/work';
import { settingsOf, todayIn } from '../tenants/settings';

export const dealType = defineRecord({
  object: 'deal' as const,
  table: deals,
  tableName: 'deal',
  fields: dealFields,
  title: 'name',
  permission: 'deal.write',
  owner: 'ownerId',
  derive: (row) => ({ nameKey: nameKey(String(row.name)), sortKey: sortKey(String(row.name)) }),
  searchTexts: (row) => texts(row, 'name'),
  shownOn: ['companyId'],
});

type Stage = typeof stages.$inferSelect;

/** Makes a deal, in the first open stage of the first pipeline unless said otherwise. */
export async function createDeal(
  work: Work,
  input: RecordValues,
  given?: string,
): Promise<{ id: string; changeSetId: string }> {
  const [stage, settings] = await Promise.all([stageFor(work, input), settingsOf(work)]);
  const id = given === undefined ? newId() : await unusedId(work, given);
  const values: RecordValues = {
    ownerId: work.actor.memberId,
    ...input,
    currency: input.currency ?? settings.currency,
    boardOrder: work.now.getTime(),
    ...entering(work, stage, input, settings.timeZone),
  };
  work.db.requires(requireOwnerInScope(work, dealType, values));
  await requireReferences(work, dealType, values);
  refuseIfIncomplete(stage, values);
  const { changeSetId } = await apply(work, 'create', [{ type: dealType, op: 'create', id, values }]);
  return { id, changeSetId };
}

/** Changes a deal. A new stage or pipeline among the values is a move, with a move's rules. */
export async function updateDeal(work: Work, input: { id: string; values: RecordValues; version?: number }) {
  const { changeSetId, versions } = await changeDeals(work, [input.id], input.values, input.version);
  return { version: versions.get(input.id) ?? 0, changeSetId };
}

export async function updateDeals(work: Work, input: { ids: string[]; values: RecordValues }) {
  const { changeSetId, changed } = await changeDeals(work, [...new Set(input.ids)], input.values);
  return { count: changed.size, changeSetId };
}

export interface MoveInput {
  id: string;
  stageId: string;
  values?: RecordValues;
  version?: number;
  /** What the deal looked like to whoever moves it. */
  base?: Base;
  /** Cards between which it was dropped; without them it goes on top. */
  before?: string | null;
  after?: string | null;
}

/** Moves a deal to a stage, with whatever fields the stage asks for. */
export async function moveDeal(work: Work, input: MoveInput) {
  const boardOrder = await placeBetween(work, input);
  const values = { ...input.values, stageId: input.stageId, boardOrder };
  await requireUnchanged(work, dealType, { ...input, values });
  const { changeSetId, versions } = await changeDeals(work, [input.id], values, input.version);
  return { changeSetId, version: versions.get(input.id) ?? 0 };
}

async function changeDeals(work: Work, ids: string[], values: RecordValues, version?: number) {
  work.db.requires(requireInScope(work, dealType, 'write', ids));
  await requireReferences(work, dealType, values);
  const { changes, verb } = await dealChanges(
    work,
    ids.map((id) => ({ id, values, version })),
  );
  return apply(work, verb, changes);
}

/**
 * The changes of deals with all that follows from entering a stage. Scope and references are the caller's to ask.
 * @throws Refusal notFound, invalid `stageRequires`
 */
export async function dealChanges(
  work: Work,
  input: { id: string; values: RecordValues; version?: number }[],
): Promise<{ changes: Change[]; verb: Verb }> {
  const isMove = (values: RecordValues) => values.stageId !== undefined || values.pipelineId !== undefined;
  const known = new Map<string, Promise<Stage>>();
  // Many deals go into few stages: each is asked for once.
  const meant = (pipelineId: unknown, stageId: unknown) => {
    const key = `${pipelineId} ${stageId}`;
    const stage = known.get(key) ?? stageFor(work, { pipelineId, stageId });
    known.set(key, stage);
    return stage;
  };
  const named = input.filter(({ values }) => typeof values.stageId === 'string');
  // Asked for together: they travel in one message.
  const [rows, settings] = await Promise.all([
    lockRecords(
      work,
      dealType,
      input.map(({ id }) => id),
    ),
    input.some(({ values }) => isMove(values)) ? settingsOf(work) : undefined,
    ...named.map(({ values }) => meant(values.pipelineId, values.stageId)),
  ]);
  let verb: Verb = 'update';
  const list: Change[] = [];
  for (const [i, { values, version }] of input.entries()) {
    const row = rows[i];
    if (!row) continue;
    let next = values;
    if (settings && isMove(values)) {
      const stage = await meant(values.pipelineId ?? (values.stageId ? undefined : row.pipelineId), values.stageId);
      if (stage.id !== row.stageId) {
        verb = verbFor(String(row.status), stage.kind);
        next = { ...values, ...entering(work, stage, { ...row, ...values }, settings.timeZone) };
        refuseIfIncomplete(stage, { ...row, ...next });
      } else {
        next = { ...values, stageId: stage.id, pipelineId: stage.pipelineId };
      }
    }
    list.push({ type: dealType, op: 'update', id: String(row.id), values: next, version, row });
  }
  return { changes: list, verb };
}

function verbFor(from: string, to: string): Verb {
  if (to === 'won') return 'win';
  if (to === 'lost') return 'lose';
  return from === 'open' ? 'move' : 'reopen';
}

/** What follows from a deal entering a stage: its status, its probability, since when, and the day it closed. */
function entering(work: Work, stage: Stage, values: RecordValues, timeZone: string): RecordValues {
  const closed = stage.kind !== 'open';
  return {
    stageId: stage.id,
    pipelineId: stage.pipelineId,
    status: stage.kind,
    probability: stage.probability,
    stageEnteredAt: work.now.toISOString(),
    closedOn: closed ? (values.closedOn ?? todayIn(timeZone, work.now)) : null,
  };
}

/** The stage that values put deals into, whichever they are in now; none when they put them into none. */
export async function stageEntered(work: Work, values: RecordValues): Promise<Stage | undefined> {
  return values.stageId === undefined && values.pipelineId === undefined ? undefined : stageFor(work, values);
}

/** The stage meant: the one named, or the first open one of the pipeline named, or of the first pipeline. */
async function stageFor(work: Work, { stageId, pipelineId }: RecordValues): Promise<Stage> {
  const live = isNull(stages.deletedAt);
  if (typeof stageId === 'string') {
    const [stage] = await work.db.find(stages, and(live, eq(stages.id, stageId)));
    if (!stage || (typeof pipelineId === 'string' && stage.pipelineId !== pipelineId)) {
      throw new Refusal('invalid', { code: 'noSuchRecord', field: 'stageId' });
    }
    return stage;
  }
  const chosen = typeof pipelineId === 'string' ? pipelineId : await firstPipeline(work);
  const [stage] = await work.db.find(stages, and(live, eq(stages.pipelineId, chosen), eq(stages.kind, 'open')), {
    orderBy: asc(stages.position),
    limit: 1,
  });
  if (!stage) throw new Refusal('invalid', { code: 'noSuchRecord', field: 'pipelineId' });
  return stage;
}

async function firstPipeline(work: Work): Promise<string> {
  const [first] = await work.db.find(pipelines, isNull(pipelines.deletedAt), {
    orderBy: asc(pipelines.position),
    limit: 1,
  });
  if (!first) throw new Error('A tenant without a pipeline');
  return first.id;
}

function refuseIfIncomplete(stage: Stage, values: RecordValues): void {
  const missing = missingForStage(stage.requiredFields, values);
  if (missing.length > 0) refuseLacking(stage, missing);
}

/** @throws Refusal invalid `stageRequires` naming what deals lack to enter a stage */
export function refuseLacking(stage: Stage, missing: string[]): never {
  throw new Refusal('invalid', {
    code: 'stageRequires',
    params: { stage: stage.name, fields: missing.join(',') },
    field: missing[0],
  });
}

/** A number between the neighbours' on the board; larger is higher. */
async function placeBetween(work: Work, input: MoveInput): Promise<number> {
  const ids = [input.before, input.after].filter((id): id is string => Boolean(id));
  if (ids.length === 0) return work.now.getTime();
  work.db.requires(requireInScope(work, dealType, 'read', ids));
  const rows = await lockRecords(work, dealType, ids);
  const orderOf = (id?: string | null) => rows.find((row) => row.id === id)?.boardOrder as number | undefined;
  const above = orderOf(input.before);
  const below = orderOf(input.after);
  if (above !== undefined && below !== undefined) return (above + below) / 2;
  return above !== undefined ? above - 1 : (below ?? work.now.getTime()) + 1;
}
