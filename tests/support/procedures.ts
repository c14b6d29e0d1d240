import { appRouter } from '@/server/router';

export interface ProcedureInfo {
  path: string;
  type: 'query' | 'mutation' | 'subscription';
  permission?: string;
  reason?: string;
  door?: 'public' | 'person' | 'tenant';
  stepUp?: boolean;
}

/** Every procedure of the router: a new one joins the loops by existing. */
export function procedures(): ProcedureInfo[] {
  // tRPC keeps procedures as functions with a `_def`; their meta is what core/trpc.ts put there.
  const all = appRouter._def.procedures as unknown as Record<
    string,
    { _def: { type: ProcedureInfo['type']; meta?: Omit<ProcedureInfo, 'path' | 'type'> } }
  >;
  return Object.entries(all).map(([path, { _def }]) => ({ path, type: _def.type, ...(_def.meta ?? {}) }));
}

/** Calls a procedure by its path and tells its answer or its refusal's code. */
export async function callByPath(
  api: unknown,
  path: string,
  input: unknown,
): Promise<{ answer: unknown } | { refused: string }> {
  let node = api as Record<string, unknown>;
  const names = path.split('.');
  for (const name of names.slice(0, -1)) node = node[name] as Record<string, unknown>;
  const call = node[names.at(-1) ?? ''] as (input: unknown) => Promise<unknown>;
  try {
    return { answer: await call(input) };
  } catch (error) {
    return { refused: (error as Error).message };
  }
}
