'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { ChevronLeft } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { ObjectKey } from '@/components/records/use-object';
import { useBoot } from '@/components/shell/boot';
import { refusalOf, useFieldErrors, useRefusalText } from '@/components/shell/errors';
import { useLabels } from '@/components/shell/labels';
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
import { type FieldDefinition, type FieldSettings, labelIn } from '@/domain/custom-fields';
import { AffectedList } from './affected';
import { draftOf, type FieldDraft, freshDraft, inputOf, isSame, problemOf } from './draft';
import { typeIcons } from './field-types';
import { LabelsInput } from './labels-input';
import { TypePicker } from './type-picker';
import { TypeRules, ValueRules } from './type-rules';

/** Makes a field, its type first, or changes one that is there; errors stand at the input they are about. */
export function FieldDialog({
  object,
  field,
  onClose,
}: {
  object: ObjectKey;
  field?: FieldDefinition;
  onClose: () => void;
}) {
  const t = useTranslations('fieldsSettings');
  const c = useTranslations('common');
  const labels = useLabels();
  const { locale } = useBoot().user;
  const [draft, setDraft] = useState<FieldDraft | null>(field ? draftOf(field) : null);
  const title = field
    ? t('editField', { field: labelIn(field.label, locale) })
    : t('addTo', { object: labels.object(object, 'other') });
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        closeLabel={c('close')}
        className="sm:top-[6dvh] sm:max-h-[88dvh] sm:max-w-2xl"
        // Nothing typed is lost by a click beside the dialog.
        onInteractOutside={(event) => draft && event.preventDefault()}
      >
        <DialogHeader>
          <DialogTitle>{title}</DialogTitle>
          <DialogDescription>{draft ? t(`types.${draft.type}.help`) : t('chooseType')}</DialogDescription>
        </DialogHeader>
        {draft ? (
          <FieldForm
            object={object}
            field={field}
            draft={draft}
            onDraft={setDraft}
            onBack={field ? undefined : () => setDraft(null)}
            onClose={onClose}
          />
        ) : (
          <DialogBody className="pb-5">
            <TypePicker onPick={(type) => setDraft(freshDraft(type))} />
          </DialogBody>
        )}
      </DialogContent>
    </Dialog>
  );
}

/** What a change of a field reaches, said as soon as something is changed. */
function Touches({ id }: { id: string }) {
  const trpc = useTRPC();
  const affected = useQuery(trpc.fields.affected.queryOptions({ id }, { staleTime: 60_000 }));
  return (
    <div
      aria-live="polite"
      className="max-h-32 shrink-0 overflow-y-auto border-t bg-subtle px-5 py-2 text-muted-foreground text-sm"
    >
      <AffectedList query={affected} of="field" />
    </div>
  );
}

function FieldForm({
  object,
  field,
  draft,
  onDraft,
  onBack,
  onClose,
}: {
  object: ObjectKey;
  field?: FieldDefinition;
  draft: FieldDraft;
  onDraft: (draft: FieldDraft) => void;
  onBack?: () => void;
  onClose: () => void;
}) {
  const t = useTranslations('fieldsSettings');
  const c = useTranslations('common');
  const trpc = useTRPC();
  const undo = useUndoToast();
  const errors = useFieldErrors();
  const refusal = useRefusalText();
  const { locale } = useBoot().user;
  const input = inputOf(object, draft);
  const told = {
    meta: { quiet: true },
    onSuccess: ({ changeSetId }: { changeSetId: string }) => {
      onClose();
      undo(changeSetId, t(field ? 'saved' : 'added', { field: labelIn(input.label, locale) }));
    },
  };
  const create = useMutation(trpc.fields.create.mutationOptions(told));
  const update = useMutation(trpc.fields.update.mutationOptions(told));
  const save = field ? update : create;
  const problems: Record<string, string> = save.error ? errors(save.error) : {};
  const placed = ['label', 'help', 'required', 'settings'].some((name) => problemOf(problems, name) !== undefined);
  const general = save.error && !(placed && refusalOf(save.error)) ? refusal(save.error) : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (!field) return create.mutate(input);
    if (isSame(draft, draftOf(field))) return onClose();
    const { label, help, required, settings } = input;
    update.mutate({ id: field.id, values: { label, help, required, settings } });
  };
  const rules = (settings: Partial<FieldSettings>) =>
    onDraft({ ...draft, settings: { ...draft.settings, ...settings } });
  const { choices = [], attributes = [] } = field?.settings ?? {};
  const kept = new Set([...choices.map(({ value }) => value), ...attributes.map(({ key }) => key)]);
  const shared = { object, draft, problems, own: field?.key, kept, onChange: rules };
  const Icon = typeIcons[draft.type];
  return (
    <form onSubmit={submit} noValidate className="contents">
      <DialogBody className="grid content-start gap-4 pb-4">
        <div className="flex items-center gap-2 rounded-md bg-subtle px-3 py-2 text-sm">
          <Icon aria-hidden className="size-4 text-muted-foreground" />
          <span className="font-medium">{t(`types.${draft.type}.name`)}</span>
          {field && <code className="ml-auto text-muted-foreground text-xs">{field.key}</code>}
          {onBack && (
            <Button variant="quiet" size="sm" className="-my-1 ml-auto" onClick={onBack}>
              <ChevronLeft />
              {t('otherType')}
            </Button>
          )}
        </div>
        {general && (
          <Alert variant="destructive">
            <AlertDescription>{general}</AlertDescription>
          </Alert>
        )}
        <LabelsInput
          label={t('label')}
          required
          autoFocus
          value={draft.label}
          error={problemOf(problems, 'label')}
          onChange={(label) => onDraft({ ...draft, label })}
        />
        <TypeRules {...shared} />
        <LabelsInput
          label={t('help')}
          help={t('helpHelp')}
          long
          max={500}
          value={draft.help}
          error={problemOf(problems, 'help')}
          onChange={(help) => onDraft({ ...draft, help })}
        />
        <ValueRules {...shared} onRequired={(required) => onDraft({ ...draft, required })} />
      </DialogBody>
      {field && !isSame(draft, draftOf(field)) && <Touches id={field.id} />}
      <DialogFooter className="border-t">
        <Button variant="ghost" onClick={onClose}>
          {c('cancel')}
        </Button>
        <Button type="submit" busy={save.isPending}>
          {field ? c('save') : t('add')}
        </Button>
      </DialogFooter>
    </form>
  );
}
