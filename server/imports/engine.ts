import { clip } from '@/domain/clip';
import type { ImportPlan } from '@/domain/imports/mapping';
import { mergeValues } from '@/domain/imports/mapping';
import { type PlannedRow, planRow, type Ref } from '@/domain/imports/rows';
import { isKey, targetIn } from '@/domain/imports/targets';
import type { PipelineView, StageView } from '@/domain/pipelines';
import type { Change } from '../core/changes';
import { newId } from '../core/ids';
import type { RecordType, RecordValues } from '../core/record-types';
import type { Types } from '../core/types';
import type { Work } from '../core/work';
import { type Link, type LinkKind, linkChanges, linksOf } from './links';
import { type Candidate, Matcher } from './matcher';
import { defaultsOf, dropUnfit, OnceOnly, stillRequired } from './own';
import { type ImportProblem, type ProblemRow, refusal } from './problems';
import { type Known, type Named, type ReferenceObject, References } from './references';
import { RelationLinks, type WantedLink } from './relations';
import type { FileRow } from './rows';
import { nameAt, type Scan } from './scan';
import { openStageBook, type StageBook, withKnownStages } from './stages';

export type Outcome = 'created' | 'updated' | 'unchanged' | 'refused' | 'deleted' | 'skipped';

export interface RowResult extends FileRow {
  outcome: Outcome;
  problems: ImportProblem[];
  /** The record the row is about, when it is not refused. */
  recordId: string | null;
  /** Money as the row has it: minor units, currency, and the stage of a deal. */
  money: { minor: number; currency: string; stageId: string } | null;
}

/** What a batch of rows comes to; nothing of it is written yet. */
export interface Batch {
  rows: RowResult[];
  changes: Change[];
  externalIds: { externalId: string; recordId: string }[];
  /** Records made beside the rows' own, by object. */
  also: Record<string, number>;
  /** Texts that named no record, by target. */
  unmatched: { target: string; text: string }[];
}

interface Settled {
  values: RecordValues;
  refs: Record<string, Known[]>;
  problems: ImportProblem[];
  /** Texts that name no record. */
  unmatched: Batch['unmatched'];
}

interface Taken extends FileRow, Settled {
  planned: PlannedRow;
}

/** A link, and the row that is changed by it; null for one of an earlier batch. */
type RowLink = WantedLink & { result: RowResult | null };

interface Writes {
  own: Change[];
  linked: Change[];
}

/** Which field holds the money an object's reconciliation adds up. */
export const moneyFields: Record<string, string> = {
  deal: 'amount',
  company: 'annualRevenue',
  product: 'price',
};
const reasonsLeft: Partial<Record<PlannedRow['kind'], Outcome>> = { deleted: 'deleted', skipped: 'skipped' };

/**
 * Turns rows into changes. The dry run and the job are the same code: the one throws the changes away and remembers
 * what it would have made, the other applies them.
 */
export class Engine {
  readonly plan: ImportPlan;
  readonly book: StageBook | null;
  private readonly type: RecordType;
  private readonly references: References;
  private readonly matcher: Matcher;
  private readonly scan: Scan;
  private readonly dry: boolean;
  private readonly onceOnly = new OnceOnly();
  private readonly linkKind: LinkKind | null;
  private readonly links = new Map<string, Link[]>();
  private readonly relations: RelationLinks;

  constructor(
    plan: ImportPlan,
    scan: Scan,
    context: { types: Types; pipelines: PipelineView[]; locale: string; changeSetId: string | null },
  ) {
    this.plan = withKnownStages(plan, scan.tally, context.pipelines);
    this.scan = scan;
    this.dry = context.changeSetId === null;
    this.type = context.types.get(plan.object);
    this.book = plan.object === 'deal' ? openStageBook(this.plan, context.pipelines, context.locale) : null;
    this.references = new References(plan, context.types);
    this.matcher = new Matcher(plan, this.type, context.changeSetId);
    this.linkKind = plan.object === 'contact' || plan.object === 'deal' ? plan.object : null;
    this.relations = new RelationLinks(plan, context.changeSetId);
  }

  /** Whether a row is dealt with in this pass over the file. */
  inPass(row: number, pass: number): boolean {
    return (this.scan.levels.get(row) ?? 0) === pass;
  }

