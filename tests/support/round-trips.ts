import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import { setListening } from '@/server/core/session';
import { rememberTypes } from '@/server/core/types';

/** How many answers of Postgres have been waited for, one after the other, in a piece of work. */
interface Trips {
  made: number;
}

const counting = new AsyncLocalStorage<Trips>();
let hooked = false;

/**
 * How many round trips to Postgres a piece of work waits for. A statement that leaves before the one ahead of it is
 * answered travels with it; one that leaves after an answer makes another trip, whatever connection it takes. What is
 * still under way when the work has its result, as the end of a transaction that only read, is not waited for.
 * @param before what is called first, so that session and fields are known as in a process that hears of changes
 */
export async function roundTrips<T>(
  before: () => Promise<unknown>,
  work: () => Promise<T>,
): Promise<{ result: T; trips: number }> {
  hook();
  setListening(true);
  rememberTypes(true);
  try {
    await before();
    const trips: Trips = { made: 0 };
    const result = await counting.run(trips, work);
    return { result, trips: trips.made };
  } finally {
    setListening(false);
    rememberTypes(false);
  }
}

/** Every statement of every connection passes here: the driver's `query`, with a callback or a promise. */
function hook(): void {
  if (hooked) return;
  hooked = true;
  const { prototype } = pg.Client;
  type Query = (this: pg.Client, ...args: unknown[]) => unknown;
  // The driver's `query` is a list of overloads; this passes on whatever it was called with.
  const query = prototype.query as unknown as Query;
  const counted: Query = function (...args) {
    const trips = counting.getStore();
    if (!trips) return query.apply(this, args);
    const trip = trips.made + 1;
    const answered = () => {
      trips.made = Math.max(trips.made, trip);
    };
    const callback = args.at(-1);
    if (typeof callback === 'function') {
      const told = (...results: unknown[]) => {
        answered();
        callback(...results);
      };
      return query.apply(this, [...args.slice(0, -1), told]);
    }
    const result = query.apply(this, args);
    if (result instanceof Promise) result.then(answered, answered);
    return result;
  };
  Object.assign(prototype, { query: counted });
}
