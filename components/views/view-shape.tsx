'use client';

import {
  ArrowDownUp,
  CalendarDays,
  Check,
  Kanban,
  Link as LinkIcon,
  Plus,
  SlidersHorizontal,
  Table2,
  X,
} from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ColumnsMenu } from '@/components/records/columns-menu';
import type { ListState } from '@/components/records/list-state';
import { usePickWords } from '@/components/records/pickers';
import { type ObjectKey, useObject } from '@/components/records/use-object';
import { Sortable } from '@/components/settings/sortable';
import { useActions, useControl } from '@/components/shell/actions';
import { useLabels } from '@/components/shell/labels';
import { Button } from '@/components/ui/button';
import { PickList } from '@/components/ui/combobox';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover';
import { Segmented } from '@/components/ui/segmented';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import { toast } from '@/components/ui/toaster';
import { Hint } from '@/components/ui/tooltip';
import { maxSorts } from '@/domain/filters';
import { buckets, densities, type TotalKind, totalKinds, type ViewConfig, viewKinds } from '@/domain/views';
import { boardChoices, dateFields, groupFields, showsStages, totalFields } from './view-fields';

interface Props {
  object: ObjectKey;
  state: ListState;
}

const icons = { table: <Table2 />, board: <Kanban />, calendar: <CalendarDays /> };
const kindKeys = { table: 'v t', board: 'v b', calendar: 'v c' };

/** How a list is shown: as what, sorted and grouped by what, with which columns and totals. */
export function ViewShape({
  object,
  state,
  also,
}: Props & {
  /** What a copied link says besides, such as the pipeline a board happens to show. */
  also?: Partial<ViewConfig>;
}) {
  const t = useTranslations('records.shape');
  const c = useTranslations('common');
  const { fields } = useObject(object);
  const copy = () =>
    void navigator.clipboard
      .writeText(`${window.location.origin}${window.location.pathname}${state.shareSearch(also)}`)
      .then(() => toast(c('copied')));
  useActions([
    ...viewKinds
      .filter((kind) => kind !== state.kind)
      .map((kind) => ({
        id: `records.kind.${kind}`,
        label: `${t('kind')} ${t(`kinds.${kind}`)}`,
        group: 'here' as const,
        keys: kindKeys[kind],
        run: () => state.setKind(kind),
      })),
    { id: 'records.copyLink', label: t('copyLink'), group: 'here', icon: LinkIcon, keys: 'v l', run: copy },
  ]);
  return (
    <>
      <Segmented
        aria-label={t('kind')}
        iconOnly
        value={state.kind}
        onValueChange={state.setKind}
        options={viewKinds.map((kind) => ({ value: kind, label: t(`kinds.${kind}`), icon: icons[kind] }))}
        className="max-md:hidden"
      />
      <PhoneKinds state={state} />
      {/* Entries of a calendar stand by their days, cards of a pipeline where people put them. */}
      {state.kind !== 'calendar' && !showsStages(state, fields) && <SortMenu object={object} state={state} />}
      <ShapeMenu object={object} state={state} />
      {state.kind !== 'calendar' && <ColumnsMenu object={object} state={state} />}
      <Hint label={t('copyLink')} keys="v l">
        <Button variant="quiet" size="icon-sm" aria-label={t('copyLink')} className="max-md:hidden" onClick={copy}>
          <LinkIcon />
        </Button>
      </Hint>
    </>
  );
}

