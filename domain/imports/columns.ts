import { isOwnObject } from '../custom-fields';
import { type Candidate, dictionaryFor, isIgnored, isKnownKey, isNothingIn, productCandidates } from './dictionary';
import { splitEntity } from './headers';
import { headerKey, trigramSimilarity } from './keys';
import { isLabelHeader, labelledCandidates } from './labelled';
import type { NewField } from './new-field';
import { linkTargets } from './places';
import type { SourceProduct } from './products/products';
import { type Shape, type ShapeShares, shapeOf } from './shapes';
import { historyTargets, stageOfHeader } from './stage-headers';
import { type ImportObject, type StandardImport, type Target, targetOf } from './targets';

/** Why a column is thought to be what it is; texts in `messages/*\/imports.json`. */
export type MatchReason = 'name' | 'similar' | 'spelling' | 'values' | 'required' | 'ignored' | 'taken' | 'none';

export interface ColumnMatch {
  index: number;
  header: string;
  /** Name of a target of the object; null when the column is left out. */
  target: string | null;
  /** 0 to 1. */
  confidence: number;
  reason: { code: MatchReason; params?: Record<string, string> };
  /** The field that could be made from a column that fits none. */
  offer?: NewField;
}

/**
 * Says for every column of a file which target of the object it is, judged by its name and its values.
 * @param product the product that wrote the file, whose own meaning of a header goes before the common one
 */
export function matchColumns(
  object: ImportObject,
  headers: readonly string[],
  rows: readonly string[][] = [],
  product: SourceProduct | null = null,
): ColumnMatch[] {
  const list = (object === 'deal' ? historyTargets(headers) : null) ?? linkTargets(object, headers);
  if (list) return headers.map((header, index) => listColumn(index, header, list[index] ?? null));
  const labelled = labelledCandidates(headers, rows);
  const columns = headers.map((header, index) => {
    const shape = shapeOf(rows.map((row) => row[index] ?? ''));
    const known = labelled.get(index)?.filter(({ target }) => targetOf(object, target));
    return { index, header, candidates: known ?? candidatesOf(object, header, shape, product) };
  });
  const chosen = assign(object, columns);
  promoteRequired(object, columns, chosen);
  return columns.map(({ index, header, candidates }) => {
    const match = chosen.get(index);
    if (match) {
      return {
        index,
        header,
        target: match.target,
        confidence: round(match.confidence),
        reason: { code: match.reason },
      };
    }
    const lost = candidates[0];
    if (lost && lost.reason !== 'values')
      return { index, header, target: null, confidence: 0, reason: { code: 'taken', params: { target: lost.target } } };
    const key = headerKey(splitEntity(header).rest);
    const ignored = isIgnored(key) || isNothingIn(product, key) || isLabelHeader(header);
    return {
      index,
      header,
      target: null,
      confidence: ignored ? 0.9 : 0,
      reason: { code: ignored ? 'ignored' : 'none' },
    };
  });
}

const listColumn = (index: number, header: string, target: string | null): ColumnMatch => ({
  index,
  header,
  target,
  confidence: target ? 0.97 : 0.9,
  reason: { code: target ? 'name' : 'ignored' },
});

/** Whether a text is a header that some object knows; tells a header row from data. */
export function isKnownHeader(header: string): boolean {
  return isKnownKey(headerKey(splitEntity(header).rest));
}

/** Columns about another entity can only name that entity: `Organization - Name` in a file of people. */
const foreign: Record<string, string> = { name: '', title: '', id: 'ExternalId', pipedrivesystemid: 'ExternalId' };
/** Words people put before a header that only repeat the object. */
const ownWords: Record<StandardImport, RegExp> = {
  company: /^(?:company|account|organi[sz]ation|customer|公司|客户|企业)/,
  contact: /^(?:contact|person|联系人)/,
  deal: /^(?:deal|opportunity|商机|交易|项目|业务机会|机会)/,
  product: /^(?:product|item|产品|商品)/,
  member: /^(?:member|user|employee|员工|成员)/,
  task: /^(?:task|任务|待办)/,
  activity: /^(?:activity|engagement|event|call|meeting|活动|通话|会议)/,
  note: /^(?:note|备注|笔记)/,
};

function candidatesOf(
  object: ImportObject,
  header: string,
  shape: ShapeShares,
  product: SourceProduct | null,
): Candidate[] {
  if (object === 'deal' && stageOfHeader(header))
    return [{ target: 'stageEntered', confidence: 0.97, reason: 'name', part: true }];
  const { entity, rest } = splitEntity(header);
  const key = headerKey(rest);
  if (entity !== null && entity !== object) {
    const suffix = foreign[key];
    const target = suffix === undefined ? undefined : targetOf(object, `${entity}${suffix}`);
    return target ? [{ target: target.name, confidence: 0.97, reason: 'name' }] : [];
  }
  const ofProduct = productCandidates(product, object, key);
  if (!ofProduct && isNothingIn(product, key)) return [];
  const ignored = !ofProduct && isIgnored(key);
  const numberless = key.replace(/\d+$/, '');
  const named =
    ofProduct ??
    lookUp(object, key, 1, 'name') ??
    lookUp(object, numberless, 0.8, 'similar') ??
    lookUp(object, headerKey(rest.replace(/\s*\([^()]*\)\s*$/, '')), 0.9, 'similar') ??
    (isOwnObject(object) ? undefined : lookUp(object, key.replace(ownWords[object], ''), 0.9, 'similar')) ??
    (ignored ? [] : nearest(object, key));
  const judged = named.map((candidate) => judge(object, candidate, shape));
  const shown = judged.filter((candidate) => candidate.confidence >= 0.4);
  if (shown.length > 0 || ignored || named.length > 0) return shown.sort((a, b) => b.confidence - a.confidence);
  return byShape(object, shape);
}

