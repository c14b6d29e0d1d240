import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import type { z } from 'zod';
import { pipelines, stages } from '@/db/schema/pipelines';
import { deals } from '@/db/schema/records';
import * as f from '@/domain/fields';
import { type PipelineView, stageColours, type stageInput, stageKinds } from '@/domain/pipelines';
import { notFound, Refusal } from '@/domain/refusals';
import { apply, applySet, type Change } from '../core/changes';
import { newId } from '../core/ids';
import { defineRecord, type RecordType } from '../core/record-types';
import type { Work } from '../core/work';
import { settingsOf, todayIn } from '../tenants/settings';

export const pipelineType = defineRecord({
  object: 'pipeline' as const,
  table: pipelines,
  tableName: 'pipeline',
  fields: { name: f.text({ required: true }), position: f.integer({ required: true }) },
  title: 'name',
  permission: 'pipelines.configure',
  guard: refuseLastPipeline,
});

export const stageType = defineRecord({
  object: 'stage' as const,
  table: stages,
  tableName: 'stage',
  fields: {
    pipelineId: f.reference('pipeline', { required: true }),
    name: f.text({ required: true }),
    kind: f.choice(stageKinds, { required: true }),
    probability: f.percent({ required: true }),
    colour: f.choice(stageColours, { required: true }),
    position: f.integer({ required: true }),
    requiredFields: f.tags(),
  },
  title: 'name',
  permission: 'pipelines.configure',
  guard: refuseOccupied,
});

export type StageInput = z.infer<typeof stageInput>;

/** Pipelines with their stages, in order. */
export async function listPipelines(work: Work): Promise<PipelineView[]> {
  const [pipelineRows, stageRows] = await Promise.all([
    work.db.find(pipelines, isNull(pipelines.deletedAt), { orderBy: asc(pipelines.position) }),
    work.db.find(stages, isNull(stages.deletedAt), { orderBy: asc(stages.position) }),
  ]);
  return pipelineRows.map(({ id, name, position }) => ({
    id,
    name,
    position,
    stages: stageRows
      .filter((s) => s.pipelineId === id)
      // The table's checks hold kind and colour to the catalogue's.
      .map(({ id, pipelineId, name, kind, probability, colour, position, requiredFields }) => ({
        id,
        pipelineId,
        name,
        kind: kind as PipelineView['stages'][number]['kind'],
        probability,
        colour: colour as PipelineView['stages'][number]['colour'],
        position,
        requiredFields,
      })),
  }));
}

/** A pipeline with its stages, in the order given. */
export async function createPipeline(
  work: Work,
  input: { name: string; stages: StageInput[] },
): Promise<{ id: string; changeSetId: string }> {
  const id = newId();
  const existing = await work.db.find(pipelines, isNull(pipelines.deletedAt));
  refuseSameName(existing, input.name);
  const list: Change[] = [
    { type: pipelineType, op: 'create', id, values: { name: input.name, position: existing.length } },
  ];
  for (const [position, stage] of input.stages.entries()) {
    list.push({ type: stageType, op: 'create', id: newId(), values: { ...stage, pipelineId: id, position } });
  }
  const { changeSetId } = await apply(work, 'configure', list);
  return { id, changeSetId };
}

export async function renamePipeline(
  work: Work,
  input: { id: string; name: string },
): Promise<{ changeSetId: string }> {
  const existing = await work.db.find(pipelines, isNull(pipelines.deletedAt));
  refuseSameName(
    existing.filter((p) => p.id !== input.id),
    input.name,
  );
  return applySet(work, 'configure', [
    { type: pipelineType, op: 'update', id: input.id, values: { name: input.name } },
  ]);
}

export async function reorderPipelines(work: Work, ids: string[]): Promise<{ changeSetId: string }> {
  const rows = await work.db.find(pipelines, isNull(pipelines.deletedAt));
  return reorder(
    work,
    pipelineType,
    rows.map((r) => r.id),
    ids,
  );
}

/**
 * Removes a pipeline; its deals go to the given stage of another one.
 * @throws Refusal conflict `lastPipeline`, or invalid `moveToNeeded` when there are deals and no place for them
 */
