'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { PlainValue } from '@/components/records/field-value';
import { useBoot } from '@/components/shell/boot';
import { useRefusalText } from '@/components/shell/errors';
import { useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
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
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import { Skeleton } from '@/components/ui/skeleton';
import { convertible, type FieldDefinition, fieldOf, labelIn } from '@/domain/custom-fields';
import { AffectedList } from './affected';

/** Turns a field into one of another type: what becomes of its values is said before, and a toast takes it back. */
export function ConvertDialog({ field, onClose }: { field: FieldDefinition; onClose: () => void }) {
  const t = useTranslations('fieldsSettings');
  const c = useTranslations('common');
  const trpc = useTRPC();
  const undo = useUndoToast();
  const refusal = useRefusalText();
  const { locale } = useBoot().user;
  const options = (convertible[field.type] ?? []).filter((type) => type !== field.type);
  const [type, setType] = useState(options[0]);
  const name = labelIn(field.label, locale);
  const preview = useQuery(
    trpc.fields.previewConversion.queryOptions(
      { id: field.id, type: type ?? field.type },
      { staleTime: 0, enabled: type !== undefined, retry: false },
    ),
  );
  const affected = useQuery(trpc.fields.affected.queryOptions({ id: field.id }, { staleTime: 0 }));
  const convert = useMutation(
    trpc.fields.convert.mutationOptions({
      meta: { quiet: true },
      onSuccess: ({ changeSetId, queued }) => {
        onClose();
        undo(
          changeSetId,
          queued ? t('convert.queued', { field: name, count: queued }) : t('convert.done', { field: name }),
        );
      },
    }),
  );
  const choose = (next: string) => {
    convert.reset();
    setType(options.find((each) => each === next));
  };
  const error = convert.error ?? preview.error;
  const { data } = preview;
  const shown = fieldOf(field);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent closeLabel={c('close')}>
        <DialogHeader>
          <DialogTitle>{t('convert.title', { field: name })}</DialogTitle>
          <DialogDescription>{t('convert.help')}</DialogDescription>
        </DialogHeader>
        <DialogBody className="grid gap-4 text-sm">
          <Field label={t('convert.to', { type: t(`types.${field.type}.name`) })}>
            <Select value={type} onValueChange={choose}>
              <SelectTrigger>
                <SelectValue />
              </SelectTrigger>
              <SelectContent>
                {options.map((each) => (
                  <SelectItem key={each} value={each}>
                    {t(`types.${each}.name`)}
                  </SelectItem>
                ))}
              </SelectContent>
            </Select>
          </Field>
          <div className="grid gap-2" aria-live="polite">
            {preview.isPending && <Skeleton className="h-5 w-56" />}
            {data && <p>{t('convert.kept', { count: data.converted, of: data.checked })}</p>}
            {data && data.lost > 0 && (
              <Alert variant="destructive">
                <AlertDescription>
                  {t('convert.lost', { count: data.lost })}
                  <ul className="list-disc pl-5">
                    {data.examples.slice(0, 5).map(({ id, value }) => (
                      <li key={id} className="truncate">
                        <PlainValue
                          object={field.object}
                          name={field.key}
                          field={shown}
                          value={value}
                          title={null}
                          currency={null}
                          link={false}
                        />
                      </li>
                    ))}
                  </ul>
                </AlertDescription>
              </Alert>
            )}
            <AffectedList query={affected} of="field" />
          </div>
          {error && (
            <Alert variant="destructive">
              <AlertDescription>{refusal(error)}</AlertDescription>
            </Alert>
          )}
        </DialogBody>
        <DialogFooter>
          <Button variant="ghost" onClick={onClose}>
            {c('cancel')}
          </Button>
          <Button
            busy={convert.isPending}
            disabled={!data}
            onClick={() => type && convert.mutate({ id: field.id, type })}
          >
            {t('convert.button')}
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
