'use client';

import { Check, MoreHorizontal, Plus, Star } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useCan } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { useQuickCreate } from '@/components/shell/quick-create';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { PickList } from '@/components/ui/combobox';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover';
import { RecordAvatar, RefLink } from './chips';
import { type Linked, type LinkKind, type Links, ofDeal, onePrimary, useLinks } from './links';
import { usePickWords, useReferenceSearch } from './pickers';
import { RelatedSection } from './related-section';

/** People of a company or deal, companies of a person: each with a role, linked and unlinked here. */
export function RelatedLinks({ kind, id, title }: { kind: LinkKind; id: string; title: string }) {
  const t = useTranslations('records.related');
  const c = useTranslations('common');
  const can = useCan();
  const links = useLinks(kind, id);
  const object = kind === 'contactCompanies' ? 'company' : kind === 'contactDeals' ? 'deal' : 'contact';
  const writable = can(ofDeal(kind) ? 'deal.write' : 'contact.write');
  return (
    <RelatedSection
      title={t(kind)}
      count={links.items?.length}
      loading={!links.items && !links.failed}
      action={writable && <AddLink kind={kind} id={id} title={title} object={object} links={links} />}
      empty={links.failed ? c('loadFailed') : t(`${kind}None`)}
    >
      {links.items?.map((item) => (
        <li key={item.id} className="group/link flex min-h-9 items-center gap-2 rounded-md px-2 py-1 hover:bg-accent">
          <RecordAvatar object={object} id={item.id} title={item.name} />
          <span className="min-w-0 flex-1">
            <RefLink object={object} id={item.id} title={item.name} className="block text-sm" />
            {item.jobTitle && <span className="block truncate text-muted-foreground text-xs">{item.jobTitle}</span>}
          </span>
          {item.primary && onePrimary(kind) && (
            <Star data-tone="amber" aria-label={t('primary')} className="size-3.5 shrink-0 fill-current text-tone" />
          )}
          <RoleMenu item={item} links={links} kind={kind} writable={writable} />
        </li>
      ))}
    </RelatedSection>
  );
}

function RoleMenu({ item, links, kind, writable }: { item: Linked; links: Links; kind: LinkKind; writable: boolean }) {
  const t = useTranslations('records.related');
  const f = useTranslations('fields');
  const key = `${links.roleKey}.${item.role}`;
  const role = item.role ? (f.has(key) ? f(key) : item.role) : null;
  if (!writable) return role && <Badge variant="secondary">{role}</Badge>;
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        {role ? (
          <button type="button" aria-label={t('roleOf', { name: item.name, role })} className="rounded-xs">
            <Badge variant="secondary">{role}</Badge>
          </button>
        ) : (
          <Button
            variant="quiet"
            size="icon-xs"
            aria-label={t('options', { name: item.name })}
            className="opacity-0 focus-visible:opacity-100 group-hover/link:opacity-100 data-[state=open]:opacity-100 pointer-coarse:opacity-60"
          >
            <MoreHorizontal />
          </Button>
        )}
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuLabel>{t('role')}</DropdownMenuLabel>
        {links.roles.map((value) => (
          <DropdownMenuItem key={value} onSelect={() => links.put({ ...item, role: value })}>
            <span className="flex-1">{f(`${links.roleKey}.${value}`)}</span>
            {value === item.role && <Check />}
          </DropdownMenuItem>
        ))}
        {item.role && (
          <DropdownMenuItem onSelect={() => links.put({ ...item, role: null })}>{t('noRole')}</DropdownMenuItem>
        )}
        <DropdownMenuSeparator />
        {!item.primary && kind !== 'contactDeals' && (
          <DropdownMenuItem onSelect={() => links.put({ ...item, primary: true })}>
            <Star />
            {t(kind === 'companyContacts' ? 'makePrimaryCompany' : 'makePrimary')}
          </DropdownMenuItem>
        )}
        <DropdownMenuItem variant="destructive" onSelect={() => links.remove(item)}>
          {t('unlink')}
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

function AddLink({
  kind,
  id,
  title,
  object,
  links,
}: {
  kind: LinkKind;
  id: string;
  title: string;
  object: 'company' | 'contact' | 'deal';
  links: Links;
}) {
  const t = useTranslations('records.related');
  const labels = useLabels();
  const can = useCan();
  const [open, setOpen] = useState(false);
  const search = useReferenceSearch();
  const words = usePickWords();
  const create = useQuickCreate();
  const label = t('link', { object: labels.object(object, 'one') });
  const known = links.items?.map((item) => item.id) ?? [];
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button variant="quiet" size="icon-xs" aria-label={label}>
          <Plus />
        </Button>
      </PopoverTrigger>
      <PopoverContent align="end" className="p-0" aria-label={label}>
        <PickList
          {...words}
          load={(query) => search(object, query)}
          selected={known}
          onPick={(option) => {
            setOpen(false);
            if (!known.includes(option.id))
              links.put({
                id: option.id,
                name: option.title,
                role: null,
                primary: kind !== 'contactDeals' && known.length === 0,
              });
          }}
          create={
            // A new contact belongs to the company by its own field; on a deal it is linked once it exists.
            kind === 'companyContacts' && can('contact.write')
              ? {
                  label: (query) => t('createNamed', { name: query }),
                  run: (query) => {
                    setOpen(false);
                    create('contact', { name: query, companyId: id, refs: { companyId: title } });
                  },
                }
              : undefined
          }
        />
      </PopoverContent>
    </Popover>
  );
}
