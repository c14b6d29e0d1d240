'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Bookmark, Check, ChevronDown, Trash2, Users } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useRefusalText } from '@/components/shell/errors';
import { useFormat } from '@/components/shell/format';
import { useTRPC } from '@/components/shell/trpc';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Label } from '@/components/ui/label';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover';
import { clip } from '@/domain/clip';
import type { ImportPlan } from '@/domain/imports/mapping';
import { fitOf, goodFit, type SavedMapping } from '@/domain/imports/saved';
import type { DraftControls } from './use-draft';

interface Fitting {
  mapping: SavedMapping;
  fit: number;
}

/** Mappings that were kept: the one that fits is offered, and this one can be kept too. */
export function MappingBar({ draft, plan, fileName }: { draft: DraftControls; plan: ImportPlan; fileName: string }) {
  const t = useTranslations('imports.mappings');
  const trpc = useTRPC();
  const saved = useQuery(trpc.imports.mappings.queryOptions());
  const format = useFormat();
  const [chosen, setChosen] = useState<SavedMapping | null>(null);
  const headers = plan.columns.map(({ header }) => header);
  const fitting = (saved.data?.mappings ?? [])
    .filter(({ object }) => object === plan.object)
    .map((mapping): Fitting => ({ mapping, fit: fitOf(mapping.settings, headers) }))
    .filter(({ mapping, fit }) => mapping.kind === 'saved' || fit >= goodFit)
    .sort((a, b) => b.fit - a.fit);
  const [best] = fitting;
  const use = (mapping: SavedMapping) => {
    draft.adopt(mapping.settings);
    setChosen(mapping);
  };
  return (
    <div className="mb-4 grid grid-cols-[minmax(0,1fr)] gap-3">
      {best && best.fit >= goodFit && !chosen && (
        <Alert>
          <Bookmark aria-hidden />
          <AlertDescription>
            {t(best.mapping.kind === 'saved' ? 'fits' : 'asBefore', {
              name: best.mapping.name,
              when: format.relative(best.mapping.updatedAt),
            })}
          </AlertDescription>
          <Button size="sm" variant="outline" onClick={() => use(best.mapping)}>
            {t('use')}
          </Button>
        </Alert>
      )}
      <div className="flex flex-wrap items-center gap-2">
        {fitting.length > 0 && <Menu fitting={fitting} chosen={chosen} onUse={use} />}
        {!plan.make && (
          <Save
            key={chosen?.id}
            plan={plan}
            chosen={chosen}
            name={clip(fileName.replace(/\.\w+$/, ''), 100)}
            onSaved={setChosen}
          />
        )}
        {chosen?.mine && <Remove mapping={chosen} onRemoved={() => setChosen(null)} />}
      </div>
    </div>
  );
}

function Menu({
  fitting,
  chosen,
  onUse,
}: {
  fitting: readonly Fitting[];
  chosen: SavedMapping | null;
  onUse: (mapping: SavedMapping) => void;
}) {
  const t = useTranslations('imports.mappings');
  const format = useFormat();
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="secondary" size="sm">
          <Bookmark />
          {chosen?.name ?? t('choose')}
          <ChevronDown />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="start" className="max-h-80 overflow-y-auto">
        {fitting.map(({ mapping, fit }) => (
          <DropdownMenuItem key={mapping.id} onSelect={() => onUse(mapping)}>
            <span className="min-w-0 flex-1 truncate">
              {mapping.kind === 'saved' ? mapping.name : t('asIn', { name: mapping.name })}
            </span>
            {mapping.shared && <Users aria-label={t('sharedBy', { name: mapping.by ?? '' })} />}
            <span className="tabular text-muted-foreground">
              {t('fit', { share: format.percent(Math.round(fit * 100)) })}
            </span>
            {chosen?.id === mapping.id && <Check aria-hidden />}
          </DropdownMenuItem>
        ))}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

function Save({
  plan,
  chosen,
  name,
  onSaved,
}: {
  plan: ImportPlan;
  chosen: SavedMapping | null;
  name: string;
  onSaved: (mapping: SavedMapping) => void;
}) {
  const t = useTranslations('imports.mappings');
  const text = useRefusalText();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const mine = chosen?.mine ? chosen : null;
  const [open, setOpen] = useState(false);
  const [title, setTitle] = useState(mine?.name ?? name);
  const [shared, setShared] = useState(mine?.shared ?? false);
  const sharedId = useId();
  const save = useMutation(
    trpc.imports.saveMapping.mutationOptions({
      // Nothing but the list of mappings has changed.
      meta: { refresh: false },
      onSuccess: async ({ id }) => {
        setOpen(false);
        await queries.invalidateQueries(trpc.imports.mappings.queryFilter());
        const list = await queries.fetchQuery(trpc.imports.mappings.queryOptions());
        const kept = list.mappings.find((mapping) => mapping.id === id);
        if (kept) onSaved(kept);
      },
    }),
  );
  const keep = (id: string | undefined) => save.mutate({ id, name: title, shared, plan });
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button variant="secondary" size="sm">
          {t('save')}
        </Button>
      </PopoverTrigger>
      <PopoverContent>
        <form
          className="grid gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            keep(mine?.id);
          }}
        >
          <p className="text-muted-foreground text-sm">{t('help')}</p>
          <Field label={t('name')} error={save.isError ? text(save.error) : undefined}>
            <Input value={title} maxLength={100} onChange={(event) => setTitle(event.target.value)} />
          </Field>
          <span className="flex items-center gap-2">
            <Checkbox id={sharedId} checked={shared} onCheckedChange={(value) => setShared(value === true)} />
            <Label htmlFor={sharedId} className="font-normal">
              {t('shared')}
            </Label>
          </span>
          <div className="flex justify-end gap-2">
            {mine && (
              <Button
                type="button"
                variant="secondary"
                size="sm"
                disabled={title.trim() === ''}
                onClick={() => keep(undefined)}
              >
                {t('saveNew')}
              </Button>
            )}
            <Button type="submit" size="sm" busy={save.isPending} disabled={title.trim() === ''}>
              {t(mine ? 'saveOver' : 'saveIt')}
            </Button>
          </div>
        </form>
      </PopoverContent>
    </Popover>
  );
}

function Remove({ mapping, onRemoved }: { mapping: SavedMapping; onRemoved: () => void }) {
  const t = useTranslations('imports.mappings');
  const trpc = useTRPC();
  const queries = useQueryClient();
  const remove = useMutation(
    trpc.imports.removeMapping.mutationOptions({
      meta: { refresh: false },
      onSuccess: () => {
        onRemoved();
        return queries.invalidateQueries(trpc.imports.mappings.queryFilter());
      },
    }),
  );
  return (
    <Button
      variant="quiet"
      size="icon-sm"
      aria-label={t('remove', { name: mapping.name })}
      busy={remove.isPending}
      onClick={() => remove.mutate({ id: mapping.id })}
    >
      <Trash2 />
    </Button>
  );
}
