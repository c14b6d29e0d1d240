import type { Metadata } from 'next';
import { FormCard, TextLink } from '@/components/site/form-card';
import { ResetForm } from '@/components/site/reset-form';
import { type TokenSearch, tokenIn } from '../token';
import { siteWords } from '../words';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await siteWords())('reset.title'), referrer: 'no-referrer' };
}

export default async function ResetPage({ searchParams }: { searchParams: TokenSearch }) {
  const [t, token] = await Promise.all([siteWords(), tokenIn(searchParams)]);
  if (token === null) {
    return (
      <FormCard
        title={t('reset.noToken')}
        lead={t('reset.noTokenHelp')}
        footer={<TextLink href="/forgot">{t('reset.ask')}</TextLink>}
      />
    );
  }
  return (
    <FormCard title={t('reset.title')} lead={t('reset.lead')}>
      <ResetForm token={token} />
    </FormCard>
  );
}
