'use client';

import { useTranslations } from 'use-intl';
import { useAllActions } from '@/components/shell/actions';
import { useDeskDensity, usePins, useStartPage } from '@/components/shell/desk';
import { useNav } from '@/components/shell/nav';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Segmented } from '@/components/ui/segmented';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import { densities } from '@/domain/views';
import { Section } from './section';

const home = '/';

/** Where a person begins and with which keys they work, in this workspace. */
export function DeskSection() {
  const t = useTranslations('settings.profile');
  const nav = useNav();
  const { pins } = usePins();
  const [start, setStart] = useStartPage();
  const [density, setDensity] = useDeskDensity();
  const shape = useTranslations('records.shape');
  const sheet = useAllActions().find(({ id }) => id === 'shortcuts');
  // What is begun with may be any page: it is offered although it is in no list.
  const pages = new Map([...nav, ...pins, ...(start ? [start] : [])].map(({ path, label }) => [path, label] as const));
  return (
    <Section title={t('desk')} description={t('deskHelp')}>
      <div className="grid gap-4">
        <Field label={t('start')} help={t('startHelp')} inline>
          <Select
            value={start?.path ?? home}
            onValueChange={(path) => setStart(path === home ? null : { path, label: pages.get(path) ?? path })}
          >
            <SelectTrigger className="sm:max-w-sm">
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              {[...pages].map(([path, label]) => (
                <SelectItem key={path} value={path}>
                  {label}
                </SelectItem>
              ))}
            </SelectContent>
          </Select>
        </Field>
        <Field label={t('density')} inline>
          <Segmented
            aria-label={t('density')}
            value={density}
            onValueChange={setDensity}
            options={densities.map((value) => ({ value, label: shape(`densities.${value}`) }))}
          />
        </Field>
        <Field label={t('keys')} inline>
          <Button variant="secondary" className="w-fit" onClick={sheet?.run}>
            {t('keysButton')}
          </Button>
        </Field>
      </div>
    </Section>
  );
}
