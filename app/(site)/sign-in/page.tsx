import type { Metadata } from 'next';
import { FormCard, TextLink } from '@/components/site/form-card';
import { SignInForm } from '@/components/site/sign-in-form';
import { siteWords } from '../words';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await siteWords())('signIn.title') };
}

type Search = Promise<Record<'next' | 'email' | 'reset', string | string[] | undefined>>;

export default async function SignInPage({ searchParams }: { searchParams: Search }) {
  const [t, { next, email, reset }] = await Promise.all([siteWords(), searchParams]);
  const text = (value: string | string[] | undefined) => (typeof value === 'string' ? value : undefined);
  const notice = reset ? t('signIn.reset') : text(next)?.startsWith('/t/') ? t('signIn.ended') : undefined;
  return (
    <FormCard
      title={t('signIn.title')}
      footer={
        <>
          {t('signIn.none')} <TextLink href="/sign-up">{t('signIn.signUp')}</TextLink>
        </>
      }
    >
      <SignInForm next={text(next)} email={text(email)} notice={notice} />
    </FormCard>
  );
}
