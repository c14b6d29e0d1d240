'use client';

import { FileText, MoreHorizontal, Pencil, Pin as PinIcon, PinOff } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Sortable } from '@/components/settings/sortable';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import { Input } from '@/components/ui/input';
import { toast } from '@/components/ui/toaster';
import { Hint } from '@/components/ui/tooltip';
import { useActions } from './actions';
import { mostPins, type Pin, usePins, useStartPage } from './desk';
import { useNav } from './nav';
import { Link, useRouter } from './router';
import { matchScreen } from './screen';

/** The page on the screen as a pin. */
function useHere(label: string): Pin {
  const { location, match } = useRouter();
  const object = match?.screen.object ?? match?.params.object;
  return { path: location.path + location.search, label, ...(object ? { object } : {}) };
}

/** Puts this page into the sidebar, or takes it out; by the palette it also becomes where one begins. */
export function PinButton({ title }: { title: string }) {
  const t = useTranslations('shell.pins');
  const { pins, add, remove } = usePins();
  const [start, setStart] = useStartPage();
  const here = useHere(title);
  const pinned = pins.some(({ path }) => path === here.path);
  const full = !pinned && pins.length >= mostPins;
  const toggle = () => (pinned ? remove(here.path) : !full && add(here));
  const begins = (start?.path ?? '/') === here.path;
  useActions([
    {
      id: 'pins.toggle',
      label: t(pinned ? 'remove' : 'add'),
      group: 'here',
      icon: pinned ? PinOff : PinIcon,
      run: toggle,
    },
    ...(begins
      ? []
      : [
          {
            id: 'desk.start',
            label: t('start'),
            group: 'here' as const,
            icon: PinIcon,
            run: () => {
              setStart(here.path === '/' ? null : { path: here.path, label: here.label });
              toast.success(t('started'));
            },
          },
        ]),
  ]);
  const label = full ? t('full', { max: mostPins }) : t(pinned ? 'remove' : 'add');
  return (
    <Hint label={label}>
      <Button
        variant="quiet"
        size="icon-sm"
        aria-label={label}
        aria-pressed={pinned}
        aria-disabled={full}
        onClick={toggle}
        className="max-sm:hidden"
      >
        <PinIcon className={cn(pinned && 'fill-current text-link')} />
      </Button>
    </Hint>
  );
}

/** The person's own pages, ordered by dragging or the arrow keys. */
export function PinList({ onClick, className }: { onClick?: () => void; className?: string }) {
  const t = useTranslations('shell.pins');
  const { pins, order, remove, rename } = usePins();
  const [renaming, setRenaming] = useState<string | null>(null);
  const row = (pin: Pin, handle: ReactNode) =>
    renaming === pin.path ? (
      <Input
        autoFocus
        aria-label={t('name')}
        defaultValue={pin.label}
        maxLength={120}
        onFocus={(event) => event.currentTarget.select()}
        onBlur={(event) => {
          const name = event.currentTarget.value.trim();
          if (name && name !== pin.label) rename(pin.path, name);
          setRenaming(null);
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Enter') event.currentTarget.blur();
          if (event.key === 'Escape') {
            event.currentTarget.value = pin.label;
            event.currentTarget.blur();
          }
        }}
      />
    ) : (
      <PinLink pin={pin} onClick={onClick}>
        <span className="flex items-center opacity-0 focus-within:opacity-100 group-hover/pin:opacity-100 pointer-coarse:opacity-100">
          {handle}
          <DropdownMenu>
            <DropdownMenuTrigger asChild>
              <Button variant="quiet" size="icon-sm" aria-label={t('more', { name: pin.label })} className="size-6">
                <MoreHorizontal />
              </Button>
            </DropdownMenuTrigger>
            <DropdownMenuContent align="start">
              <DropdownMenuItem onSelect={() => setTimeout(() => setRenaming(pin.path))}>
                <Pencil />
                {t('rename')}
              </DropdownMenuItem>
              <DropdownMenuItem onSelect={() => remove(pin.path)}>
                <PinOff />
                {t('remove')}
              </DropdownMenuItem>
            </DropdownMenuContent>
          </DropdownMenu>
        </span>
      </PinLink>
    );
  return (
    <Sortable
      label={t('title')}
      items={pins.map((pin) => ({ ...pin, id: pin.path, name: pin.label }))}
      onOrder={order}
      className={cn('grid gap-px', className)}
      itemClassName={() => 'group/pin'}
    >
      {row}
    </Sortable>
  );
}

function PinLink({ pin, onClick, children }: { pin: Pin; onClick?: (() => void) | undefined; children: ReactNode }) {
  const { location, screens } = useRouter();
  const nav = useNav();
  const lit = location.path + location.search === pin.path;
  const screen = matchScreen(screens, pin.path.split('?')[0] ?? '/')?.screen;
  const home = screen?.path.startsWith('/objects/') ? `/objects/${pin.object}` : (screen?.under ?? screen?.path);
  const { icon: Icon = FileText, tone } = nav.find(({ path }) => path === home) ?? {};
  return (
    <div
      className={cn(
        'flex h-8 items-center rounded-md pr-1 text-sm transition-colors hover:bg-sidebar-accent',
        lit && 'bg-sidebar-accent font-medium text-sidebar-accent-foreground',
      )}
    >
      <Link
        to={pin.path}
        onClick={onClick}
        aria-current={lit ? 'page' : undefined}
        className="flex h-full min-w-0 flex-1 items-center gap-2 rounded-md px-2"
      >
        <Icon
          aria-hidden
          data-tone={tone}
          className={cn('size-4 shrink-0', tone ? 'text-tone' : 'text-muted-foreground', lit && !tone && 'text-link')}
        />
        <span className="min-w-0 flex-1 truncate">{pin.label}</span>
      </Link>
      {children}
    </div>
  );
}
