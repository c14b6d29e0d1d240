'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
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
import { type FieldDefinition, labelIn } from '@/domain/custom-fields';

/** Says what a field's going touches before it goes; a toast brings it back with all values. */
export function RemoveFieldDialog({ field, onClose }: { field: FieldDefinition; onClose: () => void }) {
  const t = useTranslations('fieldsSettings.remove');
  const c = useTranslations('common');
  const trpc = useTRPC();
  const undo = useUndoToast();
  const { locale } = useBoot().user;
  const name = labelIn(field.label, locale);
  const affected = useQuery(trpc.fields.affected.queryOptions({ id: field.id }, { staleTime: 0 }));
  const remove = useMutation(
    trpc.fields.remove.mutationOptions({
      onSuccess: ({ changeSetId }) => {
        onClose();
        undo(changeSetId, t('done', { field: name }));
      },
    }),
  );
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent closeLabel={c('close')}>
        <DialogHeader>
          <DialogTitle>{t('title', { field: name })}</DialogTitle>
          <DialogDescription>{t('help')}</DialogDescription>
        </DialogHeader>
        <DialogBody className="grid gap-2 text-sm">
          {affected.isPending && <Skeleton className="h-5 w-56" />}
          {affected.isError && <p role="alert">{c('loadFailed')}</p>}
          {affected.data && <p>{t('records', { count: affected.data.records })}</p>}
          {affected.data && affected.data.fields.length > 0 && (
            <>
              <p>{t('fields')}</p>
              <ul className="list-disc pl-5">
                {affected.data.fields.map((other) => (
                  <li key={other.id}>{labelIn(other.label, locale)}</li>
                ))}
              </ul>
            </>
          )}
        </DialogBody>
        <DialogFooter>
          <Button variant="ghost" onClick={onClose}>
            {c('cancel')}
          </Button>
          <Button variant="destructive" busy={remove.isPending} onClick={() => remove.mutate({ id: field.id })}>
            {t('button')}
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
