'use client';

import { Check, ChevronDown, Plus, X } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react';
import { cn } from './cn';
import { Command, CommandGroup, CommandInput, CommandItem, CommandList } from './command';
import { useFieldControl } from './field';
import { controlClasses } from './input';
import { Popover, PopoverContent, PopoverTrigger } from './popover';

export interface ComboboxOption {
  id: string;
  title: string;
  subtitle?: string | null;
  icon?: ReactNode;
}

export interface PickListProps {
  /** Asked again as the person types; what came last for the newest query is shown. */
  load: (query: string) => Promise<ComboboxOption[]>;
  selected: readonly string[];
  onPick: (option: ComboboxOption) => void;
  searchLabel: string;
  emptyText: string;
  errorText: string;
  /** Offers to make what was typed. */
  create?: { label: (query: string) => string; run: (query: string) => void };
}

/** A search field over a list that is loaded; the inside of pickers. */
export function PickList({ load, selected, onPick, searchLabel, emptyText, errorText, create }: PickListProps) {
  const [query, setQuery] = useState('');
  // While an input method is composing, what stands in the field is not yet what is meant.
  const [composing, setComposing] = useState(false);
  const { options, state, loaded } = useLoaded(load, query, composing);
  const typed = query.trim();
  // What is found by typing is what Enter takes.
  const [chosen, setChosen] = useState({ of: options, id: '' });
  const lit = chosen.of === options ? chosen.id : (options[0]?.id ?? '');
  // Enter pressed before the list has followed what was typed takes what is first when it has.
  const awaited = useRef<string | null>(null);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key !== 'Enter' || composing || event.nativeEvent.isComposing) return;
    const now = event.currentTarget.value.trim();
    const taken = options.find(({ id }) => id === lit);
    if (loaded !== now) awaited.current = now;
    else if (taken) onPick(taken);
    // The offer to make what was typed is the list's own to run.
    else return;
    event.preventDefault();
  };
  const arrive = useEffectEvent(() => {
    if (awaited.current === null || awaited.current !== loaded) return;
    awaited.current = null;
    if (options[0]) onPick(options[0]);
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: every answer is an arrival
  useEffect(() => arrive(), [options, loaded]);
  return (
    <Command
      shouldFilter={false}
      label={searchLabel}
      value={lit}
      onValueChange={(id) => setChosen({ of: options, id })}
    >
      <CommandInput
        value={query}
        onValueChange={(next) => {
          awaited.current = null;
          setQuery(next);
        }}
        onKeyDown={onKeyDown}
        onCompositionStart={() => setComposing(true)}
        onCompositionEnd={() => setComposing(false)}
        placeholder={searchLabel}
        busy={state === 'loading'}
        // A list that takes the place of another has the keys, too: else what is typed would be the page's shortcuts.
        autoFocus
      />
      <CommandList className="max-h-64">
        {state === 'failed' && (
          <p role="alert" className="px-2 py-4 text-center text-destructive text-sm">
            {errorText}
          </p>
        )}
        {state === 'ready' && options.length === 0 && (
          <p className="px-2 py-4 text-center text-muted-foreground text-sm">{emptyText}</p>
        )}
        <CommandGroup>
          {options.map((option) => (
            <CommandItem key={option.id} value={option.id} onSelect={() => onPick(option)}>
              {option.icon}
              <span className="min-w-0 flex-1">
                <span className="block truncate">{option.title}</span>
                {option.subtitle && (
                  <span className="block truncate text-muted-foreground text-xs">{option.subtitle}</span>
                )}
              </span>
              {selected.includes(option.id) && <Check className="text-link" />}
            </CommandItem>
          ))}
          {create && typed && !composing && state === 'ready' && (
            <CommandItem value={`create:${typed}`} onSelect={() => create.run(typed)}>
              <Plus />
              <span className="truncate">{create.label(typed)}</span>
            </CommandItem>
          )}
        </CommandGroup>
      </CommandList>
    </Command>
  );
}

function useLoaded(load: PickListProps['load'], query: string, composing: boolean) {
  const [options, setOptions] = useState<ComboboxOption[]>([]);
  const [state, setState] = useState<'loading' | 'ready' | 'failed'>('loading');
  /** The words the options are of; none before there are any. */
  const [loaded, setLoaded] = useState<string | null>(null);
  // Callers write `load` inline; only a new query may ask again.
  const ask = useEffectEvent(load);
  useEffect(() => {
    if (composing) return;
    let current = true;
    setState('loading');
    const timer = setTimeout(
      () =>
        ask(query.trim()).then(
          (found) => {
            if (!current) return;
            setOptions(found);
            setLoaded(query.trim());
            setState('ready');
          },
          () => {
            if (current) setState('failed');
          },
        ),
      query ? 150 : 0,
    );
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [query, composing]);
  return { options, state, loaded };
}

export interface ComboboxProps extends Omit<PickListProps, 'selected' | 'onPick'> {
  value: string | null;
  /** What the chosen value is called, shown before anything is loaded. */
  label: string | null;
  onChange: (option: ComboboxOption | null) => void;
  placeholder: string;
  /** Name of the button that empties the field; without it a choice cannot be taken back. */
  clearLabel?: string;
  icon?: ReactNode;
  disabled?: boolean;
  defaultOpen?: boolean;
  onOpenChange?: (open: boolean) => void;
  className?: string;
  'aria-label'?: string;
}

/** Picks one of many: shows what is chosen, opens a search, can be emptied. */
export function Combobox({
  value,
  label,
  onChange,
  placeholder,
  clearLabel,
  icon,
  disabled,
  defaultOpen = false,
  onOpenChange,
  className,
  'aria-label': ariaLabel,
  ...list
}: ComboboxProps) {
  const [open, setOpen] = useState(defaultOpen);
  const control = useFieldControl();
  const change = (next: boolean) => {
    setOpen(next);
    onOpenChange?.(next);
  };
  const pick = (option: ComboboxOption | null) => {
    onChange(option);
    change(false);
  };
  const { create } = list;
  return (
    <Popover open={open} onOpenChange={change}>
      <div className={cn('relative', className)}>
        <PopoverTrigger asChild>
          <button
            type="button"
            role="combobox"
            aria-expanded={open}
            aria-haspopup="listbox"
            aria-label={ariaLabel}
            disabled={disabled}
            {...control}
            className={cn(
              controlClasses,
              'flex h-8 items-center gap-2 pr-8 text-left pointer-coarse:h-10',
              value === null && 'text-muted-foreground',
            )}
          >
            {value !== null && icon}
            <span className="min-w-0 flex-1 truncate">{value === null ? placeholder : (label ?? value)}</span>
          </button>
        </PopoverTrigger>
        {value !== null && clearLabel && !disabled ? (
          <button
            type="button"
            aria-label={clearLabel}
            onClick={() => pick(null)}
            className="absolute top-1/2 right-1 grid size-6 -translate-y-1/2 place-items-center rounded-xs text-muted-foreground hover:bg-accent hover:text-foreground"
          >
            <X className="size-3.5" />
          </button>
        ) : (
          <ChevronDown
            aria-hidden
            className="-translate-y-1/2 pointer-events-none absolute top-1/2 right-2 size-4 text-muted-foreground"
          />
        )}
      </div>
      <PopoverContent aria-label={list.searchLabel} className="w-[max(var(--radix-popover-trigger-width),260px)] p-0">
        <PickList
          {...list}
          create={
            create && {
              label: create.label,
              run: (query) => {
                change(false);
                create.run(query);
              },
            }
          }
          selected={value === null ? [] : [value]}
          onPick={pick}
        />
      </PopoverContent>
    </Popover>
  );
}
