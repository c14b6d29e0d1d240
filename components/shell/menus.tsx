'use client';

import { Check, ChevronsUpDown, Keyboard, Languages, LogOut, Plus, SunMoon, User } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { Avatar } from '@/components/ui/avatar';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuSub,
  DropdownMenuSubContent,
  DropdownMenuSubTrigger,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import { isLocale, locales } from '@/domain/messages/load';
import { useBoot } from './boot';
import { useKeysOf } from './desk';
import { useLabels } from './labels';
import { navigate } from './router';
import { useSession } from './session';
import { isTheme, themes } from './theme';

const row =
  'flex h-9 w-full min-w-0 items-center gap-2 rounded-md px-2 text-left text-sm transition-colors hover:bg-sidebar-accent data-[state=open]:bg-sidebar-accent';

/** Which company one is in, and the way to the others. */
export function TenantMenu() {
  const t = useTranslations('shell');
  const labels = useLabels();
  const { tenant, tenants } = useBoot();
  return (
    <DropdownMenu>
      <DropdownMenuTrigger className={row}>
        <span className="sr-only">{t('switchTenant')}</span>
        <Avatar name={tenant.name} seed={tenant.slug} square />
        <span className="min-w-0 flex-1 truncate font-semibold">{tenant.name}</span>
        <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-muted-foreground" />
      </DropdownMenuTrigger>
      <DropdownMenuContent className="w-64">
        <DropdownMenuLabel>{t('workspaces')}</DropdownMenuLabel>
        {tenants.map((other) => (
          <DropdownMenuItem key={other.slug} asChild>
            <a href={`/t/${other.slug}`}>
              <Avatar name={other.name} seed={other.slug} size="sm" square />
              <span className="min-w-0 flex-1 truncate">{other.name}</span>
              {other.slug === tenant.slug ? (
                <Check />
              ) : (
                <span className="text-muted-foreground text-xs">{labels.role(other.role)}</span>
              )}
            </a>
          </DropdownMenuItem>
        ))}
        <DropdownMenuSeparator />
        <DropdownMenuItem asChild>
          <a href="/sign-up">
            <Plus />
            {t('newTenant')}
          </a>
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

/** The person: profile, language, theme, way out. */
export function PersonMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const t = useTranslations('shell');
  const c = useTranslations('common');
  const { user } = useBoot();
  const session = useSession();
  const keysOf = useKeysOf();
  return (
    <DropdownMenu>
      <DropdownMenuTrigger className={row}>
        <span className="sr-only">{t('account')}</span>
        <Avatar name={user.name} seed={user.id} />
        <span className="min-w-0 flex-1 truncate">{user.name}</span>
      </DropdownMenuTrigger>
      <DropdownMenuContent side="top" className="w-60">
        <DropdownMenuLabel className="truncate">{user.email}</DropdownMenuLabel>
        <DropdownMenuItem onSelect={() => navigate('/settings/profile')}>
          <User />
          {t('profile')}
        </DropdownMenuItem>
        <DropdownMenuSub>
          <DropdownMenuSubTrigger>
            <SunMoon />
            {t('theme.label')}
          </DropdownMenuSubTrigger>
          <DropdownMenuSubContent>
            <DropdownMenuRadioGroup
              value={session.theme}
              onValueChange={(value) => isTheme(value) && session.setTheme(value)}
            >
              {themes.map((theme) => (
                <DropdownMenuRadioItem key={theme} value={theme}>
                  {t(`theme.${theme}`)}
                </DropdownMenuRadioItem>
              ))}
            </DropdownMenuRadioGroup>
          </DropdownMenuSubContent>
        </DropdownMenuSub>
        <DropdownMenuSub>
          <DropdownMenuSubTrigger>
            <Languages />
            {c('language')}
          </DropdownMenuSubTrigger>
          <DropdownMenuSubContent>
            <DropdownMenuRadioGroup
              value={session.locale}
              onValueChange={(value) => isLocale(value) && session.setLocale(value)}
            >
              {locales.map((locale) => (
                <DropdownMenuRadioItem key={locale} value={locale} lang={locale}>
                  {c(`languages.${locale}`)}
                </DropdownMenuRadioItem>
              ))}
            </DropdownMenuRadioGroup>
          </DropdownMenuSubContent>
        </DropdownMenuSub>
        <DropdownMenuItem keys={keysOf('shortcuts', '?')} onSelect={onShortcuts}>
          <Keyboard />
          {t('actions.shortcuts')}
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={session.signOut}>
          <LogOut />
          {t('signOut')}
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