  /** Works out what becomes of a batch of rows. */
  async take(work: Work, fileRows: readonly FileRow[]): Promise<Batch> {
    const { references, matcher } = this;
    const planned = fileRows.map((fileRow) => ({ ...fileRow, planned: planRow(this.plan, fileRow.cells) }));
    await references.load(
      work,
      planned.flatMap(({ row, planned: p }) => (isOpen(p) ? [...this.named(p.refs), ...this.owed(row)] : [])),
    );
    const batch: Batch = { rows: [], changes: [], externalIds: [], also: {}, unmatched: [] };
    const settled = planned.map((row) => ({ ...row, ...this.settle(row.planned, row.row) }));
    const known = settled.map(({ values }) => values);
    await this.onceOnly.load(work, this.plan, known);
    const met = await matcher.load(
      work,
      settled.flatMap(({ planned: p, values }) => (isOpen(p) ? [{ externalId: p.externalId, values }] : [])),
    );
    if (this.linkKind) for (const [id, links] of await linksOf(work, this.linkKind, met)) this.links.set(id, links);
    const writes: Writes = { own: [], linked: [] };
    const taken = settled.flatMap((row) =>
      row.planned.kind === 'blank' ? [] : [{ ...row, result: this.decide(row, batch, writes, work) }],
    );
    batch.rows.push(...taken.map(({ result }) => result));
    await this.linkRows(work, taken, batch, writes);
    const made = references.takeMade();
    for (const { to } of made) batch.also[to] = (batch.also[to] ?? 0) + 1;
    batch.changes = [...made.map(({ change }) => change), ...writes.own, ...writes.linked];
    if (!this.dry) {
      matcher.clear();
      this.onceOnly.clear();
      this.links.clear();
      this.relations.clear();
    }
    return batch;
  }

  private named(refs: Record<string, Ref[]>): Named[] {
    return Object.entries(refs).flatMap(([name, list]) => {
      const to = this.objectOf(name);
      return to ? list.map((ref) => ({ to, ref })) : [];
    });
  }

  /** The rows that left links to this one, as records that are looked up. */
  private owed(row: number): Named[] {
    return (this.scan.owed.get(row) ?? []).map(({ from }) => ({ to: this.plan.object, ref: from }));
  }

  private objectOf(target: string): ReferenceObject | null {
    const to = targetIn(this.plan, target)?.to;
    return to === undefined || chosenInPlan.has(to) ? null : to;
  }

  /** The row's values with what its references mean. */
  private settle(planned: PlannedRow, row: number): Settled {
    const problems: ImportProblem[] = [...planned.problems];
    const unmatched: Batch['unmatched'] = [];
    const refs: Record<string, Known[]> = {};
    const values: RecordValues = { ...planned.values };
    if (!isOpen(planned)) return { values, refs, problems, unmatched };
    dropUnfit(this.plan, values, problems);
    // Companies first: they tell people of one name apart.
    const names = Object.keys(planned.refs)
      .filter((name) => !this.relations.fields.has(name))
      .sort((a, b) => Number(b === 'company') - Number(a === 'company'));
    for (const name of names)
      refs[name] = this.resolveAll(name, planned.refs[name] ?? [], row, refs.company?.[0]?.id, problems, unmatched);
    for (const [name, list] of Object.entries(refs)) {
      const field = targetIn(this.plan, name)?.field;
      if (field && list[0]) values[field] = list[0].id;
    }
    this.requireKey(planned, values, problems);
    if (problems.some(({ code }) => code === 'nameComposed') && this.plan.object === 'deal') {
      values.name =
        clip([refs.company?.[0]?.name, refs.product?.[0]?.name].filter(Boolean).join(' – '), 200) || values.name;
    }
    return { values, refs, problems, unmatched };
  }

  /** A row whose key names nothing would be taken for a new record. */
  private requireKey(planned: PlannedRow, values: RecordValues, problems: ImportProblem[]): void {
    const { matchKey } = this.plan;
    const [ref] = planned.refs[matchKey ?? ''] ?? [];
    if (matchKey === null || !ref || !isKey(targetIn(this.plan, matchKey)) || values[matchKey] !== undefined) return;
    const params = { text: ref.text ?? ref.sourceId ?? '' };
    problems.push({ ...this.at(matchKey), code: 'requiredReference', params, level: 'row' });
  }

