import type { Metadata } from 'next';
import { FormCard, TextLink } from '@/components/site/form-card';
import { MagicForm } from '@/components/site/magic-form';
import { siteWords } from '../words';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await siteWords())('magic.title'), referrer: 'no-referrer' };
}

type Search = Promise<Record<'token', string | string[] | undefined>>;

/** Opening it does nothing: whatever looks through mail follows links too. */
export default async function MagicPage({ searchParams }: { searchParams: Search }) {
  const [t, { token }] = await Promise.all([siteWords(), searchParams]);
  if (typeof token !== 'string' || token === '') {
    return (
      <FormCard
        title={t('magic.gone')}
        lead={t('magic.goneHelp')}
        footer={<TextLink href="/sign-in">{t('magic.back')}</TextLink>}
      />
    );
  }
  return (
    <FormCard
      title={t('magic.title')}
      lead={t('magic.lead')}
      footer={<TextLink href="/sign-in">{t('magic.back')}</TextLink>}
    >
      <MagicForm token={token} />
    </FormCard>
  );
}
