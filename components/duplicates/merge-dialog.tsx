'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { PlainValue } from '@/components/records/field-value';
import type { ObjectKey } from '@/components/records/use-object';
import { useObject } from '@/components/records/use-object';
import { LoadFailed } from '@/components/settings/load-failed';
import { useRefusalText } from '@/components/shell/errors';
import { useLabels } from '@/components/shell/labels';
import { type Outputs, useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog';
import { Segmented } from '@/components/ui/segmented';
import { Skeleton } from '@/components/ui/skeleton';
import { isBlank } from '@/domain/blank';

type Preview = Outputs['merges']['preview'];
type Field = Preview['fields'][number];

/** Records side by side: which stays, and which value of each field. Open while `ids` are given. */
export function MergeDialog({
  object,
  ids,
  onClose,
}: {
  object: ObjectKey;
  ids: readonly string[] | null;
  onClose: (merged?: { survivorId: string }) => void;
}) {
  const t = useTranslations('duplicates.merge');
  const c = useTranslations('common');
  const trpc = useTRPC();
  const preview = useQuery({
    ...trpc.merges.preview.queryOptions({ object, ids: [...(ids ?? [])] }),
    enabled: ids !== null,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  return (
    <Dialog open={ids !== null} onOpenChange={(open) => !open && onClose()}>
      <DialogContent closeLabel={c('close')} className="sm:max-w-3xl">
        <DialogHeader>
          <DialogTitle>{t('title')}</DialogTitle>
          <DialogDescription>{t('help')}</DialogDescription>
        </DialogHeader>
        {preview.isError ? (
          <DialogBody className="pb-5">
            <LoadFailed retry={() => void preview.refetch()} />
          </DialogBody>
        ) : preview.data ? (
          <Choices object={object} preview={preview.data} onClose={onClose} />
        ) : (
          <DialogBody className="grid gap-2 pb-5">
            <Skeleton className="h-8" />
            <Skeleton className="h-40" />
          </DialogBody>
        )}
      </DialogContent>
    </Dialog>
  );
}

function Choices({
  object,
  preview,
  onClose,
}: {
  object: ObjectKey;
  preview: Preview;
  onClose: (merged?: { survivorId: string }) => void;
}) {
  const t = useTranslations('duplicates.merge');
  const c = useTranslations('common');
  const labels = useLabels();
  const text = useRefusalText();
  const trpc = useTRPC();
  const undoToast = useUndoToast();
  const { fields: known } = useObject(object);
  const { records, fields } = preview;
  const [survivorId, setSurvivor] = useState(preview.suggested);
  const [preset, setPreset] = useState<'complete' | 'newest'>('complete');
  const [choice, setChoice] = useState<Record<string, string>>({});
  const [all, setAll] = useState(false);
  const merge = useMutation(
    trpc.merges.merge.mutationOptions({
      meta: {
        quiet: true,
        refresh: ['companies', 'contacts', 'deals', 'products', 'tasks', 'notes', 'records', 'duplicates', 'bin'],
      },
      onSuccess: (merged) => {
        undoToast(merged.changeSetId, t('done', { title: titleOf(merged.survivorId) }));
        onClose({ survivorId: merged.survivorId });
      },
    }),
  );
  const titleOf = (id: string) => records.find((record) => record.id === id)?.title ?? '';
  const isUnited = (field: Field) => ['tags', 'choices', 'file'].includes(known[field.name]?.type ?? '');
  const chosen = (field: Field): string | null => {
    const byHand = choice[field.leader] ?? choice[field.name];
    if (byHand) return byHand;
    if (isUnited(field)) return null;
    const leader = fields.find(({ name }) => name === field.leader) ?? field;
    return preset === 'newest' ? leader.newest : (leader.complete[survivorId] ?? null);
  };
  const shown = all
    ? fields
    : fields.filter((field) => field.differs && Object.values(field.values).filter((v) => !isBlank(v)).length > 1);
  const send = () =>
    merge.mutate({
      object,
      survivorId,
      mergedIds: records.map(({ id }) => id).filter((id) => id !== survivorId),
      versions: Object.fromEntries(records.map(({ id, version }) => [id, version])),
      choice: Object.fromEntries(
        fields.flatMap((field) => {
          const from = chosen(field);
          return from && (choice[field.name] || preset === 'newest') ? [[field.name, from] as const] : [];
        }),
      ),
    });
  return (
    <>
      <DialogBody className="grid content-start gap-3">
        {merge.isError && (
          <Alert variant="destructive">
            <AlertDescription>{text(merge.error)}</AlertDescription>
          </Alert>
        )}
        <div className="flex flex-wrap items-center justify-between gap-2">
          <Segmented
            aria-label={t('preset')}
            value={preset}
            onValueChange={(value) => {
              setPreset(value);
              setChoice({});
            }}
            options={[
              { value: 'complete', label: t('complete') },
              { value: 'newest', label: t('newest') },
            ]}
          />
          <Button variant="quiet" size="sm" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? t('showDiffering') : t('showAll')}
          </Button>
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <div tabIndex={0} className="focus-inset overflow-x-auto rounded-lg border">
          <table
            className="w-full table-fixed text-left text-sm"
            style={{ minWidth: fieldWidth + records.length * leastWidth }}
          >
            <thead>
              <tr className="border-b">
                <th scope="col" className="w-36 px-3 py-2 font-medium text-muted-foreground">
                  {t('field')}
                </th>
                {records.map(({ id, title }) => (
                  <th
                    key={id}
                    scope="col"
                    className={cn('px-3 py-2 align-top font-medium', id === survivorId && 'bg-primary-soft')}
                  >
                    <span className="block truncate" title={title}>
                      {title}
                    </span>
                    {id === survivorId ? (
                      <Badge variant="primary" className="mt-1">
                        {t('stays')}
                      </Badge>
                    ) : (
                      <Button variant="quiet" size="sm" className="-ml-2" onClick={() => setSurvivor(id)}>
                        {t('makeStay')}
                      </Button>
                    )}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((field) => (
                <tr key={field.name} className="border-b last:border-b-0">
                  <th scope="row" className="px-3 py-1.5 align-top font-normal text-muted-foreground">
                    {labels.field(object, field.name)}
                    {isUnited(field) && !chosen(field) && <span className="block text-xs">{t('united')}</span>}
                  </th>
                  {records.map(({ id, title }) => {
                    const value = field.values[id];
                    const kind = known[field.name];
                    const label = labels.field(object, field.name);
                    return (
                      <td key={id} className={cn('align-top', id === survivorId && 'bg-primary-soft/40')}>
                        <label className="flex min-h-8 cursor-pointer items-start gap-2 px-3 py-1.5">
                          <input
                            type="radio"
                            name={`merge.${field.name}`}
                            className="mt-0.5 accent-primary"
                            aria-label={t('from', { field: label, title })}
                            checked={chosen(field) === id}
                            onChange={() =>
                              setChoice((before) => ({ ...before, [field.leader]: id, [field.name]: id }))
                            }
                          />
                          <span className="min-w-0 break-words">
                            {isBlank(value) || !kind ? (
                              <span className="text-muted-foreground">{t('empty')}</span>
                            ) : (
                              <PlainValue
                                object={object}
                                name={field.name}
                                field={kind}
                                value={value}
                                title={typeof value === 'string' ? (preview.titles[value] ?? null) : null}
                                currency={currencyOf(preview, id)}
                                link={false}
                              />
                            )}
                          </span>
                        </label>
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {!all && fields.length > shown.length && (
          <p className="text-muted-foreground text-sm">{t('rest', { count: fields.length - shown.length })}</p>
        )}
      </DialogBody>
      <DialogFooter className="border-t">
        <Button variant="secondary" onClick={() => onClose()}>
          {c('cancel')}
        </Button>
        <Button busy={merge.isPending} onClick={send}>
          {t('confirm')}
        </Button>
      </DialogFooter>
    </>
  );
}

/** Of the column of fields' names and, at least, of each record's, in pixels. */
const fieldWidth = 144;
const leastWidth = 160;

function currencyOf({ fields }: Preview, id: string): string | null {
  const value = fields.find(({ name }) => name === 'currency')?.values[id];
  return typeof value === 'string' ? value : null;
}
