'use client';

import { ChevronDown } from 'lucide-react';
import { signIn } from 'next-auth/react';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { createClient } from '@/components/shell/trpc';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { isLocale } from '@/domain/messages/load';
import { currencies } from '@/domain/money';
import { NewPasswordField } from './new-password-field';
import { type Region, useGuessedRegion } from './region';
import { demand, useSubmit } from './use-submit';

const fields = ['company', 'name', 'email', 'password', 'currency', 'timeZone'];

/** One short form; then one is inside. */
export function SignUpForm() {
  const t = useTranslations('site.signUp');
  const locale = useLocale();
  const region = useGuessedRegion();
  const [account] = useState(() => createClient('-').account);
  const { busy, problems, form } = useSubmit(fields, async (values) => {
    demand(values, ['company', 'name', 'email', 'password']);
    const { company = '', name = '', email = '', password = '' } = values;
    const { slug } = await account.signUp.mutate({
      company,
      name,
      email,
      password,
      locale: isLocale(locale) ? locale : 'en',
      timeZone: values.timeZone || region?.timeZone || 'UTC',
      currency: values.currency || region?.currency || 'USD',
    });
    await signIn('credentials', { email, password, redirect: false });
    window.location.assign(`/t/${slug}`);
  });
  return (
    <form {...form} className="grid gap-4">
      <Field label={t('company')} required error={problems.fields.company}>
        <Input name="company" autoComplete="organization" maxLength={200} autoFocus className="h-10" />
      </Field>
      <Field label={t('name')} required error={problems.fields.name}>
        <Input name="name" autoComplete="name" maxLength={200} className="h-10" />
      </Field>
      <Field label={t('email')} required error={problems.fields.email}>
        <Input name="email" type="email" inputMode="email" autoComplete="username" maxLength={254} className="h-10" />
      </Field>
      <NewPasswordField label={t('password')} error={problems.fields.password} />
      <RegionFields guess={region} problems={problems.fields} />
      {problems.form && (
        <Alert variant="destructive">
          <AlertDescription>{problems.form}</AlertDescription>
        </Alert>
      )}
      <Button type="submit" size="lg" busy={busy}>
        {t('button')}
      </Button>
    </form>
  );
}

const selectClasses =
  'h-10 w-full min-w-0 rounded-md border border-input bg-background px-2 text-sm hover:border-control';

/** Guessed from the browser and folded away; a plain select, because phones show those best. */
function RegionFields({ guess, problems }: { guess: Region | null; problems: Record<string, string> }) {
  const t = useTranslations('site.signUp');
  const locale = useLocale();
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState<Partial<Region>>({});
  const shown = open || Boolean(problems.currency || problems.timeZone);
  if (!guess) return <div className="h-5" />;
  const region = { ...guess, ...chosen };
  const names = new Intl.DisplayNames(locale, { type: 'currency' });
  const zones = Intl.supportedValuesOf('timeZone');
  return (
    <div className="grid gap-4">
      <button
        type="button"
        aria-expanded={shown}
        onClick={() => setOpen(!open)}
        className="flex w-fit items-center gap-1.5 rounded-xs text-muted-foreground text-sm hover:text-foreground"
      >
        <span>
          {t('region', {
            currency: names.of(region.currency) ?? region.currency,
            zone: zoneName(region.timeZone, locale),
          })}
        </span>
        <span className="font-medium text-link">{t('regionChange')}</span>
        <ChevronDown aria-hidden className={shown ? 'size-4 rotate-180' : 'size-4'} />
      </button>
      {shown && (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('currency')} error={problems.currency}>
            {(control) => (
              <select
                {...control}
                name="currency"
                value={region.currency}
                onChange={(event) => setChosen({ ...chosen, currency: event.target.value })}
                className={selectClasses}
              >
                {currencies.map((code) => (
                  <option key={code} value={code}>
                    {code} {names.of(code)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={t('timeZone')} error={problems.timeZone}>
            {(control) => (
              <select
                {...control}
                name="timeZone"
                value={region.timeZone}
                onChange={(event) => setChosen({ ...chosen, timeZone: event.target.value })}
                className={selectClasses}
              >
                {(zones.includes(region.timeZone) ? zones : [region.timeZone, ...zones]).map((zone) => (
                  <option key={zone} value={zone}>
                    {zone.replaceAll('_', ' ')}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
      )}
    </div>
  );
}

function zoneName(timeZone: string, locale: string): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'longGeneric' }).formatToParts(new Date());
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? timeZone;
}
