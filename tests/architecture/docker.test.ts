import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

// No engine is needed: these are the mistakes that otherwise show on the day of the deployment.

interface Service {
  image?: string;
  build?: string;
  command?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test?: string[]; disable?: boolean };
  volumes?: string[];
  networks?: string[];
  ports?: string[];
  stop_grace_period?: string;
}
interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  networks: Record<string, unknown>;
}

const root = path.resolve(import.meta.dirname, '../..');
const text = (file: string) => fs.readFileSync(path.join(root, file), 'utf8');
const composeText = text('docker-compose.yml');
const compose: Compose = parse(composeText, { merge: true });
const services = Object.entries(compose.services);
const ours = services.filter(([, service]) => service.build);

/** The Dockerfile's instructions, continued lines joined. */
const instructions = text('Dockerfile')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter(Boolean);
const copies = instructions.filter((line) => line.startsWith('COPY ')).map((line) => line.slice(5).trim().split(/\s+/));
const lastStage = instructions.slice(instructions.findLastIndex((line) => line.startsWith('FROM ')));

describe('docker-compose.yml', () => {
  it('runs the database, the migration, web, worker and a mail catcher', () => {
    expect(Object.keys(compose.services).sort()).toEqual(['mail', 'migrate', 'postgres', 'web', 'worker']);
    expect(compose.services.web?.environment?.ROLE).toBe('web');
    expect(compose.services.worker?.environment?.ROLE).toBe('worker');
  });

  it('starts the server only on a healthy, migrated database', () => {
    for (const name of ['web', 'worker']) {
      expect(compose.services[name]?.depends_on).toEqual({
        postgres: { condition: 'service_healthy' },
        migrate: { condition: 'service_completed_successfully' },
      });
    }
    expect(compose.services.migrate?.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
    for (const [name, service] of services) {
      for (const dependency of Object.keys(service.depends_on ?? {})) {
        expect(compose.services, `${name} waits for ${dependency}`).toHaveProperty(dependency);
      }
    }
  });

  it('watches the health of everything that stays', () => {
    const watched = services.filter(([, s]) => (s.build && !s.healthcheck?.disable) || s.healthcheck?.test);
    expect(watched.map(([name]) => name).sort()).toEqual(['mail', 'postgres', 'web', 'worker']);
    expect(lastStage.join('\n')).toMatch(/HEALTHCHECK[\s\S]*\/readyz/);
  });

  it('H6: gives the server longer to drain than it takes', () => {
    const drainMs = Number(/limitMs = ([\d_]+)/.exec(text('server/core/drain.ts'))?.[1]?.replaceAll('_', ''));
    for (const name of ['web', 'worker']) {
      const grace = Number.parseInt(compose.services[name]?.stop_grace_period ?? '0', 10);
      expect(grace * 1000, name).toBeGreaterThan(drainMs);
    }
  });

  it('gives the server only variables it reads', () => {
    const known = new Set([...text('server/core/env.ts').matchAll(/^ {2}([A-Z][A-Z0-9_]*):/gm)].map((m) => m[1]));
    expect(known.size).toBeGreaterThan(10);
    // The migration makes the roles and needs their passwords, which the server never sees by themselves.
    const migration = fs.existsSync(path.join(root, 'db/migrate-main.ts')) ? text('db/migrate-main.ts') : '';
    for (const [name, service] of ours) {
      for (const variable of Object.keys(service.environment ?? {})) {
        const read = known.has(variable) || (name === 'migrate' && migration.includes(variable));
        expect(read, `${name} is given ${variable}, which nothing reads`).toBe(true);
      }
    }
    const image = lastStage.filter((line) => line.startsWith('ENV ')).flatMap((line) => line.slice(4).split(/\s+/));
    for (const variable of image.map((pair) => pair.split('=')[0] ?? '')) {
      expect(variable === 'NEXT_TELEMETRY_DISABLED' || known.has(variable), variable).toBe(true);
    }
  });

  it('has no default for a secret', () => {
    const references = [...composeText.matchAll(/\$\{([A-Z_]+)(:?[-?+])?([^}]*)\}/g)];
    const secrets = references.filter(([, name]) => /PASSWORD|SECRET|TOKEN|KEY/.test(name ?? ''));
    expect(secrets.length).toBeGreaterThan(5);
    for (const [reference, , operator, message] of secrets) {
      expect(operator, reference).toBe(':?');
      expect(message, reference).not.toBe('');
    }
    for (const [name, service] of services) {
      for (const [variable, value] of Object.entries(service.environment ?? {})) {
        if (/PASSWORD|SECRET/.test(variable)) expect(value, `${name}: ${variable}`).toMatch(/^\$\{[A-Z_]+:\?[^}]+\}$/);
        expect(String(value), `${name}: ${variable}`).not.toMatch(/:\/\/[^:/]+:[^$@][^@]*@/);
      }
    }
  });

  it('keeps the database off the network and the superuser in one place', () => {
    expect(compose.services.postgres?.ports).toBeUndefined();
    expect(compose.services.postgres?.networks).toEqual(['inside']);
    expect(compose.networks.inside).toEqual({ internal: true });
    for (const [name, service] of services) {
      const knows = JSON.stringify(service.environment ?? {}).includes('POSTGRES_PASSWORD');
      expect(knows, name).toBe(name === 'postgres' || name === 'migrate');
      for (const port of service.ports ?? []) expect(port, name).toMatch(/^127\.0\.0\.1:/);
    }
  });

  it('names only volumes, networks and bundles that exist', () => {
    for (const [, service] of services) {
      for (const volume of service.volumes ?? []) expect(compose.volumes).toHaveProperty(volume.split(':')[0] ?? '');
      for (const network of service.networks ?? []) expect(compose.networks).toHaveProperty(network);
    }
    // Postgres 18 images keep the data one level higher than those before.
    expect(compose.services.postgres?.volumes).toEqual(['postgres:/var/lib/postgresql']);
    expect(text('scripts/build.mjs')).toContain('migrate=db/migrate-main.ts');
    expect(compose.services.migrate?.command).toContain('dist/migrate.mjs');
  });

  const hasCompose = spawnSync('docker', ['compose', 'version']).status === 0;
  it.skipIf(!hasCompose)('is accepted by docker compose, and refused without its secrets', () => {
    const names = [...composeText.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name ?? '');
    const config = (env: Record<string, string>) =>
      spawnSync('docker', ['compose', '--env-file', '/dev/null', '-f', 'docker-compose.yml', 'config', '--quiet'], {
        cwd: root,
        encoding: 'utf8',
        env: { NODE_ENV: 'test', PATH: process.env.PATH, HOME: process.env.HOME, ...env },
      });
    const complete = config(Object.fromEntries(names.map((name) => [name, 'x'.repeat(40)])));
    expect(complete.stderr).toBe('');
    expect(complete.status).toBe(0);
    expect(config({}).status).not.toBe(0);
  });
});

