'use client';

import { Bookmark, Check, MoreHorizontal } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { usePreference } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { Link } from '@/components/shell/router';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Popover, PopoverAnchor, PopoverContent, PopoverTrigger } from '@/components/ui/popover';
import { tabClasses } from '@/components/ui/tabs';
import { toast } from '@/components/ui/toaster';
import type { RecordObject } from '@/domain/objects';
import { type ListState, listSearch } from './list-state';

// A type alias, because what is kept must be plain JSON to the compiler.
export type SavedView = { id: string; name: string; search: string };

const noViews: SavedView[] = [];
/** More tabs than anybody reads. */
const most = 20;

/** Filter, sort and words of a list under a name, kept for the person. */
export function useViews(object: RecordObject) {
  const [views, setViews] = usePreference<SavedView[]>(`views:${object}`, noViews);
  return {
    views,
    add: (name: string, search: string) => setViews([...views, { id: crypto.randomUUID(), name, search }]),
    replace: (view: SavedView) => setViews(views.map((other) => (other.id === view.id ? view : other))),
    remove: (id: string) => setViews(views.filter((other) => other.id !== id)),
    restore: setViews,
  };
}

/** The saved views of a list as tabs, the whole list first. */
export function ViewTabs({ object, base, state }: { object: RecordObject; base: string; state: ListState }) {
  const t = useTranslations('records.views');
  const labels = useLabels();
  const { views } = useViews(object);
  const search = listSearch({ ...state, filter: state.drawn });
  if (views.length === 0) return null;
  return (
    <nav
      aria-label={t('label')}
      className="flex h-full min-w-0 items-stretch gap-4 overflow-x-auto [scrollbar-width:none]"
    >
      <Tab to={base} active={search === ''}>
        {t('all', { object: labels.object(object, 'other') })}
      </Tab>
      {views.map((view) => (
        <span key={view.id} className="flex shrink-0 items-center">
          <Tab to={base + view.search} active={search === view.search}>
            {view.name}
          </Tab>
          {search === view.search && <ViewMenu object={object} view={view} />}
        </span>
      ))}
    </nav>
  );
}

function Tab({ to, active, children }: { to: string; active: boolean; children: string }) {
  return (
    <Link
      to={to}
      aria-current={active ? 'page' : undefined}
      data-state={active ? 'active' : 'inactive'}
      className={cn(tabClasses, 'h-full max-w-48')}
    >
      <span className="truncate">{children}</span>
    </Link>
  );
}

function ViewMenu({ object, view }: { object: RecordObject; view: SavedView }) {
  const t = useTranslations('records.views');
  const c = useTranslations('common');
  const { views, remove, restore, replace } = useViews(object);
  const [renaming, setRenaming] = useState(false);
  const drop = () => {
    remove(view.id);
    toast(t('removed', { name: view.name }), { action: { label: c('undo'), onClick: () => restore(views) } });
  };
  return (
    <Popover open={renaming} onOpenChange={setRenaming}>
      <DropdownMenu>
        <PopoverAnchor asChild>
          <DropdownMenuTrigger asChild>
            <Button variant="quiet" size="icon-xs" aria-label={t('menu', { name: view.name })}>
              <MoreHorizontal />
            </Button>
          </DropdownMenuTrigger>
        </PopoverAnchor>
        <DropdownMenuContent>
          <DropdownMenuItem onSelect={() => setTimeout(() => setRenaming(true))}>{c('rename')}</DropdownMenuItem>
          <DropdownMenuItem onSelect={drop}>{t('remove')}</DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <PopoverContent>
        <NameForm
          name={view.name}
          onSave={(name) => {
            replace({ ...view, name });
            setRenaming(false);
          }}
        />
      </PopoverContent>
    </Popover>
  );
}

/** Keeps the list as it is now under a name; shown when it is not one of the views already. */
export function SaveView({ object, state }: { object: RecordObject; state: ListState }) {
  const t = useTranslations('records.views');
  const { views, add } = useViews(object);
  const [open, setOpen] = useState(false);
  const search = listSearch({ ...state, filter: state.drawn });
  if (search === '' || views.length >= most || views.some((view) => view.search === search)) return null;
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button variant="quiet" size="sm">
          <Bookmark />
          {t('save')}
        </Button>
      </PopoverTrigger>
      <PopoverContent align="end">
        <NameForm
          name=""
          onSave={(name) => {
            add(name, search);
            setOpen(false);
          }}
        />
      </PopoverContent>
    </Popover>
  );
}

function NameForm({ name, onSave }: { name: string; onSave: (name: string) => void }) {
  const t = useTranslations('records.views');
  const c = useTranslations('common');
  const [text, setText] = useState(name);
  return (
    <form
      className="flex items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim()) onSave(text.trim());
      }}
    >
      <Field label={t('name')} className="flex-1">
        <Input value={text} maxLength={60} autoFocus onChange={(event) => setText(event.target.value)} />
      </Field>
      <Button type="submit" size="icon" aria-label={c('save')} disabled={!text.trim()}>
        <Check />
      </Button>
    </form>
  );
}
