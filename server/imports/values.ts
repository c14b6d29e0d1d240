import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { clip } from '@/domain/clip';
import { stageKindMeant } from '@/domain/imports/choices';
import { choicesFor, type ImportPlan, type RefChoice, type StageChoice } from '@/domain/imports/mapping';
import { type Suggestion, suggester } from '@/domain/imports/matching';
import { keyOf, type Ref } from '@/domain/imports/rows';
import { draftStage } from '@/domain/imports/tally';
import { type Target, targetsOf } from '@/domain/imports/targets';
import type { PipelineView, StageView } from '@/domain/pipelines';
import { andKind } from '../core/types';
import type { InSteps, Work } from '../core/work';
import { listPipelines } from '../pipelines/pipelines';
import { withOwn } from './own';
import type { planInput } from './plan-input';
import { nameColumn, nameKeyOf, type ReferenceObject, References, titleColumn } from './references';
import { type Scan, scanFile } from './scan';
import { pipelineMeant, withKnownStages } from './stages';
import { tableOf } from './uploads';

/** `other`: records of a kind without a group of its own, which own fields name. */
export const valueGroups = ['pipeline', 'stage', 'product', 'owner', 'company', 'contact', 'other'] as const;
export type ValueGroup = (typeof valueGroups)[number];

/** A text of the file that names another record, and what is known of it. */
export interface ValueRow {
  text: string;
  /** For a stage: the pipeline's text it stands under, `''` where the file has none. */
  pipeline?: string;
  rows: number;
  /** The record it means without anybody saying so; `exact` when it is spelled the same. */
  match: { id: string; name: string; exact: boolean } | null;
  /** What the plan says. */
  choice: RefChoice | StageChoice | null;
  /** Several records fit. */
  ambiguous: string[];
  suggestions: Suggestion[];
  /** What is offered for a stage or pipeline that does not exist. */
  proposal: RefChoice | StageChoice | null;
}

export interface ValueReport {
  /** Texts to look at; those that match to the letter are only counted. */
  groups: {
    group: ValueGroup;
    /** The kind of record named: `company`, `deal`, `o_asset`. */
    object: string;
    /** Whether one may be made of its name alone. */
    makeable: boolean;
    rows: ValueRow[];
    matched: { texts: number; rows: number };
    more: number;
  }[];
}

/** Texts listed of one group, the most frequent first. */
const mostListed = 200;
/** Candidates a text is compared with; in larger tenants those whose names begin alike. */
const mostCandidates = 3000;
/** Texts that get suggestions: comparing is the dear part. */
const mostSuggested = 100;

/** What the columns that name other records hold, and what each text seems to mean. */
export async function values(inSteps: InSteps, input: z.infer<typeof planInput>): Promise<ValueReport> {
  const { file, plan } = await inSteps(async (work) => ({
    file: await tableOf(work, input.fileId),
    plan: withOwn(work, input.plan),
  }));
  const scan = await scanFile(file.tenantId, file.id, plan);
  return inSteps((work) => reportValues(work, plan, scan));
}

async function reportValues(work: Work, given: ImportPlan, scan: Scan): Promise<ValueReport> {
  const pipelines = given.object === 'deal' ? await listPipelines(work) : [];
  const plan = withKnownStages(given, scan.tally, pipelines);
  const groups: ValueReport['groups'] = [];
  if (given.object === 'deal')
    groups.push(pipelineRows(given, plan, scan, pipelines), stageRows(given, plan, scan, pipelines));
  const references = new References(plan, work.types);
  for (const [group, to] of [
    ['product', 'product'],
    ['owner', 'member'],
    ['company', 'company'],
    ['contact', 'contact'],
  ] as const) {
    if (scan.tally[group].size > 0)
      groups.push(await referenceRows(work, plan, references, group, to, scan.tally[group]));
  }
  for (const [to, texts] of scan.tally.others)
    groups.push(await referenceRows(work, plan, references, 'other', to, texts));
  return { groups: groups.filter(({ rows, matched }) => rows.length > 0 || matched.texts > 0) };
}

/** A plan in which pipelines and stages that nobody has decided about are taken as they are offered, where it asks for that. */
export async function acceptOffered(work: Work, given: ImportPlan, scan: Scan): Promise<ImportPlan> {
  if (given.object !== 'deal' || given.missing.stage !== 'create') return given;
  const pipelines = await listPipelines(work);
  const plan = { ...given, values: structuredClone(given.values) };
  const undecided = ({ match, choice }: ValueRow) => !match && !choice;
  // What is offered for a pipeline is a reference's choice, for a stage a stage's.
  for (const { text, proposal } of pipelineRows(plan, plan, scan, pipelines).rows.filter(undecided))
    if (proposal) plan.values.pipeline[text] = proposal as RefChoice;
  const known = withKnownStages(plan, scan.tally, pipelines);
  for (const { pipeline = '', text, proposal } of stageRows(plan, known, scan, pipelines).rows.filter(undecided))
    if (proposal) plan.values.stage[pipeline] = { ...plan.values.stage[pipeline], [text]: proposal as StageChoice };
  return plan;
}

function pipelineRows(
  given: ImportPlan,
  plan: ImportPlan,
  scan: Scan,
  pipelines: PipelineView[],
): ValueReport['groups'][number] {
  const suggest = suggester(pipelines);
  const rows = byRows(scan.tally.pipeline).map(([text, count]): ValueRow => {
    const choice = own(given.values.pipeline, text);
    const same = pipelineMeant(plan.values.pipeline, text, pipelines);
    const match = !choice && same ? { id: same.id, name: same.name, exact: true } : null;
    return {
      text,
      rows: count,
      match,
      choice,
      ambiguous: [],
      suggestions: suggest(text),
      proposal: match ? { id: match.id } : { create: { name: clip(text, 80) } },
    };
  });
  return { group: 'pipeline', object: 'pipeline', makeable: true, rows, matched: { texts: 0, rows: 0 }, more: 0 };
}

