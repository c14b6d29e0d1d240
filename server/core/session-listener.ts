import { listen } from '@/db/listen';
import type { Log } from './log';
import { forgetHere, setListening } from './session';

/**
 * Hears from the database whenever anybody's sessions, rights or keys change in any process, and forgets what this one
 * remembers of them (docs/decisions/0012-session-revocation.md). While it does not hear, nothing is remembered.
 * @param connectionString straight to Postgres: a pooler that hands out connections per transaction passes nothing on
 * @returns ends it
 */
export function startSessionListener(connectionString: string, log: Pick<Log, 'warn'>): () => Promise<void> {
  return listen({
    connectionString,
    channel: 'guanxi_sessions',
    onMessage: forgetHere,
    onState: setListening,
    onProblem: ({ message }) => log.warn({ reason: message }, 'session listener lost its connection'),
  });
}
