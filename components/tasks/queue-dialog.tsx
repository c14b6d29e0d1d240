'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { AttendeesField, type Person } from '@/components/activities/attendees-field';
import { FormFrame } from '@/components/activities/form-frame';
import { useFieldErrors } from '@/components/shell/errors';
import { useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { Button } from '@/components/ui/button';
import { Dialog, DialogContent, DialogDescription, DialogHeader, DialogTitle } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import type { Queue } from './queues';

/** Name of a queue and who takes from it. */
export function QueueDialog({ queue, onClose }: { queue: Queue | null; onClose: () => void }) {
  const t = useTranslations('tasks.queue');
  const c = useTranslations('common');
  const trpc = useTRPC();
  const undoToast = useUndoToast();
  const errorsOf = useFieldErrors();
  const [name, setName] = useState(queue?.name ?? '');
  const [people, setPeople] = useState<Person[] | null>(queue ? null : []);
  const members = useQuery(trpc.members.list.queryOptions()).data?.members ?? [];
  const chosen =
    people ??
    queue?.memberIds.map((id) => ({ id, name: members.find((member) => member.id === id)?.name ?? '…' })) ??
    [];
  const quiet = { meta: { quiet: true } };
  const create = useMutation(trpc.tasks.createQueue.mutationOptions(quiet));
  const update = useMutation(trpc.tasks.updateQueue.mutationOptions(quiet));
  const remove = useMutation(trpc.tasks.removeQueue.mutationOptions(quiet));
  const used = queue ? update : create;
  const error = used.error ?? remove.error;
  const errors = errorsOf(error);
  const done = ({ changeSetId }: { changeSetId: string }) => {
    undoToast(changeSetId, t('saved', { name: name.trim() }));
    onClose();
  };
  const save = () => {
    const values = { name: name.trim(), memberIds: chosen.map(({ id }) => id) };
    if (queue) update.mutate({ id: queue.id, ...values }, { onSuccess: done });
    else create.mutate(values, { onSuccess: done });
  };
  return (
    <Dialog open onOpenChange={(next) => !next && onClose()}>
      <DialogContent closeLabel={c('close')}>
        <DialogHeader>
          <DialogTitle>{t(queue ? 'edit' : 'new')}</DialogTitle>
          <DialogDescription>{t('help')}</DialogDescription>
        </DialogHeader>
        <FormFrame onSave={save} busy={used.isPending} label={t('save')} error={error} known={['name', 'memberIds']}>
          <Field label={t('name')} required error={errors.name}>
            <Input autoFocus value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />
          </Field>
          <Field label={t('members')} help={t('everyone')} error={errors.memberIds}>
            <AttendeesField membersOnly addLabel={t('addMember')} value={chosen} onChange={setPeople} />
          </Field>
          {queue && (
            <Button
              variant="ghost"
              className="w-fit text-destructive"
              busy={remove.isPending}
              onClick={() =>
                remove.mutate(
                  { id: queue.id },
                  {
                    onSuccess: ({ changeSetId }) => {
                      undoToast(changeSetId, t('removed', { name: queue.name }));
                      onClose();
                    },
                  },
                )
              }
            >
              {t('remove')}
            </Button>
          )}
        </FormFrame>
      </DialogContent>
    </Dialog>
  );
}