/** On a phone the kinds are behind one button. */
function PhoneKinds({ state }: { state: ListState }) {
  const t = useTranslations('records.shape');
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="quiet" size="icon-sm" aria-label={t('kind')} className="md:hidden">
          {icons[state.kind]}
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        {viewKinds.map((kind) => (
          <DropdownMenuItem key={kind} onSelect={() => state.setKind(kind)}>
            {icons[kind]}
            <span className="flex-1">{t(`kinds.${kind}`)}</span>
            {kind === state.kind && <Check />}
          </DropdownMenuItem>
        ))}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

/** Up to five fields a list is sorted by, dragged into their order. */
function SortMenu({ object, state }: Props) {
  const t = useTranslations('records.shape');
  const labels = useLabels();
  const words = usePickWords();
  const [adding, setAdding] = useState(false);
  const { fields } = useObject(object);
  const { sort, setSort } = state;
  const free = Object.keys(fields).filter((name) => !fields[name]?.opaque && !sort.some(({ field }) => field === name));
  const items = sort.map(({ field, dir }) => ({ id: field, name: labels.field(object, field), dir }));
  const control = useControl({ id: 'records.sort', label: t('sort'), group: 'here', icon: ArrowDownUp, keys: 'v s' });
  return (
    <Popover onOpenChange={() => setAdding(false)}>
      <Hint label={t('sort')} keys="v s">
        <PopoverTrigger asChild>
          <Button
            ref={control}
            variant="quiet"
            size={sort.length > 0 ? 'sm' : 'icon-sm'}
            // What is read out says what is seen, too.
            aria-label={sort.length > 0 ? `${t('sort')} ${sort.length}` : t('sort')}
          >
            <ArrowDownUp />
            {sort.length > 0 && <span className="tabular">{sort.length}</span>}
          </Button>
        </PopoverTrigger>
      </Hint>
      <PopoverContent align="end" className="w-80 p-0" aria-label={t('sort')}>
        {adding ? (
          <PickList
            {...words}
            selected={[]}
            load={async (q) =>
              free
                .map((id) => ({ id, title: labels.field(object, id) }))
                .filter(({ title }) => title.toLowerCase().includes(q.toLowerCase()))
            }
            onPick={({ id }) => {
              setSort([...sort, { field: id, dir: 'asc' }]);
              setAdding(false);
            }}
          />
        ) : (
          <div className="grid gap-1 p-2">
            {items.length === 0 && <p className="px-1 py-1 text-muted-foreground text-sm">{t('unsorted')}</p>}
            <Sortable
              items={items}
              label={t('sort')}
              onOrder={(ids) => setSort(ids.flatMap((id) => sort.find(({ field }) => field === id) ?? []))}
            >
              {({ id, name, dir }, handle) => (
                <div className="flex h-9 items-center gap-1">
                  {handle}
                  <span className="min-w-0 flex-1 truncate text-sm">{name}</span>
                  <Button
                    variant="quiet"
                    size="sm"
                    onClick={() =>
                      setSort(
                        sort.map((by) => (by.field === id ? { field: id, dir: dir === 'asc' ? 'desc' : 'asc' } : by)),
                      )
                    }
                  >
                    {t(dir)}
                  </Button>
                  <Button
                    variant="quiet"
                    size="icon-xs"
                    aria-label={t('unsort', { field: name })}
                    onClick={() => setSort(sort.filter(({ field }) => field !== id))}
                  >
                    <X />
                  </Button>
                </div>
              )}
            </Sortable>
            <Button
              variant="quiet"
              size="sm"
              className="justify-start"
              disabled={sort.length >= maxSorts}
              onClick={() => setAdding(true)}
            >
              <Plus />
              {t('addSort')}
            </Button>
          </div>
        )}
      </PopoverContent>
    </Popover>
  );
}

const nothing = '-';

/** Grouping, totals, density; of a board its columns' field, of a calendar its date. */
function ShapeMenu({ object, state }: Props) {
  const t = useTranslations('records.shape');
  const labels = useLabels();
  const kind = useObject(object);
  const { config, change } = state;
  const { group, totals = {}, density = 'normal' } = config;
  const grouped = group ? kind.fields[group.field] : undefined;
  const option = (name: string) => ({ value: name, label: labels.field(object, name) });
  const setTotal = (name: string, how: string) => {
    const { [name]: _, ...rest } = totals;
    const next = how === nothing ? rest : { ...rest, [name]: how as TotalKind };
    change({ totals: Object.keys(next).length > 0 ? next : undefined });
  };
  const boards = boardChoices(kind);
  const dates = dateFields(kind);
  const summed = totalFields(kind);
  const control = useControl({
    id: 'records.shape',
    label: t('label'),
    group: 'here',
    icon: SlidersHorizontal,
    keys: 'v g',
  });
  return (
    <Popover>
      <Hint label={t('label')} keys="v g">
        <PopoverTrigger asChild>
          {/* A table is cards on a phone: there is nothing to choose. */}
          <Button
            ref={control}
            variant="quiet"
            size="icon-sm"
            aria-label={t('label')}
            className={state.kind === 'table' ? 'max-md:hidden' : undefined}
          >
            <SlidersHorizontal />
          </Button>
        </PopoverTrigger>
      </Hint>
      <PopoverContent
        align="end"
        className="scroll-quiet grid max-h-[70dvh] w-80 gap-3 overflow-y-auto"
        aria-label={t('label')}
      >
        {state.kind === 'table' && (
          <>
            <Line label={t('group')}>
              <Choice
                label={t('group')}
                value={group?.field ?? nothing}
                options={[{ value: nothing, label: t('noGroup') }, ...groupFields(kind).map(option)]}
                onChange={(field) => change({ group: field === nothing ? undefined : { field } })}
              />
            </Line>
            {group && (grouped?.type === 'date' || grouped?.type === 'datetime') && (
              <Line label={t('by')}>
                <Choice
                  label={t('by')}
                  value={group.by ?? 'month'}
                  options={buckets.map((by) => ({ value: by, label: t(`buckets.${by}`) }))}
                  onChange={(by) => change({ group: { field: group.field, by: buckets.find((each) => each === by) } })}
                />
              </Line>
            )}
            <Line label={t('density')}>
              <Segmented
                aria-label={t('density')}
                value={density}
                onValueChange={(next) => change({ density: next === 'normal' ? undefined : next })}
                options={densities.map((value) => ({ value, label: t(`densities.${value}`) }))}
              />
            </Line>
          </>
        )}
        {state.kind === 'board' && boards.length > 0 && (
          <Line label={t('board')}>
            <Choice
              label={t('board')}
              value={config.board ?? boards[0] ?? ''}
              options={boards.map(option)}
              onChange={(board) => change({ board })}
            />
          </Line>
        )}
        {state.kind === 'calendar' && dates.length > 0 && (
          <Line label={t('date')}>
            <Choice
              label={t('date')}
              value={config.date ?? dates[0] ?? ''}
              options={dates.map(option)}
              onChange={(date) => change({ date })}
            />
          </Line>
        )}
        {state.kind !== 'calendar' && !showsStages(state, kind.fields) && summed.length > 0 && (
          <div className="grid gap-1.5 border-t pt-3">
            <p className="font-medium text-muted-foreground text-xs">{t('totals')}</p>
            {summed.map((name) => (
              <Line key={name} label={labels.field(object, name)}>
                <Choice
                  label={labels.field(object, name)}
                  value={totals[name] ?? nothing}
                  options={[
                    { value: nothing, label: t('noTotal') },
                    ...totalKinds.map((how) => ({ value: how, label: t(`how.${how}`) })),
                  ]}
                  onChange={(how) => setTotal(name, how)}
                />
              </Line>
            ))}
          </div>
        )}
      </PopoverContent>
    </Popover>
  );
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex min-h-8 items-center justify-between gap-3">
      <span className="min-w-0 truncate text-sm">{label}</span>
      {children}
    </div>
  );
}

function Choice({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string;
  options: { value: string; label: string }[];
  onChange: (value: string) => void;
}) {
  return (
    <Select value={value} onValueChange={onChange}>
      <SelectTrigger aria-label={label} className="w-40">
        <SelectValue />
      </SelectTrigger>
      <SelectContent>
        {options.map((option) => (
          <SelectItem key={option.value} value={option.value}>
            {option.label}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  );
}
