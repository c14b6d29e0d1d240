import { isOwnObject } from '../custom-fields';
import { choiceGroupOf, type ImportPlan } from './mapping';
import { areLinks } from './places';
import { areMoves } from './stage-headers';
import { type ImportObject, type StandardImport, targetIn } from './targets';

/** Files that are loaded together, at most. */
export const mostInSet = 50;

/** Who is named by others comes first: people, products, companies, contacts, deals; what the tenant made; what is about any of them. */
const dependencies: readonly StandardImport[] = [
  'member',
  'product',
  'company',
  'contact',
  'deal',
  'task',
  'activity',
  'note',
];

/** The place of a kind in the order files should be imported in. */
function placeOf(object: ImportObject): number {
  return isOwnObject(object) ? dependencies.indexOf('deal') + 0.5 : dependencies.indexOf(object);
}

/** A list of moves or of links is about records that another file brings. */
const isHistory = ({ columns }: ImportPlan) => areLinks(columns) || areMoves(columns);

/** The kinds of records that rows of a file name, beside their own. */
function namedBy(plan: ImportPlan): Set<string> {
  const named = new Set(
    plan.columns.flatMap(({ target }) => (target === null ? [] : (targetIn(plan, target)?.to ?? []))),
  );
  named.delete(plan.object);
  return named;
}

/**
 * Files in the order of their loading: what rows of others name comes before them. Where kinds name each other in a circle
 * the usual order decides; files nobody can read come last.
 * @param planOf with the tenant's own fields, where there are any
 */
export function inOrder<T>(files: readonly T[], planOf: (file: T) => ImportPlan | null): T[] {
  const known = files.flatMap((file) => {
    const plan = planOf(file);
    if (!plan) return [];
    const place = placeOf(plan.object) + (isHistory(plan) ? 0.25 : 0);
    return [{ file, object: plan.object as string, named: namedBy(plan), place }];
  });
  const left = known.toSorted((a, b) => a.place - b.place);
  const ordered: T[] = [];
  while (left.length > 0) {
    const open = new Set(left.map(({ object }) => object));
    const free = left.findIndex(({ named }) => ![...named].some((object) => open.has(object)));
    ordered.push(...left.splice(Math.max(0, free), 1).map(({ file }) => file));
  }
  return [...ordered, ...files.filter((file) => !planOf(file))];
}

/** What is named in files of a set, and made of its name where no file of the set brings it. */
const named = ['company', 'contact', 'product'] as const;

/**
 * The plans of files that belong together. Ids without a product of their own are those of the product the others come
 * from; what a file of the set brings is not made a second time of its name; people who left are kept as people, and stages as stages.
 */
export function plansOfSet(plans: readonly ImportPlan[]): ImportPlan[] {
  const products = new Set(plans.map(({ source }) => source).filter((source) => source !== noProduct));
  const [product] = products.size === 1 ? products : [];
  const brought = new Set<string | null>(plans.map(({ object }) => choiceGroupOf(object)));
  return plans.map((plan) => ({
    ...plan,
    source: plan.source === noProduct && product ? product : plan.source,
    missing: {
      ...plan.missing,
      owner: 'create',
      stage: 'create',
      ...Object.fromEntries(named.map((group) => [group, brought.has(group) ? 'leave' : 'create'])),
    },
  }));
}

/** The source of a file that no product is recognised of. */
export const noProduct = 'file';

export const importStatuses = ['queued', 'running', 'paused', 'done', 'failed', 'cancelled'] as const;
export type ImportStatus = (typeof importStatuses)[number];

/** Whether what imports have written is taken back, all of it. */
export const areUndone = (rows: readonly { undone: boolean; changeSetId: string | null }[]): boolean =>
  rows.some(({ undone }) => undone) && rows.every(({ undone, changeSetId }) => undone || changeSetId === null);

/** How a set stands, of how its imports stand: what is under way, or waits for a person, comes first. */
export function statusOfSet(statuses: readonly ImportStatus[]): ImportStatus {
  const order: readonly ImportStatus[] = ['running', 'failed', 'paused', 'queued', 'cancelled'];
  if (statuses.includes('queued') && statuses.includes('done') && !statuses.includes('failed')) return 'running';
  return order.find((status) => statuses.includes(status)) ?? 'done';
}
