import '../globals.css';
import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';

export const metadata: Metadata = { title: 'Guanxi', robots: { index: false } };
export const viewport: Viewport = { width: 'device-width', initialScale: 1, viewportFit: 'cover' };

/** Built once to one file; the server fills in language and theme of each person as it sends it (server/http.ts). */
export default function ProductLayout({ children }: { children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useValidLang: the server replaces it
    <html lang="__LANG__" className="__THEME__" suppressHydrationWarning>
      <body>{children}</body>
    </html>
  );
}
