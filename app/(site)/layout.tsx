import '../globals.css';
import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { SiteFrame } from '@/components/site/site-frame';
import { loadMessages } from '@/domain/messages/load';
import { readVisitor, siteWords } from './words';

export async function generateMetadata(): Promise<Metadata> {
  const t = await siteWords();
  return { title: { default: t('meta.title'), template: '%s · Guanxi' }, description: t('meta.description') };
}

export const viewport: Viewport = { width: 'device-width', initialScale: 1, viewportFit: 'cover' };

export default async function SiteLayout({ children }: { children: ReactNode }) {
  const { locale, theme } = await readVisitor();
  const { site, errors, common } = await loadMessages(locale);
  return (
    // The visitor may switch the theme before the page is hydrated.
    <html lang={locale} className={theme} suppressHydrationWarning>
      <body className="min-h-dvh">
        <SiteFrame locale={locale} messages={{ site, errors, common }}>
          {children}
        </SiteFrame>
      </body>
    </html>
  );
}
