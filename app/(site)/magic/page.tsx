import type { Metadata } from 'next';
import { FormCard, TextLink } from '@/components/site/form-card';
import { MagicForm } from '@/components/site/magic-form';
import { type TokenSearch, tokenIn } from '../token';
import { siteWords } from '../words';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await siteWords())('magic.title'), referrer: 'no-referrer' };
}

/** Opening it does nothing: whatever looks through mail follows links too. */
export default async function MagicPage({ searchParams }: { searchParams: TokenSearch }) {
  const [t, token] = await Promise.all([siteWords(), tokenIn(searchParams)]);
  if (token === null) {
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
