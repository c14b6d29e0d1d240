import { clip } from '../clip';
import { isEmail } from '../email';
import { storable } from '../fields';
import { settleActivity } from './activities';
import type { ActivityObject } from './activity-targets';
import { fieldOfLabel } from './labelled';
import { choicesFor, type ImportPlan, type PlanColumn, type RefChoice, type StageChoice } from './mapping';
import { domainKey, emailKey, nameKey } from './matching';
import type { MoneyValue } from './numbers';
import { areLinks, type Place } from './places';
import type { Problem, ProblemCode } from './problems';
import { spreadSeveral } from './several';
import { wholeId } from './source-ids';
import { stageOfHeader } from './stage-headers';
import { isKey, keysInTurn, namesIn, type Target, targetIn, targetOf } from './targets';
import { keepsSpace, parseValue, type ValueOptions } from './values';

/** Another record a row names. */
export interface Ref {
  /** As written; null when only the source's id is given. */
  text: string | null;
  by: 'name' | 'email' | 'domain' | 'id';
  /** What to look it up by: normalised name, mail address or domain, or the source's id. Never empty. */
  key: string;
  /** Id in the source system; it decides before the text does. */
  sourceId: string | null;
  /** What a record made for it is called, where another column says so. */
  called?: string;
  /** What the plan says about this text. */
  choice?: RefChoice | StageChoice;
}

export interface RowProblem {
  code: ProblemCode;
  params?: Problem['params'];
  index: number | null;
  header: string | null;
  target: string | null;
  /** `row`: the row is refused. `cell`: this value is left out. `note`: the value is taken, and this is how. */
  level: 'row' | 'cell' | 'note';
}

export interface PlannedRow {
  /** `blank`, `deleted` in the source and `skipped` by the plan are left out and counted apart. */
  kind: 'row' | 'blank' | 'deleted' | 'skipped';
  /** The record it becomes, where a file holds several kinds. */
  object?: ActivityObject;
  externalId: string | null;
  /** Fields ready for the object's schemas. A blank cell gives no entry, so it never clears or matches anything. */
  values: Record<string, unknown>;
  refs: Record<string, Ref[]>;
  /** What a deal's row says beside its fields. */
  status?: string;
  closeDate?: string;
  createdAt?: string;
  updatedAt?: string;
  /** When a deal entered stages, as the file names them. */
  entered?: { stage: string; pipeline: string | null; at: string }[];
  /** The row is a move of a deal that is here, and says nothing else about it. */
  past?: true;
  /** The row is a link of a record that is here. */
  place?: Place;
  problems: RowProblem[];
  refused: boolean;
}

/** Turns a row of texts into what is to be written, by the plan alone. Pure: the dry run and the job give the same. */
export function planRow(plan: ImportPlan, cells: readonly string[]): PlannedRow {
  const row: PlannedRow = { kind: 'row', externalId: null, values: {}, refs: {}, problems: [], refused: false };
  if (cells.every((cell) => cell.trim() === '')) return { ...row, kind: 'blank' };
  const width = plan.columns.length;
  if (cells.length < width || cells.slice(width).some((cell) => cell.trim() !== '')) {
    // A row of another width has lost or gained a separator somewhere: none of its cells can be trusted.
    const params = { expected: width, found: cells.length };
    const ragged: RowProblem = { code: 'ragged', params, index: null, header: null, target: null, level: 'row' };
    return { ...row, problems: [ragged], refused: true };
  }
  readCells(plan, cells, row);
  if (row.kind === 'row') {
    settleStage(plan, row);
    if (!row.past && !row.place) settleName(plan, row);
    settleActivity(plan, row);
  }
  row.refused = row.problems.some((problem) => problem.level === 'row');
  return row;
}

interface Filled {
  target: Target;
  column: PlanColumn;
  text: string;
}

const primary = /\(primary\)\s*$/i;

/** The filled cells by target; several columns of one target become one text. */
function filledCells(plan: ImportPlan, cells: readonly string[]): Map<string, Filled> {
  const filled = new Map<string, Filled>();
  for (const column of plan.columns) {
    const cell = cells[column.index] ?? '';
    const name = column.target === null ? null : (fieldOfLabel(plan.columns, column, cells) ?? column.target);
    const target = name === null ? undefined : targetIn(plan, name);
    if (!target || cell.trim() === '' || target.name === 'stageEntered') continue;
    const text = keepsSpace(target) ? cell : cell.trim();
    const before = filled.get(target.name);
    if (!before) filled.set(target.name, { target, column, text });
    else {
      const texts = [before.text, text];
      // The first of several is the one that counts most: HubSpot has a column of it beside that of all.
      if (target.many && primary.test(column.header)) texts.reverse();
      filled.set(target.name, { ...before, text: texts.join(glueOf(target)) });
    }
  }
  return filled;
}

