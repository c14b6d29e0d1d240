'use client';

import { useQuery } from '@tanstack/react-query';
import { Bell as BellIcon } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { usePhone } from '@/components/records/use-phone';
import { useControl } from '@/components/shell/actions';
import { useSearch } from '@/components/shell/router';
import { useTRPC } from '@/components/shell/trpc';
import { Button } from '@/components/ui/button';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover';
import { Hint } from '@/components/ui/tooltip';

const BellPanel = lazy(async () => ({
  default: (await import('./bell-panel').catch(() => ({ BellPanel: NotHere }))).BellPanel,
}));

/** Its code did not come. */
function NotHere(_: { onLeave: () => void }) {
  const c = useTranslations('common');
  return (
    <p role="alert" className="px-4 py-8 text-center text-muted-foreground text-sm">
      {c('loadFailed')}
    </p>
  );
}

/** How long until it is asked again, in milliseconds: half a minute, longer where asking fails or nobody looks. */
const calm = 30_000;
const slowest = 10 * 60_000;

/** How much of what one was told is unread. */
function useUnread(): number {
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.notifications.count.queryOptions(undefined, {
      staleTime: calm,
      refetchInterval: ({ state }) => Math.min(slowest, calm * 2 ** state.fetchFailureCount),
      refetchOnWindowFocus: true,
    }),
  );
  return data?.count ?? 0;
}

/** Whether the address asks for the list, as a mail of what waits does. */
export function useInboxAsked(): boolean {
  return useSearch()[0].get('inbox') === '1';
}

/** Says on a phone, where the bell is behind a menu, that something is unread. */
export function UnreadDot() {
  const t = useTranslations('conversation.bell');
  const count = useUnread();
  if (count === 0) return null;
  return (
    <span className="absolute -top-1 -right-1.5 size-2.5 rounded-full border-2 border-background bg-primary">
      <span className="sr-only">{t('unread', { count })}</span>
    </span>
  );
}

/** What one was told, with how much of it is unread. */
export function Bell({ side = 'right' }: { side?: 'right' | 'bottom' }) {
  const t = useTranslations('conversation.bell');
  const asked = useInboxAsked();
  const here = usePhone() === (side === 'bottom');
  const [, setSearch] = useSearch();
  const [open, setOpen] = useState(false);
  const wanted = asked && here;
  useEffect(() => {
    // After the menu it stands in on a phone has come in and taken the focus.
    const timer = wanted ? setTimeout(() => setOpen(true), 300) : undefined;
    return () => clearTimeout(timer);
  }, [wanted]);
  const show = (next: boolean) => {
    setOpen(next);
    if (!next && asked) setSearch({ inbox: null });
  };
  const count = useUnread();
  const shown = count > 99 ? t('many') : String(count);
  const control = useControl({ id: 'go.notifications', label: t('label'), group: 'goTo', icon: BellIcon, keys: 'g n' });
  return (
    <Popover open={open} onOpenChange={show}>
      <Hint label={t('label')} keys="g n">
        <PopoverTrigger asChild>
          <Button
            ref={control}
            variant="quiet"
            size="icon-sm"
            className="relative"
            aria-label={count > 0 ? `${t('label')}, ${t('unread', { count })}` : t('label')}
          >
            <BellIcon />
            {count > 0 && (
              <span
                aria-hidden
                className="tabular absolute -top-1 left-3.5 grid h-4 min-w-4 place-items-center rounded-full bg-primary px-1 font-semibold text-[10px] text-primary-foreground"
              >
                {shown}
              </span>
            )}
          </Button>
        </PopoverTrigger>
      </Hint>
      <PopoverContent side={side} align="start" className="w-[min(400px,92vw)] p-0">
        {open && (
          <Suspense fallback={<div className="h-40" />}>
            <BellPanel onLeave={() => setOpen(false)} />
          </Suspense>
        )}
      </PopoverContent>
    </Popover>
  );
}