function stageRows(
  given: ImportPlan,
  plan: ImportPlan,
  scan: Scan,
  pipelines: PipelineView[],
): ValueReport['groups'][number] {
  const rows = [...scan.tally.stage].flatMap(([pipeline, texts]) => {
    const inPipeline = pipelineMeant(plan.values.pipeline, pipeline, pipelines);
    const stages = inPipeline?.stages ?? [];
    const suggest = suggester(stages);
    return byRows(texts).map(([text, count]): ValueRow => {
      const choice = own(given.values.stage[pipeline] ?? {}, text);
      const settled = own(plan.values.stage[pipeline] ?? {}, text);
      const same = settled && 'stageId' in settled ? stages.find(({ id }) => id === settled.stageId) : undefined;
      const match = !choice && same ? { id: same.id, name: same.name, exact: true } : null;
      return {
        text,
        pipeline,
        rows: count,
        match,
        choice,
        ambiguous: [],
        suggestions: suggest(text),
        proposal: proposedStage(text, stages, [...texts.keys()]),
      };
    });
  });
  return {
    group: 'stage',
    object: 'stage',
    makeable: true,
    rows: rows.slice(0, mostListed),
    matched: { texts: 0, rows: 0 },
    more: Math.max(0, rows.length - mostListed),
  };
}

/**
 * The stage of that name, or a new one. Where a pipeline has one stage to win or lose in and the file has one too, they
 * are the same, whatever they are called: `Closed Won` is 赢单.
 */
function proposedStage(text: string, stages: readonly StageView[], texts: readonly string[]): StageChoice {
  const draft = draftStage(text, stages);
  if (!('create' in draft) || draft.create.kind === 'open') return draft;
  const { kind } = draft.create;
  const [only, another] = stages.filter((stage) => stage.kind === kind);
  const alone = texts.filter((other) => stageKindMeant(other) === kind).length === 1;
  return only && !another && alone ? { stageId: only.id } : draft;
}

async function referenceRows(
  work: Work,
  plan: ImportPlan,
  references: References,
  group: 'product' | 'owner' | 'company' | 'contact' | 'other',
  to: ReferenceObject,
  tally: Map<string, number>,
): Promise<ValueReport['groups'][number]> {
  const isNamed = (t: Target) => t.kind === 'reference' && t.to === to && t.idOf === undefined;
  const target = targetsOf(plan.object).find(isNamed) ?? plan.own?.find(isNamed);
  const choices = choicesFor(plan, to);
  const matched = { texts: 0, rows: 0 };
  const open: ValueRow[] = [];
  const texts = byRows(tally);
  for (let i = 0; i < texts.length; i += 1000) {
    const part = texts.slice(i, i + 1000).map(([text, count]) => {
      const choice = own(choices, text);
      // Objects that name this kind of record have a target for it.
      const ref: Ref = {
        text,
        ...(target ? keyOf(target, text) : { by: 'name', key: text }),
        sourceId: null,
        choice: choice && !('skip' in choice) ? choice : undefined,
      };
      return { text, count, choice, ref };
    });
    await references.load(
      work,
      part.map(({ ref }) => ({ to, ref })),
    );
    for (const { text, count, choice, ref } of part) {
      const answer = references.resolve({ to, ref }, false);
      if (!choice && answer.kind === 'found' && answer.exact) {
        matched.texts++;
        matched.rows += count;
        continue;
      }
      const match =
        answer.kind === 'found' ? { id: answer.record.id, name: answer.record.name, exact: answer.exact } : null;
      open.push({
        text,
        rows: count,
        match,
        choice,
        ambiguous: answer.kind === 'ambiguous' ? answer.names : [],
        suggestions: [],
        proposal: null,
      });
    }
  }
  const rows = open.slice(0, mostListed);
  await addSuggestions(work, to, rows.filter(({ match }) => match === null || !match.exact).slice(0, mostSuggested));
  return { group, object: to, makeable: references.mayMake(to), rows, matched, more: open.length - rows.length };
}

async function addSuggestions(work: Work, to: ReferenceObject, rows: readonly ValueRow[]): Promise<void> {
  if (rows.length === 0) return;
  const type = work.types.get(to);
  const name = titleColumn(type);
  const tenant = work.actor.tenantId;
  const live = sql`t.tenant_id = ${tenant} and t.deleted_at is null ${andKind(type)}`;
  let candidates = await work.db.rows<{ id: string; name: string }>(
    sql`select t.id, ${name} as name from ${type.table} t where ${live} limit ${mostCandidates + 1}`,
  );
  // Tasks have no index by name: of very many, some are offered.
  if (candidates.length > mostCandidates && to !== 'member' && to !== 'task') {
    const prefixes = [...new Set(rows.flatMap(({ text }) => nameKeyOf(to, text).slice(0, 4) || []))];
    candidates = await work.db.rows<{ id: string; name: string }>(sql`
      select distinct c.id, c.name from unnest(${sql.param(prefixes)}::text[]) as p (prefix)
      cross join lateral (select t.id, ${name} as name from ${type.table} t where ${live} and ${nameColumn(to)} ^@ p.prefix limit 100) c`);
  }
  const suggest = suggester(candidates);
  for (const row of rows) row.suggestions = suggest(row.text);
}

const byRows = (tally: Map<string, number>) => [...tally].sort((a, b) => b[1] - a[1]);
const own = <C>(choices: Record<string, C>, text: string): C | null =>
  Object.hasOwn(choices, text) ? (choices[text] ?? null) : null;
