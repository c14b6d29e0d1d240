import type { ImportPlan } from '@/domain/imports/mapping';
import { domainKey, emailKey, nameKey } from '@/domain/imports/matching';
import { type PlannedRow, planRow, type Ref } from '@/domain/imports/rows';
import { type ValueTally, valueTally } from '@/domain/imports/tally';
import type { Target } from '@/domain/imports/targets';
import { readRows } from './rows';

/** What one reading of a whole file tells before anything is decided about its rows. */
export interface Scan {
  /** Rows with something in them. */
  rows: number;
  tally: ValueTally;
  /**
   * Rows that name another row of the same file as their parent come after it: the pass each of them belongs to.
   * Rows that are not in here belong to the first.
   */
  levels: Map<number, number>;
  passes: number;
  /** Targets by which a row names one that, in the end, names it: they cannot be followed within one import. */
  loops: Map<number, Set<string>>;
  /** Names in relations that stand for rows whose turn comes later (`nameAt`): those make the link. */
  later: Map<number, Set<string>>;
  /** The links that a row makes for rows before it. */
  owed: Map<number, Owed[]>;
}

/** A link that a row before this one asks for. */
interface Owed {
  target: string;
  /** How the record of that row is found. */
  from: Ref;
}

/** The place of a name among those of a target's cell, as `later` has it. */
export const nameAt = (target: string, place: number): string => `${target} ${place}`;

/** Columns by which a row may name another row of its own file. */
const ownReferences: Record<string, string> = { company: 'parent', contact: 'reportsTo' };

/** Reads a file once from end to end. */
export async function scanFile(tenantId: string, fileId: string, plan: ImportPlan): Promise<Scan> {
  const { add, tally } = valueTally(plan);
  const above = ownReferences[plan.object];
  const isTaken = (name: string) =>
    plan.columns.some(({ target }) => target === name || target === `${name}ExternalId`);
  const own = selfTargets(plan).filter(({ name }) => isTaken(name));
  const links = own.filter(({ type }) => type === 'relation').map(({ name }) => name);
  const names = [
    ...(above && isTaken(above) ? [above] : []),
    ...own.filter(({ type }) => type !== 'relation').map(({ name }) => name),
  ];
  const family = new Family(names, above, links);
  let rows = 0;
  for await (const { row, cells } of readRows(tenantId, fileId, plan)) {
    if (cells.every((cell) => cell.trim() === '')) continue;
    rows++;
    add(cells);
    if (names.length + links.length > 0) family.add(row, planRow(plan, cells));
  }
  return { rows, tally, ...family.levels() };
}

/** Own fields by which rows name others of their kind. */
const selfTargets = (plan: ImportPlan): Target[] =>
  (plan.own ?? []).filter(({ to, idOf }) => to === plan.object && !idOf);

/** Who names whom among the rows of a file. */
class Family {
  private readonly rowByKey = new Map<string, number>();
  private readonly named = new Map<number, { target: string; keys: string[] }[]>();
  private readonly linked = new Map<number, { self: Ref; list: { target: string; place: number; keys: string[] }[] }>();
  private readonly targets: readonly string[];
  private readonly above: string | undefined;
  private readonly links: readonly string[];

  /**
   * @param above of the targets the one that is an order: nothing may stand above itself
   * @param links relations: rows named in them need not come first, since either end can make the link
   */
  constructor(targets: readonly string[], above: string | undefined, links: readonly string[]) {
    this.targets = targets;
    this.above = above;
    this.links = links;
  }

  add(row: number, planned: PlannedRow): void {
    if (planned.refused) return;
    for (const key of keysOf(planned)) if (!this.rowByKey.has(key)) this.rowByKey.set(key, row);
    const list = this.targets.flatMap((target) => {
      const ref = planned.refs[target]?.[0];
      return ref ? [{ target, keys: namedBy(ref) }] : [];
    });
    if (list.length > 0) this.named.set(row, list);
    const linked = this.links.flatMap((target) =>
      (planned.refs[target] ?? []).map((ref, place) => ({ target, place, keys: namedBy(ref) })),
    );
    if (linked.length > 0) this.linked.set(row, { self: selfOf(planned), list: linked });
  }

