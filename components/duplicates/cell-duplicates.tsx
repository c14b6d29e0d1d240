'use client';

import { useQueryClient } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import { type RecordRow, recordPath, titleOf, useRecordApi } from '@/components/records/record-data';
import { type ObjectKey, useObject } from '@/components/records/use-object';
import { useCan } from '@/components/shell/boot';
import { navigate } from '@/components/shell/router';
import { useTRPC } from '@/components/shell/trpc';
import { toast } from '@/components/ui/toaster';
import { compared, textsOf } from './compared';
import { useReason } from './reasons';

const MergeDialog = lazy(async () => ({ default: (await import('./merge-dialog')).MergeDialog }));

/**
 * Says in a notice when an edit of a table's cell made a record likely the same as another, and leads to both. Nothing
 * when asking fails: it never stands in the way of editing. Render `dialog` somewhere.
 */
export function useCellDuplicates(object: ObjectKey): {
  /** @param row the record as it was */
  edited: (row: RecordRow, name: string) => void;
  dialog: ReactNode;
} {
  const t = useTranslations('duplicates.hint');
  const c = useTranslations('common');
  const { fields } = useObject(object);
  const api = useRecordApi(object);
  const trpc = useTRPC();
  const queries = useQueryClient();
  const can = useCan();
  const reason = useReason();
  const [merging, setMerging] = useState<string[] | null>(null);

  const check = async (row: RecordRow, name: string) => {
    // A table has some of a record's fields only; a name counts with the company beside it.
    const now = await queries.fetchQuery(api.get.queryOptions({ id: row.id }, { staleTime: 0 }));
    const { found, hidden } = await queries.fetchQuery(
      trpc.duplicates.check.queryOptions({
        object,
        values: textsOf(now),
        before: textsOf({ ...now, [name]: row[name] }),
        exceptId: row.id,
      }),
    );
    const [first] = found;
    const others = hidden.map(({ team }) => (team ? t('hiddenTeam', { team }) : t('hidden')));
    const id = `duplicates ${row.id}`;
    const edited = t('cell', { title: titleOf(object, now) });
    if (!first) {
      if (others.length > 0) toast.warning(edited, { id, description: others.join(' '), duration });
      return;
    }
    const { title, owner, reasons } = first;
    const why = [
      ...reasons.slice(0, 2).map((rule) => reason(object, rule)),
      ...(owner ? [t('ownedBy', { owner })] : []),
    ];
    toast.warning(edited, {
      id,
      description: (
        <>
          <span className="block truncate text-foreground">{title}</span>
          <span className="block">{why.join(' · ')}</span>
        </>
      ),
      duration,
      action: can(`${object}.delete`)
        ? { label: t('compare'), onClick: () => setMerging([row.id, first.id]) }
        : { label: c('open'), onClick: () => navigate(recordPath(object, first.id)) },
    });
  };
  const edited = (row: RecordRow, name: string) => {
    const field = fields[name];
    if (field && compared(field)) void check(row, name).catch(() => {});
  };
  const dialog = merging && (
    <Suspense fallback={null}>
      <MergeDialog object={object} ids={merging} onClose={() => setMerging(null)} />
    </Suspense>
  );
  return { edited, dialog };
}

const duration = 12_000;
