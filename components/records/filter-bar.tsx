'use client';

import { ListFilter, Plus, Search, X } from 'lucide-react';
import { Fragment, type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useActions, useControl } from '@/components/shell/actions';
import { DidYouMean } from '@/components/shell/did-you-mean';
import { useLabels } from '@/components/shell/labels';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Kbd } from '@/components/ui/kbd';
import { Hint } from '@/components/ui/tooltip';
import { countNodes, type Filter, type FilterGroup } from '@/domain/filters';
import { AddFilter } from './filter-add';
import { FilterChip } from './filter-chip';
import { addMember, asFilter, asGroup, makeGroup, membersOf, replaceMember, wordOf } from './filter-tree';
import type { ListState } from './list-state';
import type { ObjectKey } from './use-object';

/** More conditions the server refuses (domain/filters). */
const most = 50;

/** Groups in groups beyond this nobody reads as a sentence any more. */
const deepestGroup = 3;

/** Search and filter of a list, to be read as one sentence: "Stage is Negotiation and Amount is more than ¥50,000". */
export function FilterBar({ object, state, children }: { object: ObjectKey; state: ListState; children?: ReactNode }) {
  const t = useTranslations('records.filter');
  const group = asGroup(state.drawn);
  const change = (next: FilterGroup) => state.setFilter(asFilter(next));
  const [fresh, setFresh] = useState<Filter | null>(null);
  const add = (condition: Filter) => {
    setFresh(condition);
    change(addMember(group, condition));
  };
  const full = state.drawn !== undefined && countNodes(state.drawn) >= most;
  const filter = useControl({ id: 'records.filter', label: t('add'), group: 'here', icon: ListFilter, keys: 'f' });
  return (
    <search className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-2 gap-y-1.5 border-b px-3 py-1.5">
      <SearchBox object={object} state={state} />
      <DidYouMean object={object} q={state.q} onTake={state.setQ} />
      <Group object={object} group={group} onChange={change} fresh={fresh} />
      <AddFilter
        object={object}
        onAdd={add}
        disabled={full}
        trigger={
          membersOf(group).length === 0 ? (
            <Button ref={filter} variant="quiet" size="sm">
              <ListFilter />
              {t('add')}
              <Kbd keys="f" aria-hidden className="max-md:hidden" />
            </Button>
          ) : (
            <Button ref={filter} variant="quiet" size="icon-sm" aria-label={t('add')}>
              <Plus />
            </Button>
          )
        }
        onAddGroup={
          membersOf(group).length > 0
            ? () => change(addMember(group, makeGroup(wordOf(group) === 'and' ? 'or' : 'and', [])))
            : undefined
        }
      />
      {state.drawn && (
        <Button variant="quiet" size="sm" onClick={() => state.setFilter(undefined)}>
          {t('clear')}
        </Button>
      )}
      <div className="ml-auto flex items-center gap-1">{children}</div>
    </search>
  );
}

/** The members of a group with the word between them; a click on the word changes it everywhere in the group. */
function Group({
  object,
  group,
  onChange,
  fresh,
  depth = 0,
}: {
  object: ObjectKey;
  group: FilterGroup;
  onChange: (group: FilterGroup) => void;
  /** The condition just added, which opens by itself. */
  fresh: Filter | null;
  /** Groups it stands in. */
  depth?: number;
}) {
  const t = useTranslations('records.filter');
  const word = wordOf(group);
  const members = membersOf(group);
  const flip = () => onChange(makeGroup(word === 'and' ? 'or' : 'and', members));
  return members.map((member, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a place in the sentence is what a member is known by
    <Fragment key={i}>
      {i > 0 && (
        <Hint label={t('flip')}>
          <button
            type="button"
            onClick={flip}
            className="rounded-xs px-1 text-muted-foreground text-sm hover:bg-accent hover:text-foreground"
          >
            {t(word)}
          </button>
        </Hint>
      )}
      {'field' in member ? (
        <FilterChip
          object={object}
          condition={member}
          startOpen={fresh !== null && JSON.stringify(member) === JSON.stringify(fresh)}
          onChange={(next) => onChange(replaceMember(group, i, next))}
        />
      ) : (
        <Nested
          object={object}
          group={member}
          onChange={(next) => onChange(replaceOrKeep(group, i, next))}
          fresh={fresh}
          depth={depth + 1}
        />
      )}
    </Fragment>
  ));
}

