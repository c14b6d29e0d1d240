'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { type Boot, useBoot, useCan } from '@/components/shell/boot';
import { useFieldErrors } from '@/components/shell/errors';
import { useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { Button } from '@/components/ui/button';
import { Combobox } from '@/components/ui/combobox';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Segmented } from '@/components/ui/segmented';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import { isLocale, locales } from '@/domain/messages/load';
import { currencies } from '@/domain/money';
import { SamplesSection } from './samples-section';
import { Section } from './section';
import { SessionPolicySection } from './session-policy';

/** What holds for everybody in the tenant. */
export function CompanyPage() {
  const t = useTranslations('settings.company');
  const can = useCan();
  const { tenant } = useBoot();
  return (
    <>
      <Section title={t('title')} description={t('description')}>
        {/* Undo, or somebody else's change, shows at once. */}
        <CompanyForm key={JSON.stringify(tenant)} tenant={tenant} />
      </Section>
      <SessionPolicySection />
      {can('samples.manage') && <SamplesSection />}
    </>
  );
}

function CompanyForm({ tenant }: { tenant: Boot['tenant'] }) {
  const t = useTranslations('settings.company');
  const c = useTranslations('common');
  const locale = useLocale();
  const trpc = useTRPC();
  const undo = useUndoToast();
  const errors = useFieldErrors();
  const [values, setValues] = useState({
    name: tenant.name,
    currency: tenant.currency,
    timeZone: tenant.timeZone,
    locale: isLocale(tenant.locale) ? tenant.locale : locales[0],
  });
  const set = (part: Partial<typeof values>) => setValues({ ...values, ...part });
  const save = useMutation(
    trpc.tenant.update.mutationOptions({ onSuccess: ({ changeSetId }) => undo(changeSetId, t('saved')) }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ ...values, name: values.name.trim() });
  };
  const problems: Record<string, string> = save.error ? errors(save.error) : {};
  const names = new Intl.DisplayNames(locale, { type: 'currency' });
  const offered = currencies.some((code) => code === values.currency) ? currencies : [values.currency, ...currencies];
  const unchanged = (Object.keys(values) as (keyof typeof values)[]).every((key) => values[key] === tenant[key]);
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <Field label={t('name')} required error={problems.name} inline>
        <Input
          value={values.name}
          onChange={(event) => set({ name: event.target.value })}
          maxLength={120}
          autoComplete="organization"
          className="sm:max-w-sm"
        />
      </Field>
      <Field label={t('currency')} help={t('currencyHelp')} error={problems.currency} inline>
        <Select value={values.currency} onValueChange={(currency) => set({ currency })}>
          <SelectTrigger className="sm:max-w-sm">
            <SelectValue />
          </SelectTrigger>
          <SelectContent>
            {offered.map((code) => (
              <SelectItem key={code} value={code}>
                {code} · {names.of(code) ?? code}
              </SelectItem>
            ))}
          </SelectContent>
        </Select>
      </Field>
      <Field label={t('timeZone')} help={t('timeZoneHelp')} error={problems.timeZone} inline>
        <Combobox
          value={values.timeZone}
          label={zoneTitle(values.timeZone)}
          onChange={(zone) => zone && set({ timeZone: zone.id })}
          load={async (query) => zonesLike(query, locale)}
          placeholder={c('choose')}
          searchLabel={c('search')}
          emptyText={c('noResults')}
          errorText={c('loadFailed')}
          className="sm:max-w-sm"
        />
      </Field>
      <Field label={t('language')} help={t('languageHelp')} inline>
        <Segmented
          aria-label={t('language')}
          value={values.locale}
          onValueChange={(next) => set({ locale: next })}
          options={locales.map((code) => ({ value: code, label: c(`languages.${code}`) }))}
        />
      </Field>
      <Button type="submit" busy={save.isPending} disabled={unchanged} className="w-fit sm:ml-44">
        {c('save')}
      </Button>
    </form>
  );
}

const zoneTitle = (zone: string) => zone.replaceAll('_', ' ');

/** Time zones whose name or everyday name has the words typed. */
function zonesLike(query: string, locale: string) {
  const wanted = query.toLowerCase().split(/\s+/);
  return Intl.supportedValuesOf('timeZone')
    .map((zone) => ({ id: zone, title: zoneTitle(zone), subtitle: zoneName(zone, locale) }))
    .filter(({ title, subtitle }) => wanted.every((word) => `${title} ${subtitle}`.toLowerCase().includes(word)))
    .slice(0, 60);
}

const zoneNames = new Map<string, string>();

function zoneName(timeZone: string, locale: string): string {
  const key = `${locale} ${timeZone}`;
  const known = zoneNames.get(key);
  if (known !== undefined) return known;
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'longGeneric' }).formatToParts(new Date());
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
  zoneNames.set(key, name);
  return name;
}
