'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { Button } from '@/components/ui/button';
import { Combobox, type ComboboxOption } from '@/components/ui/combobox';
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
import { findPeople, type MemberView } from './people';

/** Ends somebody's access and asks who goes on with their records. */
export function DeactivateDialog({
  member,
  members,
  onClose,
}: {
  member: MemberView;
  members: readonly MemberView[];
  onClose: () => void;
}) {
  const t = useTranslations('settings.members');
  const c = useTranslations('common');
  const trpc = useTRPC();
  const undo = useUndoToast();
  const [heir, setHeir] = useState<ComboboxOption | null>(null);
  const deactivate = useMutation(
    trpc.members.deactivate.mutationOptions({
      meta: { refresh: ['tenant', 'teams', 'deals', 'tasks', 'companies', 'contacts'] },
      onSuccess: ({ changeSetId, handed }) => {
        onClose();
        undo(changeSetId, t('deactivated', { name: member.name, count: handed }));
      },
    }),
  );
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent closeLabel={c('close')}>
        <DialogHeader>
          <DialogTitle>{t('deactivateTitle', { name: member.name })}</DialogTitle>
          <DialogDescription>{t('deactivateHelp')}</DialogDescription>
        </DialogHeader>
        <DialogBody>
          <Field label={t('handTo')} help={t('handToHelp')}>
            <Combobox
              value={heir?.id ?? null}
              label={heir?.title ?? null}
              onChange={setHeir}
              load={async (query) => findPeople(members, query, member.id)}
              placeholder={t('nobody')}
              searchLabel={c('search')}
              emptyText={c('noResults')}
              errorText={c('loadFailed')}
              clearLabel={c('clear')}
            />
          </Field>
        </DialogBody>
        <DialogFooter>
          <Button variant="ghost" onClick={onClose}>
            {c('cancel')}
          </Button>
          <Button
            variant="destructive"
            busy={deactivate.isPending}
            onClick={() => deactivate.mutate({ id: member.id, handTo: heir?.id })}
          >
            {t('deactivate')}
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
