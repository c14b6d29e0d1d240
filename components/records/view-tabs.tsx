'use client';

import { useMutation } from '@tanstack/react-query';
import { Bookmark, CalendarDays, Check, Kanban, MoreHorizontal, RotateCcw, Table2, Users } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { press, useActions } from '@/components/shell/actions';
import { useBoot } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { Link, navigate, usePath } from '@/components/shell/router';
import { useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Popover, PopoverAnchor, PopoverContent, PopoverTrigger } from '@/components/ui/popover';
import { tabClasses } from '@/components/ui/tabs';
import { toast } from '@/components/ui/toaster';
import { Hint } from '@/components/ui/tooltip';
import type { Audience, View, ViewConfig } from '@/domain/views';
import type { ListState } from './list-state';
import type { ObjectKey } from './use-object';

interface Props {
  object: ObjectKey;
  state: ListState;
}

const kindIcons = { table: Table2, board: Kanban, calendar: CalendarDays } as const;

/** The saved views of a list as tabs, the whole list first. */
export function ViewTabs({ object, base, state }: Props & { base: string }) {
  const t = useTranslations('records.views');
  const labels = useLabels();
  const { views, view, viewSearch } = state;
  const ref = useRef<HTMLElement>(null);
  const shown = views.length > 0 ? (view?.id ?? '') : null;
  const ids = [null, ...views.map(({ id }) => id)];
  const step = (by: 1 | -1) => {
    const to = ids.at((ids.indexOf(view?.id ?? null) + by) % ids.length) ?? null;
    navigate(base + viewSearch(to));
  };
  useActions(
    views.length > 0
      ? [
          { id: 'views.next', label: t('next'), group: 'here', keys: 'v j', run: () => step(1) },
          { id: 'views.previous', label: t('previous'), group: 'here', keys: 'v k', run: () => step(-1) },
        ]
      : [],
  );
  // The one that is shown is in sight, however many there are.
  useEffect(() => {
    if (shown !== null)
      ref.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [shown]);
  if (views.length === 0) return null;
  return (
    <nav
      ref={ref}
      aria-label={t('label')}
      className="flex h-full min-w-0 items-stretch gap-4 overflow-x-auto [scrollbar-width:none]"
    >
      <Tab to={base + viewSearch(null)} active={view === null}>
        {t('all', { object: labels.object(object, 'other') })}
      </Tab>
      {views.map((each) => (
        <span key={each.id} className="flex shrink-0 items-center">
          <Tab
            to={base + viewSearch(each.id)}
            active={each.id === view?.id}
            view={each}
            dirty={each.id === view?.id && state.dirty}
          >
            {each.name}
          </Tab>
          {each.id === view?.id && <ViewMenu object={object} view={each} state={state} base={base} />}
        </span>
      ))}
    </nav>
  );
}

function Tab({
  to,
  active,
  view,
  dirty,
  children,
}: {
  to: string;
  active: boolean;
  view?: View;
  dirty?: boolean;
  children: string;
}) {
  const t = useTranslations('records.views');
  const Icon = view && view.kind !== 'table' ? kindIcons[view.kind] : null;
  return (
    <Link
      to={to}
      aria-current={active ? 'page' : undefined}
      data-state={active ? 'active' : 'inactive'}
      className={cn(tabClasses, 'h-full max-w-48')}
    >
      {Icon && <Icon aria-hidden className="size-3.5" />}
      <span className="truncate">{children}</span>
      {view && view.audience !== 'mine' && (
        <Users aria-label={t(`audience.${view.audience}`)} className="size-3 text-muted-foreground" />
      )}
      {dirty && (
        <span role="img" aria-label={t('changed')} title={t('changed')} className="size-1.5 rounded-full bg-warning" />
      )}
    </Link>
  );
}

function useViewVerbs() {
  const trpc = useTRPC();
  const t = useTranslations('records.views');
  const undo = useUndoToast();
  return {
    create: useMutation(trpc.views.create.mutationOptions()),
    update: useMutation(trpc.views.update.mutationOptions()),
    duplicate: useMutation(trpc.views.duplicate.mutationOptions()),
    reorder: useMutation(trpc.views.reorder.mutationOptions()),
    setStart: useMutation(trpc.views.setStart.mutationOptions()),
    remove: useMutation(
      trpc.views.remove.mutationOptions({ onSuccess: ({ changeSetId }) => undo(changeSetId, t('removedOne')) }),
    ),
  };
}

function ViewMenu({ object, view, state, base }: Props & { view: View; base: string }) {
  const t = useTranslations('records.views');
  const c = useTranslations('common');
  const { teams, member } = useBoot();
  const verbs = useViewVerbs();
  const [renaming, setRenaming] = useState(false);
  const isAdmin = member.role === 'owner' || member.role === 'admin';
  const shareable = teams.filter((team) => isAdmin || team.managerId === member.id);
  const ids = state.views.map(({ id }) => id);
  const at = ids.indexOf(view.id);
  const move = (by: -1 | 1) =>
    verbs.reorder.mutate({ object, ids: ids.toSpliced(at, 1).toSpliced(at + by, 0, view.id) });
  const share = (audience: Audience, teamId: string | null = null) =>
    verbs.update.mutate({ id: view.id, values: { audience, teamId } });
  const copy = () =>
    void navigator.clipboard
      .writeText(`${window.location.origin}${window.location.pathname}${state.shareSearch()}`)
      .then(() => toast(c('copied')));
  const isStart = state.startId === view.id;
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
          {view.editable && (
            <DropdownMenuItem onSelect={() => setTimeout(() => setRenaming(true))}>{c('rename')}</DropdownMenuItem>
          )}
          <DropdownMenuItem
            onSelect={() =>
              verbs.duplicate.mutate(
                { id: view.id, name: t('copyOf', { name: view.name }).slice(0, 60) },
                { onSuccess: ({ id }) => navigate(`${base}?view=${id}`) },
              )
            }
          >
            {t('duplicate')}
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={copy}>{t('copyLink')}</DropdownMenuItem>
          <DropdownMenuItem onSelect={() => verbs.setStart.mutate({ object, id: isStart ? null : view.id })}>
            {t(isStart ? 'notStart' : 'start')}
          </DropdownMenuItem>
          {view.editable && (
            <>
              <DropdownMenuSeparator />
              <DropdownMenuItem disabled={at === 0} onSelect={() => move(-1)}>
                {t('left')}
              </DropdownMenuItem>
              <DropdownMenuItem disabled={at === ids.length - 1} onSelect={() => move(1)}>
                {t('right')}
              </DropdownMenuItem>
              <DropdownMenuSeparator />
              {view.audience !== 'mine' && view.ownerId === member.id && (
                <DropdownMenuItem onSelect={() => share('mine')}>{t('keep')}</DropdownMenuItem>
              )}
              {shareable
                .filter(({ id }) => id !== view.teamId)
                .map((team) => (
                  <DropdownMenuItem key={team.id} onSelect={() => share('team', team.id)}>
                    {t('shareTeam', { team: team.name })}
                  </DropdownMenuItem>
                ))}
              {isAdmin && view.audience !== 'everyone' && (
                <DropdownMenuItem onSelect={() => share('everyone')}>{t('shareAll')}</DropdownMenuItem>
              )}
              <DropdownMenuSeparator />
              <DropdownMenuItem
                onSelect={() =>
                  verbs.remove.mutate({ id: view.id }, { onSuccess: () => navigate(base + state.viewSearch(null)) })
                }
              >
                {t('remove')}
              </DropdownMenuItem>
            </>
          )}
        </DropdownMenuContent>
      </DropdownMenu>
      <PopoverContent>
        <NameForm
          name={view.name}
          onSave={(name) => {
            verbs.update.mutate({ id: view.id, values: { name } });
            setRenaming(false);
          }}
        />
      </PopoverContent>
    </Popover>
  );
}

