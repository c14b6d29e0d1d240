import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Folders that a command of the project makes. */
const made = new Set(['tests/e2e/artefacts']);

describe('the documents', () => {
  it('name only paths that exist', () => {
    const gone: string[] = [];
    for (const file of ['README.md', ...globSync('docs/**/*.md')]) {
      for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(
        /`((?:app|components|domain|server|db|tests|scripts|docs)\/[\w./[\]()-]*|\.[\w-]+\.cjs)`/g,
      )) {
        if (!existsSync(path) && !made.has(path)) gone.push(`${file}: ${path}`);
      }
    }
    expect(gone).toEqual([]);
  });

  it('keep the README within 100 lines', () => {
    expect(readFileSync('README.md', 'utf8').split('\n').length).toBeLessThanOrEqual(101);
  });
});