describe('docs/operations.md', () => {
  it('has a row for every variable the server reads, and for no other', () => {
    const schema = /const schema = z\.object\(\{([\s\S]*?)\n\}\);/.exec(text('server/core/env.ts'))?.[1] ?? '';
    const read = [...schema.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name);
    const section = /## Environment([\s\S]*?)\n## /.exec(text('docs/operations.md'))?.[1] ?? '';
    const rows = [...section.matchAll(/^\| (`[^|]+`) \|/gm)];
    const told = rows.flatMap(([, cell = '']) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name));
    expect(read.length).toBeGreaterThan(20);
    expect(told.sort()).toEqual(read.sort());
  });
});

describe('Dockerfile', () => {
  it('copies only what is there and not ignored', () => {
    const ignored = text('.dockerignore')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'));
    const sources = copies.filter(([first]) => !first?.startsWith('--from=')).flatMap((words) => words.slice(0, -1));
    expect(sources.length).toBeGreaterThan(5);
    for (const source of sources) {
      expect(fs.existsSync(path.join(root, source)), source).toBe(true);
      expect(
        ignored.some((pattern) => path.matchesGlob(source, pattern)),
        `${source} is ignored`,
      ).toBe(false);
    }
  });

  it('copies from stages that exist', () => {
    const stages = instructions.flatMap((line) => line.match(/^FROM \S+ AS (\S+)$/)?.[1] ?? []);
    const from = copies.flatMap(([first]) => first?.match(/^--from=(\S+)$/)?.[1] ?? []);
    expect(from.length).toBeGreaterThan(0);
    for (const stage of from) expect(stages).toContain(stage);
  });

  it('carries no data and no secrets into the image', () => {
    for (const pattern of ['.env*', '.data*', '.git', 'node_modules']) {
      expect(text('.dockerignore').split('\n')).toContain(pattern);
    }
    expect(instructions.filter((line) => /^(ARG|ENV) .*(SECRET|PASSWORD|TOKEN)/.test(line))).toEqual([]);
  });

  it('runs as an ordinary user on the Node everything is tested with', () => {
    expect(lastStage.filter((line) => line.startsWith('USER '))).toEqual(['USER node']);
    const major = JSON.parse(text('package.json')).dependencies.node.split('.')[0];
    for (const line of instructions.filter((l) => l.startsWith('FROM '))) {
      expect(line).toContain(`node:${major}-bookworm-slim`);
    }
  });
});
