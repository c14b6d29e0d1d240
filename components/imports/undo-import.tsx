'use client';

import { useMutation, useQueries } from '@tanstack/react-query';
import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useRefusalText } from '@/components/shell/errors';
import { useLabels } from '@/components/shell/labels';
import { type Outputs, useTRPC } from '@/components/shell/trpc';
import { useUndone } from '@/components/shell/undo';
import { Button } from '@/components/ui/button';
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog';
import { Skeleton } from '@/components/ui/skeleton';
import { toast } from '@/components/ui/toaster';

type Edited = Outputs['imports']['edited']['records'][number];

/** Takes an import, or all of a set, back, once the person has seen what was edited since and will stay. */
export function UndoImport({ ids, setId = null }: { ids: readonly string[]; setId?: string | null }) {
  const t = useTranslations('imports');
  const text = useRefusalText();
  const trpc = useTRPC();
  const undone = useUndone();
  const [open, setOpen] = useState(false);
  const options = {
    meta: { quiet: true },
    onSuccess: (report: Outputs['imports']['undo']) => {
      setOpen(false);
      undone(report);
    },
    onError: (error: unknown) => {
      toast.error(text(error));
    },
  };
  const one = useMutation(trpc.imports.undo.mutationOptions(options));
  const all = useMutation(trpc.imports.undoSet.mutationOptions(options));
  const confirm = () => (setId ? all.mutate({ id: setId }) : one.mutate({ id: ids[0] ?? '' }));
  return (
    <>
      <Button variant="secondary" onClick={() => setOpen(true)}>
        <Undo2 />
        {t(setId ? 'set.undo' : 'run.undo')}
      </Button>
      <Dialog open={open} onOpenChange={setOpen}>
        <DialogContent closeLabel={t('undo.cancel')}>
          <DialogHeader>
            <DialogTitle>{t(setId ? 'undo.titleSet' : 'undo.title')}</DialogTitle>
            <DialogDescription>{t('undo.help')}</DialogDescription>
          </DialogHeader>
          <DialogBody>
            <EditedSince ids={ids} inSet={setId !== null} />
          </DialogBody>
          <DialogFooter>
            <Button variant="secondary" onClick={() => setOpen(false)}>
              {t('undo.cancel')}
            </Button>
            <Button variant="destructive" busy={one.isPending || all.isPending} onClick={confirm}>
              {t('undo.confirm')}
            </Button>
          </DialogFooter>
        </DialogContent>
      </Dialog>
    </>
  );
}

function EditedSince({ ids, inSet }: { ids: readonly string[]; inSet: boolean }) {
  const t = useTranslations('imports.undo');
  const text = useRefusalText();
  const trpc = useTRPC();
  const found = useQueries({
    queries: ids.map((id) => trpc.imports.edited.queryOptions({ id, inSet }, { staleTime: 0 })),
  });
  const failed = found.find(({ isError }) => isError);
  if (failed) return <p className="text-destructive text-sm">{text(failed.error)}</p>;
  if (found.some(({ isPending }) => isPending)) return <Skeleton className="h-16" />;
  const records = found.flatMap(({ data }) => data?.records ?? []);
  if (records.length === 0) return <p className="text-sm">{t('none')}</p>;
  return (
    <div className="grid gap-2 text-sm">
      <p>{t('edited', { count: records.length })}</p>
      <ul className="divide-y rounded-md border">
        {records.map((record) => (
          <EditedRecord key={record.recordId} record={record} />
        ))}
      </ul>
      {found.some(({ data }) => data?.more) && <p className="text-muted-foreground">{t('more')}</p>}
    </div>
  );
}

function EditedRecord({ record }: { record: Edited }) {
  const t = useTranslations('imports');
  const labels = useLabels();
  const byName = Map.groupBy(record.fields, ({ by }) => by ?? '');
  return (
    <li className="px-3 py-1.5">
      <p className="truncate font-medium">{record.title}</p>
      {[...byName].map(([name, fields]) => {
        const list = fields.map(({ field }) => labels.field(record.object, field)).join(t('counts.comma'));
        return (
          <p key={name} className="text-muted-foreground">
            {name === '' ? list : t('undo.by', { fields: list, name })}
          </p>
        );
      })}
    </li>
  );
}
