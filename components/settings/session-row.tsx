'use client';

import { Monitor, Smartphone, SquareTerminal } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useFormat } from '@/components/shell/format';
import { Badge } from '@/components/ui/badge';
import { deviceOf } from './device';

export interface SessionView {
  id: string;
  current?: boolean;
  createdAt: string;
  lastSeenAt: string;
  ip: string | null;
  userAgent: string | null;
}

const icons = { computer: Monitor, phone: Smartphone, program: SquareTerminal };

/** One place somebody is signed in at: what with, where from, since when. */
export function SessionRow({ session, children }: { session: SessionView; children?: ReactNode }) {
  const t = useTranslations('settings.security.sessions');
  const format = useFormat();
  const name = useDeviceName();
  const Icon = icons[deviceOf(session.userAgent).kind];
  const isNow = Date.now() - Date.parse(session.lastSeenAt) < 60_000;
  const facts = [
    session.current ? t('here') : isNow ? t('just') : t('seen', { when: format.relative(session.lastSeenAt) }),
    session.ip && t('from', { ip: session.ip }),
    t('since', { when: format.dateTime(session.createdAt) }),
  ];
  return (
    <li className="flex items-center gap-3 px-4 py-2.5">
      <Icon aria-hidden className="size-4 shrink-0 text-muted-foreground" />
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2 font-medium text-sm">
          <span className="truncate">{name(session.userAgent)}</span>
          {session.current && <Badge variant="primary">{t('this')}</Badge>}
        </p>
        <p className="text-muted-foreground text-sm">{facts.filter(Boolean).join(' · ')}</p>
      </div>
      {children}
    </li>
  );
}

/** A device in the person's words: “Chrome on Windows”. */
export function useDeviceName(): (userAgent: string | null) => string {
  const t = useTranslations('settings.security.sessions');
  return (userAgent) => {
    const { kind, browser, system } = deviceOf(userAgent);
    if (kind === 'program') return t('program');
    return t('device', { browser: browser ?? t('someBrowser'), system: system ?? t('someSystem') });
  };
}