/** Numbers that their labels bring to one field are spread over the others as several of one cell are. */
const glueOf = ({ glue, type }: Target) => glue ?? (type === 'phone' ? ';' : ' ');

function readCells(plan: ImportPlan, cells: readonly string[], row: PlannedRow): void {
  const filled = filledCells(plan, cells);
  for (const { column, texts } of spreadSeveral(filled, (name) => targetOf(plan.object, name))) {
    const params = { text: clip(texts.join(', '), 200) };
    row.problems.push(located({ code: 'moreValues', params }, column, 'cell'));
  }
  for (const [name, { target, column, text }] of filled) {
    // What decoding could not read; the rest of the text is as good as it was.
    if (text.includes('\uFFFD')) row.problems.push(located({ code: 'undecoded' }, column, 'cell'));
    if (storable(text)) continue;
    row.problems.push(located({ code: 'unstorable' }, column, levelOf(plan, target)));
    // Other columns are not to find it either: a name and its id are two columns of one thing.
    filled.delete(name);
  }
  const currency = rowCurrency(plan, filled, row);
  for (const { target, column, text } of filled.values()) {
    if (target.kind === 'reference') {
      addRefs(plan, filled, target, row, column.called === undefined ? undefined : cells[column.called]);
      continue;
    }
    if (target.name === 'currency') continue;
    const options: ValueOptions = { ...plan, currency: currency.value, scale: column.scale };
    if (target.own?.settings.currency) options.currency = target.own.settings.currency;
    const parsed = parseValue(plan.object, target, text, options);
    const found = 'problem' in parsed ? parsed.problem : parsed.warning;
    if (found) row.problems.push(located(found, column, 'problem' in parsed ? levelOf(plan, target) : 'note'));
    if ('problem' in parsed || parsed.value === null) continue;
    if (target.own && target.type === 'money')
      addOwnMoney(plan, target, column, { ...(parsed.value as MoneyValue), wanted: options.currency }, row);
    else if (target.type === 'money') addMoney(target, column, parsed.value as MoneyValue, currency, row);
    else addValue(plan, target, parsed.value, row);
  }
  if (currency.stated !== null) row.values.currency = currency.stated;
  readEntered(plan, cells, row);
  if (areLinks(plan.columns)) row.place ??= {};
}

/** Each column of a deal's history is about a stage of its own; a column without one is about the stage of its row. */
function readEntered(plan: ImportPlan, cells: readonly string[], row: PlannedRow): void {
  for (const column of plan.columns) {
    if (column.target !== 'stageEntered') continue;
    const text = (cells[column.index] ?? '').trim();
    const ofRow = { stage: row.refs.stage?.[0]?.text ?? '', pipeline: row.refs.pipeline?.[0]?.text ?? null };
    const ofHeader = stageOfHeader(column.header);
    if (!ofHeader) row.past = true;
    const named = ofHeader ?? (ofRow.stage === '' ? null : ofRow);
    const target = targetOf(plan.object, column.target);
    if (!named || !target || !storable(text) || !storable(column.header)) continue;
    const parsed = parseValue(plan.object, target, text, { ...plan, scale: undefined });
    if ('problem' in parsed) row.problems.push(located(parsed.problem, column, 'cell'));
    else if (typeof parsed.value === 'string') row.entered = [...(row.entered ?? []), { ...named, at: parsed.value }];
  }
}

/** A row without its key or its name is nothing; any other value can be left out and added later. */
const levelOf = (plan: ImportPlan, target: Target): RowProblem['level'] =>
  target.required || target.name === 'externalId' || (isKey(target) && keysInTurn(plan).includes(target.name))
    ? 'row'
    : 'cell';

function located(found: Problem, column: PlanColumn, level: RowProblem['level']): RowProblem {
  return { ...found, index: column.index, header: column.header, target: column.target, level };
}

interface RowCurrency {
  value: string;
  /** What the row itself says: its currency column, or a sign beside an amount. */
  stated: string | null;
}

