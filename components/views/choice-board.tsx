'use client';

import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Kanban } from 'lucide-react';
import { type KeyboardEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { FieldValue, isBlank } from '@/components/records/field-value';
import { both } from '@/components/records/filter-tree';
import { type RecordRow, recordPath, titleOf, useRecordApi } from '@/components/records/record-data';
import type { Group } from '@/components/records/record-pages';
import { Failed, type RecordTableProps } from '@/components/records/record-table';
import { columnsToLoad, useTableColumns } from '@/components/records/table-columns';
import { TotalsLine, useGroupTitle } from '@/components/records/table-group';
import { useCommit } from '@/components/records/use-commit';
import { type ObjectKey, useObject } from '@/components/records/use-object';
import { useCan } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { Link } from '@/components/shell/router';
import { useTRPC } from '@/components/shell/trpc';
import { cn } from '@/components/ui/cn';
import { Empty } from '@/components/ui/empty';
import type { Filter } from '@/domain/filters';
import { boardFields } from './view-fields';

/** Records of any object in columns by a choice field. A card changes its choice by being dragged, or by Alt and an arrow. */
export function ChoiceBoard({ object, state, fixed, onOpen, empty }: RecordTableProps) {
  const t = useTranslations('records.board');
  const kind = useObject(object);
  const trpc = useTRPC();
  const fields = boardFields(kind);
  const field = fields.find((name) => name === state.config.board) ?? fields[0];
  const filter = both(fixed, state.filter);
  const q = state.q || undefined;
  const { totals } = state.config;
  const groups = useQuery(
    trpc.views.groups.queryOptions(
      { object, filter, q, group: field ? { field } : undefined, totals: Object.keys(totals ?? {}) },
      { enabled: field !== undefined },
    ),
  );
  const { commit, dialog } = useCommit(object);
  const [said, say] = useState('');
  const title = useGroupTitle(object);
  if (!field) return <Empty icon={<Kanban />} title={t('noField')} description={t('noFieldHelp')} />;
  if (groups.isError && !groups.data) return <Failed error={groups.error} retry={() => void groups.refetch()} />;
  const found = groups.data?.groups;
  if (found && found.length === 0 && !state.narrowed) return <div className="h-full overflow-y-auto">{empty}</div>;
  const columns = columnsOf(kind.fields[field]?.choices ?? [], field, found);
  const keys = columns.map(({ key }) => key);
  const movable = !kind.fields[field]?.readOnly;
  const move = (row: RecordRow, key: string | null) => {
    if ((row[field] ?? null) === key) return;
    commit(row, field, key, {});
    void groups.refetch();
    say(t('moved', { title: titleOf(object, row), column: title(field, undefined, { key, title: null }) }));
  };
  return (
    <div className="flex h-full min-h-0 gap-1 overflow-x-auto overflow-y-hidden bg-canvas p-2">
      {columns.map((group) => (
        <Column
          key={group.key ?? '-'}
          object={object}
          field={field}
          group={group}
          state={state}
          filter={filter}
          movable={movable}
          title={title(field, undefined, group)}
          onDrop={(row) => move(row, group.key)}
          onStep={(row, by) => {
            const next = keys[keys.indexOf(group.key) + by];
            if (next !== undefined) move(row, next);
          }}
          onOpen={onOpen}
        />
      ))}
      <p role="status" aria-live="assertive" className="sr-only">
        {said}
      </p>
      {dialog}
    </div>
  );
}

/** A column for every choice, empty ones too, and one for what has none. */
function columnsOf(choices: readonly string[], field: string, groups: readonly Group[] | undefined): Group[] {
  return [...choices, null].map(
    (key): Group =>
      groups?.find((group) => group.key === key) ?? {
        key,
        title: null,
        count: 0,
        totals: [],
        filter: key === null ? { field, op: 'isEmpty' } : { field, op: 'is', value: key },
      },
  );
}

interface ColumnProps {
  object: ObjectKey;
  field: string;
  group: Group;
  state: RecordTableProps['state'];
  filter: Filter | undefined;
  movable: boolean;
  title: string;
  onDrop: (row: RecordRow) => void;
  onStep: (row: RecordRow, by: -1 | 1) => void;
  onOpen: RecordTableProps['onOpen'];
}

function Column({ object, field, group, state, filter, movable, title, onDrop, onStep, onOpen }: ColumnProps) {
  const t = useTranslations('records.board');
  const kind = useObject(object);
  const api = useRecordApi(object);
  const { names } = useTableColumns(object, state);
  const writable = useCan()(`${object}.write`) && movable;
  const ref = useRef<HTMLDivElement>(null);
  const [over, setOver] = useState(false);
  const drop = useEffectEvent(onDrop);
  const query = useInfiniteQuery(
    api.list.infiniteQueryOptions(
      {
        filter: both(filter, group.filter ?? undefined),
        sort: state.sort.length > 0 ? state.sort : undefined,
        q: state.q || undefined,
        columns: columnsToLoad(kind, [...new Set([...names, field])]),
        limit: 50,
      },
      { getNextPageParam: (last) => last.next },
    ),
  );
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    return dropTargetForElements({
      element,
      canDrop: ({ source }) => source.data.kind === 'record-card',
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: ({ source }) => {
        setOver(false);
        drop(source.data.row as RecordRow);
      },
    });
  }, []);
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <section
      ref={ref}
      aria-label={title}
      className={cn('flex h-full w-72 shrink-0 flex-col rounded-lg p-1', over && 'bg-accent outline-2 outline-ring')}
    >
      <header className="grid gap-0.5 px-2 py-1.5">
        <h2 className="flex items-center gap-2 font-medium text-sm">
          <span className="min-w-0 truncate">{title}</span>
          <span className="tabular text-muted-foreground">{group.count}</span>
        </h2>
        <TotalsLine object={object} totals={state.config.totals} figures={group.totals} />
      </header>
      <div
        className="scroll-quiet grid min-h-0 flex-1 content-start gap-2 overflow-y-auto p-1"
        onScroll={({ currentTarget: at }) => {
          const near = at.scrollTop + at.clientHeight > at.scrollHeight - 400;
          if (near && query.hasNextPage && !query.isFetching) void query.fetchNextPage();
        }}
      >
        {query.isError && <Failed error={query.error} retry={() => void query.refetch()} />}
        {rows.map((row) => (
          <Card
            key={row.id}
            object={object}
            row={row}
            names={names.filter((name) => name !== field)}
            movable={writable}
            onStep={(by) => onStep(row, by)}
            onOpen={onOpen}
          />
        ))}
        {query.isSuccess && rows.length === 0 && (
          <p className="px-2 py-4 text-center text-muted-foreground text-sm">{t('empty')}</p>
        )}
      </div>
    </section>
  );
}