/** What was changed about a view: kept in it, kept as another one, or dropped. */
export function SaveView({ object, state, also }: Props & { also?: Partial<ViewConfig> }) {
  const t = useTranslations('records.views');
  const path = usePath();
  const verbs = useViewVerbs();
  const [open, setOpen] = useState(false);
  const { view, kind } = state;
  const keep = useRef<HTMLButtonElement>(null);
  const another = useRef<HTMLButtonElement>(null);
  useActions(
    state.dirty
      ? [
          {
            id: 'views.save',
            label: t('save'),
            group: 'here',
            icon: Bookmark,
            keys: 'v w',
            run: () => press((view?.editable ? keep : another).current),
          },
        ]
      : [],
  );
  if (!state.dirty) return null;
  const config = { ...state.config, ...also, filter: state.filter };
  const saveAs = (name: string) => {
    verbs.create.mutate(
      { object, name, kind, config },
      { onSuccess: ({ id }) => navigate(`${path}?view=${id}`, { replace: true }) },
    );
    setOpen(false);
  };
  return (
    <>
      {view && (
        <Hint label={t('revert')}>
          <Button variant="quiet" size="icon-sm" aria-label={t('revert')} onClick={state.revert}>
            <RotateCcw />
          </Button>
        </Hint>
      )}
      {view?.editable && (
        <Button
          ref={keep}
          variant="quiet"
          size="sm"
          busy={verbs.update.isPending}
          onClick={() =>
            verbs.update.mutate(
              { id: view.id, values: { config, kind }, version: view.version },
              { onSuccess: () => state.revert(), onError: state.reload },
            )
          }
        >
          <Check />
          {t('saveChanges')}
        </Button>
      )}
      <Popover open={open} onOpenChange={setOpen}>
        <PopoverTrigger asChild>
          <Button ref={another} variant="quiet" size="sm">
            <Bookmark />
            <span className="max-md:sr-only">{t(view ? 'saveAs' : 'save')}</span>
          </Button>
        </PopoverTrigger>
        <PopoverContent align="end">
          <NameForm name="" onSave={saveAs} />
        </PopoverContent>
      </Popover>
    </>
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
