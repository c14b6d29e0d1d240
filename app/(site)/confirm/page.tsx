import type { Metadata } from 'next';
import { ConfirmForm } from '@/components/site/confirm-form';
import { FormCard, TextLink } from '@/components/site/form-card';
import { type TokenSearch, tokenIn } from '../token';
import { siteWords } from '../words';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await siteWords())('confirm.title'), referrer: 'no-referrer' };
}

/** Opening it does nothing: whatever looks through mail follows links too. */
export default async function ConfirmPage({ searchParams }: { searchParams: TokenSearch }) {
  const [t, token] = await Promise.all([siteWords(), tokenIn(searchParams)]);
  if (token === null) {
    return (
      <FormCard
        title={t('confirm.gone')}
        lead={t('confirm.goneHelp')}
        footer={<TextLink href="/sign-in">{t('magic.back')}</TextLink>}
      />
    );
  }
  return <ConfirmForm token={token} />;
}
