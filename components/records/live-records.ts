import type { Query, QueryClient, QueryKey } from '@tanstack/react-query';
import { type LiveNews, type LiveRecord, onLive } from '@/components/shell/live';
import { waiting } from '@/components/shell/outbox';
import type { useTRPC } from '@/components/shell/trpc';
import { isOwnObject } from '@/domain/custom-fields';
import { isRecordObject, objects } from '@/domain/objects';
import { concerns, isList, mapRows, patchRecord, pathOf, type RecordRow, recordApi, routerName } from './record-data';
import type { ObjectKey } from './use-object';

interface Deps {
  queries: QueryClient;
  trpc: ReturnType<typeof useTRPC>;
}

const recordRouters = new Set([...Object.values(objects).map(({ plural }): string => plural), 'records']);
/** Which routers are asked again when something other than a record was changed. */
const routersOfKind: Record<string, readonly string[]> = {
  tenant: ['tenant'],
  team: ['tenant', 'teams', 'members'],
  member: ['tenant', 'teams', 'members'],
  pipeline: ['tenant', 'pipelines', 'deals'],
  stage: ['tenant', 'pipelines', 'deals'],
  layout: ['tenant', 'layouts'],
  customField: ['tenant', 'fields', ...recordRouters],
  customObject: ['tenant', 'fields', 'objects', ...recordRouters],
  view: ['views'],
  queue: ['tasks'],
  comment: ['conversation', 'changes', 'notifications'],
  attachment: ['attachments', 'conversation', 'changes'],
  dealContact: ['deals', 'contacts', 'relations', 'changes'],
  contactCompany: ['contacts', 'companies', 'relations', 'changes'],
  relationLink: ['relations', 'changes'],
};
/** What says where a record stands, besides what a list filters and sorts by. */
const placing = ['stageId', 'pipelineId', 'status', 'boardOrder', 'done', 'deletedAt'];
/** More records at once than this are not asked for one by one. */
const oneByOne = 12;
/** How long lists, what surrounds them, and figures wait until they are asked again: colleagues work all the time. */
const pause = { list: 1500, around: 2000, figures: 15_000 };

/**
 * Keeps what is on the screen as colleagues leave it. A record that is shown is asked for once and put in its place
 * everywhere; lists are asked again only where the change says that they may hold other records now, in another order.
 * @returns ends it
 */
export function startLiveRecords(deps: Deps): () => void {
  const live = new LiveRecords(deps);
  return () => live.stop();
}

type Wanted = (query: Query) => boolean;

class LiveRecords {
  private readonly queries: QueryClient;
  private readonly trpc: Deps['trpc'];
  /** Changes this tab made itself: the answer to them has been dealt with. */
  private readonly own = new Set<string>();
  /** What waits for the end of a pause, by its name. */
  private readonly turns = new Map<string, Wanted[]>();
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  private held: LiveNews[] = [];
  private readonly ends: (() => void)[];

  constructor({ queries, trpc }: Deps) {
    this.queries = queries;
    this.trpc = trpc;
    this.ends = [
      onLive((news) => {
        this.held.push(news);
        this.work();
      }),
      queries.getMutationCache().subscribe(({ mutation }) => {
        const data: unknown = mutation?.state.data;
        if (typeof data === 'object' && data && 'changeSetId' in data) this.own.add(String(data.changeSetId));
        const [oldest] = this.own;
        if (this.own.size > 500 && oldest) this.own.delete(oldest);
        this.work();
      }),
    ];
  }

  stop(): void {
    for (const end of this.ends) end();
    for (const timer of this.timers) clearTimeout(timer);
  }

  /** While this person's own change is on its way, what is told may be older than what they see. */
  private work(): void {
    if (this.held.length === 0 || this.queries.isMutating() > 0) return;
    const held = this.held;
    this.held = [];
    for (const news of held) this.apply(news);
  }

  private apply({ all, records, kinds, many }: LiveNews): void {
    if (all) {
      void this.queries.invalidateQueries();
      return;
    }
    for (const kind of kinds) this.again(routersOfKind[kind] ?? []);
    const foreign = records.filter(({ set }) => !set || !this.own.has(set));
    for (const [object, list] of Map.groupBy(foreign, (record) => record.object)) {
      if (!isRecordObject(object) && !isOwnObject(object)) continue;
      const gone = list.filter(({ op }) => op === 'delete' || op === 'gone');
      for (const { id } of gone) this.remove(object, id);
      this.refresh(
        object,
        list.filter((record) => !gone.includes(record)),
      );
      this.around(object);
    }
    for (const object of many) {
      if (!isRecordObject(object) && !isOwnObject(object)) continue;
      this.inTurn(`many ${object}`, pause.list, ({ queryKey }) => concerns(queryKey, object));
      this.around(object);
    }
  }

  /** A record that went, or that is not this person's to see any more. */
  private remove(object: ObjectKey, id: string): void {
    this.queries.setQueriesData({ predicate: ({ queryKey }) => isList(queryKey, object) }, (data: unknown) =>
      mapRows(data, (row) => (row.id === id ? null : row)),
    );
    const { queryKey } = recordApi(this.trpc, object).get.queryOptions({ id });
    void this.queries.invalidateQueries({ queryKey });
  }

