'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useIsObject } from '@/components/records/use-object';
import { LoadFailed } from '@/components/settings/load-failed';
import { useRefusalText } from '@/components/shell/errors';
import { useFormat } from '@/components/shell/format';
import { useLabels } from '@/components/shell/labels';
import { useTRPC } from '@/components/shell/trpc';
import { Alert, AlertDescription } from '@/components/ui/alert';
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
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Skeleton } from '@/components/ui/skeleton';
import { toast } from '@/components/ui/toaster';

/** Asks once more before records are erased: says exactly how many go, and wants that number typed. */
export function EraseDialog({
  items,
  onClose,
}: {
  items: { object: string; id: string }[];
  onClose: (erased: boolean) => void;
}) {
  const t = useTranslations('duplicates.bin');
  const c = useTranslations('common');
  const text = useRefusalText();
  const labels = useLabels();
  const format = useFormat();
  const isObject = useIsObject();
  const trpc = useTRPC();
  const [typed, setTyped] = useState('');
  const counted = useQuery({ ...trpc.bin.countErased.queryOptions({ items }), staleTime: 0, gcTime: 0, retry: false });
  const erase = useMutation(
    trpc.bin.erase.mutationOptions({
      meta: {
        quiet: true,
        refresh: [
          'notes',
          'tasks',
          'activities',
          'companies',
          'contacts',
          'deals',
          'products',
          'records',
          'duplicates',
        ],
      },
      onSuccess: ({ erased }) => {
        toast.success(t('eraseDone', { count: erased }));
        onClose(true);
      },
      onError: () => void counted.refetch(),
    }),
  );
  const count = counted.data?.count ?? 0;
  const word = String(count);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose(false)}>
      <DialogContent closeLabel={c('close')}>
        <DialogHeader>
          <DialogTitle>{t('eraseTitle', { count: counted.data ? count : items.length })}</DialogTitle>
          <DialogDescription>{t('eraseHelp')}</DialogDescription>
        </DialogHeader>
        <form
          className="contents"
          onSubmit={(event) => {
            event.preventDefault();
            if (count > 0 && typed.trim() === word) erase.mutate({ items, count });
          }}
        >
          <DialogBody className="grid content-start gap-3">
            {erase.isError && (
              <Alert variant="destructive">
                <AlertDescription>{text(erase.error)}</AlertDescription>
              </Alert>
            )}
            {counted.isError ? (
              <LoadFailed retry={() => void counted.refetch()} />
            ) : counted.data ? (
              <>
                <ul className="text-sm">
                  {counted.data.objects.map(({ object, count }) => (
                    <li key={object}>
                      {format.number(count)}{' '}
                      {isObject(object) ? labels.object(object, count === 1 ? 'one' : 'other') : object}
                    </li>
                  ))}
                </ul>
                <Field label={t('eraseType', { word })}>
                  <Input
                    autoFocus
                    inputMode="numeric"
                    autoComplete="off"
                    value={typed}
                    onChange={(event) => setTyped(event.target.value)}
                  />
                </Field>
              </>
            ) : (
              <Skeleton className="h-16" />
            )}
          </DialogBody>
          <DialogFooter>
            <Button variant="secondary" onClick={() => onClose(false)}>
              {c('cancel')}
            </Button>
            <Button
              type="submit"
              variant="destructive"
              busy={erase.isPending}
              disabled={count === 0 || typed.trim() !== word}
            >
              {t('erase')}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
