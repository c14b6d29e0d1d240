'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { type Inputs, type Outputs, useTRPC } from '@/components/shell/trpc';
import { choiceGroupOf, type ImportPlan, type ImportPolicy } from '@/domain/imports/mapping';
import type { NewField } from '@/domain/imports/new-field';
import { applied, type MappingSettings } from '@/domain/imports/saved';
import { matchKeysOf } from '@/domain/imports/targets';

export type Analysis = Outputs['imports']['analyse'];
type Reading = Omit<Inputs['imports']['analyse'], 'fileId'>;

type RefChoices = ImportPlan['values']['company'];

/** What a person has changed in the plan that was offered. */
interface Edits {
  columns: Record<number, string | null>;
  scales: Record<number, ImportPlan['columns'][number]['scale']>;
  /** By column: the field to make from it; null for none. */
  fields: Record<number, NewField | null>;
  /** By column; null for the policy of the whole file. */
  policies: Record<number, ImportPolicy | null>;
  plan: Partial<
    Pick<
      ImportPlan,
      'dateOrder' | 'decimal' | 'currency' | 'timeZone' | 'policy' | 'source' | 'matchKey' | 'matchKeys' | 'make'
    >
  >;
  missing: Partial<ImportPlan['missing']>;
  values: Partial<ImportPlan['values']>;
}

interface Draft {
  reading: Reading;
  edits: Edits;
}

const untouched: Edits = { columns: {}, fields: {}, scales: {}, policies: {}, plan: {}, missing: {}, values: {} };

/**
 * The plan of a file that is not imported yet: what was found out about the file, changed by what the person says.
 * Kept for the tab, so that leaving and coming back loses nothing; elsewhere it begins with the plan last checked.
 */
export function useDraft(fileId: string) {
  const trpc = useTRPC();
  const key = `import:${fileId}`;
  const [draft, setDraft] = useState<Draft>(() => restored(key));
  const [isBegun, setBegun] = useState(() => sessionStorage.getItem(key) !== null);
  const checked = useQuery({ ...trpc.imports.checked.queryOptions({ fileId }), enabled: !isBegun });
  if (!isBegun && !checked.isPending) {
    setBegun(true);
    const last = checked.data?.plan;
    if (last) setDraft({ reading: readingOf(last), edits: editsOf(last) });
  }
  useEffect(() => {
    if (isBegun) sessionStorage.setItem(key, JSON.stringify(draft));
  }, [key, draft, isBegun]);
  const analysis = useQuery({
    ...trpc.imports.analyse.queryOptions({ fileId, ...draft.reading }),
    enabled: isBegun,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (previous) => previous,
  });
  const plan = useMemo(
    () => (analysis.data?.plan ? edited(analysis.data.plan, draft.edits) : null),
    [analysis.data, draft.edits],
  );
  const edit = (change: (edits: Edits) => Partial<Edits>) =>
    setDraft((d) => ({ ...d, edits: { ...d.edits, ...change(d.edits) } }));

  return {
    analysis,
    plan,
    reading: draft.reading,
    edits: draft.edits,
    /** Another way to read the file: columns and values are judged anew. */
    read: (change: Reading) =>
      setDraft(({ reading, edits: { plan, missing } }) => {
        const { make: _, ...kept } = plan;
        return { reading: { ...reading, ...change }, edits: { ...untouched, plan: kept, missing } };
      }),
    /** Back to what was found out, from a way of reading in which the file is no table. */
    readAsFound: () => setDraft({ reading: {}, edits: untouched }),
    setColumn: (index: number, target: string | null) =>
      edit(({ columns, fields }) => ({
        columns: { ...columns, [index]: target },
        fields: { ...fields, [index]: null },
      })),
    /** Fields to make from columns, in place of where they went. */
    setFields: (made: Record<number, NewField | null>) =>
      edit(({ columns, fields }) => ({
        columns: { ...columns, ...Object.fromEntries(Object.keys(made).map((index) => [index, null])) },
        fields: { ...fields, ...made },
      })),
    setScale: (index: number, scale: Edits['scales'][number]) =>
      edit(({ scales }) => ({ scales: { ...scales, [index]: scale } })),
    /** What columns may change of records that are here. */
    setPolicies: (indexes: readonly number[], policy: ImportPolicy | null) =>
      edit(({ policies }) => ({
        policies: { ...policies, ...Object.fromEntries(indexes.map((index) => [index, policy])) },
      })),
    /** Everything a saved mapping says, in place of what was offered. */
    adopt: (settings: MappingSettings) =>
      setDraft((d) => {
        const offered = analysis.data?.plan;
        return offered ? { ...d, edits: editsOf(applied(offered, settings)) } : d;
      }),
    setPlan: (change: Edits['plan']) => edit(({ plan: before }) => ({ plan: { ...before, ...change } })),
    /** What becomes of texts that name no record of a kind. */
    setMissingOf: (object: string, value: 'create' | 'leave') =>
      edit(({ missing }) => {
        const group = choiceGroupOf(object);
        return {
          missing: group
            ? { ...missing, [group]: value }
            : { ...missing, others: { ...missing.others, [object]: value } },
        };
      }),
    /** What texts mean that name records of a kind. */
    setChoices: (object: string, change: (choices: RefChoices) => RefChoices) =>
      edit(({ values }) => {
        const group = choiceGroupOf(object);
        if (group) return { values: { ...values, [group]: change(values[group] ?? {}) } };
        return { values: { ...values, others: { ...values.others, [object]: change(values.others?.[object] ?? {}) } } };
      }),
    setValues: (change: (values: ImportPlan['values']) => Partial<ImportPlan['values']>) =>
      edit(({ values }) => ({ values: { ...values, ...change(withGroups(values)) } })),
    forget: () => sessionStorage.removeItem(key),
  };
}