function rowCurrency(plan: ImportPlan, filled: Map<string, Filled>, row: PlannedRow): RowCurrency {
  const cell = filled.get('currency');
  if (!cell) return { value: plan.currency, stated: null };
  const parsed = parseValue(plan.object, cell.target, cell.text, { ...plan, scale: undefined });
  if ('value' in parsed && typeof parsed.value === 'string') return { value: parsed.value, stated: parsed.value };
  if ('problem' in parsed) row.problems.push(located(parsed.problem, cell.column, 'row'));
  return { value: plan.currency, stated: null };
}

// parseMoney is the only reader of money targets, so the value is a MoneyValue.
function addMoney(target: Target, column: PlanColumn, money: MoneyValue, currency: RowCurrency, row: PlannedRow): void {
  if (currency.stated !== null && currency.stated !== money.currency) {
    const params = { stated: currency.stated, found: money.currency };
    row.problems.push(located({ code: 'currencyConflict', params }, column, 'row'));
    return;
  }
  currency.stated = money.currency;
  row.values[target.name] = money.minor;
}

/** An amount of a field that has its currency, or the row's: in another one it is left out. */
function addOwnMoney(
  plan: ImportPlan,
  target: Target,
  column: PlanColumn,
  money: MoneyValue & { wanted: string },
  row: PlannedRow,
): void {
  if (money.currency === money.wanted) row.values[target.name] = money.minor;
  else {
    const params = { stated: money.wanted, found: money.currency };
    row.problems.push(located({ code: 'currencyConflict', params }, column, levelOf(plan, target)));
  }
}

function addValue(plan: ImportPlan, target: Target, value: unknown, row: PlannedRow): void {
  if (target.refuses) {
    if (value === true) for (const field of target.refuses) row.values[field] = true;
  } else if (target.place) row.place = { ...row.place, [target.place]: value };
  else if (target.name === 'deleted') {
    if (value === true) row.kind = 'deleted';
  } else if (target.name === 'externalId') row.externalId = wholeId(plan.source, String(value));
  else if (target.name === 'status') row.status = String(value);
  else if (target.name === 'closeDate') row.closeDate = String(value);
  else if (target.name === 'createdAt') row.createdAt = String(value);
  else if (target.name === 'updatedAt') row.updatedAt = String(value);
  // `https://www.Acme.com/` and `acme.com` are one domain, and records are found by it.
  else if (target.name === 'domain') row.values.domain = domainKey(String(value)) ?? value;
  else row.values[target.name] = value;
}

/** A reference's text and its source id are two columns of one thing. */
function addRefs(
  plan: ImportPlan,
  filled: Map<string, Filled>,
  target: Target,
  row: PlannedRow,
  nameCell: string | undefined,
): void {
  const name = target.idOf ?? target.name;
  if (row.refs[name]) return;
  const cells = { text: filled.get(name), id: filled.get(`${name}ExternalId`) };
  const { texts, ids } = namesOf(plan, target, cells, row);
  const choices = target.to === 'pipeline' ? plan.values.pipeline : choicesFor(plan, target.to ?? '');
  const byText = (text: string, sourceId: string | null): Ref => {
    const { by, key } = keyOf(target, text);
    const choice = Object.hasOwn(choices, text) ? choices[text] : undefined;
    const called = nameCell?.trim();
    return { text, by, key, sourceId, choice, ...(called && storable(called) ? { called } : {}) };
  };
  const refs =
    ids.length > 0 && ids.length !== texts.length
      ? ids.map((id): Ref => ({ text: null, by: 'id', key: id, sourceId: id }))
      : texts.map((text, i) => byText(text, ids[i] ?? null));
  const isFirst = ({ sourceId, by, key }: Ref, at: number) =>
    refs.findIndex((other) => (sourceId ? other.sourceId === sourceId : other.by === by && other.key === key)) === at;
  row.refs[name] = refs.filter(
    (ref, at) => ref.key !== '' && isFirst(ref, at) && !(ref.choice && 'skip' in ref.choice && name !== 'pipeline'),
  );
}

