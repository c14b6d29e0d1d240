import type { ImportPlan } from '@/domain/imports/mapping';
import { nameKey } from '@/domain/imports/matching';
import type { PlannedRow } from '@/domain/imports/rows';
import type { ValueTally } from '@/domain/imports/tally';
import en from '@/domain/messages/en/setup.json' with { type: 'json' };
import zh from '@/domain/messages/zh/setup.json' with { type: 'json' };
import type { PipelineView, StageColour, StageKind, StageView } from '@/domain/pipelines';
import { Refusal } from '@/domain/refusals';
import type { Change } from '../core/changes';
import { newId } from '../core/ids';
import { standardType } from '../core/record-types';

const setup = { en, zh };
const openColours: readonly StageColour[] = ['slate', 'blue', 'teal', 'amber', 'violet', 'orange'];

/** A plan in which every pipeline and stage that is called exactly as one that exists is decided. */
export function withKnownStages(plan: ImportPlan, tally: ValueTally, pipelines: readonly PipelineView[]): ImportPlan {
  if (plan.object !== 'deal') return plan;
  const pipeline = { ...plan.values.pipeline };
  for (const text of tally.pipeline.keys()) {
    const same = pipelines.find(({ name }) => sameText(name, text));
    if (same && !Object.hasOwn(pipeline, text)) pipeline[text] = { id: same.id };
  }
  const stage = { ...plan.values.stage };
  for (const [group, texts] of tally.stage) {
    const inPipeline = pipelineMeant(pipeline, group, pipelines);
    const known = { ...stage[group] };
    for (const text of texts.keys()) {
      const same = inPipeline?.stages.find(({ name }) => sameText(name, text));
      if (same && !Object.hasOwn(known, text)) known[text] = { stageId: same.id };
    }
    stage[group] = known;
  }
  return { ...plan, values: { ...plan.values, pipeline, stage } };
}

/** The existing pipeline that a text of the file stands for; rows without one go to the one chosen for `''`. */
export function pipelineMeant(
  choices: ImportPlan['values']['pipeline'],
  text: string,
  pipelines: readonly PipelineView[],
): PipelineView | undefined {
  const choice = Object.hasOwn(choices, text) ? choices[text] : undefined;
  if (!choice) return text === '' ? pipelines[0] : undefined;
  if ('id' in choice) return pipelines.find(({ id }) => id === choice.id);
  return 'create' in choice ? pipelines.find(({ name }) => sameText(name, choice.create.name)) : undefined;
}

const sameText = (a: string, b: string) =>
  a.trim().toLowerCase() === b.trim().toLowerCase() || nameKey(a) === nameKey(b);

/** The stages rows go to, with those the plan asks for that do not exist yet. */
export interface StageBook {
  stageOf(planned: PlannedRow): { stage: StageView; stated: boolean; missingKind?: StageKind };
  /** The stage a row names that is not imported; undefined where it names none that is known. */
  stageNamed(planned: PlannedRow): StageView | undefined;
  /** The stage that a column's header names; undefined where there is none of that name. */
  stageCalled(named: { stage: string; pipeline: string | null }, planned: PlannedRow): StageView | undefined;
  /** Makes what is new. None when all is there, as after a restart. */
  changes: Change[];
  stages: StageView[];
  /** What the stages are called, with their pipelines where there are several; in the order of a board. */
  names: Record<string, string>;
}

/**
 * Settles where deals go.
 * @throws Refusal invalid `noSuchRecord` when the plan names a pipeline or stage that is gone
 */
export function openStageBook(plan: ImportPlan, existing: readonly PipelineView[], locale: string): StageBook {
  const pipelines = existing.map((p) => ({ ...p, stages: [...p.stages] }));
  const changes: Change[] = [];
  const byText = new Map<string, PipelineView>();
  const groups = new Set([...Object.keys(plan.values.pipeline), ...Object.keys(plan.values.stage), '']);
  for (const text of groups) {
    const pipeline = pipelineFor(plan, text, pipelines, changes, locale);
    if (pipeline) byText.set(text, pipeline);
  }
  const stageByText = new Map<string, StageView>();
  for (const [text, pipeline] of byText) addStages(plan, text, pipeline, stageByText);
  for (const pipeline of pipelines) {
    const before = existing.find(({ id }) => id === pipeline.id);
    if (!before) complete(pipeline, locale);
    changes.push(...arrange(pipeline, before));
  }
  const all = pipelines.flatMap((p) => p.stages);
  const named = ({ refs }: PlannedRow) => {
    const text = refs.stage?.[0]?.text ?? null;
    return text === null ? undefined : stageByText.get(`${refs.pipeline?.[0]?.text ?? ''}\n${text}`);
  };
  return {
    changes,
    stages: all,
    names: Object.fromEntries(
      pipelines.flatMap(({ name, stages }) =>
        stages.map((stage) => [stage.id, pipelines.length > 1 ? `${name} / ${stage.name}` : stage.name]),
      ),
    ),
    stageNamed: named,
    stageCalled({ stage, pipeline }, planned) {
      const group = pipeline ?? planned.refs.pipeline?.[0]?.text ?? '';
      const chosen = stageByText.get(`${group}\n${stage}`);
      // The header may name a pipeline that no row of the file is in.
      const inside = byText.get(group) ?? pipelines.find(({ name }) => sameText(name, group)) ?? byText.get('');
      return chosen ?? inside?.stages.find(({ name }) => sameText(name, stage));
    },
    stageOf(planned) {
      const group = planned.refs.pipeline?.[0]?.text ?? '';
      const pipeline = byText.get(group) ?? byText.get('');
      if (!pipeline) throw new Refusal('invalid', { code: 'noSuchRecord', field: 'plan' });
      const stated = named(planned);
      const stage = stated ?? firstOf(pipeline, 'open');
      const kind = planned.status as StageKind | undefined;
      if (!kind || kind === stage.kind) return { stage, stated: stated !== undefined || kind !== undefined };
      // Some systems keep the stage a deal was in when it was won or lost; the outcome is what counts.
      const closing = pipeline.stages.find((s) => s.kind === kind);
      return closing ? { stage: closing, stated: true } : { stage, stated: true, missingKind: kind };
    },
  };
}

