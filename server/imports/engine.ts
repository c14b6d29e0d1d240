import { isBlank } from '@/domain/blank';
import { clip } from '@/domain/clip';
import { isActivityObject } from '@/domain/imports/activity-targets';
import type { DifferenceKind } from '@/domain/imports/findings';
import type { ImportPlan } from '@/domain/imports/mapping';
import { type ImportPolicy, mergeValues, policyOf } from '@/domain/imports/mapping';
import { type PlannedRow, planRow, type Ref } from '@/domain/imports/rows';
import { ownKeysOf, type Target, targetIn } from '@/domain/imports/targets';
import type { PipelineView, StageView } from '@/domain/pipelines';
import type { Change } from '../core/changes';
import { newId } from '../core/ids';
import type { RecordType, RecordValues } from '../core/record-types';
import type { Types } from '../core/types';
import type { Work } from '../core/work';
import { beginActivity, followActivity } from './activities';
import { movesBetween, movesOf, type StageMove } from './history';
import { type Link, type LinkKind, linkChanges, linksAfter, linksOf, placeChanges } from './links';
import { ownAncestors } from './loops';
import { typesWith } from './made';
import { type Candidate, Matcher } from './matcher';
import { mergeRecord } from './merging';
import { defaultsOf, dropUnfit, OnceOnly, stillRequired } from './own';
import { type ImportProblem, refusal } from './problems';
import { anyObject, type Known, type Named, type ReferenceObject, References, settleAbout } from './references';
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
  /** Money as the row has it, in minor units. */
  money: Money | null;
  /** Money as the record has it after the row; null where it has none, or the row is no record. */
  held: Money | null;
  /** The row says what an earlier one has said of the same record. */
  again: boolean;
  /** Fields of a record that is here of which the row says otherwise; told by a dry run alone. */
  differs: Difference[];
}

/** An amount, and the stage of a deal. */
export interface Money {
  minor: number;
  currency: string;
  stageId: string;
}

/** A field whose value in the file is another than the record's. */
export interface Difference {
  field: string;
  kind: DifferenceKind;
  before: unknown;
  after: unknown;
  /** What the record is called, and the one that the file's value leads to. */
  title: string | null;
  afterTitle: string | undefined;
}

/** What a batch of rows comes to; nothing of it is written yet. */
export interface Batch {
  rows: RowResult[];
  changes: Change[];
  /** `object` where it is another kind than the file's; `given` to a record that was here. */
  externalIds: { externalId: string; recordId: string; object?: string; given?: true }[];
  /** Records made beside the rows' own, by object. */
  also: Record<string, number>;
  /** Texts that named no record, by target. */
  unmatched: { target: string; text: string }[];
  /** Moves of deals from stage to stage before they came here. */
  moves?: StageMove[];
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

export interface PlannedFileRow extends FileRow {
  planned: PlannedRow;
}

interface EngineContext {
  types: Types;
  pipelines: PipelineView[];
  locale: string;
  changeSetId: string | null;
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
  private readonly context: EngineContext;
  /** Of a file of several kinds of records, what takes the rows of the others. */
  private readonly others = new Map<string, Engine>();
  private readonly scan: Scan;
  private readonly dry: boolean;
  private readonly onceOnly = new OnceOnly();
  /** What a person has said rows are about: a record, or null for a new one. */
  readonly decided = new Map<number, string | null>();
  private readonly linkKind: LinkKind | null;
  private readonly links = new Map<string, Link[]>();
  /** Moves of deals, as rows of a list of them follow each other. */
  private readonly moves = new Map<string, { stageId: string; at: string }[]>();
  private readonly relations: RelationLinks;
  private readonly policyFor: (field: string) => ImportPolicy;
  private readonly ownKeys: readonly Target[];
  /** Whether a dry run has met more records than it can remember: rows far apart that are about one are not known to be. */
  forgetful = false;