export async function removePipeline(
  work: Work,
  input: { id: string; moveTo?: string },
): Promise<{ changeSetId: string; moved: number }> {
  const all = await work.db.find(pipelines, isNull(pipelines.deletedAt), { lock: true });
  if (!all.some((p) => p.id === input.id)) throw notFound();
  if (all.length === 1) throw new Refusal('conflict', 'lastPipeline');
  const own = await work.db.find(stages, and(eq(stages.pipelineId, input.id), isNull(stages.deletedAt)));
  const moves = await movedDeals(
    work,
    own.map((s) => s.id),
    input.moveTo,
  );
  const gone: Change[] = own.map((s) => ({ type: stageType, op: 'delete', id: s.id }));
  const { changeSetId } = await apply(work, 'configure', [
    ...moves,
    ...gone,
    { type: pipelineType, op: 'delete', id: input.id },
  ]);
  return { changeSetId, moved: moves.length };
}

export async function addStage(
  work: Work,
  input: StageInput & { pipelineId: string },
): Promise<{ id: string; changeSetId: string }> {
  const [pipeline] = await work.db.find(
    pipelines,
    and(eq(pipelines.id, input.pipelineId), isNull(pipelines.deletedAt)),
    { lock: true },
  );
  if (!pipeline) throw notFound();
  const siblings = await liveStages(work, input.pipelineId);
  refuseSameName(siblings, input.name);
  // A new open stage belongs before the closed ones, where the board ends.
  const closed = siblings.findIndex((s) => s.kind !== 'open');
  const position = input.kind === 'open' && closed >= 0 ? closed : siblings.length;
  const id = newId();
  const shifted: Change[] = siblings
    .slice(position)
    .map((s, i) => ({ type: stageType, op: 'update', id: s.id, values: { position: position + i + 1 } }));
  const { changeSetId } = await apply(work, 'configure', [
    { type: stageType, op: 'create', id, values: { ...input, probability: fixedProbability(input), position } },
    ...shifted,
  ]);
  return { id, changeSetId };
}

/** Changes a stage; deals in it follow its kind and probability. */
export async function updateStage(
  work: Work,
  input: { id: string } & Partial<StageInput>,
): Promise<{ changeSetId: string }> {
  const { id, ...values } = input;
  const [stage] = await work.db.find(stages, and(eq(stages.id, id), isNull(stages.deletedAt)), { lock: true });
  if (!stage) throw notFound();
  const siblings = await liveStages(work, stage.pipelineId);
  if (values.name !== undefined)
    refuseSameName(
      siblings.filter((s) => s.id !== id),
      values.name,
    );
  const kind = values.kind ?? stage.kind;
  if (kind !== stage.kind) refuseLastOfKind(siblings, stage);
  const next = {
    ...values,
    probability: fixedProbability({ kind, probability: values.probability ?? stage.probability }),
  };
  const list: Change[] = [{ type: stageType, op: 'update', id, values: next }];
  if (kind !== stage.kind || next.probability !== stage.probability) {
    const { timeZone } = await settingsOf(work);
    const inStage = await work.db.find(deals, and(eq(deals.stageId, id), isNull(deals.deletedAt)));
    for (const deal of inStage) {
      list.push({
        type: work.types.get('deal'),
        op: 'update',
        id: deal.id,
        values: { status: kind, probability: next.probability, closedOn: closing(work, kind, deal.closedOn, timeZone) },
      });
    }
  }
  return applySet(work, 'configure', list);
}

export async function reorderStages(
  work: Work,
  input: { pipelineId: string; ids: string[] },
): Promise<{ changeSetId: string }> {
  const rows = await liveStages(work, input.pipelineId);
  return reorder(
    work,
    stageType,
    rows.map((s) => s.id),
    input.ids,
  );
}

/**
 * Removes a stage; its deals go where the admin says.
 * @throws Refusal invalid `moveToNeeded`, conflict `lastOpenStage` or `lastStage`
 */
