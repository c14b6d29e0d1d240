import { storable } from '../fields';
import { stageKindMeant } from './choices';
import type { ImportPlan, StageChoice } from './mapping';
import { nameKey } from './matching';

/** Texts that name other records, with how many rows have each: what a person decides about before the import. */
export interface ValueTally {
  pipeline: Map<string, number>;
  /** By the text of the pipeline, `''` when the file has none. */
  stage: Map<string, Map<string, number>>;
  product: Map<string, number>;
  owner: Map<string, number>;
  company: Map<string, number>;
  contact: Map<string, number>;
}

const groups = {
  pipeline: 'pipeline',
  product: 'product',
  owner: 'owner',
  company: 'company',
  parent: 'company',
  contact: 'contact',
} as const;

/** Counts the texts of a file row by row. */
export function valueTally(plan: ImportPlan): { add(cells: readonly string[]): void; tally: ValueTally } {
  const tally: ValueTally = {
    pipeline: new Map(),
    stage: new Map(),
    product: new Map(),
    owner: new Map(),
    company: new Map(),
    contact: new Map(),
  };
  const indexOf = (name: string) => plan.columns.find(({ target }) => target === name)?.index;
  const count = (map: Map<string, number>, text: string) => map.set(text, (map.get(text) ?? 0) + 1);
  const stageAt = indexOf('stage');
  const pipelineAt = indexOf('pipeline');
  const at = Object.entries(groups).flatMap(([target, group]) => {
    const index = indexOf(target);
    return index === undefined ? [] : [{ index, group }];
  });
  const add = (cells: readonly string[]) => {
    for (const { index, group } of at) {
      const text = cells[index]?.trim();
      if (text && storable(text)) count(tally[group], text);
    }
    const stage = stageAt === undefined ? undefined : cells[stageAt]?.trim();
    if (!stage || !storable(stage)) return;
    const pipeline = pipelineAt === undefined ? '' : (cells[pipelineAt]?.trim() ?? '');
    const stages = tally.stage.get(pipeline) ?? new Map<string, number>();
    tally.stage.set(pipeline, stages);
    count(stages, stage);
  };
  return { add, tally };
}

/** A first answer for a stage's text: the stage of that name, or a new one whose kind its name tells. */
export function draftStage(text: string, stages: readonly { id: string; name: string }[]): StageChoice {
  const same = stages.find(({ name }) => nameKey(name) === nameKey(text));
  return same ? { stageId: same.id } : { create: { name: text.slice(0, 80), kind: stageKindMeant(text) } };
}