function lookUp(object: ImportObject, key: string, weight: number, reason: MatchReason): Candidate[] | undefined {
  return dictionaryFor(object)
    ?.get(key)
    ?.map((candidate) => ({ ...candidate, confidence: candidate.confidence * weight, reason }));
}

/** A header spelled almost like a known one. */
function nearest(object: ImportObject, key: string): Candidate[] {
  if (key.length < 5) return [];
  let best: Candidate[] = [];
  let bestScore = 0.74;
  for (const [known, candidates] of dictionaryFor(object) ?? []) {
    const score = trigramSimilarity(known, key);
    // `Email opt in` is almost spelled as `Email opt out` is: a refusal is never guessed.
    if (score > bestScore && !candidates.some(({ target }) => targetOf(object, target)?.refuses)) {
      bestScore = score;
      best = candidates.map((candidate) => ({ ...candidate, confidence: score * 0.8, reason: 'spelling' }));
    }
  }
  return best;
}

/** The shape the values of a type have; types without an entry may look like anything. */
const shapesOf: Partial<Record<Target['type'], readonly Shape[]>> = {
  email: ['email'],
  phone: ['phone', 'number'],
  link: ['link', 'domain'],
  number: ['number', 'money'],
  integer: ['number', 'money', 'range'],
  money: ['number', 'money'],
  percent: ['number', 'percent'],
  date: ['date', 'number'],
  datetime: ['date', 'number'],
  boolean: ['boolean'],
  currency: ['currency'],
};
/** Texts that have a shape all the same, so that values can tell two readings of a header apart. */
const shapesOfTarget: Record<string, readonly Shape[]> = { country: ['country'], domain: ['domain', 'link'] };

function judge(object: ImportObject, candidate: Candidate, shape: ShapeShares): Candidate {
  const target = targetOf(object, candidate.target);
  // How a refusal is put is `refusalMeant`'s to read.
  if (!target || shape.filled === 0) return candidate;
  // When somebody refused or agreed stands in a column beside, often under almost the same name.
  if (target.refuses) return shape.date + shape.link > 0.8 ? weaken(candidate, 0.4) : candidate;
  const wanted = shapesOfTarget[target.name] ?? shapesOf[target.type];
  if (!wanted) {
    // A text column full of e-mails or dates is rather not what its name says, unless it points to a person.
    const odd = target.kind === 'value' && target.type === 'text' && shape.email + shape.date > 0.8;
    return odd ? { ...candidate, confidence: candidate.confidence * 0.7 } : candidate;
  }
  const share = wanted.reduce((most, name) => Math.max(most, shape[name]), 0);
  if (share >= 0.8) return { ...candidate, confidence: Math.min(0.99, candidate.confidence + 0.03) };
  if (target.name === 'country') return share < 0.5 && candidate.confidence <= 0.9 ? weaken(candidate, 0.8) : candidate;
  return share < 0.3 ? weaken(candidate, 0.6) : weaken(candidate, 0.9);
}

const weaken = (candidate: Candidate, by: number): Candidate => ({
  ...candidate,
  confidence: candidate.confidence * by,
});

/** What values alone can tell, never surely. */
const shapeTargets: readonly { shape: Shape; targets: readonly string[]; confidence: number }[] = [
  { shape: 'email', targets: ['email'], confidence: 0.6 },
  { shape: 'link', targets: ['website'], confidence: 0.55 },
  { shape: 'domain', targets: ['domain'], confidence: 0.55 },
  { shape: 'phone', targets: ['phone', 'mobile'], confidence: 0.5 },
  { shape: 'currency', targets: ['currency'], confidence: 0.5 },
];

function byShape(object: ImportObject, shape: ShapeShares): Candidate[] {
  if (shape.filled < 3) return [];
  return shapeTargets
    .filter((row) => shape[row.shape] >= 0.9)
    .flatMap((row) => row.targets.map((target) => ({ target, confidence: row.confidence, reason: 'values' as const })))
    .filter((candidate) => targetOf(object, candidate.target));
}

interface Column {
  index: number;
  header: string;
  candidates: Candidate[];
}

/** One column per target, except where texts may be joined; the surest pairs are taken first. */
function assign(object: ImportObject, columns: readonly Column[]): Map<number, Candidate> {
  const pairs = columns
    .flatMap((column) => column.candidates.map((candidate) => ({ index: column.index, candidate })))
    .sort((a, b) => b.candidate.confidence - a.candidate.confidence || a.index - b.index);
  const chosen = new Map<number, Candidate>();
  const taken = new Set<string>();
  for (const { index, candidate } of pairs) {
    const target = targetOf(object, candidate.target);
    const whole = target?.type === 'longText' || target?.type === 'tags' || target?.refuses !== undefined;
    const joins = target?.glue !== undefined && candidate.reason === 'name' && (whole || candidate.part);
    if (chosen.has(index) || (taken.has(candidate.target) && !joins)) continue;
    chosen.set(index, candidate);
    taken.add(candidate.target);
  }
  return chosen;
}

/** A required target that no column won takes the best column that could be it: the short name when no name is there. */
function promoteRequired(object: ImportObject, columns: readonly Column[], chosen: Map<number, Candidate>): void {
  const taken = new Set([...chosen.values()].map((candidate) => candidate.target));
  if (taken.has('name') || (object === 'contact' && (taken.has('firstName') || taken.has('lastName')))) return;
  const able = columns
    .map((column) => ({ column, candidate: column.candidates.find(({ target }) => target === 'name') }))
    .find(({ candidate }) => candidate !== undefined);
  if (able?.candidate) chosen.set(able.column.index, { ...able.candidate, reason: 'required' });
}

const round = (confidence: number) => Math.round(confidence * 100) / 100;
