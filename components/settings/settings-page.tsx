'use client';

import { ArrowLeft, ChevronRight } from 'lucide-react';
import { type ComponentType, lazy, Suspense } from 'react';
import { useTranslations } from 'use-intl';
import { useCan } from '@/components/shell/boot';
import { Page } from '@/components/shell/page';
import { Link } from '@/components/shell/router';
import type { ScreenProps } from '@/components/shell/screen';
import { cn } from '@/components/ui/cn';
import { Empty } from '@/components/ui/empty';
import { ApiPage } from './api-page';
import { CompanyPage } from './company-page';
import { MembersPage } from './members-page';
import { NotificationsPage } from './notifications-page';
import { type SettingsKey, type SettingsPlace, settingsPages } from './pages';
import { PipelinesPage } from './pipelines-page';
import { ProfilePage } from './profile-page';
import { RolesPage } from './roles-page';
import { SecurityPage } from './security-page';
import { RowsSkeleton } from './skeletons';
import { TeamsPage } from './teams-page';

// Seldom looked at, so their code waits until they are.
const ObjectsPage = lazy(async () => ({ default: (await import('./objects/objects-page')).ObjectsPage }));
const LayoutsPage = lazy(async () => ({ default: (await import('./layouts/layouts-page')).LayoutsPage }));
const AuditPage = lazy(async () => ({ default: (await import('./audit-page')).AuditPage }));
const RulesPage = lazy(async () => ({ default: (await import('../duplicates/rules-page')).RulesPage }));
const ArchivePage = lazy(async () => ({ default: (await import('./archive-page')).ArchivePage }));
const JobsPage = lazy(async () => ({ default: (await import('./jobs-page')).JobsPage }));

const components: Record<SettingsKey, ComponentType> = {
  profile: ProfilePage,
  security: SecurityPage,
  notifications: NotificationsPage,
  company: CompanyPage,
  members: MembersPage,
  teams: TeamsPage,
  pipelines: PipelinesPage,
  duplicates: RulesPage,
  objects: ObjectsPage,
  layouts: LayoutsPage,
  api: ApiPage,
  roles: RolesPage,
  audit: AuditPage,
  archive: ArchivePage,
  jobs: JobsPage,
};

/** Everything that is set up rather than worked with: the list at the left, one page beside it. */
export function SettingsPage({ params }: ScreenProps) {
  const t = useTranslations('settings');
  const shell = useTranslations('shell');
  const can = useCan();
  const page = params.page ?? (params.object ? 'objects' : undefined);
  const allowed = settingsPages.filter((entry) => !entry.permission || can(entry.permission));
  const chosen = page === undefined ? allowed[0] : allowed.find((entry) => entry.key === page);
  const Chosen = chosen && components[chosen.key];
  const isList = page === undefined;
  return (
    <Page title={isList || !chosen ? t('title') : t(`pages.${chosen.key}`)} flush>
      <div className="flex h-full min-h-0">
        <nav
          aria-label={t('title')}
          className={cn(
            'scroll-quiet w-56 shrink-0 overflow-y-auto border-r p-2 max-md:w-full max-md:border-r-0',
            !isList && 'max-md:hidden',
          )}
        >
          {(['you', 'workspace'] as const).map((group) => (
            <div key={group} className="pb-3">
              <h2 className="px-2 pt-2 pb-1 font-medium text-muted-foreground text-xs">{t(`groups.${group}`)}</h2>
              <ul className="grid gap-px">
                {allowed
                  .filter((entry) => entry.group === group)
                  .map((entry) => (
                    <li key={entry.key}>
                      <EntryLink entry={entry} current={entry === chosen} />
                    </li>
                  ))}
              </ul>
            </div>
          ))}
        </nav>
        <div
          key={chosen?.key}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          className={cn('scroll-quiet focus-inset min-w-0 flex-1 overflow-y-auto', isList && 'max-md:hidden')}
        >
          <div className={cn('mx-auto grid gap-8 px-4 py-6 sm:px-8', chosen?.wide ? 'max-w-7xl' : 'max-w-4xl')}>
            <Link to="/settings" className="-mb-4 flex w-fit items-center gap-1 rounded-xs text-link text-sm md:hidden">
              <ArrowLeft aria-hidden className="size-4" />
              {t('title')}
            </Link>
            {Chosen ? (
              <Suspense fallback={<RowsSkeleton count={6} />}>
                <Chosen />
              </Suspense>
            ) : (
              <Empty title={shell('noAccess.title')} description={shell('noAccess.description')} />
            )}
          </div>
        </div>
      </div>
    </Page>
  );
}

function EntryLink({ entry, current }: { entry: SettingsPlace; current: boolean }) {
  const t = useTranslations('settings');
  const Icon = entry.icon;
  return (
    <Link
      to={`/settings/${entry.key}`}
      aria-current={current ? 'page' : undefined}
      className={cn(
        'flex h-8 items-center gap-2 rounded-md px-2 text-sm transition-colors hover:bg-accent max-md:h-11',
        current && 'md:bg-accent md:font-medium',
      )}
    >
      <Icon aria-hidden className={cn('size-4 shrink-0 text-muted-foreground', current && 'md:text-link')} />
      <span className="min-w-0 flex-1 truncate">{t(`pages.${entry.key}`)}</span>
      <ChevronRight aria-hidden className="size-4 text-muted-foreground md:hidden" />
    </Link>
  );
}
