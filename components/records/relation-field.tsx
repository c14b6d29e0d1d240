'use client';

import { type InfiniteData, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useCan } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { show } from '@/components/shell/optimistic';
import { type Outputs, useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { PickList } from '@/components/ui/combobox';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover';
import type { Field } from '@/domain/fields';
import { RecordAvatar, RefLink } from './chips';
import { LinkDetails, type Linked } from './link-details';
import { useOptions, usePickWords } from './pickers';
import { type ObjectKey, useIsObject } from './use-object';

type Pages = InfiniteData<Outputs['relations']['of']>;

export interface RelationProps {
  object: ObjectKey;
  name: string;
  field: Field;
  id: string;
}

/** The records a record is linked to through a field: chips that lead there, a picker that links one more. */
export function RelationField({ object, name, field, id }: RelationProps) {
  const t = useTranslations('records.relation');
  const c = useTranslations('common');
  const labels = useLabels();
  const can = useCan();
  const trpc = useTRPC();
  const isObject = useIsObject();
  const words = usePickWords();
  const load = useOptions(object, name, field);
  const [adding, setAdding] = useState(false);
  const [fresh, setFresh] = useState<string | null>(null);
  const undo = useUndoToast();
  const about = { object, field: name, id };
  const query = useInfiniteQuery(
    trpc.relations.of.infiniteQueryOptions(
      { ...about, limit: 50 },
      { getNextPageParam: (page) => page.next ?? undefined },
    ),
  );
  const label = labels.field(object, name);
  const link = useMutation(trpc.relations.link.mutationOptions());
  const queries = useQueryClient();
  const linkedHere = trpc.relations.of.infiniteQueryFilter({ ...about, limit: 50 });
  const unlink = useMutation(
    trpc.relations.unlink.mutationOptions({
      onMutate: ({ to: gone }) =>
        show<Pages>(queries, linkedHere, (data) => ({
          ...data,
          pages: data.pages.map((page) => ({ ...page, rows: page.rows.filter((row) => row.id !== gone) })),
        })),
    }),
  );
  const to = field.to ?? '';
  if (!isObject(to)) return <span className="px-2 text-muted-foreground text-sm">—</span>;
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  const editable = can(`${object}.write`);
  const detailed = (field.own?.settings.attributes?.length ?? 0) > 0;
  const drop = (linked: Linked) =>
    // By its promise: a callback is forgotten when the next link goes before the answer. What fails is told for all alike.
    unlink.mutateAsync({ ...about, to: linked.id }).then(
      ({ changeSetId }) => undo(changeSetId, t('unlinked', { title: linked.title ?? label })),
      () => {},
    );
  return (
    <div className="flex min-h-8 min-w-0 flex-wrap items-center gap-1 px-1 py-1">
      {rows.map((linked) => (
        <span
          key={linked.linkId}
          className={cn(
            'grid min-w-0 max-w-full grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-1.5 rounded-md border bg-subtle py-px pr-0.5 pl-1.5 text-sm',
            detailed && 'w-full',
          )}
        >
          <RecordAvatar object={to} id={linked.id} title={linked.title ?? ''} />
          <RefLink object={to} id={linked.id} title={linked.title} />
          {editable && (
            <button
              type="button"
              aria-label={t('unlink', { title: linked.title ?? '' })}
              onClick={() => drop(linked)}
              className="grid size-5 place-items-center rounded-xs text-muted-foreground hover:bg-accent hover:text-foreground pointer-coarse:size-8"
            >
              <X className="size-3" />
            </button>
          )}
          <LinkDetails
            object={object}
            id={id}
            field={field}
            linked={linked}
            editable={editable}
            defaultOpen={linked.id === fresh}
          />
        </span>
      ))}
      {query.isError && (
        <span role="alert" className="px-1 text-destructive text-sm">
          {c('loadFailed')}
        </span>
      )}
      {query.isSuccess && rows.length === 0 && !editable && (
        <span className="px-1 text-muted-foreground/70 text-sm">—</span>
      )}
      {query.hasNextPage && (
        <Button variant="quiet" size="sm" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
      {editable && load && (
        <Popover open={adding} onOpenChange={setAdding}>
          <PopoverTrigger asChild>
            <Button variant="quiet" size="icon-xs" aria-label={t('add', { field: label })}>
              <Plus />
            </Button>
          </PopoverTrigger>
          <PopoverContent className="w-72 p-0" aria-label={t('add', { field: label })}>
            <PickList
              {...words}
              load={load}
              selected={rows.map((linked) => linked.id)}
              onPick={(option) => {
                setAdding(false);
                if (rows.some((linked) => linked.id === option.id)) return;
                setFresh(option.id);
                link.mutate({ ...about, to: option.id });
              }}
            />
          </PopoverContent>
        </Popover>
      )}
    </div>
  );
}
