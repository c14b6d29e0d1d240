import type { Metadata } from 'next';
import { FormCard } from '@/components/site/form-card';
import { InviteForm } from '@/components/site/invite-form';
import { siteWords } from '../words';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await siteWords())('invite.button'), referrer: 'no-referrer' };
}

type Search = Promise<Record<'token', string | string[] | undefined>>;

export default async function InvitePage({ searchParams }: { searchParams: Search }) {
  const [t, { token }] = await Promise.all([siteWords(), searchParams]);
  if (typeof token !== 'string' || token === '') {
    return <FormCard title={t('invite.gone')} lead={t('invite.goneHelp')} />;
  }
  return <InviteForm token={token} />;
}