/** The names in a row's cells of a reference, and the ids beside them: where there is room for one, the first. */
function namesOf(
  { source }: ImportPlan,
  target: Target,
  { text, id }: { text?: Filled; id?: Filled },
  row: PlannedRow,
) {
  const whole = (ids: string[]) => ids.map((each) => wholeId(source, each));
  if (target.many || !id?.text.includes(';')) return { texts: named(text, row), ids: whole(named(id, row)) };
  const [first, ...more] = namesIn({ ...target, many: true }, id.text);
  const texts = text ? namesIn({ ...target, many: true }, text.text) : [];
  if (more.length > 0)
    row.problems.push(located({ code: 'moreValues', params: { text: clip(more.join(', '), 200) } }, id.column, 'cell'));
  return { texts: texts.length === more.length + 1 ? texts.slice(0, 1) : [], ids: whole(first ? [first] : []) };
}

/** Records one cell may name: what is linked beyond stands in further rows about the same record. */
const mostNames = 200;

function named(cell: Filled | undefined, row: PlannedRow): string[] {
  const names = cell ? namesIn(cell.target, cell.text) : [];
  if (!cell || names.length <= mostNames) return names;
  const params = { found: names.length, max: mostNames };
  row.problems.push(located({ code: 'tooManyNames', params }, cell.column, 'cell'));
  return [];
}

/** How a text is looked up that names the target of a reference. */
export function keyOf(target: Target, text: string): Pick<Ref, 'by' | 'key'> {
  if (isEmail(text)) {
    // A company is found by the domain of an address, a person by the whole of it.
    const domain = target.to === 'company' ? domainKey(text) : null;
    return domain ? { by: 'domain', key: domain } : { by: 'email', key: emailKey(text) };
  }
  const domain = target.to === 'company' && !/\s/.test(text) ? domainKey(text) : null;
  if (domain) return { by: 'domain', key: domain };
  return { by: 'name', key: nameKey(text) || text.normalize('NFKC').toLowerCase() };
}

/** Stages hang under their pipeline; a stage nobody has decided about refuses the row. */
function settleStage(plan: ImportPlan, row: PlannedRow): void {
  const refuse = (name: 'pipeline' | 'stage', text: string) => {
    const column = plan.columns.find(({ target }) => target === name);
    if (column) row.problems.push(located({ code: 'unmapped', params: { text } }, column, 'row'));
  };
  const pipeline = row.refs.pipeline?.[0];
  if (pipeline?.choice && 'skip' in pipeline.choice) row.kind = 'skipped';
  else if (pipeline && !pipeline.choice) refuse('pipeline', pipeline.text ?? '');
  const stage = row.refs.stage?.[0];
  if (!stage?.text) return;
  const under = plan.values.stage;
  const group = pipeline?.text ?? '';
  const stages = Object.hasOwn(under, group) ? (under[group] ?? {}) : {};
  stage.choice = Object.hasOwn(stages, stage.text) ? stages[stage.text] : undefined;
  if (!stage.choice) refuse('stage', stage.text);
  else if ('skip' in stage.choice) row.kind = 'skipped';
}

/** Every record needs a name: people have theirs in two columns, deals of some sources have none. */
function settleName(plan: ImportPlan, row: PlannedRow): void {
  if (row.values.name !== undefined || row.problems.some(({ target, level }) => target === 'name' && level === 'row'))
    return;
  const composed = composedName(plan, row);
  if (composed) {
    row.values.name = composed.name;
    if (!composed.plain) note(row, 'nameComposed', { value: composed.name }, 'note');
  } else if (targetOf(plan.object, 'name')?.required) note(row, 'required', { field: 'name' }, 'row');
}

function note(row: PlannedRow, code: ProblemCode, params: Problem['params'], level: RowProblem['level']): void {
  row.problems.push({ code, params, index: null, header: null, target: 'name', level });
}

function composedName(plan: ImportPlan, row: PlannedRow): { name: string; plain: boolean } | null {
  const text = (name: string) => (typeof row.values[name] === 'string' ? row.values[name] : '');
  if (plan.object === 'contact') {
    const person = personName(text('firstName'), text('lastName'));
    if (person) return { name: person, plain: true };
    return text('email') ? { name: text('email'), plain: false } : null;
  }
  if (plan.object !== 'deal') return null;
  const parts = [row.refs.company?.[0]?.text, row.refs.product?.[0]?.text].filter((part) => typeof part === 'string');
  const name = parts.join(' – ') || row.externalId;
  return name ? { name: clip(name, 200), plain: false } : null;
}

const han = /^[\p{Script=Han}·]+$/u;

/** A person's name from its two parts: family name first and without a space in Chinese. */
export function personName(first: string, last: string): string {
  if (han.test(first) && han.test(last)) return last + first;
  return [first, last].filter((part) => part !== '').join(' ');
}