  private resolveAll(
    name: string,
    list: readonly Ref[],
    row: number,
    companyId: string | undefined,
    problems: ImportProblem[],
    unmatched: Batch['unmatched'],
  ): Known[] {
    const to = this.objectOf(name);
    if (!to) return [];
    if (this.scan.loops.get(row)?.has(name)) {
      const code = name === 'parent' || name === 'reportsTo' ? 'parentLoop' : 'referenceLoop';
      problems.push({ ...this.at(name), code, level: 'cell' });
      return [];
    }
    return list.flatMap((ref) => this.resolve(name, { to, ref }, companyId, problems, unmatched));
  }

  private resolve(
    target: string,
    named: Named,
    companyId: string | undefined,
    problems: ImportProblem[],
    unmatched: Batch['unmatched'],
  ): Known[] {
    const answer = this.references.resolve(named, true, companyId);
    if (answer.kind === 'found') return [answer.record];
    const text = named.ref.text ?? named.ref.sourceId ?? '';
    if (answer.kind === 'missing') unmatched.push({ target, text });
    else {
      const params = { text, names: answer.names.join(', ') };
      problems.push({ ...this.at(target), code: 'ambiguousReference', params, level: 'cell' });
    }
    return [];
  }

  /** Links the records of a batch once all of them are known: rows may name each other, in any order. */
  private async linkRows(
    work: Work,
    rows: readonly (Taken & { result: RowResult })[],
    batch: Batch,
    writes: Writes,
  ): Promise<void> {
    if (this.relations.fields.size === 0) return;
    for (const { planned, values, result } of rows) {
      if (result.recordId === null) continue;
      if (result.outcome === 'created') this.relations.made(result.recordId);
      if (this.relations.within) this.noteForOthers(planned, { id: result.recordId, values });
    }
    const wanted = rows.flatMap((row) => [...this.linksFrom(row, batch), ...this.linksTo(row, batch)]);
    for (const { wanted: link, change } of await this.relations.changes(work, wanted)) {
      writes.linked.push(change);
      if (link.result?.outcome === 'unchanged') link.result.outcome = 'updated';
    }
  }

  /** The links a row asks for itself; those to later rows are made when it is their turn. */
  private linksFrom({ row, planned, refs, problems, result }: Taken & { result: RowResult }, batch: Batch): RowLink[] {
    const from = result.recordId;
    if (from === null) return [];
    const later = this.scan.later.get(row);
    return [...this.relations.fields.keys()].flatMap((target) => {
      const to = this.objectOf(target);
      const named = (planned.refs[target] ?? []).filter((_, place) => !later?.has(nameAt(target, place)));
      if (!to) return [];
      const found = named.flatMap((ref) =>
        this.resolve(target, { to, ref }, refs.company?.[0]?.id, problems, batch.unmatched),
      );
      return found.map((record) => ({ target, from, to: record.id, result }));
    });
  }

  /** The links that rows before this one wait for. */
  private linksTo({ row, planned, values, result }: Taken & { result: RowResult }, batch: Batch): RowLink[] {
    const to = result.recordId;
    return (this.scan.owed.get(row) ?? []).flatMap(({ target, from }) => {
      if (to === null) {
        batch.unmatched.push({ target, text: String(values.name ?? planned.externalId ?? '') });
        return [];
      }
      const answer = this.references.resolve({ to: this.plan.object, ref: from }, false);
      return answer.kind === 'found' ? [{ target, from: answer.record.id, to, result: null }] : [];
    });
  }

  private at(target: string): Pick<ImportProblem, 'index' | 'header' | 'target'> {
    const column =
      this.plan.columns.find((c) => c.target === target) ??
      this.plan.columns.find((c) => c.target === `${target}ExternalId`);
    return { index: column?.index ?? null, header: column?.header ?? null, target };
  }

