import pg from 'pg';
import { textArray } from './arrays';

export interface Listening {
  connectionString: string;
  channel: string;
  /** Told of every message, and of having missed some: connected and lost again. */
  onMessage: (payload: string) => void;
  onState: (connected: boolean) => void;
  /** Told why a connection was lost, once until there is one again. */
  onProblem: (error: Error) => void;
}

const retryMs = 1000;
const askEveryMs = 10_000;
const answerWithinMs = 5000;

/** A channel one listens on and can say something on. */
export interface Channel {
  /**
   * Tells everybody who listens, this process included, in one message to the server. What could not be said is lost.
   * @param payloads of less than 8000 bytes each
   * @throws Error while there is no connection
   */
  send(payloads: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** Listens on a channel as `openChannel` does. @returns ends it */
export const listen = (options: Listening): (() => Promise<void>) => openChannel(options).stop;

/**
 * Listens on a channel with a connection of its own, and again whenever that is lost. A connection that does not answer
 * counts as lost: a server that went away without a word sends nothing either.
 */
export function openChannel(options: Listening): Channel {
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let told = false;

  async function connect(): Promise<void> {
    const mine = new pg.Client({
      connectionString: options.connectionString,
      application_name: 'guanxi-listen',
      keepAlive: true,
      connectionTimeoutMillis: answerWithinMs,
      query_timeout: answerWithinMs,
    });
    client = mine;
    let over = false;
    const lost = (error: Error) => {
      if (over) return;
      over = true;
      options.onState(false);
      mine.end().catch(() => {});
      if (stopped) return;
      if (!told) options.onProblem(error);
      told = true;
      timer = setTimeout(() => void connect(), retryMs);
      timer.unref();
    };
    mine.on('error', lost);
    mine.on('end', () => lost(new Error('Connection terminated')));
    mine.on('notification', ({ payload }) => options.onMessage(payload ?? ''));
    try {
      await mine.connect();
      await mine.query(`listen ${pg.escapeIdentifier(options.channel)}`);
      if (stopped || over) return;
      told = false;
      options.onState(true);
      ask(mine, lost);
    } catch (error) {
      lost(error instanceof Error ? error : new Error(String(error)));
    }
  }

  function ask(mine: pg.Client, lost: (error: Error) => void): void {
    timer = setTimeout(() => {
      mine.query('select 1').then(() => {
        if (!stopped && mine === client) ask(mine, lost);
      }, lost);
    }, askEveryMs);
    timer.unref();
  }

  void connect();
  return {
    async send(payloads) {
      if (!client) throw new Error('Not connected');
      // What is said here is of the moment: nobody waits for it to reach the disk.
      await client.query(
        "select pg_notify($1, p), set_config('synchronous_commit', 'off', true) from unnest($2::text[]) p",
        [options.channel, textArray(payloads)],
      );
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      options.onState(false);
      await client?.end().catch(() => {});
    },
  };
}
