'use client';

import { LogOut, Menu, Plus, Search } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Bell, UnreadDot, useInboxAsked } from '@/components/conversation/bell';
import { usePhone } from '@/components/records/use-phone';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Segmented } from '@/components/ui/segmented';
import { Separator } from '@/components/ui/separator';
import { Sheet, SheetContent, SheetDescription, SheetHeader, SheetTitle } from '@/components/ui/sheet';
import { locales } from '@/domain/messages/load';
import { useBoot } from './boot';
import { usePins } from './desk';
import { TenantMenu } from './menus';
import { useActivePlace, useNav, useObjectHere } from './nav';
import { PinList } from './pins';
import { useQuickCreate } from './quick-create';
import { Link } from './router';
import { useSession } from './session';
import { NavLink } from './sidebar';
import { themes } from './theme';

const place = 'flex h-14 min-w-0 flex-col items-center justify-center gap-0.5 text-muted-foreground text-xs';

/** Five places at the bottom of a phone: four screens and everything else. */
export function PhoneBar({ onSearch }: { onSearch: () => void }) {
  const t = useTranslations('shell');
  const places = useNav()
    .filter((each) => each.phone)
    .slice(0, 4);
  const active = useActivePlace();
  // A mail of what waits leads to the bell, which is behind the menu here.
  const asked = useInboxAsked();
  const phone = usePhone();
  const [open, setOpen] = useState(asked && phone);
  return (
    <nav
      aria-label={t('places')}
      className="grid shrink-0 auto-cols-fr grid-flow-col border-t bg-background pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {places.map(({ icon: Icon, ...each }) => (
        <Link
          key={each.path}
          to={each.path}
          aria-current={active === each.path ? 'page' : undefined}
          className={cn(place, 'focus-inset', active === each.path && 'font-medium text-link')}
        >
          <Icon aria-hidden className="size-5" />
          <span className="max-w-full truncate px-1">{each.label}</span>
        </Link>
      ))}
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(true)}
        className={cn(place, 'focus-inset', !places.some((s) => s.path === active) && 'font-medium text-link')}
      >
        <span className="relative">
          <Menu aria-hidden className="size-5" />
          <UnreadDot />
        </span>
        <span className="max-w-full truncate px-1">{t('screens.more')}</span>
      </button>
      <Sheet open={open} onOpenChange={setOpen}>
        <More onSearch={onSearch} close={() => setOpen(false)} />
      </Sheet>
    </nav>
  );
}

function More({ onSearch, close }: { onSearch: () => void; close: () => void }) {
  const t = useTranslations('shell');
  const c = useTranslations('common');
  const { user } = useBoot();
  const session = useSession();
  const create = useQuickCreate();
  const here = useObjectHere();
  const { pins } = usePins();
  const leave = (task: () => void) => () => {
    close();
    setTimeout(task);
  };
  return (
    <SheetContent side="bottom" closeLabel={c('close')}>
      <SheetHeader>
        <SheetTitle>{t('menu')}</SheetTitle>
        <SheetDescription className="truncate">{user.email}</SheetDescription>
      </SheetHeader>
      <div className="scroll-quiet min-h-0 overflow-y-auto p-3">
        <div className="flex items-center gap-2">
          <div className="min-w-0 flex-1">
            <TenantMenu />
          </div>
          <Bell side="bottom" />
        </div>
        <div className="grid grid-cols-2 gap-2 py-3">
          <Button variant="secondary" onClick={leave(onSearch)}>
            <Search />
            {t('actions.search')}
          </Button>
          <Button variant="secondary" onClick={leave(() => create(here))}>
            <Plus />
            {t('actions.create')}
          </Button>
        </div>
        {pins.length > 0 && (
          <section className="pb-3">
            <h2 className="px-2 pb-1 font-medium text-muted-foreground text-xs">{t('pins.title')}</h2>
            <PinList onClick={close} />
          </section>
        )}
        <ul className="grid grid-cols-2 gap-x-2">
          {useNav().map((each) => (
            <li key={each.path}>
              <NavLink place={each} onClick={close} className="h-11 [&_kbd]:hidden" />
            </li>
          ))}
        </ul>
        <Separator className="my-3" />
        <div className="flex flex-wrap gap-2">
          <Segmented
            aria-label={t('theme.label')}
            value={session.theme}
            onValueChange={session.setTheme}
            options={themes.map((theme) => ({ value: theme, label: t(`theme.${theme}`) }))}
          />
          <Segmented
            aria-label={c('language')}
            value={session.locale}
            onValueChange={session.setLocale}
            options={locales.map((locale) => ({ value: locale, label: c(`languages.${locale}`) }))}
          />
        </div>
        <Button variant="ghost" className="mt-3 w-full justify-start" onClick={session.signOut}>
          <LogOut />
          {t('signOut')}
        </Button>
      </div>
    </SheetContent>
  );
}
