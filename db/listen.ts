import pg from 'pg';

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

/**
 * Listens on a channel with a connection of its own, and again whenever that is lost. A connection that does not answer
 * counts as lost: a server that went away without a word sends nothing either.
 * @returns ends it
 */
export function listen(options: Listening): () => Promise<void> {
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
  return async () => {
    stopped = true;
    clearTimeout(timer);
    options.onState(false);
    await client?.end().catch(() => {});
  };
}
