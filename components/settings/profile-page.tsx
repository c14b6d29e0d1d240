'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Monitor, Moon, Sun } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { useFieldErrors, useRefusalText } from '@/components/shell/errors';
import { useSession } from '@/components/shell/session';
import { themes } from '@/components/shell/theme';
import { createClient, useTRPC, useTRPCClient } from '@/components/shell/trpc';
import { Avatar } from '@/components/ui/avatar';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Segmented } from '@/components/ui/segmented';
import { toast } from '@/components/ui/toaster';
import { locales } from '@/domain/messages/load';
import { DeskSection } from './desk-section';
import { Section } from './section';

const themeIcons = { system: <Monitor />, light: <Sun />, dark: <Moon /> };

/** What a person sets for themselves, in every tenant of theirs. */
export function ProfilePage() {
  const t = useTranslations('settings.profile');
  const c = useTranslations('common');
  const shell = useTranslations('shell');
  const session = useSession();
  return (
    <>
      <Section title={t('title')} description={t('description')}>
        <NameForm />
      </Section>
      <Section title={t('appearance')} description={t('appearanceHelp')}>
        <div className="grid gap-4">
          <Field label={c('language')} inline>
            <Segmented
              aria-label={c('language')}
              value={session.locale}
              onValueChange={session.setLocale}
              options={locales.map((locale) => ({ value: locale, label: c(`languages.${locale}`) }))}
            />
          </Field>
          <Field label={shell('theme.label')} inline>
            <Segmented
              aria-label={shell('theme.label')}
              value={session.theme}
              onValueChange={session.setTheme}
              options={themes.map((theme) => ({
                value: theme,
                label: shell(`theme.${theme}`),
                icon: themeIcons[theme],
              }))}
            />
          </Field>
        </div>
      </Section>
      <DeskSection />
    </>
  );
}

function NameForm() {
  const t = useTranslations('settings.profile');
  const c = useTranslations('common');
  const { user, member } = useBoot();
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const errors = useFieldErrors();
  const refusal = useRefusalText();
  const [account] = useState(() => createClient('-').account);
  const [name, setName] = useState(member.name);
  // The account's name is for what precedes a tenant; colleagues see the member's.
  const save = useMutation({
    mutationFn: async (value: string) => {
      await client.members.renameSelf.mutate({ name: value });
      await account.updateMe.mutate({ name: value });
    },
    meta: { quiet: true },
    onSuccess: () => {
      toast.success(t('saved'));
      return queries.invalidateQueries({ queryKey: trpc.tenant.boot.queryKey() });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(name.trim());
  };
  const problem = save.error ? (errors(save.error).name ?? refusal(save.error)) : undefined;
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <div className="flex items-center gap-3">
        <Avatar name={name || member.name} seed={member.id} size="lg" />
        <p className="min-w-0 truncate text-muted-foreground text-sm">{user.email}</p>
      </div>
      <Field label={t('name')} required error={problem} inline>
        <Input
          value={name}
          onChange={(event) => setName(event.target.value)}
          autoComplete="name"
          maxLength={120}
          className="sm:max-w-sm"
        />
      </Field>
      <Button type="submit" busy={save.isPending} disabled={name.trim() === member.name} className="w-fit sm:ml-44">
        {c('save')}
      </Button>
    </form>
  );
}