export async function removeStage(
  work: Work,
  input: { id: string; moveTo?: string },
): Promise<{ changeSetId: string; moved: number }> {
  const [stage] = await work.db.find(stages, and(eq(stages.id, input.id), isNull(stages.deletedAt)), { lock: true });
  if (!stage) throw notFound();
  refuseLastOfKind(await liveStages(work, stage.pipelineId), stage);
  const moves = await movedDeals(work, [stage.id], input.moveTo);
  const { changeSetId } = await apply(work, 'configure', [...moves, { type: stageType, op: 'delete', id: stage.id }]);
  return { changeSetId, moved: moves.length };
}

async function movedDeals(work: Work, stageIds: string[], moveTo: string | undefined): Promise<Change[]> {
  if (stageIds.length === 0) return [];
  const rows = await work.db.find(deals, and(inArray(deals.stageId, stageIds), isNull(deals.deletedAt)));
  if (rows.length === 0) return [];
  if (!moveTo) throw new Refusal('invalid', { code: 'moveToNeeded', params: { count: rows.length }, field: 'moveTo' });
  const [target] = await work.db.find(stages, and(eq(stages.id, moveTo), isNull(stages.deletedAt)));
  if (!target || stageIds.includes(target.id)) throw new Refusal('invalid', { code: 'noSuchRecord', field: 'moveTo' });
  const values = {
    stageId: target.id,
    pipelineId: target.pipelineId,
    status: target.kind,
    probability: target.probability,
    stageEnteredAt: work.now.toISOString(),
  };
  const { timeZone } = await settingsOf(work);
  return rows.map((deal) => ({
    type: work.types.get('deal'),
    op: 'update',
    id: deal.id,
    values: { ...values, closedOn: closing(work, target.kind, deal.closedOn, timeZone) },
  }));
}

/** The day a deal is closed on where its stage is of this kind: open deals have none, closed ones keep theirs. */
function closing(work: Work, kind: string, closedOn: string | null, timeZone: string): string | null {
  return kind === 'open' ? null : (closedOn ?? todayIn(timeZone, work.now));
}

async function reorder(
  work: Work,
  type: RecordType,
  current: string[],
  ids: string[],
): Promise<{ changeSetId: string }> {
  if (ids.length !== current.length || !current.every((id) => ids.includes(id))) throw new Refusal('conflict', 'stale');
  return applySet(
    work,
    'configure',
    ids.map((id, position): Change => ({ type, op: 'update', id, values: { position } })),
  );
}

function liveStages(work: Work, pipelineId: string) {
  return work.db.find(stages, and(eq(stages.pipelineId, pipelineId), isNull(stages.deletedAt)), {
    orderBy: asc(stages.position),
  });
}

/** Won is certain and lost is over, whatever was typed. */
function fixedProbability(stage: { kind: string; probability: number }): number {
  if (stage.kind === 'won') return 100;
  return stage.kind === 'lost' ? 0 : stage.probability;
}

/** A deal must be able to stay open, to be won and to be lost. */
function refuseLastOfKind(siblings: { id: string; kind: string }[], stage: { id: string; kind: string }): void {
  if (siblings.some((s) => s.kind === stage.kind && s.id !== stage.id)) return;
  throw new Refusal('conflict', stage.kind === 'open' ? 'lastOpenStage' : 'lastStage');
}

/** Undoing the making of a stage must not hide the deals that have gone there since. */
async function refuseOccupied(work: Work, changes: Change[]): Promise<void> {
  const gone = changes.filter((change) => change.op === 'delete').map((change) => change.id);
  if (gone.length === 0) return;
  const [left] = await work.db.find(deals, and(inArray(deals.stageId, gone), isNull(deals.deletedAt)), { limit: 1 });
  if (left) throw new Refusal('conflict', 'stageInUse');
}

async function refuseLastPipeline(work: Work, changes: Change[]): Promise<void> {
  const gone = changes.filter((change) => change.op === 'delete').map((change) => change.id);
  const all = await work.db.find(pipelines, isNull(pipelines.deletedAt), { lock: true });
  if (all.every((pipeline) => gone.includes(pipeline.id))) throw new Refusal('conflict', 'lastPipeline');
}

function refuseSameName(rows: { name: string }[], name: string): void {
  if (rows.some((row) => row.name.toLowerCase() === name.toLowerCase())) {
    throw new Refusal('conflict', { code: 'nameTaken', params: { name }, field: 'name' });
  }
}
