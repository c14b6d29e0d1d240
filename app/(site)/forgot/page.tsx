import type { Metadata } from 'next';
import { ForgotForm } from '@/components/site/forgot-form';
import { FormCard, TextLink } from '@/components/site/form-card';
import { siteWords } from '../words';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await siteWords())('forgot.title') };
}

export default async function ForgotPage() {
  const t = await siteWords();
  return (
    <FormCard
      title={t('forgot.title')}
      lead={t('forgot.lead')}
      footer={<TextLink href="/sign-in">{t('forgot.back')}</TextLink>}
    >
      <ForgotForm />
    </FormCard>
  );
}
