import { and, desc, eq, inArray, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import { files, importMappings, imports } from '@/db/schema/imports';
import { members } from '@/db/schema/tenants';
import type { FieldDefinition } from '@/domain/custom-fields';
import { textSchema } from '@/domain/fields';
import { importPlanSchema, type RefChoice, type StageChoice } from '@/domain/imports/mapping';
import type { NewField } from '@/domain/imports/new-field';
import { type MappingSettings, maxMappings, type SavedMapping, settingsFrom } from '@/domain/imports/saved';
import { type ImportObject, targetIn } from '@/domain/imports/targets';
import type { PipelineView } from '@/domain/pipelines';
import { notFound, Refusal } from '@/domain/refusals';
import { audit } from '../core/audit';
import { newId } from '../core/ids';
import type { Work } from '../core/work';
import { listPipelines } from '../pipelines/pipelines';
import { ownOf, withOwn } from './own';

export const mappingInput = z.strictObject({
  /** The mapping to write over; a new one where there is none. */
  id: z.uuid().optional(),
  name: textSchema(100).trim().min(1),
  /** For everybody who imports, or for the person alone. */
  shared: z.boolean().default(false),
  plan: importPlanSchema,
});

/** Imports whose mappings are offered, and how many are looked at for them. */
const mostImports = 5;
const mostLookedAt = 50;

/** The mappings a person may use: their own, those that are shared, and what their last imports had. */
export async function mappings(work: Work): Promise<{ mappings: SavedMapping[] }> {
  const { memberId } = work.actor;
  const rows = await work.db.find(
    importMappings,
    or(eq(importMappings.memberId, memberId), eq(importMappings.shared, true)),
    // However many others share, a person's own are among them.
    { orderBy: sql`${importMappings.memberId} <> ${memberId}, ${importMappings.name}`, limit: maxMappings * 2 },
  );
  const pipelines = await listPipelines(work);
  const makers = [...new Set(rows.map((row) => row.memberId))];
  const people = new Map((await work.db.find(members, inArray(members.id, makers))).map(({ id, name }) => [id, name]));
  return {
    mappings: [
      ...rows.map(
        (row): SavedMapping => ({
          id: row.id,
          kind: 'saved',
          name: row.name,
          // Written by `saveMapping` alone, which has it from a plan.
          object: row.object as ImportObject,
          shared: row.shared,
          by: people.get(row.memberId) ?? null,
          mine: row.memberId === memberId,
          updatedAt: row.updatedAt,
          settings: stillThere(work, row.object as ImportObject, row.settings, pipelines),
        }),
      ),
      ...(await ofImports(work, pipelines)),
    ],
  };
}

/** How the person's last imports read their files, the latest of those with the same columns. */
async function ofImports(work: Work, pipelines: readonly PipelineView[]): Promise<SavedMapping[]> {
  const done = and(eq(imports.memberId, work.actor.memberId), eq(imports.status, 'done'));
  const { id, fileId, plan, createdAt } = imports;
  // What they found is megabytes.
  const rows = await work.db
    .select({ id, fileId, plan, createdAt })
    .from(imports)
    .where(done)
    .orderBy(desc(id))
    .limit(mostLookedAt);
  const latest = new Map<string, SavedMapping & { fileId: string }>();
  for (const row of rows) {
    const plan = importPlanSchema.safeParse(row.plan).data;
    if (!plan || latest.size >= mostImports) continue;
    const settings = stillThere(work, plan.object, settingsFrom(plan), pipelines);
    const key = JSON.stringify([plan.object, settings.columns.map(({ header }) => header)]);
    if (latest.has(key)) continue;
    const { id, fileId, createdAt: updatedAt } = row;
    const { object } = plan;
    latest.set(key, {
      id,
      fileId,
      kind: 'import',
      name: '',
      object,
      shared: false,
      by: null,
      mine: false,
      updatedAt,
      settings,
    });
  }
  const found = [...latest.values()];
  const names = new Map(
    (
      await work.db.find(
        files,
        inArray(
          files.id,
          found.map(({ fileId }) => fileId),
        ),
      )
    ).map(({ id, name }) => [id, name]),
  );
  return found.map(({ fileId, ...mapping }) => ({ ...mapping, name: names.get(fileId) ?? '' }));
}

const isCalled = ({ type, label }: FieldDefinition, field: NewField) =>
  type === field.type &&
  (['en', 'zh'] as const).some((locale) => label[locale] !== undefined && label[locale] === field.label[locale]);

/**
 * A mapping without the fields, pipelines and stages that were removed since, and with the fields that were made: a file
 * is judged by what is here.
 */
function stillThere(
  work: Work,
  object: ImportObject,
  settings: MappingSettings,
  pipelines: readonly PipelineView[],
): MappingSettings {
  const { targets: own } = ownOf(work, object);
  const columns = settings.columns.map((column) => {
    const { create, ...plain } = column;
    // Its first import has made the field.
    const made = create && own.find((target) => target.own && !target.idOf && isCalled(target.own, create));
    if (made) return { ...plain, target: made.name };
    return column.target !== null && !targetIn({ object, own }, column.target) ? { ...column, target: null } : column;
  });
  const there = new Set(pipelines.flatMap(({ id, stages }) => [id, ...stages.map((stage) => stage.id)]));
  const kept = <C extends RefChoice | StageChoice>(choices: Record<string, C>) =>
    Object.fromEntries(
      Object.entries(choices).filter(([, choice]) => {
        const id = 'id' in choice ? choice.id : 'stageId' in choice ? choice.stageId : null;
        return id === null || there.has(id);
      }),
    );
  const { pipeline, stage } = settings.values;
  const stages = Object.fromEntries(Object.entries(stage).map(([name, choices]) => [name, kept(choices)]));
  return { ...settings, columns, values: { ...settings.values, pipeline: kept(pipeline), stage: stages } };
}

/**
 * Keeps how files of this kind are read, under a name.
 * @throws Refusal notFound for a mapping that is another person's, conflict `tooManyMappings`, invalid `noSuchObject` for
 *   a plan whose object is yet to be made
 */
export async function saveMapping(work: Work, input: z.output<typeof mappingInput>): Promise<{ id: string }> {
  const { name, shared, plan } = input;
  if (plan.make) throw new Refusal('invalid', { code: 'noSuchObject', field: 'plan.object' });
  withOwn(work, plan);
  const row = {
    name,
    shared,
    object: plan.object,
    settings: settingsFrom(plan),
    updatedAt: work.now.toISOString(),
  };
  const id = input.id ?? newId();
  if (input.id) {
    await mine(work, input.id);
    await work.db.update(importMappings, row, eq(importMappings.id, id));
  } else {
    const ofMine = eq(importMappings.memberId, work.actor.memberId);
    const held = await work.db.find(importMappings, ofMine, { limit: maxMappings });
    if (held.length >= maxMappings)
      throw new Refusal('conflict', { code: 'tooManyMappings', params: { max: maxMappings } });
    await work.db.insert(importMappings, { ...row, id, memberId: work.actor.memberId });
  }
  await audit(work, 'mappingSaved', { object: 'importMapping', id, name }, { shared, object: plan.object });
  return { id };
}

/** Forgets a mapping; imports made with it are not touched. */
export async function removeMapping(work: Work, id: string): Promise<{ ok: true }> {
  const { name } = await mine(work, id);
  await work.db.delete(importMappings, eq(importMappings.id, id));
  await audit(work, 'mappingRemoved', { object: 'importMapping', id, name });
  return { ok: true };
}

async function mine(work: Work, id: string) {
  const [row] = await work.db.find(importMappings, eq(importMappings.id, id), { lock: true });
  if (row?.memberId !== work.actor.memberId) throw notFound();
  return row;
}
