import { isOwnObject } from '../custom-fields';
import { headerKey, trigramSimilarity } from './keys';
import { type Shape, type ShapeShares, shapeOf } from './shapes';
import { ignoredHeaders, ownRecordSynonyms, productMarks, synonyms, unsupportedMarks } from './synonyms';
import { type ImportObject, importObjects, type StandardImport, type Target, targetOf } from './targets';

export const sourceProducts = ['hubspot', 'salesforce', 'pipedrive'] as const;
export type SourceProduct = (typeof sourceProducts)[number];

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
}

export interface FileGuess {
  object: StandardImport | null;
  confidence: number;
  /** The product that wrote the file. */
  product: SourceProduct | null;
  productConfidence: number;
  /** The file holds records that imports do not take. */
  unsupported: keyof typeof unsupportedMarks | null;
}

interface Candidate {
  target: string;
  confidence: number;
  reason: MatchReason;
  /** The header names a part of the target. */
  part?: boolean;
}

/** Says for every column of a file which target of the object it is, judged by its name and its values. */
export function matchColumns(
  object: ImportObject,
  headers: readonly string[],
  rows: readonly string[][] = [],
): ColumnMatch[] {
  const columns = headers.map((header, index) => {
    const shape = shapeOf(rows.map((row) => row[index] ?? ''));
    return { index, header, candidates: candidatesOf(object, header, shape) };
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
    const ignored = ignoredKeys.has(headerKey(splitEntity(header).rest));
    return {
      index,
      header,
      target: null,
      confidence: ignored ? 0.9 : 0,
      reason: { code: ignored ? 'ignored' : 'none' },
    };
  });
}

/** Whether a text is a header that some object knows; tells a header row from data. */
export function isKnownHeader(header: string): boolean {
  const { rest } = splitEntity(header);
  const key = headerKey(rest);
  return ignoredKeys.has(key) || importObjects.some((object) => (dictionaries.get(object)?.get(key)?.length ?? 0) > 0);
}

/** Which object a file holds and which product wrote it. */
export function guessFile(headers: readonly string[], rows: readonly string[][] = [], fileName = ''): FileGuess {
  const keys = headers.map(headerKey);
  const unsupported = unsupportedOf(headers, keys);
  const { product, confidence: productConfidence } = productOf(headers, keys);
  const scores = importObjects
    .map((object) => ({ object, score: scoreOf(object, headers, rows, fileName) }))
    .sort((a, b) => b.score - a.score);
  const [first, second] = scores;
  if (unsupported || !first || first.score < 0.35) {
    return { object: null, confidence: 0, product, productConfidence, unsupported };
  }
  // Half for what is explained, half for the distance to the next best.
  const lead = first.score - (second?.score ?? 0);
  const confidence = round(Math.min(0.99, Math.min(0.5, first.score * 0.8) + Math.min(0.5, lead * 2)));
  return { object: first.object, confidence, product, productConfidence, unsupported };
}

const ignoredKeys = keysOf(ignoredHeaders);

/** Per object: header key to candidates. Built once from the tables. */
const dictionaries = new Map(importObjects.map((object) => [object, dictionaryOf(synonyms[object])]));
const ownDictionary = dictionaryOf(ownRecordSynonyms);
const dictionaryFor = (object: ImportObject) => (isOwnObject(object) ? ownDictionary : dictionaries.get(object));

function dictionaryOf(words: Record<string, string>): Map<string, Candidate[]> {
  const dictionary = new Map<string, Candidate[]>();
  for (const [target, list] of Object.entries(words)) {
    const names = [target, ...list.split(',')].map((name) => name.trim());
    for (const [rank, name] of names.entries()) {
      const weak = name.startsWith('~');
      const key = headerKey(name);
      const confidence = weak ? 0.9 : Math.max(0.96, 0.99 - rank * 0.002);
      const known = dictionary.get(key) ?? [];
      const part = name.startsWith('+');
      if (!known.some((candidate) => candidate.target === target))
        known.push({ target, confidence, reason: 'name', part });
      dictionary.set(key, known);
    }
  }
  return dictionary;
}

function keysOf(list: string): Set<string> {
  return new Set(list.split(',').map((name) => headerKey(name)));
}

/** Words before ` - ` in Pipedrive's headers, by our names. */
const entities: Record<string, ImportObject | 'other'> = {
  person: 'contact',
  organization: 'company',
  deal: 'deal',
  product: 'product',
  lead: 'other',
  activity: 'other',
  note: 'other',
};

function splitEntity(text: string): { entity: ImportObject | 'other' | null; rest: string } {
  const header = text.slice(0, 200).trim();
  const parts = /^\s*(\p{L}+)\s+-\s+(.+)$/u.exec(header);
  const entity = entities[parts?.[1]?.toLowerCase() ?? ''];
  if (entity && parts?.[2]) return { entity, rest: parts[2] };
  // Salesforce's own fields end in `__c`, those of packages begin with the package too.
  const custom = /^\s*(?:[a-z]\w*?__)?(\w+?)__c\s*$/i.exec(header);
  return { entity: null, rest: custom?.[1] ?? header };
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
};

