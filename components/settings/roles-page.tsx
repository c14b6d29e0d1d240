'use client';

import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { Badge } from '@/components/ui/badge';
import { cn } from '@/components/ui/cn';
import { TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table';
import { WideTable } from '@/components/ui/wide-table';
import { recordObjects } from '@/domain/objects';
import {
  adminPermissions,
  can,
  type Permission,
  type Role,
  recordActions,
  roles,
  type Scope,
  scopeOf,
} from '@/domain/permissions';
import { Section } from './section';

/** The table of rights the server asks, for people to read: nothing here is written by hand. */
export function RolesPage() {
  const t = useTranslations('settings.roles');
  const fields = useTranslations('fields');
  const labels = useLabels();
  const { member } = useBoot();
  return (
    <>
      <Section title={t('title')} description={t('description')}>
        <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-2">
          {roles.map((role) => (
            <div key={role}>
              <dt className="flex items-center gap-2 font-medium text-sm">
                {labels.role(role)}
                {role === member.role && <Badge variant="primary">{t('yours')}</Badge>}
              </dt>
              <dd className="text-muted-foreground text-sm">{fields(`roleHelp.${role}`)}</dd>
            </div>
          ))}
        </dl>
      </Section>
      <Section title={t('records')} description={t('recordsHelp')}>
        <Matrix label={t('records')}>
          {recordObjects.map((object) =>
            recordActions.map((action) => (
              <TableRow key={`${object}.${action}`} className={cn(action !== 'delete' && 'border-b-0')}>
                <TableHead scope="row" className="sticky left-0 z-10 bg-card font-normal text-foreground">
                  <span className="flex gap-3">
                    <span className="w-20 shrink-0 truncate font-medium sm:w-28">
                      <span className={cn(action !== 'read' && 'sr-only')}>{labels.object(object, 'Other')}</span>
                    </span>
                    <span className="text-muted-foreground">{t(`actions.${action}`)}</span>
                  </span>
                </TableHead>
                {roles.map((role) => (
                  <Cell key={role} own={role === member.role}>
                    <ScopeBadge scope={scopeOf(role, object, action)} />
                  </Cell>
                ))}
              </TableRow>
            )),
          )}
        </Matrix>
      </Section>
      <Section title={t('admin')} description={t('adminHelp')}>
        <Matrix label={t('admin')}>
          {adminPermissions.map((permission) => (
            <TableRow key={permission}>
              <TableHead
                scope="row"
                className="sticky left-0 z-10 whitespace-normal bg-card font-normal text-foreground"
              >
                {t(`permissions.${permission.replace('.', '_')}`)}
              </TableHead>
              {roles.map((role) => (
                <Cell key={role} own={role === member.role}>
                  <Allowed role={role} permission={permission} />
                </Cell>
              ))}
            </TableRow>
          ))}
        </Matrix>
      </Section>
    </>
  );
}

function Matrix({ label, children }: { label: string; children: ReactNode }) {
  const labels = useLabels();
  const t = useTranslations('settings.roles');
  const { member } = useBoot();
  return (
    <WideTable label={t('tableOf', { name: label })} className="min-w-[560px]">
      <TableHeader>
        <TableRow>
          <TableHead className="sticky left-0 z-10 bg-card">
            <span className="sr-only">{t('right')}</span>
          </TableHead>
          {roles.map((role) => (
            <TableHead
              key={role}
              scope="col"
              className={cn('w-20 text-center', role === member.role && 'bg-primary-soft/60 text-foreground')}
            >
              {labels.role(role)}
            </TableHead>
          ))}
        </TableRow>
      </TableHeader>
      <TableBody>{children}</TableBody>
    </WideTable>
  );
}

function Cell({ own, children }: { own: boolean; children: ReactNode }) {
  return <TableCell className={cn('text-center', own && 'bg-primary-soft/60')}>{children}</TableCell>;
}

const scopeVariants = { all: 'success', team: 'primary', own: 'warning', none: 'outline' } as const;

function ScopeBadge({ scope }: { scope: Scope }) {
  const fields = useTranslations('fields');
  if (scope === 'none') return <Nothing label={fields('scopes.none')} />;
  return <Badge variant={scopeVariants[scope]}>{fields(`scopes.${scope}`)}</Badge>;
}

function Allowed({ role, permission }: { role: Role; permission: Permission }) {
  const c = useTranslations('common');
  if (!can(role, permission)) return <Nothing label={c('no')} />;
  return (
    <>
      <Check aria-hidden className="mx-auto size-4 text-success" />
      <span className="sr-only">{c('yes')}</span>
    </>
  );
}

function Nothing({ label }: { label: string }) {
  return (
    <>
      <span aria-hidden className="text-muted-foreground">
        –
      </span>
      <span className="sr-only">{label}</span>
    </>
  );
}
