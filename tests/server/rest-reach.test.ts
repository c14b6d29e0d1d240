import { describe, expect, it } from 'vitest';
import { inputOf, notOverRest, type ProcedurePath, routes } from '@/server/rest';
import { appRouter } from '@/server/router';

// The router's own list of paths is what ProcedurePath is made of.
const procedures = Object.keys(appRouter._def.procedures) as ProcedurePath[];
// At run time the record is flat: path to procedure.
const definitions = appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>;
const typeOf = (path: ProcedurePath) => definitions[path]?._def.type;

describe('REST', () => {
  it('reaches every procedure, or says why not', () => {
    const reached = new Set(routes.map((route) => route.procedure));
    const missing = procedures.filter((path) => !reached.has(path) && !notOverRest[path]);
    expect(missing, 'add these to the table in server/rest.ts, or a reason to notOverRest').toEqual([]);
    const both = procedures.filter((path) => reached.has(path) && notOverRest[path]);
    expect(both).toEqual([]);
  });

  it('names each operation and each address once', () => {
    const operations = routes.map((route) => route.operation);
    expect(new Set(operations).size).toBe(operations.length);
    const addresses = routes.map((route) => `${route.method} ${route.path.replace(/\{\w+\}/g, '{}')}`);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it.each(routes.map((route) => [route.method, route.path, route] as const))(
    '%s %s reads by GET and writes by the others',
    (method, _path, route) => {
      expect(typeOf(route.procedure)).toBe(method === 'GET' ? 'query' : 'mutation');
    },
  );

  it.each(routes.map((route) => [route.method, route.path, route] as const))(
    '%s %s has only path parameters that its procedure takes',
    (_method, path, route) => {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => (route.shape === 'id' ? 'ids' : name));
      const input = inputOf(route.procedure);
      const shape = input && 'shape' in input ? Object.keys(input.shape as object) : [];
      for (const name of [...names, ...Object.keys(route.fixed ?? {})]) expect(shape).toContain(name);
    },
  );
});