  private decide(
    { row, cells, planned, values, refs, problems, unmatched }: Taken,
    batch: Batch,
    writes: Writes,
    work: Work,
  ): RowResult {
    const result = (outcome: Outcome, recordId: string | null = null, stageId = ''): RowResult => {
      if (recordId !== null) batch.unmatched.push(...unmatched);
      return { row, cells, outcome, problems, recordId, money: moneyOf(this.plan, values, stageId) };
    };
    const refuse = (...found: ImportProblem[]) => {
      problems.push(...found);
      return result('refused');
    };
    const { now } = work;
    const left = reasonsLeft[planned.kind];
    if (left) return result(left);
    if (problems.some(({ level }) => level === 'row')) return result('refused');
    const match = this.matcher.match({ externalId: planned.externalId, values });
    if (match.kind === 'several') return refuse(refusal('ambiguous', { names: match.names.join(', ') }));
    const stage = this.book?.stageOf(planned);
    if (stage?.missingKind)
      problems.push({
        ...this.at('status'),
        code: 'noStageOfKind',
        params: { status: stage.missingKind },
        level: 'cell',
      });
    if (match.kind === 'none') {
      const id = newId();
      const release = this.onceOnly.claim(this.plan, id, values, problems);
      const whole = { ...this.defaultsFor(problems), ...createValues(this.plan, planned, values, stage?.stage, now) };
      const open = stillRequired(work, this.plan, this.type, null, whole, planned.refs);
      if (open.length > 0) {
        release();
        return refuse(...open);
      }
      this.create(id, planned, refs, whole, batch, writes);
      return result('created', id, stage?.stage.id);
    }

    const { candidate } = match;
    const release = this.onceOnly.claim(this.plan, candidate.id, values, problems);
    const composed = problems.some(({ code }) => code === 'nameComposed');
    const incoming = updateValues(this.plan, planned, values, candidate.values, { composed, stage, now });
    const links =
      this.plan.policy === 'keep'
        ? []
        : this.linksFor(candidate.id, refs, incoming.companyId ?? candidate.values.companyId);
    const open = stillRequired(work, this.plan, this.type, candidate.values, incoming, planned.refs);
    if (open.length > 0) {
      release();
      return refuse(...open);
    }
    const stageId = stage?.stated ? stage.stage.id : String(candidate.values.stageId ?? '');
    const changed = Object.keys(incoming).length > 0;
    // One record is written once per import, so that history and undo know one before and one after.
    if ((changed || links.length > 0) && candidate.mine)
      return refuse(refusal('repeated', { name: String(candidate.values.name ?? '') }));
    if (changed) writes.own.push({ type: this.type, op: 'update', id: candidate.id, values: incoming });
    writes.linked.push(...links);
    this.noteSource(planned, candidate, batch);
    if (!changed && links.length === 0) return result('unchanged', candidate.id, stageId);
    this.noteLinks(candidate.id, links);
    Object.assign(candidate, { mine: true, values: { ...candidate.values, ...incoming } });
    return result('updated', candidate.id, stageId);
  }

  /** What a new record begins with; a value that was in the file and could not be taken is not made up. */
  private defaultsFor(problems: readonly ImportProblem[]): RecordValues {
    const dropped = new Set(problems.flatMap(({ level, target }) => (level === 'cell' && target ? [target] : [])));
    return Object.fromEntries(Object.entries(defaultsOf(this.type)).filter(([key]) => !dropped.has(key)));
  }

  private create(
    id: string,
    planned: PlannedRow,
    refs: Record<string, Known[]>,
    whole: RecordValues,
    batch: Batch,
    writes: Writes,
  ): void {
    writes.own.push({ type: this.type, op: 'create', id, values: whole });
    const links = this.linksFor(id, refs, whole.companyId);
    writes.linked.push(...links);
    this.noteLinks(id, links);
    const candidate: Candidate = { id, values: whole, sourceIds: [], mine: true };
    this.noteSource(planned, candidate, batch);
    this.matcher.add(candidate);
    if (this.scan.levels.size > 0) this.noteForOthers(planned, candidate);
  }

  /** Other rows may name this one, as their parent or in a relation; in a dry run it is nowhere but here. */
  private noteForOthers(planned: PlannedRow, { id, values }: Pick<Candidate, 'id' | 'values'>): void {
    const to: ReferenceObject = this.plan.object;
    const record: Known = { id, name: String(values.name) };
    for (const key of this.references.keysOf(to, values, planned.externalId)) this.references.note(to, key, record);
  }

  private noteSource(planned: PlannedRow, candidate: Candidate, batch: Batch): void {
    if (!planned.externalId || candidate.sourceIds.includes(planned.externalId)) return;
    candidate.sourceIds.push(planned.externalId);
    batch.externalIds.push({ externalId: planned.externalId, recordId: candidate.id });
  }

  /** @param companyId of a contact: the company that is its primary one */
  private linksFor(id: string, refs: Record<string, Known[]>, companyId: unknown): Change[] {
    if (!this.linkKind) return [];
    const wanted = (refs[this.linkKind === 'contact' ? 'company' : 'contact'] ?? []).map((record) => record.id);
    if (wanted.length === 0) return [];
    const existing = this.links.get(id) ?? [];
    const first = this.linkKind === 'contact' ? companyId : existing.length === 0 ? wanted[0] : null;
    return linkChanges(this.linkKind, id, wanted, existing, typeof first === 'string' ? first : null);
  }

