import type { Metadata } from 'next';
import { FormCard, TextLink } from '@/components/site/form-card';
import { SignUpForm } from '@/components/site/sign-up-form';
import { siteWords } from '../words';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await siteWords())('signUp.title') };
}

export default async function SignUpPage() {
  const t = await siteWords();
  return (
    <FormCard
      title={t('signUp.title')}
      lead={t('signUp.lead')}
      footer={
        <>
          {t('signUp.have')} <TextLink href="/sign-in">{t('signUp.signIn')}</TextLink>
        </>
      }
    >
      <SignUpForm />
    </FormCard>
  );
}
