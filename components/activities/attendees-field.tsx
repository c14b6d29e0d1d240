'use client';

import { UserPlus, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { usePickWords, useReferenceSearch } from '@/components/records/pickers';
import { useLabels } from '@/components/shell/labels';
import { Avatar } from '@/components/ui/avatar';
import { Button } from '@/components/ui/button';
import { PickList } from '@/components/ui/combobox';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover';

export interface Person {
  id: string;
  name: string;
}

/** Contacts and colleagues who take part, added by searching for them. */
export function AttendeesField({
  value,
  onChange,
  membersOnly,
  addLabel,
}: {
  value: readonly Person[];
  onChange: (people: Person[]) => void;
  membersOnly?: boolean;
  /** On the button that adds somebody, where they do not take part in a meeting. */
  addLabel?: string;
}) {
  const t = useTranslations('activities.attendees');
  const labels = useLabels();
  const words = usePickWords();
  const search = useReferenceSearch();
  const [open, setOpen] = useState(false);
  const find = async (query: string) => {
    const [contacts, members] = await Promise.all([
      membersOnly ? [] : search('contact', query),
      search('member', query),
    ]);
    return [
      ...members.slice(0, 6).map((person) => ({ ...person, subtitle: labels.object('member', 'One') })),
      ...contacts
        .slice(0, 12)
        .map((person) => ({ ...person, subtitle: person.subtitle ?? labels.object('contact', 'One') })),
    ];
  };
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {value.map((person) => (
        <span
          key={person.id}
          className="inline-flex h-8 max-w-full items-center gap-1.5 rounded-md border pr-1 pl-1.5 text-sm pointer-coarse:h-10"
        >
          <Avatar name={person.name} seed={person.id} size="sm" />
          <span className="truncate">{person.name}</span>
          <Button
            variant="quiet"
            size="icon-xs"
            aria-label={t('remove', { name: person.name })}
            onClick={() => onChange(value.filter(({ id }) => id !== person.id))}
          >
            <X />
          </Button>
        </span>
      ))}
      <Popover open={open} onOpenChange={setOpen}>
        <PopoverTrigger asChild>
          <Button variant="secondary">
            <UserPlus />
            {addLabel ?? t('add')}
          </Button>
        </PopoverTrigger>
        <PopoverContent aria-label={addLabel ?? t('add')} className="p-0">
          <PickList
            {...words}
            load={find}
            selected={value.map(({ id }) => id)}
            onPick={({ id, title }) => {
              const there = value.some((person) => person.id === id);
              onChange(there ? value.filter((person) => person.id !== id) : [...value, { id, name: title }]);
            }}
          />
        </PopoverContent>
      </Popover>
    </div>
  );
}