/** An empty inner group stays until its first condition is chosen or it is taken away. */
function replaceOrKeep(group: FilterGroup, at: number, next: FilterGroup | null): FilterGroup {
  if (next === null) return replaceMember(group, at, null);
  return makeGroup(wordOf(group), membersOf(group).with(at, next));
}

function Nested({
  object,
  group,
  onChange,
  fresh,
  depth,
}: {
  object: ObjectKey;
  group: FilterGroup;
  onChange: (group: FilterGroup | null) => void;
  fresh: Filter | null;
  depth: number;
}) {
  const t = useTranslations('records.filter');
  const [added, setAdded] = useState<Filter | null>(null);
  const add = (condition: Filter) => {
    setAdded(condition);
    onChange(addMember(group, condition));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: part of a sentence, not of a form
    <div
      role="group"
      aria-label={t('group')}
      className="inline-flex flex-wrap items-center gap-1 rounded-lg border border-dashed px-1 py-0.5"
    >
      <Group object={object} group={group} onChange={onChange} fresh={added ?? fresh} depth={depth} />
      <AddFilter
        object={object}
        onAdd={add}
        onAddGroup={
          depth < deepestGroup && membersOf(group).length > 0
            ? () => onChange(addMember(group, makeGroup(wordOf(group) === 'and' ? 'or' : 'and', [])))
            : undefined
        }
        trigger={
          <Button variant="quiet" size="icon-xs" aria-label={t('add')}>
            <Plus />
          </Button>
        }
      />
      <Button variant="quiet" size="icon-xs" aria-label={t('removeGroup')} onClick={() => onChange(null)}>
        <X />
      </Button>
    </div>
  );
}

/** The words a list is searched by, asked for as they are typed. */
export function SearchBox({ object, state }: { object: ObjectKey; state: Pick<ListState, 'q' | 'setQ'> }) {
  const t = useTranslations('records.filter');
  const c = useTranslations('common');
  const labels = useLabels();
  const ref = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(state.q);
  const [asked, setAsked] = useState(state.q);
  const [composing, setComposing] = useState(false);
  // A view, a link or "show all" changed it from outside.
  if (state.q !== asked) {
    setAsked(state.q);
    setText(state.q);
  }
  const ask = useEffectEvent((q: string) => {
    if (q.trim() === state.q) return;
    setAsked(q.trim());
    state.setQ(q);
  });
  useEffect(() => {
    // What an input method is at work on is not yet what is meant.
    if (composing) return;
    const timer = setTimeout(() => ask(text), 150);
    return () => clearTimeout(timer);
  }, [text, composing]);
  const label = t('search', { object: labels.object(object, 'other') });
  useActions([
    { id: 'records.search', label, group: 'here', icon: Search, keys: '/', run: () => ref.current?.focus() },
  ]);
  return (
    <div className="relative w-52 max-sm:w-auto max-sm:flex-1">
      <Search
        aria-hidden
        className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-2 size-4 text-muted-foreground"
      />
      <input
        ref={ref}
        type="search"
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onCompositionStart={() => setComposing(true)}
        onCompositionEnd={() => setComposing(false)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && !event.nativeEvent.isComposing) {
            if (text) setText('');
            else event.currentTarget.blur();
          }
        }}
        className={cn(
          'peer h-7 w-full min-w-0 rounded-md bg-transparent pr-7 pl-7.5 text-sm hover:bg-accent focus-visible:bg-background focus-visible:outline-2 focus-visible:outline-ring pointer-coarse:h-9 pointer-coarse:text-[16px]',
          text && 'bg-accent',
        )}
      />
      {text ? (
        <button
          type="button"
          aria-label={c('clear')}
          onClick={() => setText('')}
          className="absolute top-1/2 right-1 grid size-5 -translate-y-1/2 place-items-center rounded-xs text-muted-foreground hover:text-foreground"
        >
          <X className="size-3.5" />
        </button>
      ) : (
        <Kbd
          keys="/"
          className="-translate-y-1/2 pointer-events-none absolute top-1/2 right-1 peer-focus:hidden max-md:hidden"
        />
      )}
    </div>
  );
}
