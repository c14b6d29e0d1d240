import { clip } from '../clip';
import { storable } from '../fields';
import { stageKindMeant } from './choices';
import { choiceGroupOf, type ImportPlan, longestName, type StageChoice } from './mapping';
import { nameKey } from './matching';
import { namesIn, type Target, targetIn } from './targets';

/** Texts that name other records, with how many rows have each: what a person decides about before the import. */
export interface ValueTally {
  pipeline: Map<string, number>;
  /** By the text of the pipeline, `''` when the file has none. */
  stage: Map<string, Map<string, number>>;
  product: Map<string, number>;
  owner: Map<string, number>;
  company: Map<string, number>;
  contact: Map<string, number>;
  /** By object, of those without a group of their own. */
  others: Map<string, Map<string, number>>;
}

const groups = {
  pipeline: 'pipeline',
  product: 'product',
  owner: 'owner',
  company: 'company',
  parent: 'company',
  contact: 'contact',
  createdBy: 'owner',
} as const;

/** Where the texts of a column are counted; undefined for columns whose texts name nothing. */
function countIn(tally: ValueTally, { name, own, to, idOf }: Target): Map<string, number> | undefined {
  if (Object.hasOwn(groups, name)) return tally[groups[name as keyof typeof groups]];
  // Deals have no group of their own either, and are named by tasks, calls, meetings and notes.
  if (!to || idOf || !(own || name === 'deal')) return undefined;
  const group = choiceGroupOf(to);
  if (group) return tally[group];
  const texts = tally.others.get(to) ?? new Map<string, number>();
  tally.others.set(to, texts);
  return texts;
}

/** Different texts of one kind that are counted: nobody decides about more, and a file may have a million. */
const mostCounted = 10_000;

/** Counts the texts of a file row by row. */
export function valueTally(plan: ImportPlan): { add(cells: readonly string[]): void; tally: ValueTally } {
  const tally: ValueTally = {
    pipeline: new Map(),
    stage: new Map(),
    product: new Map(),
    owner: new Map(),
    company: new Map(),
    contact: new Map(),
    others: new Map(),
  };
  const indexOf = (name: string) => plan.columns.find(({ target }) => target === name)?.index;
  const count = (map: Map<string, number>, text: string) => {
    const times = map.get(text) ?? 0;
    if (times > 0 || (map.size < mostCounted && text.length <= longestName)) map.set(text, times + 1);
  };
  const stageAt = indexOf('stage');
  const pipelineAt = indexOf('pipeline');
  const at = plan.columns.flatMap(({ index, target }) => {
    const known = target === null ? undefined : targetIn(plan, target);
    const texts = known && countIn(tally, known);
    return texts ? [{ index, target: known, texts }] : [];
  });
  const add = (cells: readonly string[]) => {
    for (const { index, target, texts } of at) {
      const text = cells[index]?.trim();
      if (text && storable(text)) for (const name of new Set(namesIn(target, text))) count(texts, name);
    }
    const stage = stageAt === undefined ? undefined : cells[stageAt]?.trim();
    if (!stage || !storable(stage)) return;
    const named = pipelineAt === undefined ? '' : (cells[pipelineAt]?.trim() ?? '');
    // What cannot be stored is left out of the row too.
    const pipeline = storable(named) ? named : '';
    const stages = tally.stage.get(pipeline) ?? new Map<string, number>();
    tally.stage.set(pipeline, stages);
    count(stages, stage);
  };
  return { add, tally };
}

/** A first answer for a stage's text: the stage of that name, or a new one whose kind its name tells. */
export function draftStage(text: string, stages: readonly { id: string; name: string }[]): StageChoice {
  const same = stages.find(({ name }) => nameKey(name) === nameKey(text));
  return same ? { stageId: same.id } : { create: { name: clip(text, 80), kind: stageKindMeant(text) } };
}
