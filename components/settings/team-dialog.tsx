'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useFieldErrors, useRefusalText } from '@/components/shell/errors';
import { useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { Combobox } from '@/components/ui/combobox';
import { Dialog, DialogBody, DialogContent, DialogFooter, DialogHeader, DialogTitle } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { findPeople, type TeamView, usePeople } from './people';

/** A team's name, office, manager and people. */
export function TeamDialog({ team, onClose }: { team?: TeamView; onClose: () => void }) {
  const t = useTranslations('settings.teams');
  const c = useTranslations('common');
  const trpc = useTRPC();
  const undo = useUndoToast();
  const errors = useFieldErrors();
  const refusal = useRefusalText();
  const everybody = usePeople().data?.members ?? [];
  const members = everybody.filter((member) => member.status !== 'inactive');
  const [name, setName] = useState(team?.name ?? '');
  const [office, setOffice] = useState(team?.office ?? '');
  const [managerId, setManagerId] = useState(team?.managerId ?? null);
  const [moved, setMoved] = useState<ReadonlyMap<string, boolean>>(new Map());
  const isIn = (id: string) =>
    moved.get(id) ?? (team !== undefined && everybody.some((member) => member.id === id && member.teamId === team.id));
  const options = {
    meta: { quiet: true, refresh: ['tenant', 'members', 'deals', 'tasks'] },
    onSuccess: ({ changeSetId }: { changeSetId: string }) => {
      onClose();
      undo(changeSetId, t('saved', { name: name.trim() }));
    },
  };
  const create = useMutation(trpc.teams.create.mutationOptions(options));
  const update = useMutation(trpc.teams.update.mutationOptions(options));
  const save = team ? update : create;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const memberIds = everybody.filter((member) => isIn(member.id)).map((member) => member.id);
    const values = { name: name.trim(), office: office.trim() || null, managerId, memberIds };
    if (team) update.mutate({ id: team.id, ...values });
    else create.mutate(values);
  };
  const found: Record<string, string> = save.error ? errors(save.error) : {};
  const problem = save.error ? (found.name ?? refusal(save.error)) : undefined;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent closeLabel={c('close')} aria-describedby={undefined}>
        <DialogHeader>
          <DialogTitle>{team ? t('editTitle', { name: team.name }) : t('add')}</DialogTitle>
        </DialogHeader>
        <form onSubmit={submit} noValidate className="contents">
          <DialogBody className="grid gap-4">
            <Field label={t('name')} required error={problem}>
              <Input autoFocus value={name} maxLength={120} onChange={(event) => setName(event.target.value)} />
            </Field>
            <Field label={t('office')} help={t('officeHelp')} error={found.office}>
              <Input value={office} maxLength={120} onChange={(event) => setOffice(event.target.value)} />
            </Field>
            <Field label={t('manager')} help={t('managerHelp')}>
              <Combobox
                value={managerId}
                label={members.find((member) => member.id === managerId)?.name ?? team?.managerName ?? null}
                onChange={(option) => setManagerId(option?.id ?? null)}
                load={async (query) => findPeople(members, query)}
                placeholder={t('noManager')}
                searchLabel={c('search')}
                emptyText={c('noResults')}
                errorText={c('loadFailed')}
                clearLabel={c('clear')}
              />
            </Field>
            <fieldset>
              <legend className="mb-1.5 font-medium text-sm">{t('people')}</legend>
              <ul className="grid max-h-56 gap-px overflow-y-auto rounded-md border p-1">
                {members.map((member) => (
                  <li key={member.id}>
                    {/* biome-ignore lint/a11y/noLabelWithoutControl: the checkbox is inside */}
                    <label className="flex min-h-8 cursor-pointer items-center gap-2.5 rounded-xs px-2 text-sm hover:bg-accent">
                      <Checkbox
                        checked={isIn(member.id)}
                        onCheckedChange={(checked) => setMoved(new Map(moved).set(member.id, checked === true))}
                        aria-label={member.name}
                      />
                      <span className="min-w-0 flex-1 truncate">{member.name}</span>
                      {member.teamName && member.teamId !== team?.id && (
                        <span className="truncate text-muted-foreground">{member.teamName}</span>
                      )}
                    </label>
                  </li>
                ))}
              </ul>
            </fieldset>
          </DialogBody>
          <DialogFooter>
            <Button variant="ghost" onClick={onClose}>
              {c('cancel')}
            </Button>
            <Button type="submit" busy={save.isPending}>
              {c('save')}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