  constructor(plan: ImportPlan, scan: Scan, given: EngineContext, references?: References) {
    const context = { ...given, types: typesWith(given.types, plan) };
    this.context = context;
    this.plan = withKnownStages(plan, scan.tally, context.pipelines);
    this.scan = scan;
    this.dry = context.changeSetId === null;
    this.type = context.types.get(plan.object);
    this.book = plan.object === 'deal' ? openStageBook(this.plan, context.pipelines, context.locale) : null;
    this.references = references ?? new References(plan, context.types);
    this.matcher = new Matcher(plan, this.type, context.changeSetId);
    this.linkKind = plan.object === 'contact' || plan.object === 'deal' ? plan.object : null;
    this.relations = new RelationLinks(plan, context.changeSetId);
    this.policyFor = policyOf(plan);
    this.ownKeys = ownKeysOf(plan);
  }

  /** Whether a row is dealt with in this pass over the file. */
  inPass(row: number, pass: number): boolean {
    return (this.scan.levels.get(row) ?? 0) === pass;
  }

  /** What a row says, by the plan alone: may be asked for before its batch is taken, while another is written. */
  planned({ row, cells }: FileRow): PlannedFileRow {
    return { row, cells, planned: planRow(this.plan, cells) };
  }

  /** Works out what becomes of a batch of rows. */
  async take(work: Work, fileRows: readonly (FileRow | PlannedFileRow)[]): Promise<Batch> {
    const planned = fileRows.map((fileRow) => ('planned' in fileRow ? fileRow : this.planned(fileRow)));
    const mine = planned.filter(({ planned: { object = this.plan.object } }) => object === this.plan.object);
    const batch = await this.takePlanned(work, mine);
    return mine.length === planned.length ? batch : this.takeOthers(work, planned, batch);
  }

  /** Rows that become records of other kinds than the plan's. */
  private async takeOthers(work: Work, planned: readonly PlannedFileRow[], batch: Batch): Promise<Batch> {
    for (const [object, rows] of Map.groupBy(planned, (row) => row.planned.object)) {
      if (!object || object === this.plan.object) continue;
      const plan: ImportPlan = { ...this.plan, object, own: [] };
      const other = this.others.get(object) ?? new Engine(plan, this.scan, this.context, this.references);
      this.others.set(object, other);
      const theirs = await other.takePlanned(work, rows);
      batch.rows.push(...theirs.rows);
      batch.changes.push(...theirs.changes);
      batch.externalIds.push(...theirs.externalIds.map((id) => ({ ...id, object })));
      batch.unmatched.push(...theirs.unmatched);
      for (const [to, made] of Object.entries(theirs.also)) batch.also[to] = (batch.also[to] ?? 0) + made;
      this.forgetful ||= other.forgetful;
    }
    batch.rows.sort((a, b) => a.row - b.row);
    return batch;
  }

  private async takePlanned(work: Work, planned: readonly PlannedFileRow[]): Promise<Batch> {
    const { references, matcher } = this;
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
      planned.flatMap(({ row }) => this.decided.get(row) ?? []),
    );
    if (planned.some(({ planned: p }) => p.past)) await this.loadMoves(work, met);
    if (this.linkKind) {
      const own = planned.some(({ planned: p }) => p.place) ? this.context.changeSetId : null;
      for (const [id, links] of await linksOf(work, this.linkKind, met, own))
        if (!this.links.has(id)) this.links.set(id, links);
    }
    const writes: Writes = { own: [], linked: [] };
    const taken = settled.flatMap((row) =>
      row.planned.kind === 'blank' ? [] : [{ ...row, result: this.decide(row, batch, writes, work) }],
    );
    batch.rows.push(...taken.map(({ result }) => result));
    await this.cutLoops(work, batch.rows, writes);
    await this.linkRows(work, taken, batch, writes);
    const made = references.takeMade([...writes.own, ...writes.linked]);
    for (const { to, change, sourceId } of made) {
      batch.also[to] = (batch.also[to] ?? 0) + 1;
      if (sourceId) batch.externalIds.push({ externalId: sourceId, recordId: change.id, object: to });
    }
    batch.changes = [...made.map(({ change }) => change), ...writes.own, ...writes.linked];
    if (this.dry && matcher.size > mostRemembered) this.forgetful = true;
    if (!this.dry || matcher.size > mostRemembered) {
      matcher.clear();
      this.onceOnly.clear();
      this.links.clear();
      this.relations.clear();
    }
    return batch;
  }

