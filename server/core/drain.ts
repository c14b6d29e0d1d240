import type { Log } from './log';

/** How a process ends: what was begun is finished, in the reverse of the order in which it was started. */
export interface Drain {
  readonly draining: boolean;
  /**
   * @param step run when everything that was registered after it has ended
   * @param kill ends it without waiting
   */
  atEnd(step: () => Promise<unknown>, kill?: () => void): void;
  /** Runs the steps, once. */
  end(): Promise<void>;
  /** Ends the process: gently the first time, at once the second. */
  stop(why: string): void;
}

/** Requests and jobs together; whoever stops us waits 30 seconds before it kills. */
const limitMs = 28_000;
/** A terminal and npm both pass on the same Ctrl-C: so soon after the first it is no second one. */
const sameMs = 1000;

export function createDrain(log: Log, exit: (code: number) => void): Drain {
  const steps: { step: () => Promise<unknown>; kill?: () => void }[] = [];
  let ending: Promise<void> | undefined;
  let stoppedAt: number | undefined;

  const atOnce = (reason: string) => {
    log.warn({ reason }, 'ending at once');
    for (const { kill } of steps) kill?.();
    exit(1);
  };
  const drain: Drain = {
    get draining() {
      return stoppedAt !== undefined;
    },
    atEnd(step, kill) {
      steps.push({ step, kill });
    },
    end() {
      ending ??= runAll(steps, log);
      return ending;
    },
    stop(why) {
      if (stoppedAt !== undefined) {
        if (Date.now() - stoppedAt > sameMs) atOnce('asked twice');
        return;
      }
      stoppedAt = Date.now();
      log.info({ signal: why }, 'stopping');
      setTimeout(() => atOnce('took too long'), limitMs).unref();
      void drain.end().then(() => exit(0));
    },
  };
  return drain;
}

async function runAll(steps: { step: () => Promise<unknown> }[], log: Log): Promise<void> {
  for (const { step } of [...steps].reverse()) {
    await step().catch((err: unknown) => log.error({ err }, 'shutdown'));
  }
}
