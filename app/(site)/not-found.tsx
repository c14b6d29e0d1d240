import { FormCard, TextLink } from '@/components/site/form-card';
import { siteWords } from './words';

export default async function NotFound() {
  const t = await siteWords();
  return <FormCard title={t('notFound.title')} footer={<TextLink href="/">{t('notFound.home')}</TextLink>} />;
}
