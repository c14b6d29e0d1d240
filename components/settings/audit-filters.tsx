'use client';

import { X } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { Button } from '@/components/ui/button';
import { Combobox } from '@/components/ui/combobox';
import { DateInput } from '@/components/ui/date-input';
import {
  Select,
  SelectContent,
  SelectGroup,
  SelectItem,
  SelectLabel,
  SelectTrigger,
  SelectValue,
} from '@/components/ui/select';
import { auditActions } from '@/domain/audit';
import { verbs } from '@/domain/changes';
import { useActionName } from './audit-words';
import { peopleNamed, usePeople } from './people';

export interface AuditFilter {
  memberId: string | null;
  action: string | null;
  /** First and last day, `YYYY-MM-DD` in the tenant's zone. */
  since: string | null;
  until: string | null;
}

export const noFilter: AuditFilter = { memberId: null, action: null, since: null, until: null };

const anything = 'any';

/** Whose entries, of what kind, from when to when. */
export function AuditFilters({ filter, onChange }: { filter: AuditFilter; onChange: (filter: AuditFilter) => void }) {
  const t = useTranslations('audit.page.filter');
  const c = useTranslations('common');
  const people = usePeople().data?.members ?? [];
  const name = useActionName();
  const set = (part: Partial<AuditFilter>) => {
    const next = { ...filter, ...part };
    onChange(Object.values(next).every((value) => value === null) ? noFilter : next);
  };
  return (
    <div className="grid grid-cols-2 gap-2 md:flex md:flex-wrap md:items-center">
      <div className="md:w-48">
        <Combobox
          aria-label={t('person')}
          value={filter.memberId}
          label={people.find((member) => member.id === filter.memberId)?.name ?? null}
          onChange={(member) => set({ memberId: member?.id ?? null })}
          load={async (query) => peopleNamed(people, query)}
          placeholder={t('anyone')}
          searchLabel={c('search')}
          emptyText={c('noResults')}
          errorText={c('loadFailed')}
          clearLabel={c('clear')}
        />
      </div>
      <Select
        value={filter.action ?? anything}
        onValueChange={(action) => set({ action: action === anything ? null : action })}
      >
        <SelectTrigger aria-label={t('action')} className="md:w-56">
          <SelectValue />
        </SelectTrigger>
        <SelectContent>
          <SelectItem value={anything}>{t('any')}</SelectItem>
          <SelectGroup>
            <SelectLabel>{t('changes')}</SelectLabel>
            {verbs.map((verb) => (
              <SelectItem key={verb} value={verb}>
                {name(verb)}
              </SelectItem>
            ))}
          </SelectGroup>
          <SelectGroup>
            <SelectLabel>{t('events')}</SelectLabel>
            {auditActions.map((action) => (
              <SelectItem key={action} value={action}>
                {name(action)}
              </SelectItem>
            ))}
          </SelectGroup>
        </SelectContent>
      </Select>
      {(['since', 'until'] as const).map((end) => (
        // biome-ignore lint/a11y/noLabelWithoutControl: the control is inside
        <label
          key={end}
          className="flex min-w-0 gap-x-2 gap-y-1 text-muted-foreground text-sm max-md:flex-col md:items-center"
        >
          <span className="shrink-0">{t(end)}</span>
          <DateInput
            value={filter[end]}
            min={end === 'until' ? (filter.since ?? undefined) : undefined}
            onChange={(day) => set({ [end]: day })}
            className="text-foreground md:w-36"
          />
        </label>
      ))}
      {filter !== noFilter && (
        <Button variant="quiet" onClick={() => onChange(noFilter)} className="w-fit">
          <X />
          {t('clear')}
        </Button>
      )}
    </div>
  );
}