  private async loadMoves(work: Work, ids: readonly string[]): Promise<void> {
    if (this.moves.size > mostRemembered) this.moves.clear();
    const open = ids.filter((id) => !this.moves.has(id));
    for (const [id, moves] of await movesOf(work, open)) this.moves.set(id, moves);
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
    if (target === 'aboutExternalId') return anyObject;
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
    if (refs.aboutExternalId) settleAbout(values, refs.aboutExternalId);
    const others = refs.contact ?? [];
    if (this.plan.object === 'activity' && others.length > 1) values.attendeeIds = others.map(({ id }) => id);
    this.requireKey(planned, values, problems);
    if (problems.some(({ code }) => code === 'nameComposed') && this.plan.object === 'deal') {
      values.name =
        clip([refs.company?.[0]?.name, refs.product?.[0]?.name].filter(Boolean).join(' – '), 200) || values.name;
    }
    return { values, refs, problems, unmatched };
  }

  /** A row whose key names nothing would be taken for a new record. */
  private requireKey(planned: PlannedRow, values: RecordValues, problems: ImportProblem[]): void {
    for (const { name } of this.ownKeys) {
      const [ref] = planned.refs[name] ?? [];
      if (!ref || values[name] !== undefined) continue;
      const params = { text: ref.text ?? ref.sourceId ?? '' };
      problems.push({ ...this.at(name), code: 'requiredReference', params, level: 'row' });
    }
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
      // Who made a record cannot be said afterwards.
      const field = targetIn(this.plan, target)?.field;
      const candidates = field === undefined || Object.hasOwn(this.type.fields, field) ? answer.ids : undefined;
      problems.push({ ...this.at(target), code: 'ambiguousReference', params, level: 'cell', candidates });
    }
    return [];
  }

  /** Leaves out parents that are here and stand below the company they would be above. */
  private async cutLoops(work: Work, rows: readonly RowResult[], writes: Writes): Promise<void> {
    const loops = await ownAncestors(work, writes.own);
    for (const { id, op, ...change } of writes.own) {
      const row = loops.has(id) && rows.find(({ recordId }) => recordId === id);
      if (!row || !('values' in change)) continue;
      delete change.values.parentId;
      row.problems.push({ ...this.at('parent'), code: 'parentLoop', level: 'cell' });
      if (Object.keys(change.values).length === 0) row.outcome = 'unchanged';
    }
    if (loops.size > 0)
      writes.own = writes.own.filter((each) => !('values' in each) || Object.keys(each.values).length > 0);
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
    const result = (outcome: Outcome, recordId: string | null = null, more: Partial<RowResult> = {}): RowResult => {
      if (recordId !== null) batch.unmatched.push(...unmatched);
      const money = moneyOf(this.plan, values, (stage?.stage ?? this.book?.stageNamed(planned))?.id ?? '');
      return { row, cells, outcome, problems, recordId, money, held: null, again: false, differs: [], ...more };
    };
    const refuse = (...found: ImportProblem[]) => {
      problems.push(...found);
      return result('refused');
    };
    const { now } = work;
    const stage = isOpen(planned) ? this.book?.stageOf(planned) : undefined;
    const left = reasonsLeft[planned.kind];
    if (left) return result(left);
    if (problems.some(({ level }) => level === 'row')) return result('refused');
    const chosen = this.decided.get(row);
    const match =
      chosen === undefined
        ? this.matcher.match({ externalId: planned.externalId, values })
        : this.matcher.chosen(chosen);
    if (match.kind === 'several')
      return refuse({
        ...refusal(match.sameId ? 'sameId' : 'ambiguous', { names: match.names.join(', ') }),
        candidates: match.ids,
      });
    if (stage?.missingKind)
      problems.push({
        ...this.at('status'),
        code: 'noStageOfKind',
        params: { status: stage.missingKind },
        level: 'cell',
      });
    const entered = this.entered(planned, unmatched);
    if (planned.past || planned.place) {
      // The record's own values, a deal's amount among them, are none of the row's.
      if (match.kind === 'one' && planned.place) {
        const put = this.takePlace(match.candidate, planned, refs, writes);
        return typeof put === 'string' ? result(put) : refuse(put);
      }
      if (match.kind === 'one') return result(this.takeMove(match.candidate.id, entered, refs, batch));
      const params = { text: planned.externalId ?? String(values.name ?? '') };
      return refuse({ ...this.at('externalId'), code: 'requiredReference', params, level: 'row' });
    }
    if (match.kind === 'none') {
      const id = newId();
      const release = this.onceOnly.claim(this.plan, id, values, problems);
      const whole = { ...this.defaultsFor(problems), ...createValues(this.plan, planned, values, stage?.stage, now) };
      const since = entered.findLast(({ stageId }) => stageId === stage?.stage.id)?.at;
      if (since) whole.stageEnteredAt = since;
      const open = stillRequired(work, this.plan, this.type, null, whole, planned.refs);
      if (open.length > 0) {
        release();
        return refuse(...open);
      }
      this.create(id, planned, refs, whole, batch, writes);
      addMoves(batch, id, entered);
      return result('created', id, { held: moneyOf(this.plan, whole, stage?.stage.id ?? '') });
    }

    const { candidate } = match;
    const release = this.onceOnly.claim(this.plan, candidate.id, values, problems);
    const composed = problems.some(({ code }) => code === 'nameComposed');
    const about = { composed, stage, entered, now, type: this.type, foreign: [] };
    const incoming = updateValues(this.plan, this.policyFor, planned, values, candidate.values, about);
    this.nameForeign(about.foreign, values, candidate.values, problems);
    const links = this.mayLink(candidate.id)
      ? this.linksFor(candidate.id, refs, incoming.companyId ?? candidate.values.companyId)
      : [];
    const open = stillRequired(work, this.plan, this.type, candidate.values, incoming, planned.refs);
    if (open.length > 0) {
      release();
      return refuse(...open);
    }
    const more = {
      ...moneyHeld(this.plan, values, candidate.values, incoming, stage),
      again: candidate.mine,
      differs: this.dry && !candidate.mine ? this.differing(planned, values, refs, candidate, incoming, about) : [],
    };
    const changed = Object.keys(incoming).length > 0;
    // One record is written once per import, so that history and undo know one before and one after.
    if ((changed || links.length > 0) && candidate.mine) {
      release();
      return refuse(refusal('repeated', { name: String(candidate.values[this.type.title] ?? '') }));
    }
    if (changed) writes.own.push({ type: this.type, op: 'update', id: candidate.id, values: incoming });
    writes.linked.push(...links);
    this.noteSource(planned, candidate, batch, true);
    addMoves(batch, candidate.id, entered);
    if (!changed && links.length === 0) return result('unchanged', candidate.id, more);
    if (this.linkKind)
      this.links.set(candidate.id, linksAfter(this.linkKind, candidate.id, this.links.get(candidate.id) ?? [], links));
    Object.assign(candidate, { mine: true, values: { ...candidate.values, ...incoming } });
    return result('updated', candidate.id, more);
  }

  /** A move of a deal that is here: none where it is known, or only another value of the deal has changed. */
  private takeMove(
    dealId: string,
    [entered]: readonly { stageId: string; at: string }[],
    refs: Record<string, Known[]>,
    batch: Batch,
  ): Outcome {
    if (!entered) return 'unchanged';
    const moves = this.moves.get(dealId) ?? [];
    this.moves.set(dealId, moves);
    const at = Date.parse(entered.at);
    const before = moves.findLast((move) => Date.parse(move.at) <= at);
    if (before && (Date.parse(before.at) === at || before.stageId === entered.stageId)) return 'unchanged';
    moves.push(entered);
    moves.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
    const memberId = refs.createdBy?.[0]?.id ?? null;
    batch.moves = [...(batch.moves ?? []), { ...entered, dealId, from: before?.stageId ?? null, memberId }];
    return 'updated';
  }

  /** Puts a record at the place a row names: what becomes of the row, or why it is refused. */
  private takePlace(
    { id, values }: Candidate,
    { place = {}, refs: named }: PlannedRow,
    refs: Record<string, Known[]>,
    writes: Writes,
  ): Outcome | ImportProblem {
    const kind = this.linkKind;
    const target = kind === 'contact' ? 'company' : 'contact';
    const [to] = refs[target] ?? [];
    if (!kind || !to) {
      const [ref] = named[target] ?? [];
      const params = { text: ref?.text ?? ref?.sourceId ?? '' };
      return { ...this.at(target), code: 'requiredReference', params, level: 'row' };
    }
    const primary = kind === 'contact' && typeof values.companyId === 'string' ? values.companyId : null;
    const policy = this.policyFor(kind === 'contact' ? 'companyId' : 'contact');
    const links = this.links.get(id) ?? [];
    const changes = placeChanges(kind, { from: id, to: to.id, primary }, place, links, policy);
    if (!changes) return refusal('repeated', { name: to.name });
    if (changes.length === 0) return 'unchanged';
    writes.linked.push(...changes);
    this.links.set(id, linksAfter(kind, id, links, changes));
    return 'updated';
  }

  /** When a deal entered the stages its row tells of, the first one first. */
  private entered(planned: PlannedRow, unmatched: Batch['unmatched']): { stageId: string; at: string }[] {
    const found = (planned.entered ?? []).flatMap((named) => {
      const stage = this.book?.stageCalled(named, planned);
      if (!stage) unmatched.push({ target: 'stageEntered', text: named.stage });
      return stage ? [{ stageId: stage.id, at: named.at }] : [];
    });
    return found.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  }

  /** Whether a record that is here gets the links a row names. */
  private mayLink(id: string): boolean {
    const policy = this.policyFor(this.linkKind === 'deal' ? 'contact' : 'companyId');
    return policy === 'overwrite' || (policy === 'fillBlanks' && !this.links.has(id));
  }

  /** Says of amounts that they are in another currency than those of the record which stay. */
  private nameForeign(
    names: readonly string[],
    values: RecordValues,
    current: RecordValues,
    problems: ImportProblem[],
  ) {
    const params = { stated: String(current.currency), found: String(values.currency) };
    for (const name of names) problems.push({ ...this.at(name), code: 'otherCurrency', params, level: 'cell' });
  }

  /** What a row says otherwise about a record that is here, and what becomes of it. */
  private differing(
    planned: PlannedRow,
    values: RecordValues,
    refs: Record<string, Known[]>,
    { values: current }: Candidate,
    incoming: RecordValues,
    about: UpdateContext,
  ): Difference[] {
    const titles = new Map(Object.values(refs).flatMap((list) => list.map(({ id, name }) => [id, name] as const)));
    const named = current[this.type.title];
    const title = typeof named === 'string' ? named : null;
    const all = updateValues(this.plan, () => 'overwrite', planned, values, current, { ...about, foreign: [] });
    return Object.entries(all).flatMap(([field, after]) => {
      // What follows from the stage is no field of the file.
      if (followsStage.has(field)) return [];
      const before = current[field] ?? null;
      const kind = !Object.hasOwn(incoming, field) ? 'keep' : isBlank(before) ? 'fill' : 'replace';
      return [{ field, kind, before, after, title, afterTitle: titles.get(String(after)) }];
    });
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
    writes.own.push({ type: this.type, op: 'create', id, values: whole, updatedAt: planned.updatedAt });
    const links = this.linksFor(id, refs, whole.companyId);
    writes.linked.push(...links);
    if (this.linkKind && links.length > 0) this.links.set(id, linksAfter(this.linkKind, id, [], links));
    const candidate: Candidate = { id, values: whole, sourceIds: [], mine: true };
    this.noteSource(planned, candidate, batch);
    this.matcher.add(candidate);
    if (this.scan.levels.size > 0) this.noteForOthers(planned, candidate);
  }

  /** Other rows may name this one, as their parent or in a relation; in a dry run it is nowhere but here. */
  private noteForOthers(planned: PlannedRow, { id, values }: Pick<Candidate, 'id' | 'values'>): void {
    const to: ReferenceObject = this.plan.object;
    const record: Known = { id, name: String(values[this.type.title]) };
    for (const key of this.references.keysOf(to, values, planned.externalId)) this.references.note(to, key, record);
  }

  private noteSource(planned: PlannedRow, candidate: Candidate, batch: Batch, given?: true): void {
    if (!planned.externalId || candidate.sourceIds.includes(planned.externalId)) return;
    // In a file of ours a record stands with its own id.
    if (planned.externalId === candidate.id) return;
    candidate.sourceIds.push(planned.externalId);
    batch.externalIds.push({ externalId: planned.externalId, recordId: candidate.id, given });
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
}