  private noteLinks(id: string, changes: readonly Change[]): void {
    const field = this.linkKind === 'contact' ? 'companyId' : 'contactId';
    const added = changes.flatMap((change): Link[] =>
      change.op === 'create'
        ? [{ id: change.id, from: id, to: String(change.values[field]), isPrimary: change.values.isPrimary === true }]
        : [],
    );
    if (added.length > 0) this.links.set(id, [...(this.links.get(id) ?? []), ...added]);
  }
}

/** Decided by name in the plan itself. */
const chosenInPlan = new Set<string>(['pipeline', 'stage', 'team']);

const isOpen = (planned: PlannedRow) => planned.kind === 'row' && !planned.refused;

function moneyOf(plan: ImportPlan, values: RecordValues, stageId: string): RowResult['money'] {
  const minor = values[moneyFields[plan.object] ?? ''];
  return typeof minor === 'number' ? { minor, currency: String(values.currency ?? plan.currency), stageId } : null;
}

/** What a new record begins with. */
function createValues(
  plan: ImportPlan,
  planned: PlannedRow,
  values: RecordValues,
  stage: StageView | undefined,
  now: Date,
): RecordValues {
  const created = planned.createdAt ? { createdAt: planned.createdAt } : {};
  if (plan.object === 'product') return { active: true, currency: plan.currency, ...values, ...created };
  if (plan.object !== 'deal' || !stage) return { ...values, ...created };
  const dates = closing(planned, values, stage);
  const since = stage.kind === 'open' ? (values.startedOn ?? planned.createdAt) : (dates.closedOn ?? planned.createdAt);
  const order = Date.parse(String(values.startedOn ?? planned.createdAt ?? ''));
  return {
    currency: plan.currency,
    ...values,
    ...created,
    ...dates,
    ...inStage(stage),
    stageEnteredAt: (typeof since === 'string' ? new Date(since) : now).toISOString(),
    boardOrder: Number.isFinite(order) ? order : now.getTime(),
  };
}

/** What of a row is written to a record that is there. */
function updateValues(
  plan: ImportPlan,
  planned: PlannedRow,
  values: RecordValues,
  current: RecordValues,
  { composed, stage, now }: { composed: boolean; stage: { stage: StageView; stated: boolean } | undefined; now: Date },
): RecordValues {
  const incoming = { ...values };
  // A name that was made up says nothing about the one somebody has given meanwhile.
  if (composed) delete incoming.name;
  if (plan.object !== 'deal' || !stage) return mergeValues(plan.policy, current, incoming);
  // A deal's status is its stage's kind.
  const held = { kind: current.status as StageView['kind'] };
  Object.assign(incoming, closing(planned, values, stage.stated ? stage.stage : held));
  if (stage.stated) Object.assign(incoming, { stageId: stage.stage.id, pipelineId: stage.stage.pipelineId });
  const changed = mergeValues(plan.policy, current, incoming);
  if (changed.stageId === undefined) return changed;
  const since = changed.closedOn ?? values.closedOn;
  const entered = typeof since === 'string' ? new Date(since) : now;
  return {
    ...changed,
    ...inStage(stage.stage),
    stageEnteredAt: entered.toISOString(),
    ...(stage.stage.kind === 'open' ? { closedOn: null } : {}),
  };
}

const inStage = (stage: StageView) => ({
  stageId: stage.id,
  pipelineId: stage.pipelineId,
  status: stage.kind,
  probability: stage.probability,
});

/** Sources that have one date for both mean the expected day while a deal is open and the real one once it is closed. */
function closing(planned: PlannedRow, values: RecordValues, stage: Pick<StageView, 'kind'>): RecordValues {
  if (!planned.closeDate) return {};
  return stage.kind === 'open'
    ? { expectedClose: values.expectedClose ?? planned.closeDate }
    : { closedOn: values.closedOn ?? planned.closeDate };
}

/** Rows a person should look at: refused ones, and those of which a value was left out. */
export function problemRows(batch: Batch): ProblemRow[] {
  return batch.rows.flatMap(({ row, cells, problems, outcome }) => {
    const shown = problems.filter(({ level }) => level !== 'note');
    return shown.length > 0 && outcome !== 'deleted' && outcome !== 'skipped' ? [{ row, cells, problems: shown }] : [];
  });
}
