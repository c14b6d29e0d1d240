import { listen } from '@/db/listen';
import { changedElsewhere, changesMissed } from '@/db/replica';
import { learnShards } from '@/db/shards';
import type { Log } from './log';
import { forgetHere, setListening } from './session';
import { rememberTypes, typesChanged } from './types';

/** Listeners that do not hear: with tenants on several servers there is one for each, and all must. */
const deaf = new Set<symbol>();

/**
 * Hears from the database whenever anybody's sessions, rights, keys or a tenant's own fields change in any process, and forgets what this one
 * remembers of them (docs/decisions/0012-session-revocation.md). While it does not hear, nothing is remembered.
 * @param connectionString straight to Postgres: a pooler that hands out connections per transaction passes nothing on
 * @returns ends it
 */
export function startSessionListener(connectionString: string, log: Pick<Log, 'warn'>): () => Promise<void> {
  const self = Symbol('listener');
  deaf.add(self);
  const stop = listen({
    connectionString,
    channel: 'guanxi_sessions',
    onMessage: (payload) => {
      const [, tenantId] = /^types ([\da-f-]{36})$/.exec(payload) ?? [];
      // Neither rights nor fields are read from a replica that has the old ones.
      if (tenantId) changedElsewhere(tenantId);
      else changesMissed();
      if (tenantId) typesChanged(tenantId);
      else if (payload === 'shards') void learnShards().then(forgetHere, forgetHere);
      else forgetHere();
    },
    onState: (listening) => {
      changesMissed();
      if (listening) deaf.delete(self);
      else deaf.add(self);
      setListening(deaf.size === 0);
      rememberTypes(deaf.size === 0);
      // A tenant may have moved while nobody heard.
      if (listening) void learnShards().catch(() => {});
    },
    onProblem: ({ message }) => log.warn({ reason: message }, 'session listener lost its connection'),
  });
  return async () => {
    await stop();
    deaf.delete(self);
  };
}