function addMoves(batch: Batch, dealId: string, entered: Parameters<typeof movesBetween>[1]): void {
  const moves = movesBetween(dealId, entered);
  if (moves.length > 0) batch.moves = [...(batch.moves ?? []), ...moves];
}

/** Decided by name in the plan itself. */
const chosenInPlan = new Set<string>(['pipeline', 'stage', 'team']);

const isOpen = (planned: PlannedRow) => planned.kind === 'row' && !planned.refused;

/** Records a dry run remembers, since nothing of it is in the tables: about two kilobytes each. */
const mostRemembered = 100_000;

const followsStage = new Set(['pipelineId', 'status', 'probability', 'stageEnteredAt']);

function moneyOf(plan: ImportPlan, values: RecordValues, stageId: string): Money | null {
  const minor = values[moneyFields[plan.object] ?? ''];
  return typeof minor === 'number' ? { minor, currency: String(values.currency ?? plan.currency), stageId } : null;
}

/** The money of a row, and that of its record after it: another one where the policy keeps what is there. */
function moneyHeld(
  plan: ImportPlan,
  values: RecordValues,
  current: RecordValues,
  incoming: RecordValues,
  stage: UpdateContext['stage'],
): Pick<RowResult, 'money' | 'held'> {
  if (!moneyFields[plan.object]) return { money: null, held: null };
  const after = { ...current, ...incoming };
  const now = String(after.stageId ?? '');
  return {
    money: moneyOf(plan, values, stage?.stated ? stage.stage.id : now),
    held: moneyOf(plan, after, now),
  };
}

