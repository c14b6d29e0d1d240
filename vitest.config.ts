import path from 'node:path';
import { defineConfig } from 'vitest/config';

const resolve = { alias: { '@': path.resolve('.') } };

export default defineConfig({
  resolve,
  test: {
    projects: [
      {
        resolve,
        test: { name: 'domain', include: ['tests/domain/**/*.test.ts'], testTimeout: 30_000 },
      },
      {
        resolve,
        test: { name: 'components', include: ['tests/components/**/*.test.{ts,tsx}'], testTimeout: 30_000 },
      },
      {
        resolve,
        test: {
          name: 'server',
          include: ['tests/server/**/*.test.ts', 'tests/architecture/**/*.test.ts'],
          globalSetup: ['tests/support/database.ts'],
          // Real databases and processes on whatever machine this is: patience, not speed, is what is tested here.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        resolve,
        test: {
          // Processes of their own, killed in the middle of their work.
          name: 'chaos',
          include: ['tests/chaos/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          // What is killed must not be short of time for another reason.
          fileParallelism: false,
        },
      },
      {
        resolve,
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          globalSetup: ['tests/support/product.ts'],
          // A second, the default, is not always enough for a browser on a busy machine.
          expect: { poll: { timeout: 20_000 } },
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // One browser, one server: journeys one after the other, but for looks at the same pages, two at once.
          fileParallelism: false,
          maxConcurrency: 2,
        },
      },
    ],
  },
});
