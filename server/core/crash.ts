import { toRefusal } from './errors';
import type { Log } from './log';

/**
 * What happens with an error that nobody caught. A database or a caller that goes away is no reason to end: everybody
 * else's requests go on. Anything else left the process in a state that nobody knows: it says so and ends, and whatever
 * started it starts it again.
 */
export function watchCrashes(log: Log, exit: (code: number) => void, on: NodeJS.EventEmitter = process): void {
  const caught = (kind: string) => (error: unknown) => {
    if (toRefusal(error)) {
      log.warn({ err: error, kind }, 'nobody waited for this: the database or a caller went away');
      return;
    }
    log.fatal({ err: error, kind }, 'ending after an error that nobody caught');
    exit(1);
  };
  on.on('uncaughtException', caught('uncaughtException'));
  on.on('unhandledRejection', caught('unhandledRejection'));
}
