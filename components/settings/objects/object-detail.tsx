'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ArrowLeft, Ellipsis, Lock, Pencil, Plus, Replace, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ObjectIcon } from '@/components/records/chips';
import type { ObjectKey } from '@/components/records/use-object';
import { useBoot } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { Link } from '@/components/shell/router';
import { useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import { Input } from '@/components/ui/input';
import type { CatalogueObject } from '@/domain/catalogue';
import { convertible, type FieldDefinition, labelIn } from '@/domain/custom-fields';
import { maxFields } from '@/domain/fields';
import { rowsClasses, Section } from '../section';
import { Sortable } from '../sortable';
import { ConvertDialog } from './convert-dialog';
import { FieldDialog } from './field-dialog';
import { typeIcons } from './field-types';
import { ObjectDialog } from './object-dialog';
import { RemoveFieldDialog, RemoveObjectDialog } from './remove-dialog';

/** One kind of record: the fields the tenant gave it, in their order, and the standard ones, which stay as they are. */
export function ObjectDetail({ kind }: { kind: CatalogueObject }) {
  const t = useTranslations('fieldsSettings');
  const labels = useLabels();
  const [editing, setEditing] = useState<FieldDefinition | 'new' | null>(null);
  const [removing, setRemoving] = useState<FieldDefinition | null>(null);
  const [converting, setConverting] = useState<FieldDefinition | null>(null);
  const object = kind.name as ObjectKey;
  return (
    <>
      <div className="grid gap-2">
        <Link to="/settings/objects" className="flex w-fit items-center gap-1 rounded-xs text-link text-sm">
          <ArrowLeft aria-hidden className="size-4" />
          {t('title')}
        </Link>
        <div className="flex items-center gap-2.5">
          <ObjectIcon object={object} className="size-5 text-muted-foreground" />
          <h2 className="min-w-0 truncate font-semibold text-lg">{labels.object(object, 'Other')}</h2>
          <code className="text-muted-foreground text-xs">{kind.name}</code>
          {kind.definition && <ObjectMenu kind={kind} />}
        </div>
      </div>
      <Section
        title={t('ownFields')}
        description={t('ownFieldsHelp')}
        aside={
          <Button disabled={kind.own.length >= maxFields} onClick={() => setEditing('new')}>
            <Plus />
            {t('add')}
          </Button>
        }
      >
        {kind.own.length > 0 ? (
          <OwnFields kind={kind} onEdit={setEditing} onConvert={setConverting} onRemove={setRemoving} />
        ) : (
          <p className="rounded-lg border border-dashed px-4 py-6 text-center text-muted-foreground text-sm">
            {t('noFields')}
          </p>
        )}
      </Section>
      <StandardFields kind={kind} />
      {editing && (
        <FieldDialog object={object} field={editing === 'new' ? undefined : editing} onClose={() => setEditing(null)} />
      )}
      {converting && <ConvertDialog field={converting} onClose={() => setConverting(null)} />}
      {removing && <RemoveFieldDialog field={removing} onClose={() => setRemoving(null)} />}
    </>
  );
}

/** More than so many are searched rather than looked through. */
const searched = 12;

function OwnFields({
  kind,
  onEdit,
  onConvert,
  onRemove,
}: {
  kind: CatalogueObject;
  onEdit: (field: FieldDefinition) => void;
  onConvert: (field: FieldDefinition) => void;
  onRemove: (field: FieldDefinition) => void;
}) {
  const t = useTranslations('fieldsSettings');
  const trpc = useTRPC();
  const queries = useQueryClient();
  const undo = useUndoToast();
  const { locale } = useBoot().user;
  const [query, setQuery] = useState('');
  const boot = trpc.tenant.boot.queryKey();
  const reorder = useMutation(
    trpc.fields.reorder.mutationOptions({
      onSuccess: ({ changeSetId }) => undo(changeSetId, t('ordered')),
      onSettled: () => queries.invalidateQueries({ queryKey: boot }),
    }),
  );
  const order = (ids: string[]) => {
    // Shown where it was dropped before the server has answered.
    queries.setQueryData(boot, (known) => {
      if (!known) return known;
      const moved = ids.flatMap((id) => known.fields.find((field) => field.id === id) ?? []);
      return { ...known, fields: [...known.fields.filter((field) => field.object !== kind.name), ...moved] };
    });
    reorder.mutate({ object: kind.name, ids });
  };
  const items = kind.own.map((field) => ({ ...field, name: labelIn(field.label, locale) }));
  const typed = query.trim().toLowerCase();
  const shown = items.filter(({ name, key }) => `${name} ${key}`.toLowerCase().includes(typed));
  return (
    <div className="grid gap-2">
      {items.length > searched && (
        <Input
          type="search"
          aria-label={t('find')}
          placeholder={t('find')}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          className="max-w-64"
        />
      )}
      <Sortable items={shown} label={t('ownFields')} fixed={typed !== ''} onOrder={order} className={rowsClasses}>
        {(field, handle) => (
          <FieldRow
            field={field}
            handle={handle}
            onEdit={() => onEdit(field)}
            onConvert={() => onConvert(field)}
            onRemove={() => onRemove(field)}
          />
        )}
      </Sortable>
    </div>
  );
}

function FieldRow({
  field,
  handle,
  onEdit,
  onConvert,
  onRemove,
}: {
  field: FieldDefinition & { name: string };
  handle: ReactNode;
  onEdit: () => void;
  onConvert: () => void;
  onRemove: () => void;
}) {
  const t = useTranslations('fieldsSettings');
  const c = useTranslations('common');
  const Icon = typeIcons[field.type];
  const { settings } = field;
  return (
    <div className="flex min-h-9 items-center gap-2 px-2 py-0.5 hover:bg-accent/50">
      {handle}
      <Icon aria-hidden className="size-4 shrink-0 text-muted-foreground" />
      <button
        type="button"
        onClick={onEdit}
        className="min-w-0 flex-1 truncate rounded-xs text-left text-sm hover:underline sm:flex-none sm:basis-52"
      >
        {field.name}
      </button>
      <span className="w-32 shrink-0 truncate text-muted-foreground text-sm max-sm:hidden">
        {t(`types.${field.type}.name`)}
      </span>
      <span className="flex min-w-0 flex-1 flex-wrap items-center gap-1 max-sm:hidden">
        {field.required && <Badge>{t('required')}</Badge>}
        {settings.unique && <Badge>{t('unique')}</Badge>}
        {settings.prominent && <Badge>{t('prominentBadge')}</Badge>}
        {(settings.showIf || settings.requireIf) && <Badge>{t('conditional')}</Badge>}
      </span>
      <code className="max-w-40 shrink-0 truncate text-muted-foreground text-xs max-md:hidden">{field.key}</code>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant="quiet" size="icon-sm" aria-label={t('actionsFor', { name: field.name })}>
            <Ellipsis />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          <DropdownMenuItem onSelect={onEdit}>
            <Pencil />
            {c('edit')}
          </DropdownMenuItem>
          {convertible[field.type] && (
            <DropdownMenuItem onSelect={onConvert}>
              <Replace />
              {t('convert.action')}
            </DropdownMenuItem>
          )}
          <DropdownMenuItem variant="destructive" onSelect={onRemove}>
            <Trash2 />
            {c('delete')}
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
    </div>
  );
}

function StandardFields({ kind }: { kind: CatalogueObject }) {
  const t = useTranslations('fieldsSettings');
  const labels = useLabels();
  const names = Object.keys(kind.fields).filter((name) => !kind.fields[name]?.own);
  return (
    <Section title={t('standardFields')} description={t('standardFieldsHelp')}>
      <ul className="grid gap-x-6 rounded-lg border bg-card px-4 py-2 sm:grid-cols-2">
        {names.map((name) => (
          <li key={name} className="flex h-8 min-w-0 items-center gap-2 text-muted-foreground text-sm">
            <Lock aria-hidden className="size-3.5 shrink-0" />
            <span className="min-w-0 flex-1 truncate">{labels.field(kind.name, name)}</span>
            <code className="truncate text-xs">{name}</code>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Changes or removes an object of the tenant. */
function ObjectMenu({ kind }: { kind: CatalogueObject }) {
  const t = useTranslations('fieldsSettings');
  const c = useTranslations('common');
  const labels = useLabels();
  const [editing, setEditing] = useState(false);
  const [removing, setRemoving] = useState(false);
  const { definition } = kind;
  const name = labels.object(kind.name as ObjectKey, 'Other');
  if (!definition) return null;
  return (
    <span className="ml-auto flex gap-1">
      <Button variant="secondary" size="sm" onClick={() => setEditing(true)}>
        <Pencil />
        {c('edit')}
      </Button>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant="quiet" size="icon-sm" aria-label={t('actionsFor', { name })}>
            <Ellipsis />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          <DropdownMenuItem variant="destructive" onSelect={() => setRemoving(true)}>
            <Trash2 />
            {c('delete')}
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      {removing && <RemoveObjectDialog definition={definition} onClose={() => setRemoving(false)} />}
      {editing && <ObjectDialog definition={definition} onClose={() => setEditing(false)} />}
    </span>
  );
}
