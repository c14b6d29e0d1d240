import type { Metadata } from 'next';
import { FormCard } from '@/components/site/form-card';
import { InviteForm } from '@/components/site/invite-form';
import { type TokenSearch, tokenIn } from '../token';
import { siteWords } from '../words';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await siteWords())('invite.button'), referrer: 'no-referrer' };
}

export default async function InvitePage({ searchParams }: { searchParams: TokenSearch }) {
  const [t, token] = await Promise.all([siteWords(), tokenIn(searchParams)]);
  if (token === null) {
    return <FormCard title={t('invite.gone')} lead={t('invite.goneHelp')} />;
  }
  return <InviteForm token={token} />;
}
