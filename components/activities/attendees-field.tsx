'use client';

import { Mail, UserPlus, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { usePickWords, useReferenceSearch } from '@/components/records/pickers';
import { useLabels } from '@/components/shell/labels';
import { Avatar } from '@/components/ui/avatar';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { PickList } from '@/components/ui/combobox';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover';
import { isEmail } from '@/domain/email';

export interface Person {
  /** Of somebody known by their mail address only, the address. */
  id: string;
  name: string;
  object?: 'contact' | 'member' | 'email';
}

/** People as the server takes them. */
export function attendeesOf(people: readonly Person[]): { attendeeIds: string[]; attendeeEmails: string[] } {
  const [emails, others] = [
    people.filter(({ object }) => object === 'email'),
    people.filter(({ object }) => object !== 'email'),
  ];
  return { attendeeIds: others.map(({ id }) => id), attendeeEmails: emails.map(({ id }) => id) };
}

interface Option {
  id: string;
  title: string;
  subtitle?: string | null;
}

/** Colleagues first, then contacts; a whole mail address that is none of theirs is somebody too. */
export function foundPeople(
  query: string,
  members: readonly Option[],
  contacts: readonly Option[],
  labels: { member: string; contact: string; email: string },
): (Option & { object: NonNullable<Person['object']> })[] {
  const address = query.trim().toLowerCase();
  const known = contacts.some(({ subtitle }) => subtitle?.toLowerCase() === address);
  return [
    ...members.slice(0, 6).map((person) => ({ ...person, object: 'member' as const, subtitle: labels.member })),
    ...contacts
      .slice(0, 12)
      .map((person) => ({ ...person, object: 'contact' as const, subtitle: person.subtitle ?? labels.contact })),
    ...(isEmail(address) && !known
      ? [{ id: address, title: address, subtitle: labels.email, object: 'email' as const }]
      : []),
  ];
}

/** Contacts, colleagues and mail addresses that take part, added by searching for them. */
export function AttendeesField({
  value,
  onChange,
  membersOnly,
  addLabel,
}: {
  value: readonly Person[];
  /** Without it they are only shown. */
  onChange?: (people: Person[]) => void;
  membersOnly?: boolean;
  /** On the button that adds somebody, where they do not take part in a meeting. */
  addLabel?: string;
}) {
  const t = useTranslations('activities.attendees');
  const labels = useLabels();
  const words = usePickWords();
  const search = useReferenceSearch();
  const [open, setOpen] = useState(false);
  // What the options found are, which the list of them does not carry.
  const kinds = useRef(new Map<string, Person['object']>());
  const find = async (query: string) => {
    const [contacts, members] = await Promise.all([
      membersOnly ? [] : search('contact', query),
      search('member', query),
    ]);
    const found = foundPeople(query, members, contacts, {
      member: labels.object('member', 'One'),
      contact: labels.object('contact', 'One'),
      email: t('byEmail'),
    });
    const options = membersOnly ? found.filter(({ object }) => object === 'member') : found;
    // Added to, not replaced: an answer that comes late is not the one that is shown.
    for (const { id, object } of options) kinds.current.set(id, object);
    return options;
  };
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {value.map((person) => (
        <span
          key={person.id}
          className={cn(
            'inline-flex h-8 max-w-full items-center gap-1.5 rounded-md border pr-1 pl-1.5 text-sm pointer-coarse:h-10',
            !onChange && 'pr-2',
          )}
        >
          {person.object === 'email' ? (
            <Mail aria-hidden className="size-4 shrink-0 text-muted-foreground" />
          ) : (
            <Avatar name={person.name} seed={person.id} size="sm" />
          )}
          <span className="truncate">{person.name}</span>
          {onChange && (
            <Button
              variant="quiet"
              size="icon-xs"
              aria-label={t('remove', { name: person.name })}
              onClick={() => onChange(value.filter(({ id }) => id !== person.id))}
            >
              <X />
            </Button>
          )}
        </span>
      ))}
      {!onChange && value.length === 0 && <p className="text-muted-foreground text-sm">{t('none')}</p>}
      {onChange && (
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
                onChange(
                  there
                    ? value.filter((person) => person.id !== id)
                    : [...value, { id, name: title, object: kinds.current.get(id) }],
                );
              }}
            />
          </PopoverContent>
        </Popover>
      )}
    </div>
  );
}
