'use client';

import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { RotateCcw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useSettled } from '@/components/duplicates/use-settled';
import { usePickWords, useReferenceSearch } from '@/components/records/pickers';
import { type ObjectKey, useIsObject } from '@/components/records/use-object';
import { LoadFailed } from '@/components/settings/load-failed';
import { RowsSkeleton } from '@/components/settings/skeletons';
import { useCan } from '@/components/shell/boot';
import { useFormat } from '@/components/shell/format';
import { useLabels } from '@/components/shell/labels';
import { Page } from '@/components/shell/page';
import { type Outputs, useTRPC, useTRPCClient } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { Avatar } from '@/components/ui/avatar';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { Combobox } from '@/components/ui/combobox';
import { Empty } from '@/components/ui/empty';
import { Input } from '@/components/ui/input';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import { toast } from '@/components/ui/toaster';
import { EraseDialog } from './erase-dialog';

type BinRow = Outputs['bin']['list']['rows'][number] & { object: ObjectKey };
const everything = 'all';
/** As many as can be erased in one go. */
const mostChosen = 100;

/** What was deleted, to be restored or, by admins, erased for good. */
export function BinPage() {
  const t = useTranslations('duplicates.bin');
  const c = useTranslations('common');
  const labels = useLabels();
  const can = useCan();
  const trpc = useTRPC();
  const client = useTRPCClient();
  const isObject = useIsObject();
  const undoToast = useUndoToast();
  const [object, setObject] = useState(everything);
  const [typed, setTyped] = useState('');
  const q = useSettled(typed.trim(), 250);
  const [person, setPerson] = useState<{ id: string; name: string } | null>(null);
  const words = usePickWords();
  const search = useReferenceSearch();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [erasing, setErasing] = useState<BinRow[] | null>(null);
  const input = {
    ...(object === everything ? {} : { object }),
    ...(q ? { q } : {}),
    ...(person ? { byId: person.id } : {}),
  };
  const list = useInfiniteQuery({
    queryKey: trpc.bin.list.infiniteQueryKey(input),
    queryFn: ({ pageParam, signal }) => client.bin.list.query({ ...input, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: (before) => before,
    staleTime: 0,
  });
  const summary = useQuery({ ...trpc.bin.summary.queryOptions(), staleTime: 0 });
  const restore = useMutation(
    trpc.bin.restore.mutationOptions({
      meta: {
        refresh: [
          'companies',
          'contacts',
          'deals',
          'products',
          'tasks',
          'notes',
          'activities',
          'records',
          'merges',
          'duplicates',
        ],
      },
      onSuccess: ({ count, changeSetId }) => {
        setChosen(new Set());
        // Several merges are several changes: each is taken back at its record.
        if (changeSetId) undoToast(changeSetId, t('restored', { count }));
        else toast.success(t('restored', { count }));
      },
    }),
  );
  const rows = (list.data?.pages.flatMap((page) => page.rows) ?? []).flatMap((row) =>
    isObject(row.object) ? [{ ...row, object: row.object }] : [],
  );
  const marked = rows.filter(({ id }) => chosen.has(id)).slice(0, mostChosen);
  const selectable = rows.filter(({ restorable }) => restorable).slice(0, mostChosen);
  const items = (list: readonly BinRow[]) => list.map(({ object, id }) => ({ object, id }));
  const mark = (id: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    setChosen(next);
  };
  return (
    <Page title={t('title')}>
      <div className="mx-auto grid max-w-4xl grid-cols-[minmax(0,1fr)] gap-4 p-4 pb-16 md:p-6">
        <p className="max-w-prose text-muted-foreground text-sm">
          {summary.data && t('description', { days: summary.data.keptDays })}
        </p>
        <div className="flex flex-wrap items-center gap-2">
          <Input
            type="search"
            className="w-64 max-sm:w-full"
            aria-label={t('search')}
            placeholder={t('search')}
            value={typed}
            onChange={(event) => setTyped(event.target.value.slice(0, 200))}
          />
          <Select value={object} onValueChange={setObject}>
            <SelectTrigger className="w-44 max-sm:w-full" aria-label={t('object')}>
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              <SelectItem value={everything}>{t('all')}</SelectItem>
              {(summary.data?.objects ?? []).map((row) =>
                isObject(row.object) ? (
                  <SelectItem key={row.object} value={row.object}>
                    {labels.object(row.object, 'Other')} ({row.count})
                  </SelectItem>
                ) : null,
              )}
            </SelectContent>
          </Select>
          <Combobox
            {...words}
            className="w-52 max-sm:w-full"
            aria-label={t('person')}
            placeholder={t('anybody')}
            value={person?.id ?? null}
            label={person?.name ?? null}
            icon={person && <Avatar name={person.name} seed={person.id} size="sm" />}
            load={(query) => search('member', query)}
            onChange={(option) => setPerson(option && { id: option.id, name: option.title })}
            clearLabel={t('anybody')}
          />
          {marked.length > 0 && (
            <span className="ml-auto flex flex-wrap items-center gap-2 text-sm">
              <span aria-live="polite">{t('selected', { count: marked.length })}</span>
              <Button
                variant="secondary"
                size="sm"
                busy={restore.isPending}
                onClick={() => restore.mutate({ items: items(marked) })}
              >
                <RotateCcw />
                {t('restore')}
              </Button>
              {can('bin.erase') && (
                <Button variant="destructive" size="sm" onClick={() => setErasing(marked)}>
                  <Trash2 />
                  {t('erase')}
                </Button>
              )}
            </span>
          )}
        </div>
        {list.isPending ? (
          <RowsSkeleton count={5} />
        ) : list.isError ? (
          <LoadFailed retry={() => void list.refetch()} />
        ) : rows.length === 0 ? (
          q || person || object !== everything ? (
            <Empty icon={<Trash2 />} title={t('nothing')} className="py-12" />
          ) : (
            <Empty icon={<Trash2 />} title={t('empty')} description={t('emptyHelp')} className="py-12" />
          )
        ) : (
          <div className="rounded-lg border bg-card">
            <div className="flex items-center gap-3 border-b px-4 py-2">
              <Checkbox
                aria-label={t('selectAll')}
                disabled={selectable.length === 0}
                checked={marked.length === 0 ? false : marked.length === selectable.length ? true : 'indeterminate'}
                onCheckedChange={(on) => setChosen(new Set(on === true ? selectable.map(({ id }) => id) : []))}
              />
              <span className="text-muted-foreground text-sm">{t('selectAll')}</span>
            </div>
            <ul aria-label={t('list')} className="divide-y">
              {rows.map((row) => (
                <Row
                  key={row.id}
                  row={row}
                  chosen={chosen.has(row.id)}
                  onChoose={(on) => mark(row.id, on)}
                  busy={restore.isPending}
                  onRestore={() => restore.mutate({ items: items([row]) })}
                  onPerson={setPerson}
                />
              ))}
            </ul>
          </div>
        )}
        {list.hasNextPage && (
          <Button
            variant="secondary"
            className="mx-auto"
            busy={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {c('more')}
          </Button>
        )}
      </div>
      {erasing && (
        <EraseDialog
          items={items(erasing)}
          onClose={(erased) => {
            setErasing(null);
            if (erased) setChosen(new Set());
          }}
        />
      )}
    </Page>
  );
}

function Row({
  row,
  chosen,
  busy,
  onChoose,
  onRestore,
  onPerson,
}: {
  row: BinRow;
  chosen: boolean;
  busy: boolean;
  onChoose: (on: boolean) => void;
  onRestore: () => void;
  /** Shows only what somebody put there. */
  onPerson: (person: { id: string; name: string }) => void;
}) {
  const t = useTranslations('duplicates.bin');
  const labels = useLabels();
  const format = useFormat();
  const when = format.relative(row.deletedAt);
  const { title } = row;
  return (
    <li className="flex items-center gap-3 px-4 py-2.5">
      <Checkbox
        aria-label={t('select', { title })}
        checked={chosen}
        disabled={!row.restorable}
        onCheckedChange={(on) => onChoose(on === true)}
      />
      <div className="grid min-w-0 flex-1 gap-0.5 text-sm">
        <span className="truncate font-medium">{title}</span>
        <span className="text-muted-foreground">
          <Badge variant="secondary" className="mr-1.5 align-middle">
            {labels.object(row.object, 'One')}
          </Badge>
          <span title={format.dateTime(row.deletedAt)}>
            {row.by && row.byId
              ? t.rich('deleted', {
                  when,
                  name: row.by,
                  by: (name) => (
                    <button
                      type="button"
                      className="rounded-xs hover:text-link hover:underline"
                      aria-label={t('onlyOf', { name: row.by ?? '' })}
                      onClick={() => onPerson({ id: row.byId ?? '', name: row.by ?? '' })}
                    >
                      {name}
                    </button>
                  ),
                })
              : t('deletedAlone', { when })}
          </span>
          {row.merge && (
            <span> · {row.merge.survivor ? t('mergedInto', { title: row.merge.survivor }) : t('merged')}</span>
          )}
          {' · '}
          <span className="whitespace-nowrap">{t('days', { days: row.daysLeft })}</span>
        </span>
      </div>
      {row.restorable && (
        <Button variant="ghost" size="sm" disabled={busy} aria-label={t('restoreOf', { title })} onClick={onRestore}>
          <RotateCcw />
          <span className="max-sm:hidden">{t('restore')}</span>
        </Button>
      )}
    </li>
  );
}