  private refresh(object: ObjectKey, list: readonly LiveRecord[]): void {
    if (list.length === 0) return;
    const waits = new Set(waiting().map(({ input }) => idIn(input)));
    const shown = this.shown(object);
    const known = list.filter(({ id }) => shown.has(id) && !waits.has(id));
    const isMuch = known.length > oneByOne;
    if (!isMuch) for (const { id } of known) void this.renew(object, id, shown.get(id));
    const made = list.some(({ id, op }) => op === 'create' && !shown.has(id));
    const moved = list.some(({ id }) => !shown.has(id));
    // A record nobody sees here may belong into a list that is limited by something.
    if (made || moved || isMuch)
      this.inTurn(
        `lists ${object}`,
        pause.list,
        ({ queryKey }) => isList(queryKey, object) && (made || isMuch || isLimited(queryKey)),
      );
    void this.queries.invalidateQueries({
      predicate: (query) => concerns(query.queryKey, object) && !query.isActive(),
      refetchType: 'none',
    });
  }

  /** Asks for a record that is shown, and puts it wherever it is. */
  private async renew(object: ObjectKey, id: string, before: RecordRow | undefined): Promise<void> {
    const options = recordApi(this.trpc, object).get.queryOptions({ id });
    try {
      const row: RecordRow = await this.queries.fetchQuery({ ...options, staleTime: 0 });
      const now = this.shown(object).get(id);
      // Changed here meanwhile: asked again when that is done.
      if (this.queries.isMutating() > 0 || (now && now.version > row.version)) {
        this.held.push(oneOf(object, id));
        this.timers.add(setTimeout(() => this.work(), 500));
        return;
      }
      patchRecord(this.queries, object, id, row, row.refs);
      const changed = before ? namesThatDiffer(before, row) : [];
      if (changed.length > 0)
        this.inTurn(
          `lists ${object}`,
          pause.list,
          ({ queryKey }) => isList(queryKey, object) && isPlacedBy(queryKey, changed),
        );
    } catch {
      // Gone since, or off line: what comes next tells.
    }
  }

  /** Records of a kind that are on the screen, with what is known of them. */
  private shown(object: ObjectKey): Map<string, RecordRow> {
    const rows = new Map<string, RecordRow>();
    const active = this.queries.getQueryCache().findAll({ type: 'active' });
    for (const { queryKey, state } of active) {
      if (!concerns(queryKey, object)) continue;
      mapRows(state.data, (row) => {
        rows.set(row.id, { ...rows.get(row.id), ...row });
        return row;
      });
    }
    return rows;
  }

  /** Totals, timelines, links, and figures, which follow from records. */
  private around(object: ObjectKey): void {
    const router = routerName(object);
    this.inTurn(`around ${object}`, pause.around, ({ queryKey }) => {
      const [of = '', procedure = ''] = pathOf(queryKey);
      if (of === 'changes' || of === 'relations' || (of === 'views' && procedure === 'groups')) return true;
      if (of === router && procedure === 'list') return false;
      return recordRouters.has(of) && !['list', 'get', 'column'].includes(procedure);
    });
    // Whoever is given a record is told so.
    const figures = ['reports', 'notifications'];
    this.inTurn('figures', pause.figures, ({ queryKey }) => figures.includes(pathOf(queryKey)[0] ?? ''));
  }

  private again(routers: readonly string[]): void {
    if (routers.length === 0) return;
    this.inTurn(`kinds ${routers.join()}`, pause.around, ({ queryKey }) => routers.includes(pathOf(queryKey)[0] ?? ''));
  }

  /** At once the first time; what is asked for within a while after is done together at its end. */
  private inTurn(name: string, ms: number, wanted: Wanted): void {
    const turn = this.turns.get(name);
    if (turn) {
      turn.push(wanted);
      return;
    }
    void this.queries.invalidateQueries({ predicate: wanted });
    const later: Wanted[] = [];
    this.turns.set(name, later);
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.turns.delete(name);
      if (later.length > 0) this.inTurn(name, ms, (query) => later.some((each) => each(query)));
    }, ms);
    this.timers.add(timer);
  }
}

const oneOf = (object: ObjectKey, id: string): LiveNews => ({
  at: '',
  all: false,
  records: [{ object, id, op: 'update' }],
  kinds: [],
  many: [],
});

function idIn(input: unknown): unknown {
  return typeof input === 'object' && input && 'id' in input ? input.id : undefined;
}

/** What a query was asked with: the second part of tRPC's keys. */
function inputOf(key: QueryKey): Record<string, unknown> {
  const about = key[1];
  const input: unknown = typeof about === 'object' && about && 'input' in about ? about.input : undefined;
  return typeof input === 'object' && input ? { ...input } : {};
}

/** Whether a list does not hold all records of its kind. */
function isLimited(key: QueryKey): boolean {
  const { filter, q } = inputOf(key);
  return Boolean(filter || q) || pathOf(key)[1] === 'column';
}

/** Whether a list is filtered or sorted by one of these fields, so that a record may stand elsewhere now. */
function isPlacedBy(key: QueryKey, changed: readonly string[]): boolean {
  if (changed.some((name) => placing.includes(name))) return true;
  const asked = JSON.stringify({ ...inputOf(key), columns: undefined });
  return changed.some((name) => asked.includes(`"${name}"`));
}

function namesThatDiffer(before: RecordRow, after: RecordRow): string[] {
  const [old, next]: Record<string, unknown>[] = [before, after];
  if (!old || !next) return [];
  return Object.keys(old).filter(
    (name) => name !== 'refs' && name in next && JSON.stringify(old[name]) !== JSON.stringify(next[name]),
  );
}
