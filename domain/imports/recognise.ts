import { idHeader, ownSource } from '../exports';
import { isActivityObject } from './activity-targets';
import { matchColumns } from './columns';
import { sharedTargets } from './dictionary';
import { splitEntity } from './headers';
import { headerKey, keysOf } from './keys';
import { ownLinksOf } from './products/guanxi-links';
import { products, type SourceProduct, sourceProducts } from './products/products';
import { unsupportedMarks } from './synonyms';
import { importObjects, type StandardImport } from './targets';

export interface FileGuess {
  object: StandardImport | null;
  confidence: number;
  /** The product that wrote the file. */
  product: SourceProduct | null;
  productConfidence: number;
  /** The file holds records that imports do not take. */
  unsupported: keyof typeof unsupportedMarks | null;
}

/** Which object a file holds and which product wrote it. */
export function guessFile(headers: readonly string[], rows: readonly string[][] = [], fileName = ''): FileGuess {
  const linked = ownLinksOf(headers);
  if (linked) return { object: linked, confidence: 0.99, product: ownSource, productConfidence: 1, unsupported: null };
  const keys = headers.map(headerKey);
  const unsupported = unsupportedOf(headers, keys);
  const { product, confidence: productConfidence } = guessProduct(headers, rows);
  const isAccounts = keys.filter((key) => signInMarks.has(key)).length >= fewestMarks;
  const scores = importObjects
    .map((object) => ({
      object,
      score: object === 'member' && isAccounts ? 1 : scoreOf(object, headers, rows, fileName, product),
    }))
    .sort((a, b) => b.score - a.score);
  const first = scores[0];
  // Files of tasks, calls, meetings and notes have the same columns: which of them it is called makes no difference.
  const second = scores.find(({ object }) => familyOf(object) !== familyOf(first?.object));
  if (unsupported || !first || first.score < 0.35) {
    return { object: null, confidence: 0, product, productConfidence, unsupported };
  }
  // Half for what is explained, half for the distance to the next best.
  const lead = first.score - (second?.score ?? 0);
  const confidence = round(Math.min(0.99, Math.min(0.5, first.score * 0.8) + Math.min(0.5, lead * 2)));
  return { object: first.object, confidence, product, productConfidence, unsupported };
}

const familyOf = (object: StandardImport | undefined) =>
  object !== undefined && isActivityObject(object) ? 'activity' : object;

const marks = new Map(sourceProducts.map((product) => [product, keysOf(products[product].marks)]));
/** What a header of a product's own form, and a column of its own ids, count beside a mark. */
const weights = { mark: 1, form: 2, ids: 3 };
/** One word may be anybody's. */
const fewestMarks = 2;

/** The product that wrote a file, by headers and ids that are only its own; null when none stands out. */
export function guessProduct(
  headers: readonly string[],
  rows: readonly string[][] = [],
): { product: SourceProduct | null; confidence: number } {
  const prefixed = headers.filter((header) => splitEntity(header).entity !== null).length;
  if (prefixed > headers.length / 2)
    return { product: 'pipedrive', confidence: round(0.7 + (0.29 * prefixed) / headers.length) };
  const keys = headers.map(headerKey);
  // Nobody else writes it, and nothing else says it more surely.
  if (keys.includes(headerKey(idHeader))) return { product: ownSource, confidence: 1 };
  const [first, second] = sourceProducts
    .map((product) => ({ product, score: markedBy(product, headers, keys, rows) }))
    .sort((a, b) => b.score - a.score);
  if (!first || first.score < fewestMarks || first.score === second?.score) return { product: null, confidence: 0 };
  return {
    product: first.product,
    confidence: round(Math.min(0.98, 0.5 + 0.12 * (first.score - (second?.score ?? 0)))),
  };
}

function markedBy(
  product: SourceProduct,
  headers: readonly string[],
  keys: readonly string[],
  rows: readonly string[][],
): number {
  const known = marks.get(product);
  const { form, ids } = products[product];
  const marked = keys.filter((key) => known?.has(key)).length;
  const formed = form ? headers.filter((header) => form.test(header.slice(0, 200).trim())).length : 0;
  return weights.mark * marked + weights.form * formed + (ids && hasIds(ids, headers, rows) ? weights.ids : 0);
}

/** Whether a column holds nothing but ids of a form. */
function hasIds(form: RegExp, headers: readonly string[], rows: readonly string[][]): boolean {
  const sample = rows.slice(0, 50);
  return headers.some((_, index) => {
    const filled = sample.map((row) => (row[index] ?? '').slice(0, 60).trim()).filter((cell) => cell !== '');
    return filled.length > 0 && filled.every((cell) => form.test(cell));
  });
}

const placeless = Object.entries(unsupportedMarks).map(
  // The keys of the table are the kinds.
  ([kind, { least, marks }]) => [kind as keyof typeof unsupportedMarks, { least, known: keysOf(marks) }] as const,
);

function unsupportedOf(headers: readonly string[], keys: readonly string[]): FileGuess['unsupported'] {
  const prefixed = headers.map((header) => splitEntity(header).entity);
  if (prefixed.some((entity) => entity !== null && entity !== 'other')) return null;
  if (prefixed.filter((entity) => entity === 'other').length > headers.length / 2) return 'lead';
  for (const [kind, { least, known }] of placeless)
    if (keys.filter((key) => known.has(key)).length >= least) return kind;
  return null;
}

/** Columns of those who sign in to a product, and of nobody else: their names and addresses are like any person's. */
const signInMarks = keysOf('username, user name, user role id, profile id, last login date, user permissions');

/** Words in a file's or a header's name that say the object outright. */
const objectMarks: Record<StandardImport, RegExp> = {
  company: /compan|account|organi[sz]ation|公司|客户|企业|empresa|unternehmen|firmen|entreprise|会社/i,
  contact: /contact|people|person|联系人|通讯录|kontakt|contato|コンタクト/i,
  deal: /deal|opportunit|pipeline|商机|交易|业务机会|negocio|negócio|transaction|取引/i,
  product: /product|产品|商品|produkt|produit|製品/i,
  member: /member|team|users?\b|employee|agent|成员|员工|团队/i,
  task: /task|to-?do|任务|待办/i,
  activity: /activit|engagement|events?\b|calls?\b|meetings?\b|活动|通话|会议/i,
  note: /notes?\b|笔记|备注/i,
};

/** How well a file fits an object: the columns it explains, what only it has, and what the file calls itself. */
function scoreOf(
  object: StandardImport,
  headers: readonly string[],
  rows: readonly string[][],
  fileName: string,
  product: SourceProduct | null,
): number {
  const entitiesSeen = headers.map((header) => splitEntity(header).entity);
  const prefixed = entitiesSeen.filter((entity) => entity !== null);
  if (prefixed.length > headers.length / 2)
    return prefixed.filter((entity) => entity === object).length / prefixed.length;
  const matches = matchColumns(object, headers, rows, product);
  const useful = matches.filter((match) => match.reason.code !== 'ignored');
  const explained =
    useful.reduce((sum, match) => sum + match.confidence * (match.target ? 1 : 0), 0) / Math.max(1, useful.length);
  const own =
    matches.filter((match) => match.target !== null && !sharedTargets.has(match.target)).length /
    Math.max(1, useful.length);
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

const round = (confidence: number) => Math.round(confidence * 100) / 100;