function candidatesOf(object: ImportObject, header: string, shape: ShapeShares): Candidate[] {
  const { entity, rest } = splitEntity(header);
  const key = headerKey(rest);
  if (entity !== null && entity !== object) {
    const suffix = foreign[key];
    const target = suffix === undefined ? undefined : targetOf(object, `${entity}${suffix}`);
    return target ? [{ target: target.name, confidence: 0.97, reason: 'name' }] : [];
  }
  const numberless = key.replace(/\d+$/, '');
  const named =
    lookUp(object, key, 1, 'name') ??
    lookUp(object, numberless, 0.8, 'similar') ??
    lookUp(object, headerKey(rest.replace(/\s*\([^()]*\)\s*$/, '')), 0.9, 'similar') ??
    (isOwnObject(object) ? undefined : lookUp(object, key.replace(ownWords[object], ''), 0.9, 'similar')) ??
    (ignoredKeys.has(key) ? [] : nearest(object, key));
  const judged = named.map((candidate) => judge(object, candidate, shape));
  const shown = judged.filter((candidate) => candidate.confidence >= 0.4);
  if (shown.length > 0 || ignoredKeys.has(key) || named.length > 0)
    return shown.sort((a, b) => b.confidence - a.confidence);
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
    if (score > bestScore) {
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
  if (!target || shape.filled === 0) return candidate;
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
    const whole = target?.type === 'longText' || target?.type === 'tags';
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

function unsupportedOf(headers: readonly string[], keys: readonly string[]): FileGuess['unsupported'] {
  const prefixed = headers.map((header) => splitEntity(header).entity);
  if (prefixed.some((entity) => entity !== null && entity !== 'other')) return null;
  if (prefixed.filter((entity) => entity === 'other').length > headers.length / 2) {
    const word = headers[0]?.split(' - ')[0]?.trim().toLowerCase();
    return word === 'lead' ? 'lead' : word === 'note' ? 'note' : 'activity';
  }
  for (const [kind, list] of Object.entries(unsupportedMarks)) {
    const marks = keysOf(list);
    // The keys of the table are the kinds.
    if (keys.filter((key) => marks.has(key)).length >= 2) return kind as keyof typeof unsupportedMarks;
  }
  return null;
}

function productOf(
  headers: readonly string[],
  keys: readonly string[],
): { product: SourceProduct | null; confidence: number } {
  const prefixed = headers.filter((header) => splitEntity(header).entity !== null).length;
  if (prefixed > headers.length / 2)
    return { product: 'pipedrive', confidence: round(0.7 + (0.29 * prefixed) / headers.length) };
  const custom = headers.filter((header) => /__c$/i.test(header.trim())).length;
  const counted = [
    { product: 'hubspot' as const, marks: count(keys, productMarks.hubspot) },
    { product: 'salesforce' as const, marks: count(keys, productMarks.salesforce) + 2 * custom },
  ].sort((a, b) => b.marks - a.marks);
  const [first, second] = counted;
  if (!first || first.marks < 2 || first.marks === second?.marks) return { product: null, confidence: 0 };
  return {
    product: first.product,
    confidence: round(Math.min(0.98, 0.5 + 0.12 * (first.marks - (second?.marks ?? 0)))),
  };
}

function count(keys: readonly string[], list: string): number {
  const marks = keysOf(list);
  return keys.filter((key) => marks.has(key)).length;
}

/** Words in a file's or a header's name that say the object outright. */
const objectMarks: Record<StandardImport, RegExp> = {
  company: /compan|account|organi[sz]ation|公司|客户|企业/i,
  contact: /contact|people|person|联系人/i,
  deal: /deal|opportunit|pipeline|商机|交易|业务机会/i,
  product: /product|产品|商品/i,
  member: /member|team|users?\b|employee|agent|成员|员工|团队/i,
};

/** How well a file fits an object: the columns it explains, what only it has, and what the file calls itself. */
function scoreOf(
  object: StandardImport,
  headers: readonly string[],
  rows: readonly string[][],
  fileName: string,
): number {
  const entitiesSeen = headers.map((header) => splitEntity(header).entity);
  const prefixed = entitiesSeen.filter((entity) => entity !== null);
  if (prefixed.length > headers.length / 2)
    return prefixed.filter((entity) => entity === object).length / prefixed.length;
  const matches = matchColumns(object, headers, rows);
  const useful = matches.filter((match) => match.reason.code !== 'ignored');
  const explained =
    useful.reduce((sum, match) => sum + match.confidence * (match.target ? 1 : 0), 0) / Math.max(1, useful.length);
  const own =
    matches.filter((match) => match.target !== null && !shared.has(match.target)).length / Math.max(1, useful.length);
  const key = matches.some(
    (match) => match.target === 'name' || match.target === 'externalId' || match.target === 'lastName',
  )
    ? 0.1
    : 0;
  const idNamed = headers.some((header) => /id$|编号$/i.test(header.trim()) && objectMarks[object].test(header))
    ? 0.1
    : 0;
  const fileNamed = objectMarks[object].test(fileName) ? 0.1 : 0;
  return explained * 0.7 + own * 0.2 + key + idNamed + fileNamed - (key === 0 ? 0.2 : 0);
}

/** Targets that several objects have say little about which object it is. */
const shared = new Set(
  importObjects.flatMap((object) => Object.keys(synonyms[object])).filter((name, i, all) => all.indexOf(name) !== i),
);

const round = (confidence: number) => Math.round(confidence * 100) / 100;