  levels(): Omit<Scan, 'rows' | 'tally'> {
    const edges = new Map<number, { target: string; to: number }[]>();
    for (const [row, list] of this.named) {
      const found = list.flatMap(({ target, keys }) => {
        const to = this.rowOf(keys);
        return to === undefined ? [] : [{ target, to }];
      });
      edges.set(row, found);
    }
    const loops = new Map<number, Set<string>>();
    const cut = (row: number, target: string) => loops.set(row, (loops.get(row) ?? new Set()).add(target));
    if (this.above) for (const row of circles(edges, this.above)) cut(row, this.above);
    const levels = new Map<number, number>();
    const isCut = (row: number, target: string) => loops.get(row)?.has(target) ?? false;
    for (const start of edges.keys()) settle(start, edges, levels, isCut, cut);
    const passes = [...levels.values()].reduce((most, level) => Math.max(most, level), 0) + 1;
    return { levels, passes, loops, ...this.inTurn((row) => levels.get(row) ?? 0) };
  }

  private rowOf(keys: readonly string[]): number | undefined {
    return keys.map((key) => this.rowByKey.get(key)).find((known) => known !== undefined);
  }

  /** Which links wait for a later row, and what each of those owes. */
  private inTurn(levelOf: (row: number) => number): Pick<Scan, 'later' | 'owed'> {
    const later: Scan['later'] = new Map();
    const owed: Scan['owed'] = new Map();
    for (const [row, { self, list }] of this.linked) {
      for (const { target, place, keys } of list) {
        const to = this.rowOf(keys);
        if (to === undefined || (levelOf(to) - levelOf(row) || to - row) <= 0) continue;
        later.set(row, (later.get(row) ?? new Set()).add(nameAt(target, place)));
        const links = owed.get(to) ?? [];
        links.push({ target, from: self });
        owed.set(to, links);
      }
    }
    return { later, owed };
  }
}

/** The keys of the row that a name means. */
const namedBy = ({ sourceId, by, key }: Ref) => [...(sourceId ? [`id:${sourceId}`] : []), `${by}:${key}`];

/** How a row's record is found once it is made: by the surest of what the row says. */
function selfOf({ externalId, values }: PlannedRow): Ref {
  const text = String(values.name);
  const named = { text, sourceId: externalId };
  if (typeof values.email === 'string') return { ...named, by: 'email', key: emailKey(values.email) };
  const domain = typeof values.domain === 'string' ? domainKey(values.domain) : null;
  if (domain) return { ...named, by: 'domain', key: domain };
  return { ...named, by: 'name', key: nameKey(text) || text.normalize('NFKC').toLowerCase() };
}

type Edges = Map<number, { target: string; to: number }[]>;

/** Rows on a circle of one target, of which each row has one at most; those that hang below a circle are not on it. */
function circles(edges: Edges, target: string): number[] {
  const next = (row: number) => edges.get(row)?.find((edge) => edge.target === target)?.to;
  const done = new Set<number>();
  const found: number[] = [];
  for (const start of edges.keys()) {
    const path: number[] = [];
    const seen = new Set<number>();
    let row: number | undefined = start;
    while (row !== undefined && !seen.has(row) && !done.has(row)) {
      path.push(row);
      seen.add(row);
      row = next(row);
    }
    if (row !== undefined && seen.has(row)) found.push(...path.slice(path.indexOf(row)));
    for (const each of path) done.add(each);
  }
  return found;
}

/** Gives a row the pass after those of the rows it names. Where rows name each other in a circle, it is cut at one place. */
function settle(
  start: number,
  edges: Edges,
  levels: Map<number, number>,
  isCut: (row: number, target: string) => boolean,
  cut: (row: number, target: string) => void,
): void {
  const onPath = new Set([start]);
  const path = [{ row: start, at: 0, level: 0 }];
  // A path as long as the file would be too deep for calls within calls.
  for (let step = path.at(-1); step; step = path.at(-1)) {
    const { row } = step;
    const known = levels.get(row);
    const edge = known === undefined ? edges.get(row)?.[step.at++] : undefined;
    if (edge && !isCut(row, edge.target)) {
      if (onPath.has(edge.to)) cut(row, edge.target);
      else {
        onPath.add(edge.to);
        path.push({ row: edge.to, at: 0, level: 0 });
      }
    } else if (!edge) {
      path.pop();
      onPath.delete(row);
      const level = known ?? step.level;
      levels.set(row, level);
      const below = path.at(-1);
      if (below) below.level = Math.max(below.level, level + 1);
    }
  }
}

function keysOf({ externalId, values }: PlannedRow): string[] {
  const keys: string[] = [];
  if (externalId) keys.push(`id:${externalId}`);
  if (typeof values.name === 'string')
    keys.push(`name:${nameKey(values.name) || values.name.normalize('NFKC').toLowerCase()}`);
  if (typeof values.email === 'string') keys.push(`email:${emailKey(values.email)}`);
  const domain = typeof values.domain === 'string' ? domainKey(values.domain) : null;
  if (domain) keys.push(`domain:${domain}`);
  return keys;
}
