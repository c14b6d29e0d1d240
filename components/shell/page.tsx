'use client';

import { ArrowLeft } from 'lucide-react';
import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Hint } from '@/components/ui/tooltip';
import { useBoot } from './boot';
import { PinButton } from './pins';
import { Link, useRouter } from './router';

export interface PageProps {
  /** Also the title of the browser's tab. */
  title: string;
  /** In front of the title: an avatar, an icon. */
  icon?: ReactNode;
  /** How many records there are, behind the title. */
  count?: ReactNode;
  back?: { to: string; label: string };
  /** Views of the same thing: `<ViewTabs>`; more than fit are scrolled to. */
  tabs?: ReactNode;
  /** At the right; the primary one last. */
  actions?: ReactNode;
  /** A second line under the bar, such as filters. */
  toolbar?: ReactNode;
  /** Edge to edge, and the content scrolls by itself (tables, boards). */
  flush?: boolean;
  /** What it is called in the person's sidebar where that is not its title: a view's name. */
  pinTitle?: string | undefined;
  className?: string;
  children: ReactNode;
}

/** One screen: a bar of 48 px with title, tabs and actions, and the content under it. */
export function Page({
  title,
  icon,
  count,
  back,
  tabs,
  actions,
  toolbar,
  flush,
  pinTitle,
  className,
  children,
}: PageProps) {
  const { tenant } = useBoot();
  const scroller = useScrollKept();
  useEffect(() => {
    document.title = `${title} · ${tenant.name}`;
  }, [title, tenant.name]);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex h-(--bar) shrink-0 items-center gap-3 border-b pr-3 pl-4">
        {back && (
          <Hint label={back.label}>
            <Button asChild variant="quiet" size="icon-sm" className="-ml-1.5">
              <Link to={back.to} aria-label={back.label}>
                <ArrowLeft />
              </Link>
            </Button>
          </Hint>
        )}
        {icon}
        <h1 className={cn('min-w-0 truncate font-semibold text-base leading-6', tabs && 'max-w-1/2 shrink-0')}>
          {title}
        </h1>
        {count != null && <span className="tabular shrink-0 text-muted-foreground text-sm">{count}</span>}
        <PinButton title={pinTitle ?? title} />
        {tabs && <div className="h-full min-w-0 max-sm:hidden">{tabs}</div>}
        <div className="ml-auto flex shrink-0 items-center gap-2">{actions}</div>
      </header>
      {tabs && (
        <div className="h-10 shrink-0 overflow-x-auto border-b px-4 [scrollbar-width:none] sm:hidden">{tabs}</div>
      )}
      {toolbar}
      {flush ? (
        <div className={cn('min-h-0 flex-1', className)}>{children}</div>
      ) : (
        <div
          ref={scroller}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          className={cn('scroll-quiet focus-inset min-h-0 flex-1 overflow-y-auto', className)}
        >
          {children}
        </div>
      )}
    </div>
  );
}

const positions = new Map<string, number>();

/** Going back finds the place one left. Content may still be loading, so it is tried until it fits or a moment passed. */
function useScrollKept() {
  const { location } = useRouter();
  return useScrollKeptAs(location.entry + location.path);
}

/** For scrollers of a screen's own (virtual tables, boards): the ref to give them. */
export function useScrollKeptAs(key: string) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const wanted = positions.get(key) ?? 0;
    const restore = () => {
      element.scrollTop = wanted;
    };
    restore();
    const grown = new ResizeObserver(restore);
    if (wanted > 0 && element.firstElementChild) grown.observe(element.firstElementChild);
    const stop = () => grown.disconnect();
    const timer = setTimeout(stop, 1500);
    element.addEventListener('wheel', stop, { passive: true, once: true });
    element.addEventListener('touchstart', stop, { passive: true, once: true });
    const keep = () => positions.set(key, element.scrollTop);
    element.addEventListener('scroll', keep, { passive: true });
    return () => {
      clearTimeout(timer);
      stop();
      element.removeEventListener('scroll', keep);
    };
  }, [key]);
  return ref;
}
