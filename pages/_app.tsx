import '@/app/globals.css';
import type { AppProps } from 'next/app';
import Head from 'next/head';
import Router from 'next/router';

// The product moves between its screens by itself (components/shell/router.tsx).
if (typeof window !== 'undefined') Router.ready(() => Router.beforePopState(() => false));

export default function ProductApp({ Component, pageProps }: AppProps) {
  return (
    <>
      <Head>
        <title>Guanxi</title>
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="robots" content="noindex" />
      </Head>
      <Component {...pageProps} />
    </>
  );
}
