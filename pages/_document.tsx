import Document, { type DocumentContext, Head, Html, Main, NextScript } from 'next/document';

/**
 * Built once to one file. server/shell.ts fills in what differs from answer to answer: the nonce, the language and theme of
 * the person, the name of the build.
 */
export default class ProductDocument extends Document<{ nonce: string }> {
  static override async getInitialProps(context: DocumentContext) {
    // While developing there is an answer for every page, and its policy names the nonce.
    const policy = context.req?.headers['content-security-policy'];
    const nonce = /'nonce-([^']+)'/.exec(String(policy ?? ''))?.[1] ?? '__NONCE__';
    return { ...(await Document.getInitialProps(context)), nonce };
  }

  override render() {
    const { nonce } = this.props;
    return (
      <Html lang="en" className="__THEME__" data-build="__BUILD__">
        <Head nonce={nonce}>
          <link rel="icon" href="/icon.svg" type="image/svg+xml" />
          <link rel="apple-touch-icon" href="/app/icon-180.png" />
          <meta name="theme-color" media="(prefers-color-scheme: light)" content="#ffffff" />
          <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#0f1216" />
          {/* biome-ignore lint/security/noDangerouslySetInnerHtml: our own words, and nothing of anybody's */}
          <script nonce={nonce} dangerouslySetInnerHTML={{ __html: kept }} />
        </Head>
        <body>
          <Main />
          <NextScript nonce={nonce} />
        </body>
      </Html>
    );
  }
}

/** The page may be one that this browser kept: language and theme are those of now (components/shell/cookies.ts). */
const kept = `for (const part of document.cookie.split('; ')) {
  const [name, value] = part.split('=');
  if (name === 'theme') document.documentElement.className = value;
  if (name === 'locale') document.documentElement.lang = value;
}`;
