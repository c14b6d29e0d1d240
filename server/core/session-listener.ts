import { listen } from '@/db/listen';
import type { Log } from './log';
import { forgetHere, setListening } from './session';
import { rememberTypes, typesChanged } from './types';

/**
 * Hears from the database whenever anybody's sessions, rights, keys or a tenant's own fields change in any process, and forgets what this one
 * remembers of them (docs/decisions/0012-session-revocation.md). While it does not hear, nothing is remembered.
 * @param connectionString straight to Postgres: a pooler that hands out connections per transaction passes nothing on
 * @returns ends it
 */
export function startSessionListener(connectionString: string, log: Pick<Log, 'warn'>): () => Promise<void> {
  return listen({
    connectionString,
    channel: 'guanxi_sessions',
    onMessage: (payload) => {
      const [, tenantId] = /^types ([\da-f-]{36})$/.exec(payload) ?? [];
      if (tenantId) typesChanged(tenantId);
      else forgetHere();
    },
    onState: (listening) => {
      setListening(listening);
      rememberTypes(listening);
    },
    onProblem: ({ message }) => log.warn({ reason: message }, 'session listener lost its connection'),
  });
}