function firstOf(pipeline: PipelineView, kind: StageKind): StageView {
  const stage = pipeline.stages.find((s) => s.kind === kind) ?? pipeline.stages[0];
  if (!stage) throw new Error('A pipeline without stages');
  return stage;
}

function pipelineFor(
  plan: ImportPlan,
  text: string,
  pipelines: PipelineView[],
  changes: Change[],
  locale: string,
): PipelineView | undefined {
  const choice = Object.hasOwn(plan.values.pipeline, text) ? plan.values.pipeline[text] : undefined;
  const found = pipelineMeant(plan.values.pipeline, text, pipelines);
  if (found || (choice && 'skip' in choice)) return found;
  if (choice && 'id' in choice) throw new Refusal('invalid', { code: 'noSuchRecord', field: 'plan' });
  if (!choice) return undefined;
  const made: PipelineView = {
    id: newId(),
    name: choice.create.name || setup[locale === 'zh' ? 'zh' : 'en'].pipeline,
    position: pipelines.length,
    stages: [],
  };
  changes.push({
    type: standardType('pipeline'),
    op: 'create',
    id: made.id,
    values: { name: made.name, position: made.position },
  });
  pipelines.push(made);
  return made;
}

function addStages(plan: ImportPlan, text: string, pipeline: PipelineView, byText: Map<string, StageView>): void {
  const choices = Object.hasOwn(plan.values.stage, text) ? (plan.values.stage[text] ?? {}) : {};
  for (const [stageText, choice] of Object.entries(choices)) {
    if ('skip' in choice) continue;
    const wanted =
      'stageId' in choice
        ? (s: StageView) => s.id === choice.stageId
        : (s: StageView) => sameText(s.name, choice.create.name);
    let stage = pipeline.stages.find(wanted);
    if (!stage) {
      if ('stageId' in choice) throw new Refusal('invalid', { code: 'noSuchRecord', field: 'plan' });
      stage = newStage(pipeline, choice.create.name, choice.create.kind);
      pipeline.stages.push(stage);
    }
    byText.set(`${text}\n${stageText}`, stage);
  }
}

/** Puts new open stages behind the open ones and new closed ones at the end, where a board shows them. */
function arrange(pipeline: PipelineView, before: PipelineView | undefined): Change[] {
  const known = new Map(before?.stages.map((s) => [s.id, s.position]));
  const added = pipeline.stages.filter((s) => !known.has(s.id));
  if (added.length === 0) return [];
  const order: StageKind[] = ['open', 'won', 'lost'];
  pipeline.stages = [
    ...pipeline.stages.filter((s) => s.kind === 'open'),
    ...pipeline.stages.filter((s) => s.kind !== 'open' && known.has(s.id)),
    ...added.filter((s) => s.kind !== 'open').sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind)),
  ];
  const open = pipeline.stages.filter((s) => s.kind === 'open');
  return pipeline.stages.flatMap((stage, position): Change[] => {
    stage.position = position;
    if (known.has(stage.id)) {
      return known.get(stage.id) === position
        ? []
        : [{ type: standardType('stage'), op: 'update', id: stage.id, values: { position } }];
    }
    const at = open.indexOf(stage);
    if (at >= 0)
      Object.assign(stage, {
        probability: Math.round(((at + 1) / (open.length + 1)) * 20) * 5,
        colour: openColours[at % openColours.length],
      });
    const { id, ...values } = stage;
    return [{ type: standardType('stage'), op: 'create', id, values }];
  });
}

/** A new pipeline gets what every pipeline needs: a stage to begin in and stages to end in. */
function complete(pipeline: PipelineView, locale: string): void {
  const names = setup[locale === 'zh' ? 'zh' : 'en'].stages;
  const wanted: [StageKind, string][] = [
    ['open', names.qualified],
    ['won', names.won],
    ['lost', names.lost],
  ];
  for (const [kind, name] of wanted)
    if (!pipeline.stages.some((s) => s.kind === kind)) pipeline.stages.push(newStage(pipeline, name, kind));
}

function newStage(pipeline: PipelineView, name: string, kind: StageKind): StageView {
  return {
    id: newId(),
    pipelineId: pipeline.id,
    name,
    kind,
    probability: kind === 'won' ? 100 : 0,
    colour: kind === 'won' ? 'green' : kind === 'lost' ? 'red' : 'slate',
    position: pipeline.stages.length,
    requiredFields: [],
  };
}