interface UpdateContext {
  composed: boolean;
  stage: { stage: StageView; stated: boolean } | undefined;
  /** When a deal entered its stages, the first one first. */
  entered: readonly { stageId: string; at: string }[];
  now: Date;
  type: RecordType;
  /** Takes the names of amounts that are left out. */
  foreign: string[];
}

/** What a new record begins with. */
function createValues(
  plan: ImportPlan,
  planned: PlannedRow,
  values: RecordValues,
  stage: StageView | undefined,
  now: Date,
): RecordValues {
  if (isActivityObject(plan.object)) return beginActivity(plan.object, planned, values, now);
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
  policyFor: (field: string) => ImportPolicy,
  planned: PlannedRow,
  values: RecordValues,
  current: RecordValues,
  { composed, stage, entered, now, type, foreign }: UpdateContext,
): RecordValues {
  const incoming = { ...values };
  const merge = () => {
    const merged = mergeRecord(plan, type, policyFor, current, incoming);
    foreign.push(...merged.foreign);
    return merged.changed;
  };
  // A name that was made up says nothing about the one somebody has given meanwhile.
  if (composed) for (const name of ['name', 'subject']) delete incoming[name];
  // Who made a record that is here is known.
  delete incoming.createdBy;
  if (isActivityObject(plan.object))
    return followActivity(plan.object, current, mergeValues(policyFor, current, incoming), now);
  if (plan.object !== 'deal' || !stage) return merge();
  const moves = stage.stated && Object.hasOwn(mergeValues(policyFor, current, { stageId: stage.stage.id }), 'stageId');
  // A deal's status is its stage's kind.
  const after = moves ? stage.stage : { id: current.stageId, kind: current.status as StageView['kind'] };
  Object.assign(incoming, closing(planned, values, after));
  // The date of a close that is not taken over is none of a deal that stays open.
  if (after.kind === 'open' && stage.stage.kind !== 'open') delete incoming.closedOn;
  const known = entered.findLast(({ stageId }) => stageId === after.id)?.at;
  if (known) incoming.stageEnteredAt = known;
  const changed = merge();
  if (!moves) return changed;
  const since = known ?? changed.closedOn ?? values.closedOn;
  return {
    ...changed,
    ...inStage(stage.stage),
    stageEnteredAt: (typeof since === 'string' ? new Date(since) : now).toISOString(),
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
