'use client';

import { PanelLeft, Plus, Search } from 'lucide-react';
import { Fragment, type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Bell } from '@/components/conversation/bell';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Kbd } from '@/components/ui/kbd';
import { Hint } from '@/components/ui/tooltip';
import { type SidebarState, useKeysOf, usePins, useSidebarState } from './desk';
import { PersonMenu, TenantMenu } from './menus';
import { type Place, useActivePlace, useNav, useObjectHere } from './nav';
import { PinList } from './pins';
import { useQuickCreate } from './quick-create';
import { Link } from './router';

const narrowest = 196;
const widest = 360;

/** Width in pixels and whether it is folded away; the server is told once the width rests. */
export function useSidebar() {
  const [kept, keep] = useSidebarState();
  const [state, setState] = useState(() => ({ width: clamp(kept.width), folded: kept.folded }));
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const set = (next: Partial<SidebarState>) => {
    const merged = { ...state, ...next };
    setState(merged);
    clearTimeout(waiting.current);
    waiting.current = setTimeout(keep, 400, merged);
  };
  return { ...state, set };
}

const clamp = (width: number) => Math.min(widest, Math.max(narrowest, Math.round(width)));

export interface SidebarProps {
  width: number;
  onWidth: (width: number) => void;
  onFold: () => void;
  onSearch: () => void;
  onShortcuts: () => void;
}

/** The left column: company, search, places, person. */
export function Sidebar({ width, onWidth, onFold, onSearch, onShortcuts }: SidebarProps) {
  const t = useTranslations('shell');
  const create = useQuickCreate();
  const here = useObjectHere();
  const nav = useNav();
  const keysOf = useKeysOf();
  const { pins } = usePins();
  const sections = (['top', 'records', 'tools'] as const).map((section) => ({
    section,
    places: nav.filter((place) => place.section === section),
  }));
  return (
    <aside
      style={{ width }}
      className="relative flex h-full shrink-0 flex-col border-sidebar-border border-r bg-sidebar text-sidebar-foreground max-md:hidden"
    >
      <div className="flex h-(--bar) shrink-0 items-center gap-1 px-2">
        <div className="min-w-0 flex-1">
          <TenantMenu />
        </div>
        <Bell />
        <Hint label={t('collapse')} keys={keysOf('sidebar', '[')}>
          <Button variant="quiet" size="icon-sm" aria-label={t('collapse')} onClick={onFold}>
            <PanelLeft />
          </Button>
        </Hint>
      </div>
      <div className="flex shrink-0 items-center gap-1.5 px-2 pt-1 pb-2">
        <button
          type="button"
          onClick={onSearch}
          className="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-md border border-input bg-background px-2 text-muted-foreground text-sm hover:border-control"
        >
          <Search aria-hidden className="size-4 shrink-0" />
          <span className="min-w-0 flex-1 truncate text-left">{t('actions.search')}</span>
          <Kbd aria-hidden keys={keysOf('palette', 'mod+k') ?? ''} />
        </button>
        <Hint label={t('actions.create')} keys={keysOf('create', 'c')}>
          <Button variant="secondary" size="icon" aria-label={t('actions.create')} onClick={() => create(here)}>
            <Plus />
          </Button>
        </Hint>
      </div>
      <nav aria-label={t('nav')} className="scroll-quiet min-h-0 flex-1 overflow-y-auto px-2 pb-2">
        {sections.map(({ section, places }) => (
          <Fragment key={section}>
            <Section title={section === 'top' ? null : t(`sections.${section}`)}>
              <ul className="grid gap-px">
                {places.map((place) => (
                  <li key={place.path}>
                    <NavLink place={place} />
                  </li>
                ))}
              </ul>
            </Section>
            {section === 'top' && pins.length > 0 && (
              <Section title={t('pins.title')}>
                <PinList />
              </Section>
            )}
          </Fragment>
        ))}
      </nav>
      <div className="shrink-0 border-sidebar-border border-t p-2">
        <PersonMenu onShortcuts={onShortcuts} />
      </div>
      <Resizer width={width} onWidth={onWidth} label={t('resize')} />
    </aside>
  );
}

function Section({ title, children }: { title: string | null; children: ReactNode }) {
  return (
    <div className="pb-2">
      {title && <h2 className="px-2 pt-2 pb-1 font-medium text-muted-foreground text-xs">{title}</h2>}
      {children}
    </div>
  );
}

/** A place in the navigation; its tooltip teaches the keys. */
export function NavLink({ place, className, onClick }: { place: Place; className?: string; onClick?: () => void }) {
  const lit = useActivePlace() === place.path;
  const { icon: Icon, tone } = place;
  return (
    <Link
      to={place.path}
      onClick={onClick}
      aria-current={lit ? 'page' : undefined}
      className={cn(
        'group flex h-8 items-center gap-2 rounded-md px-2 text-sm transition-colors hover:bg-sidebar-accent',
        lit && 'bg-sidebar-accent font-medium text-sidebar-accent-foreground',
        className,
      )}
    >
      <Icon
        aria-hidden
        data-tone={tone}
        className={cn('size-4 shrink-0', tone ? 'text-tone' : 'text-muted-foreground', lit && !tone && 'text-link')}
      />
      <span className="min-w-0 flex-1 truncate">{place.label}</span>
      {place.keys && (
        <Kbd
          aria-hidden
          keys={place.keys}
          className="opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100"
        />
      )}
    </Link>
  );
}

/** Drag or arrow keys change the width. */
function Resizer({ width, onWidth, label }: { width: number; onWidth: (width: number) => void; label: string }) {
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    const handle = event.currentTarget;
    handle.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent) => onWidth(clamp(moved.clientX));
    const stop = () => handle.removeEventListener('pointermove', move);
    handle.addEventListener('pointermove', move);
    handle.addEventListener('pointerup', stop, { once: true });
    handle.addEventListener('pointercancel', stop, { once: true });
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -16, ArrowRight: 16 }[event.key];
    if (step) onWidth(clamp(width + step));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a splitter has a value and takes keys, which <hr> does not
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={narrowest}
      aria-valuemax={widest}
      tabIndex={0}
      onPointerDown={drag}
      onKeyDown={press}
      className="absolute inset-y-0 -right-1 z-10 w-2 cursor-col-resize touch-none after:absolute after:inset-y-0 after:left-1/2 after:w-px hover:after:bg-ring focus-visible:after:bg-ring"
    />
  );
}
