'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { Combine, Split } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { recordPath } from '@/components/records/record-data';
import type { ObjectKey } from '@/components/records/use-object';
import { useCan } from '@/components/shell/boot';
import { useFormat } from '@/components/shell/format';
import { Link } from '@/components/shell/router';
import { useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/empty';
import { toast } from '@/components/ui/toaster';

/** In place of a record that is not there: where it went if it was merged, else what is given. */
export function MergedOr({ object, id, children }: { object: ObjectKey; id: string; children: ReactNode }) {
  const t = useTranslations('duplicates.merged');
  const trpc = useTRPC();
  const survivor = useQuery({ ...trpc.merges.survivorOf.queryOptions({ object, id }), retry: false });
  if (survivor.isPending) return null;
  if (!survivor.data) return children;
  const { title } = survivor.data;
  return (
    <Empty role="alert" icon={<Combine />} title={t('gone')} description={t('goneHelp', { title })}>
      <Button asChild>
        <Link to={recordPath(object, survivor.data.id)} replace>
          {t('open', { title })}
        </Link>
      </Button>
    </Empty>
  );
}

/** What was merged into a record, with the way to take it apart again; nothing when nothing was. */
export function MergedInto({ object, id }: { object: ObjectKey; id: string }) {
  const t = useTranslations('duplicates.merged');
  const u = useTranslations('shell.undo');
  const format = useFormat();
  const can = useCan();
  const trpc = useTRPC();
  const undoToast = useUndoToast();
  const merges = useQuery({ ...trpc.merges.of.queryOptions({ object, id }), retry: false });
  const unmerge = useMutation(
    trpc.merges.unmerge.mutationOptions({
      onSuccess: ({ changeSetId, kept, queued }) => {
        // So many that a job does it: not over yet.
        if (queued) toast(u('queued', { count: queued }));
        else undoToast(changeSetId, t('unmergeDone'));
        if (kept.length > 0) toast(t('kept', { count: kept.length }));
      },
    }),
  );
  const rows = merges.data ?? [];
  if (rows.length === 0) return null;
  return (
    <section aria-label={t('here', { count: rows.length })} className="grid gap-1 border-t px-4 py-3 text-sm">
      <h3 className="flex items-center gap-2 font-medium">
        <Combine aria-hidden className="size-4 text-muted-foreground" />
        {t('here', { count: rows.reduce((sum, { merged }) => sum + merged.length, 0) })}
      </h3>
      <ul className="grid gap-1">
        {rows.map((row) => {
          const title = format.list(row.merged.map((one) => one.title ?? '…'));
          return (
            <li key={row.id} className="flex flex-wrap items-center gap-x-2">
              <span className="min-w-0 flex-1 truncate">
                {title}
                <span className="text-muted-foreground">
                  {' · '}
                  {row.by ? t('by', { name: row.by, when: format.relative(row.at) }) : format.relative(row.at)}
                </span>
              </span>
              {can('changes.undo') && (
                <Button
                  variant="ghost"
                  size="sm"
                  aria-label={t('unmergeOf', { title })}
                  busy={unmerge.isPending}
                  onClick={() => unmerge.mutate({ id: row.id })}
                >
                  <Split />
                  {t('unmerge')}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
