import { isOwnObject } from '../custom-fields';
import type { MatchReason } from './columns';
import { headerKey, keysOf } from './keys';
import { languages } from './products/languages';
import { products, type SourceProduct } from './products/products';
import { ignoredHeaders, ownRecordSynonyms, synonyms } from './synonyms';
import { type ImportObject, importObjects, type StandardImport } from './targets';

export interface Candidate {
  target: string;
  confidence: number;
  reason: MatchReason;
  /** The header names a part of the target. */
  part?: boolean;
}

/** Header key to what it may mean. */
type Dictionary = Map<string, Candidate[]>;

/** Built once from the tables. */
const dictionaries = new Map<ImportObject, Dictionary>(
  importObjects.map((object) => [object, dictionaryOf(synonyms[object], languages[object] ?? {})]),
);
const ownDictionary = dictionaryOf(ownRecordSynonyms);
const ofProducts = new Map(
  Object.entries(products).map(([product, { words, ignored }]) => [
    product,
    {
      ignored: keysOf(ignored ?? ''),
      objects: new Map(Object.entries(words ?? {}).map(([object, list]) => [object, dictionaryOf(list)])),
    },
  ]),
);
const ignoredKeys = keysOf(ignoredHeaders);

/** What headers mean in files of an object, whoever wrote them. */
export function dictionaryFor(object: ImportObject): Dictionary | undefined {
  return isOwnObject(object) ? ownDictionary : dictionaries.get(object);
}

/** What a header means in the files of a product, which has the last word on its own. */
export function productCandidates(
  product: SourceProduct | null,
  object: ImportObject,
  key: string,
): Candidate[] | undefined {
  return product === null ? undefined : ofProducts.get(product)?.objects.get(object)?.get(key);
}

/** Whether such columns say nothing an import needs, whoever wrote them. */
export const isIgnored = (key: string): boolean => ignoredKeys.has(key);

/** Whether a column of a product says nothing, although elsewhere a column of that name might. */
export function isNothingIn(product: SourceProduct | null, key: string): boolean {
  return product !== null && ofProducts.get(product)?.ignored.has(key) === true;
}

/** Whether some object knows a header of that key. */
export function isKnownKey(key: string): boolean {
  return isIgnored(key) || importObjects.some((object) => (dictionaries.get(object)?.get(key)?.length ?? 0) > 0);
}

/** Objects of which a target is one only a few have say more about a file than those all have. */
export const sharedTargets: ReadonlySet<string> = new Set(
  importObjects
    .flatMap((object: StandardImport) => Object.keys(synonyms[object]))
    .filter((name, i, all) => all.indexOf(name) !== i),
);

function dictionaryOf(...tables: Record<string, string>[]): Dictionary {
  const dictionary: Dictionary = new Map();
  for (const words of tables) {
    for (const [target, list] of Object.entries(words)) {
      const names = [target, ...list.split(',')].map((name) => name.trim());
      for (const [rank, name] of names.entries()) add(dictionary, target, name, rank);
    }
  }
  return dictionary;
}

function add(dictionary: Dictionary, target: string, name: string, rank: number): void {
  const weak = name.startsWith('~');
  const key = headerKey(name);
  if (key === '') return;
  const confidence = weak ? 0.9 : Math.max(0.96, 0.99 - rank * 0.002);
  const known = dictionary.get(key) ?? [];
  const part = name.startsWith('+');
  if (!known.some((candidate) => candidate.target === target)) known.push({ target, confidence, reason: 'name', part });
  dictionary.set(key, known);
}
