'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { type Inputs, type Outputs, useTRPC } from '@/components/shell/trpc';
import { choiceGroupOf, type ImportPlan } from '@/domain/imports/mapping';
import { matchKeysOf } from '@/domain/imports/targets';

export type Analysis = Outputs['imports']['analyse'];
type Reading = Omit<Inputs['imports']['analyse'], 'fileId'>;

type RefChoices = ImportPlan['values']['company'];

/** What a person has changed in the plan that was offered. */
interface Edits {
  columns: Record<number, string | null>;
  scales: Record<number, ImportPlan['columns'][number]['scale']>;
  plan: Partial<Pick<ImportPlan, 'dateOrder' | 'decimal' | 'currency' | 'policy' | 'source' | 'matchKey'>>;
  missing: Partial<ImportPlan['missing']>;
  values: Partial<ImportPlan['values']>;
}

interface Draft {
  reading: Reading;
  edits: Edits;
}

const untouched: Edits = { columns: {}, scales: {}, plan: {}, missing: {}, values: {} };

/**
 * The plan of a file that is not imported yet: what was found out about the file, changed by what the person says.
 * Kept for the tab, so that leaving and coming back loses nothing.
 */
export function useDraft(fileId: string) {
  const trpc = useTRPC();
  const key = `import:${fileId}`;
  const [draft, setDraft] = useState<Draft>(() => restored(key));
  useEffect(() => {
    sessionStorage.setItem(key, JSON.stringify(draft));
  }, [key, draft]);
  const analysis = useQuery({
    ...trpc.imports.analyse.queryOptions({ fileId, ...draft.reading }),
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
      setDraft((d) => ({
        reading: { ...d.reading, ...change },
        edits: { ...untouched, plan: d.edits.plan, missing: d.edits.missing },
      })),
    setColumn: (index: number, target: string | null) =>
      edit(({ columns }) => ({ columns: { ...columns, [index]: target } })),
    setScale: (index: number, scale: Edits['scales'][number]) =>
      edit(({ scales }) => ({ scales: { ...scales, [index]: scale } })),
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

function edited(plan: ImportPlan, edits: Edits): ImportPlan {
  const columns = plan.columns.map((column) => ({
    ...column,
    target: Object.hasOwn(edits.columns, column.index) ? (edits.columns[column.index] ?? null) : column.target,
    scale: edits.scales[column.index] ?? column.scale,
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
  // A key whose column is no longer there gives way to the next weaker one that is.
  if (next.matchKey !== null && !taken.has(next.matchKey))
    next.matchKey = matchKeysOf(plan.object).findLast((name) => taken.has(name)) ?? null;
  return next;
}

function restored(key: string): Draft {
  const kept = sessionStorage.getItem(key);
  // Only this hook writes the key.
  return kept ? (JSON.parse(kept) as Draft) : { reading: {}, edits: untouched };
}