export type DraftControls = ReturnType<typeof useDraft>;

const withGroups = (values: Partial<ImportPlan['values']>): ImportPlan['values'] => ({
  pipeline: {},
  stage: {},
  product: {},
  owner: {},
  company: {},
  contact: {},
  ...values,
});

/** A plan as it was offered, with what the person has changed. */
export function edited(plan: ImportPlan, edits: Edits): ImportPlan {
  const columns = plan.columns.map((column) => ({
    ...column,
    target: Object.hasOwn(edits.columns, column.index) ? (edits.columns[column.index] ?? null) : column.target,
    create: Object.hasOwn(edits.fields, column.index) ? (edits.fields[column.index] ?? undefined) : column.create,
    scale: edits.scales[column.index] ?? column.scale,
    policy: edits.policies[column.index] ?? undefined,
  }));
  const taken = new Set(columns.map(({ target }) => target));
  const next = {
    ...plan,
    ...edits.plan,
    columns,
    missing: {
      ...plan.missing,
      ...edits.missing,
      others: { ...plan.missing.others, ...edits.missing.others },
    },
    values: withGroups(edits.values),
  };
  // Keys whose columns are all gone are no choice any more; none at all is one.
  const keys = next.matchKeys?.filter((name) => taken.has(name));
  next.matchKeys = keys && (keys.length > 0 || next.matchKeys?.length === 0) ? keys : undefined;
  // A key whose column is no longer there gives way to the next weaker one that is.
  if (next.matchKey !== null && !taken.has(next.matchKey))
    next.matchKey = matchKeysOf(plan.object).findLast((name) => taken.has(name)) ?? null;
  return next;
}

/** How a plan reads its file. */
const readingOf = ({ object, make, encoding, separator, quote, hasHeader, skipLines }: ImportPlan): Reading => ({
  ...(make ? { asNew: true } : { object }),
  encoding,
  separator,
  quote,
  hasHeader,
  skipLines,
});

/** A plan as changes of whatever is offered. */
export function editsOf({ columns, missing, values, ...plan }: ImportPlan): Edits {
  const byIndex = <T>(of: (column: ImportPlan['columns'][number]) => T) =>
    Object.fromEntries(columns.map((column) => [column.index, of(column)]));
  const { dateOrder, decimal, currency, timeZone, policy, source, matchKey, matchKeys, make } = plan;
  return {
    columns: byIndex(({ target }) => target),
    fields: byIndex(({ create }) => create ?? null),
    scales: byIndex(({ scale }) => scale),
    policies: byIndex((column) => column.policy ?? null),
    plan: { dateOrder, decimal, currency, timeZone, policy, source, matchKey, matchKeys, ...(make && { make }) },
    missing,
    values,
  };
}

/** What the person has said about a file in this tab, whether or not it is open. */
export const keptDraft = (fileId: string): Draft => restored(`import:${fileId}`);

function restored(key: string): Draft {
  const kept = sessionStorage.getItem(key);
  // Only this hook writes the key.
  const { reading, edits } = kept ? (JSON.parse(kept) as Draft) : { reading: {}, edits: {} };
  return { reading, edits: { ...untouched, ...edits } };
}