function Card({
  object,
  row,
  names,
  movable,
  onStep,
  onOpen,
}: {
  object: ObjectKey;
  row: RecordRow;
  names: readonly string[];
  movable: boolean;
  onStep: (by: -1 | 1) => void;
  onOpen: RecordTableProps['onOpen'];
}) {
  const t = useTranslations('records');
  const labels = useLabels();
  const kind = useObject(object);
  const ref = useRef<HTMLElement>(null);
  const [lifted, setLifted] = useState(false);
  const current = useEffectEvent(() => row);
  useEffect(() => {
    const element = ref.current;
    if (!element || !movable) return;
    return draggable({
      element,
      getInitialData: () => ({ kind: 'record-card', row: current() }),
      onDragStart: () => setLifted(true),
      onDrop: () => setLifted(false),
    });
  }, [movable]);
  const press = (event: KeyboardEvent) => {
    if (!event.altKey || !movable || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return;
    event.preventDefault();
    onStep(event.key === 'ArrowLeft' ? -1 : 1);
  };
  const shown = names.filter((name) => name !== kind.title && name !== 'createdAt' && !isBlank(row[name])).slice(0, 4);
  return (
    <article ref={ref} className={cn('rounded-lg border bg-card p-3 shadow-xs', lifted && 'opacity-50')}>
      <Link
        to={recordPath(object, row.id)}
        onKeyDown={press}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          onOpen(row.id);
        }}
        className="block truncate rounded-xs font-medium text-sm hover:text-link"
      >
        {titleOf(object, row) || t('untitled')}
      </Link>
      {shown.length > 0 && (
        <div className="mt-1.5 grid gap-1 text-sm">
          {shown.map((name) => (
            <span key={name} className="min-w-0 truncate">
              <span className="sr-only">{labels.field(object, name)}: </span>
              <FieldValue object={object} name={name} row={row} link={false} />
            </span>
          ))}
        </div>
      )}
    </article>
  );
}
