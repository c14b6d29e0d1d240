'use client';

import { ArrowDown, ArrowUp, Columns3 } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useControl } from '@/components/shell/actions';
import { useLabels } from '@/components/shell/labels';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { Input } from '@/components/ui/input';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover';
import { Hint } from '@/components/ui/tooltip';
import { mostOnCards, showsStages } from '@/components/views/view-fields';
import type { ListState } from './list-state';
import { unsaidOnCards, useTableColumns } from './table-columns';
import { type ObjectKey, useObject } from './use-object';

/** Which fields a table or the cards of a board show and in what order. */
export function ColumnsMenu({ object, state }: { object: ObjectKey; state: ListState }) {
  const t = useTranslations('records.columns');
  const label = t(state.kind === 'board' ? 'cards' : 'label');
  const keys = 'v f';
  const control = useControl({ id: 'records.columns', label, group: 'here', icon: Columns3, keys });
  return (
    <Popover>
      <Hint label={label} keys={keys}>
        <PopoverTrigger asChild>
          <Button ref={control} variant="quiet" size="icon-sm" aria-label={label} className="max-md:hidden">
            <Columns3 />
          </Button>
        </PopoverTrigger>
      </Hint>
      <PopoverContent align="end" className="flex max-h-[60dvh] w-72 flex-col p-0" aria-label={label}>
        <Choice object={object} state={state} />
      </PopoverContent>
    </Popover>
  );
}

function Choice({ object, state }: { object: ObjectKey; state: ListState }) {
  const t = useTranslations('records.columns');
  const c = useTranslations('common');
  const labels = useLabels();
  const columns = useTableColumns(object, state);
  const [query, setQuery] = useState('');
  const kind = useObject(object);
  const { fields } = kind;
  const onCards = state.kind === 'board';
  const apart = new Set([kind.title, ...(onCards ? unsaidOnCards(kind, state.config.board) : [])]);
  const fits = (name: string) => labels.field(object, name).toLowerCase().includes(query.trim().toLowerCase());
  const shown = columns.names.filter((name) => !apart.has(name));
  // What a card does not say is still a column of the same view as a table.
  const aside = columns.names.filter((name) => name !== kind.title && apart.has(name));
  const choose = (names: string[]) => columns.setNames([...names, ...aside]);
  const hidden = Object.keys(fields).filter((name) => !apart.has(name) && !shown.includes(name));
  const move = (name: string, by: number) => {
    const at = shown.indexOf(name);
    choose(shown.toSpliced(at, 1).toSpliced(at + by, 0, name));
  };
  return (
    <>
      <div className="border-b p-2">
        <Input
          aria-label={c('search')}
          placeholder={c('search')}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      </div>
      <div className="scroll-quiet min-h-0 flex-1 overflow-y-auto p-1">
        {onCards && (
          <p className="px-2 pt-1 pb-1.5 text-muted-foreground text-xs">
            {t(showsStages(state, kind.fields) ? 'mostOfDeals' : 'most', { count: mostOnCards })}
          </p>
        )}
        <ul aria-label={t('shown')}>
          {shown.filter(fits).map((name) => {
            const at = shown.indexOf(name);
            const label = labels.field(object, name);
            return (
              <Line key={name} label={label} checked onToggle={() => choose(shown.filter((other) => other !== name))}>
                <Button
                  variant="quiet"
                  size="icon-xs"
                  aria-label={t('up', { field: label })}
                  disabled={at === 0}
                  onClick={() => move(name, -1)}
                >
                  <ArrowUp />
                </Button>
                <Button
                  variant="quiet"
                  size="icon-xs"
                  aria-label={t('down', { field: label })}
                  disabled={at === shown.length - 1}
                  onClick={() => move(name, 1)}
                >
                  <ArrowDown />
                </Button>
              </Line>
            );
          })}
        </ul>
        <p className="px-2 pt-2 pb-1 font-medium text-muted-foreground text-xs">{t('hidden')}</p>
        <ul aria-label={t('hidden')}>
          {hidden.filter(fits).map((name) => (
            <Line
              key={name}
              label={labels.field(object, name)}
              checked={false}
              onToggle={() => choose([...shown, name])}
            />
          ))}
        </ul>
      </div>
      <div className="border-t p-1">
        <Button variant="quiet" size="sm" className="w-full justify-start" onClick={columns.reset}>
          {c('reset')}
        </Button>
      </div>
    </>
  );
}

function Line({
  label,
  checked,
  onToggle,
  children,
}: {
  label: string;
  checked: boolean;
  onToggle: () => void;
  children?: ReactNode;
}) {
  const id = useId();
  return (
    <li className="group flex h-8 items-center gap-2 rounded-md px-2 hover:bg-accent pointer-coarse:h-10">
      <Checkbox id={id} checked={checked} onCheckedChange={onToggle} />
      <label htmlFor={id} className="min-w-0 flex-1 cursor-pointer truncate text-sm">
        {label}
      </label>
      <span className="flex opacity-0 focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100">
        {children}
      </span>
    </li>
  );
}
