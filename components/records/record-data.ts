'use client';

import { type QueryClient, type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { v7 } from 'uuid';
import { useBoot } from '@/components/shell/boot';
import { useRefusalText } from '@/components/shell/errors';
import { useLabels } from '@/components/shell/labels';
import { show } from '@/components/shell/optimistic';
import { noteBase, noteTakeBack } from '@/components/shell/outbox';
import { type Inputs, type Outputs, useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { useSeriesQuestion } from '@/components/tasks/series-question';
import { toast } from '@/components/ui/toaster';
import { isRecordObject, objects } from '@/domain/objects';
import { isQueuedAnswer } from '@/domain/queued';
import { listPath, type ObjectKey, titleField, useObject } from './use-object';
import { useRefusedText } from './use-refused';

export type RecordRow = Outputs['companies']['get'];
export type RecordPage = Outputs['companies']['list'];
export type ListInput = NonNullable<Inputs['companies']['list']>;
export type Values = Record<string, unknown>;

/** Where a record has its page. */
export function recordPath(object: ObjectKey, id: string): string {
  return `${listPath(object)}/${id}`;
}

/** What a record is called. */
export function titleOf(object: ObjectKey, row: RecordRow): string {
  const title = row[titleField(object)];
  return typeof title === 'string' ? title : '';
}

/** The procedures every record object has, for whichever object. */
export function useRecordApi(object: ObjectKey) {
  return recordApi(useTRPC(), object);
}

export function recordApi(trpc: ReturnType<typeof useTRPC>, object: ObjectKey) {
  // recordProcedures (server/core/record-router.ts) gives every object the same procedures with the same shapes;
  // values are checked by each object's own schema, and are unknown to the types of all of them.
  if (isRecordObject(object)) return trpc[objects[object].plural] as unknown as Api;
  // So do the tenant's own objects, with the object's key beside the rest of what goes in.
  return ofObject(trpc.records as unknown as Api, object);
}

type Api = ReturnType<typeof useTRPC>['companies'];
type Method = (...args: unknown[]) => unknown;

/** The procedures of router `records`, each with the object it is asked about. */
function ofObject(api: Api, object: ObjectKey): Api {
  const reading = (procedure: unknown) => {
    const methods = procedure as Record<string, Method>;
    const asked =
      (name: string): Method =>
      (input, ...rest) =>
        methods[name]?.({ ...(input as Values | undefined), object }, ...rest);
    return Object.fromEntries(queryMethods.map((name) => [name, asked(name)]));
  };
  const writing = (procedure: unknown) => {
    const methods = procedure as Record<string, Method>;
    return {
      mutationKey: () => methods.mutationKey?.(),
      mutationOptions: (given: unknown) => {
        const options = methods.mutationOptions?.(given) as { mutationFn: Method };
        return {
          ...options,
          mutationFn: (input: unknown, ...rest: unknown[]) =>
            options.mutationFn({ ...(input as Values), object }, ...rest),
        };
      },
    };
  };
  const procedures = {
    list: reading(api.list),
    count: reading(api.count),
    get: reading(api.get),
    create: writing(api.create),
    update: writing(api.update),
    updateMany: writing(api.updateMany),
    remove: writing(api.remove),
  };
  // The same names, inputs and outputs as the router itself.
  return procedures as unknown as Api;
}

const queryMethods = [
  'queryOptions',
  'queryKey',
  'queryFilter',
  'infiniteQueryOptions',
  'infiniteQueryKey',
  'infiniteQueryFilter',
] as const;

/** The router behind which the records of an object are; the tenant's own objects share one. */
export function routerName(object: ObjectKey): string {
  return isRecordObject(object) ? objects[object].plural : 'records';
}

/** Keeps a record ready before it is opened. */
export function useRecordPrefetch(object: ObjectKey): (id: string) => void {
  const api = useRecordApi(object);
  const queries = useQueryClient();
  return (id) => void queries.prefetchQuery(api.get.queryOptions({ id }));
}

interface UpdateOptions {
  /** Titles of the references among the values, shown until the server says them. */
  refs?: Record<string, string | null>;
  /** Told instead of a toast when the server refuses; the old values are back by then. */
  onRefused?: (error: unknown) => void;
  onSaved?: (changeSetId: string) => void;
}

/** Changes fields of a record: shown at once wherever the record is shown, taken back if the server refuses. */
export function useRecordUpdate(object: ObjectKey): (row: RecordRow, values: Values, options?: UpdateOptions) => void {
  const api = useRecordApi(object);
  const queries = useQueryClient();
  const text = useRefusedText(object);
  const meta = { refresh: false as const, quiet: true };
  const { mutateAsync: change } = useMutation(api.update.mutationOptions({ meta }));
  const { mutateAsync: changeThis } = useMutation(useTRPC().tasks.updateThis.mutationOptions({ meta }));
  const ask = useSeriesQuestion(object);
  type Save = (row: RecordRow, values: Values, options: UpdateOptions | undefined, mutate: typeof change) => void;
  const save: Save = (row, values, { refs = {}, onRefused, onSaved } = {}, mutate) => {
    const before = { values: pick(row, Object.keys(values)), refs: pick(row.refs, Object.keys(refs)) };
    const takeBack = () => patchRecord(queries, object, row.id, before.values, before.refs);
    cancelRefetches(queries, object);
    patchRecord(queries, object, row.id, values, refs);
    // By its promise: callbacks given to a mutation are forgotten when the next one goes out or the row leaves the screen.
    noteBase(values, before.values);
    mutate({ id: row.id, values }).then(
      (answer) => {
        const { version, changeSetId } = answer;
        if (isQueuedAnswer(answer)) {
          noteTakeBack(changeSetId, takeBack);
          return onSaved?.(changeSetId);
        }
        patchRecord(queries, object, row.id, { version }, {});
        refreshAround(
          queries,
          object,
          followed.some((name) => name in values),
        );
        onSaved?.(changeSetId);
      },
      (error) => {
        takeBack();
        if (onRefused) onRefused(error);
        else toast.error(text(error));
      },
    );
  };
  return (row, values, options) =>
    // The two take and answer the same.
    ask(row, values, (scope) =>
      save(row, values, options, scope === 'this' ? (changeThis as unknown as typeof change) : change),
    );
}

/** Fields from which the server derives others, so that patched rows are not the whole truth. */
const followed = ['stageId', 'pipelineId', 'done'];

/**
 * Makes a record under an id given here, so that it can be spoken of before the server has answered. Without a server it is
 * shown at once, on its page and on top of the lists that are here, and made when there is one again.
 * @param meta `quiet` where whoever calls tells of a refusal
 */
export function useRecordCreate(
  object: ObjectKey,
  meta?: { quiet: boolean },
): (values: Values) => Promise<{ id: string; changeSetId: string }> {
  const api = useRecordApi(object);
  const queries = useQueryClient();
  const kind = useObject(object);
  const { member } = useBoot();
  const { mutateAsync } = useMutation(api.create.mutationOptions({ meta }));
  return async (values) => {
    const answer = await mutateAsync({ values, id: v7() } as Parameters<typeof mutateAsync>[0]);
    if (isQueuedAnswer(answer)) {
      const now = new Date().toISOString();
      const blank = Object.fromEntries(Object.keys(kind.fields).map((name) => [name, null]));
      const made = { version: 0, createdAt: now, updatedAt: now, createdBy: member.id };
      // Everything a record's page reads of it; what the server works out is missing until it has.
      const row = { ...blank, ...values, ...made, id: answer.id, refs: {} } as unknown as RecordRow;
      queries.setQueryData(api.get.queryKey({ id: answer.id }), row);
      const isFirst = { predicate: ({ queryKey }: { queryKey: QueryKey }) => isPlainList(queryKey, object) };
      queries.setQueriesData(isFirst, (data: unknown) => onTop(data, row));
      noteTakeBack(answer.changeSetId, () => {
        queries.setQueriesData(isFirst, (data: unknown) => mapRows(data, (each) => (each.id === row.id ? null : each)));
      });
    }
    return answer;
  };
}

/** Lists that a new record belongs to, whatever its values. */
function isPlainList(key: QueryKey, object: ObjectKey): boolean {
  const about = key[1];
  const input = isObject(about) && isObject(about.input) ? about.input : {};
  return isList(key, object) && pathOf(key)[1] === 'list' && !input.filter && !input.q;
}

function onTop(data: unknown, row: RecordRow): unknown {
  if (!isObject(data)) return data;
  if (Array.isArray(data.pages))
    return { ...data, pages: data.pages.map((page, i) => (i === 0 ? onTop(page, row) : page)) };
  return Array.isArray(data.rows) ? { ...data, rows: [row, ...data.rows] } : data;
}

/** Sets the same fields of many records, with one undo for all. */
export function useUpdateMany(object: ObjectKey) {
  const t = useTranslations('records.done');
  const api = useRecordApi(object);
  const queries = useQueryClient();
  const undoToast = useUndoToast();
  const labels = useLabels();
  return useMutation(
    api.updateMany.mutationOptions({
      // The values pass the object's own schema.
      onMutate: ({ ids, values }) => patchMany(queries, object, ids, values as Values),
      meta: { quiet: true, refresh: [routerName(object)] },
      onSuccess: ({ count, changeSetId }) =>
        undoToast(
          changeSetId,
          t('updated', { count, kind: object, object: labels.object(object, count === 1 ? 'one' : 'other') }),
        ),
    }),
  );
}

/** Puts records in the bin: gone at once, a toast takes them out again. */
export function useDeleteRecords(object: ObjectKey): (ids: readonly string[]) => void {
  const t = useTranslations('records.done');
  const api = useRecordApi(object);
  const queries = useQueryClient();
  const undoToast = useUndoToast();
  const labels = useLabels();
  const text = useRefusalText();
  const { mutateAsync } = useMutation(api.remove.mutationOptions({ meta: { quiet: true } }));
  return (ids) => {
    const gone = new Set(ids);
    cancelRefetches(queries, object);
    const before = queries.getQueriesData<unknown>({ predicate: (query) => concerns(query.queryKey, object) });
    const putBack = () => {
      for (const [key, data] of before) queries.setQueryData(key, data);
    };
    queries.setQueriesData({ predicate: (query) => isList(query.queryKey, object) }, (data: unknown) =>
      mapRows(data, (row) => (gone.has(row.id) ? null : row)),
    );
    // By its promise: what is deleted takes the place it was deleted from along, and that its callbacks.
    mutateAsync({ ids: [...gone] }).then(
      ({ count, changeSetId }) => {
        noteTakeBack(changeSetId, putBack);
        undoToast(
          changeSetId,
          t('deleted', { count, kind: object, object: labels.object(object, count === 1 ? 'one' : 'other') }),
        );
      },
      (error) => {
        putBack();
        toast.error(text(error));
      },
    );
  };
}

/** Writes values into every cached copy of a record. */
export function patchRecord(queries: QueryClient, object: ObjectKey, id: string, values: Values, refs: Values): void {
  const patch = (row: RecordRow): RecordRow =>
    // Values are fields of the record; the titles among `refs` are texts or null.
    row.id === id ? ({ ...row, ...values, refs: { ...row.refs, ...refs } } as RecordRow) : row;
  queries.setQueriesData({ predicate: (query) => concerns(query.queryKey, object) }, (data: unknown) =>
    mapRows(data, patch),
  );
}

/** Writes the same values into every cached copy of these records. @returns takes it back */
export function patchMany(queries: QueryClient, object: ObjectKey, ids: readonly string[], values: Values): () => void {
  const wanted = new Set(ids);
  return show<unknown>(queries, { predicate: ({ queryKey }) => concerns(queryKey, object) }, (data) =>
    // Values are fields of the record.
    mapRows(data, (row) => (wanted.has(row.id) ? ({ ...row, ...values } as RecordRow) : row)),
  );
}

/** A record as some list shows it, perhaps without all its fields; undefined when no list does. */
export function findCached(queries: QueryClient, object: ObjectKey, id: string): RecordRow | undefined {
  const lists = queries.getQueriesData<unknown>({ predicate: (query) => isList(query.queryKey, object) });
  for (const [, data] of lists) {
    let found: RecordRow | undefined;
    mapRows(data, (row) => {
      if (row.id === id) found = row;
      return row;
    });
    if (found) return found;
  }
  return undefined;
}

/** Answers on their way would bring the old value back for a moment. First loads are left to finish. */
function cancelRefetches(queries: QueryClient, object: ObjectKey): void {
  void queries.cancelQueries({
    predicate: (query) => concerns(query.queryKey, object) && query.state.data !== undefined,
  });
}

const alsoRefreshed = ['reports', 'changes', 'search', 'relations'];

/** Lists keep their patched rows in place so that nothing jumps under the hand; all else is asked again. */
function refreshAround(queries: QueryClient, object: ObjectKey, wholly: boolean): void {
  const concerned = (key: QueryKey) => concerns(key, object) || alsoRefreshed.includes(routerOf(key) ?? '');
  void queries.invalidateQueries({
    predicate: ({ queryKey }) => concerned(queryKey) && (wholly || !isList(queryKey, object)),
  });
  if (!wholly) {
    void queries.invalidateQueries({ predicate: ({ queryKey }) => isList(queryKey, object), refetchType: 'none' });
  }
}

export function pathOf(key: QueryKey): string[] {
  // tRPC's keys begin with the path of the procedure.
  return Array.isArray(key[0]) ? (key[0] as string[]) : [];
}

function routerOf(key: QueryKey): string | undefined {
  return pathOf(key)[0];
}

export function isList(key: QueryKey, object: ObjectKey): boolean {
  const [, procedure] = pathOf(key);
  return concerns(key, object) && (procedure === 'list' || procedure === 'column');
}

/** Whether what is cached under a key is about records of an object. */
export function concerns(key: QueryKey, object: ObjectKey): boolean {
  if (routerOf(key) !== routerName(object)) return false;
  return isRecordObject(object) || objectIn(key) === object;
}

/** The object named in a procedure's input, which is the second part of tRPC's keys. */
function objectIn(key: QueryKey): unknown {
  const about = key[1];
  return isObject(about) && isObject(about.input) ? about.input.object : undefined;
}

/** The rows of a page, of the pages of an infinite list, or the one record; a row mapped to null goes. */
export function mapRows(data: unknown, change: (row: RecordRow) => RecordRow | null): unknown {
  if (!isObject(data)) return data;
  if (Array.isArray(data.pages)) return { ...data, pages: data.pages.map((page) => mapRows(page, change)) };
  if (Array.isArray(data.rows)) {
    // A router's lists hold records.
    const rows = data.rows as RecordRow[];
    const mapped = rows.flatMap((row) => change(row) ?? []);
    return mapped.length === rows.length && mapped.every((row, i) => row === rows[i])
      ? data
      : { ...data, rows: mapped };
  }
  // What has an id, a version and refs is a record.
  return 'id' in data && 'version' in data && 'refs' in data ? (change(data as RecordRow) ?? data) : data;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function pick(row: Values, names: readonly string[]): Values {
  return Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
}
