import type { Metadata } from 'next';
import { ConfirmForm } from '@/components/site/confirm-form';
import { FormCard, TextLink } from '@/components/site/form-card';
import { siteWords } from '../words';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await siteWords())('confirm.title'), referrer: 'no-referrer' };
}

type Search = Promise<Record<'token', string | string[] | undefined>>;

/** Opening it does nothing: whatever looks through mail follows links too. */
export default async function ConfirmPage({ searchParams }: { searchParams: Search }) {
  const [t, { token }] = await Promise.all([siteWords(), searchParams]);
  if (typeof token !== 'string' || token === '') {
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
