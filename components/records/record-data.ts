'use client';

import { type QueryClient, type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useRefusalText } from '@/components/shell/errors';
import { useLabels } from '@/components/shell/labels';
import { type Inputs, type Outputs, useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { toast } from '@/components/ui/toaster';
import { objects, type RecordObject } from '@/domain/objects';

export type RecordRow = Outputs['companies']['get'];
export type RecordPage = Outputs['companies']['list'];
export type ListInput = NonNullable<Inputs['companies']['list']>;
export type Values = Record<string, unknown>;

/** Where a record has its page. */
export function recordPath(object: RecordObject, id: string): string {
  return `/${objects[object].plural}/${id}`;
}

/** What a record is called. */
export function titleOf(object: RecordObject, row: RecordRow): string {
  const title = row[objects[object].title];
  return typeof title === 'string' ? title : '';
}

/** The procedures every record object has, for whichever object. */
export function useRecordApi(object: RecordObject) {
  const trpc = useTRPC();
  // recordProcedures (server/core/record-router.ts) gives every object the same procedures with the same shapes;
  // values are checked by each object's own schema, and are unknown to the types of all of them.
  return trpc[objects[object].plural] as unknown as (typeof trpc)['companies'];
}

/** Keeps a record ready before it is opened. */
export function useRecordPrefetch(object: RecordObject): (id: string) => void {
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
export function useRecordUpdate(
  object: RecordObject,
): (row: RecordRow, values: Values, options?: UpdateOptions) => void {
  const api = useRecordApi(object);
  const queries = useQueryClient();
  const text = useRefusalText();
  const { mutate } = useMutation(api.update.mutationOptions({ meta: { refresh: false, quiet: true } }));
  return (row, values, { refs = {}, onRefused, onSaved } = {}) => {
    const { plural } = objects[object];
    const before = { values: pick(row, Object.keys(values)), refs: pick(row.refs, Object.keys(refs)) };
    cancelRefetches(queries, plural);
    patchRecord(queries, plural, row.id, values, refs);
    mutate(
      { id: row.id, values },
      {
        onSuccess: ({ version, changeSetId }) => {
          patchRecord(queries, plural, row.id, { version }, {});
          refreshAround(
            queries,
            plural,
            followed.some((name) => name in values),
          );
          onSaved?.(changeSetId);
        },
        onError: (error) => {
          patchRecord(queries, plural, row.id, before.values, before.refs);
          if (onRefused) onRefused(error);
          else toast.error(text(error));
        },
      },
    );
  };
}

/** Fields from which the server derives others, so that patched rows are not the whole truth. */
const followed = ['stageId', 'pipelineId', 'done'];

/** Sets the same fields of many records, with one undo for all. */
export function useUpdateMany(object: RecordObject) {
  const t = useTranslations('records.done');
  const api = useRecordApi(object);
  const undoToast = useUndoToast();
  const labels = useLabels();
  const { plural } = objects[object];
  return useMutation(
    api.updateMany.mutationOptions({
      meta: { quiet: true, refresh: [plural] },
      onSuccess: ({ count, changeSetId }) =>
        undoToast(
          changeSetId,
          t('updated', { count, kind: object, object: labels.object(object, count === 1 ? 'one' : 'other') }),
        ),
    }),
  );
}

/** Puts records in the bin: gone at once, a toast takes them out again. */
export function useDeleteRecords(object: RecordObject): (ids: readonly string[]) => void {
  const t = useTranslations('records.done');
  const api = useRecordApi(object);
  const queries = useQueryClient();
  const undoToast = useUndoToast();
  const labels = useLabels();
  const text = useRefusalText();
  const { plural } = objects[object];
  const { mutate } = useMutation(api.remove.mutationOptions({ meta: { quiet: true } }));
  return (ids) => {
    const gone = new Set(ids);
    cancelRefetches(queries, plural);
    const before = queries.getQueriesData<unknown>({ predicate: (query) => routerOf(query.queryKey) === plural });
    queries.setQueriesData({ predicate: (query) => isList(query.queryKey, plural) }, (data: unknown) =>
      mapRows(data, (row) => (gone.has(row.id) ? null : row)),
    );
    mutate(
      { ids: [...gone] },
      {
        onSuccess: ({ count, changeSetId }) =>
          undoToast(
            changeSetId,
            t('deleted', { count, kind: object, object: labels.object(object, count === 1 ? 'one' : 'other') }),
          ),
        onError: (error) => {
          for (const [key, data] of before) queries.setQueryData(key, data);
          toast.error(text(error));
        },
      },
    );
  };
}

/** Writes values into every cached copy of a record. */
export function patchRecord(queries: QueryClient, plural: string, id: string, values: Values, refs: Values): void {
  const patch = (row: RecordRow): RecordRow =>
    // Values are fields of the record; the titles among `refs` are texts or null.
    row.id === id ? ({ ...row, ...values, refs: { ...row.refs, ...refs } } as RecordRow) : row;
  queries.setQueriesData({ predicate: (query) => routerOf(query.queryKey) === plural }, (data: unknown) =>
    mapRows(data, patch),
  );
}

/** A record as some list shows it, perhaps without all its fields; undefined when no list does. */
export function findCached(queries: QueryClient, plural: string, id: string): RecordRow | undefined {
  const lists = queries.getQueriesData<unknown>({ predicate: (query) => isList(query.queryKey, plural) });
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
function cancelRefetches(queries: QueryClient, plural: string): void {
  void queries.cancelQueries({
    predicate: (query) => routerOf(query.queryKey) === plural && query.state.data !== undefined,
  });
}

const alsoRefreshed = ['reports', 'changes', 'search'];

/** Lists keep their patched rows in place so that nothing jumps under the hand; all else is asked again. */
function refreshAround(queries: QueryClient, plural: string, wholly: boolean): void {
  const concerned = (key: QueryKey) => routerOf(key) === plural || alsoRefreshed.includes(routerOf(key) ?? '');
  void queries.invalidateQueries({
    predicate: ({ queryKey }) => concerned(queryKey) && (wholly || !isList(queryKey, plural)),
  });
  if (!wholly) {
    void queries.invalidateQueries({ predicate: ({ queryKey }) => isList(queryKey, plural), refetchType: 'none' });
  }
}

function pathOf(key: QueryKey): string[] {
  // tRPC's keys begin with the path of the procedure.
  return Array.isArray(key[0]) ? (key[0] as string[]) : [];
}

function routerOf(key: QueryKey): string | undefined {
  return pathOf(key)[0];
}

function isList(key: QueryKey, plural: string): boolean {
  const [router, procedure] = pathOf(key);
  return router === plural && (procedure === 'list' || procedure === 'column');
}

/** The rows of a page, of the pages of an infinite list, or the one record; a row mapped to null goes. */
function mapRows(data: unknown, change: (row: RecordRow) => RecordRow | null): unknown {
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
