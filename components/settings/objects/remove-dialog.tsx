'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { ObjectKey } from '@/components/records/use-object';
import { useBoot } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { navigate } from '@/components/shell/router';
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
import type { ObjectDefinition } from '@/domain/catalogue';
import { type FieldDefinition, labelIn } from '@/domain/custom-fields';
import { AffectedList } from './affected';

/** Says what a field's going touches before it goes; a toast brings it back with all values. */
export function RemoveFieldDialog({ field, onClose }: { field: FieldDefinition; onClose: () => void }) {
  const t = useTranslations('fieldsSettings.remove');
  const trpc = useTRPC();
  const undo = useUndoToast();
  const name = labelIn(field.label, useBoot().user.locale);
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
    <RemoveDialog
      title={t('title', { field: name })}
      help={t('help')}
      button={t('button')}
      busy={remove.isPending}
      onRemove={() => remove.mutate({ id: field.id })}
      onClose={onClose}
    >
      <AffectedList query={affected} of="field" />
    </RemoveDialog>
  );
}

/** The same for an object with all its records. */
export function RemoveObjectDialog({ definition, onClose }: { definition: ObjectDefinition; onClose: () => void }) {
  const t = useTranslations('fieldsSettings.object');
  const trpc = useTRPC();
  const undo = useUndoToast();
  // The keys of own objects are kinds of records.
  const name = useLabels().object(definition.key as ObjectKey, 'Other');
  const affected = useQuery(trpc.objects.affected.queryOptions({ id: definition.id }, { staleTime: 0 }));
  const remove = useMutation(
    trpc.objects.remove.mutationOptions({
      onSuccess: ({ changeSetId }) => {
        navigate('/settings/objects');
        undo(changeSetId, t('removed', { object: name }));
      },
    }),
  );
  return (
    <RemoveDialog
      title={t('removeTitle', { object: name })}
      help={t('removeHelp')}
      button={t('removeButton')}
      busy={remove.isPending}
      onRemove={() => remove.mutate({ id: definition.id })}
      onClose={onClose}
    >
      <AffectedList query={affected} of="object" />
    </RemoveDialog>
  );
}

function RemoveDialog(p: {
  title: string;
  help: string;
  button: string;
  busy: boolean;
  onRemove: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const c = useTranslations('common');
  return (
    <Dialog open onOpenChange={(open) => !open && p.onClose()}>
      <DialogContent closeLabel={c('close')}>
        <DialogHeader>
          <DialogTitle>{p.title}</DialogTitle>
          <DialogDescription>{p.help}</DialogDescription>
        </DialogHeader>
        <DialogBody className="grid gap-2 text-sm">{p.children}</DialogBody>
        <DialogFooter>
          <Button variant="ghost" onClick={p.onClose}>
            {c('cancel')}
          </Button>
          <Button variant="destructive" busy={p.busy} onClick={p.onRemove}>
            {p.button}
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
