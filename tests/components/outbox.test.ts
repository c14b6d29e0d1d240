import 'fake-indexeddb/auto';
import { QueryClient } from '@tanstack/react-query';
import { createTRPCClient, TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connection } from '@/components/shell/connection';
import { outboxLink, waiting } from '@/components/shell/outbox';
import { decide, setOf, startOutbox, withdraw } from '@/components/shell/outbox-replay';
import { outboxStore } from '@/components/shell/outbox-store';
import { purge } from '@/components/shell/purge';
import { queuedKey } from '@/domain/queued';
import type { AppRouter } from '@/server/router';

/** Changes that find no server, as the links of the product's client meet them. */
interface Sent {
  path: string;
  input: unknown;
  key: unknown;
}
let sent: Sent[];
let answer: (call: Sent) => unknown;
let end: () => void;

const server: TRPCLink<AppRouter> =
  () =>
  ({ op }) =>
    observable((observer) => {
      const call = { path: op.path, input: op.input, key: op.context.idempotencyKey };
      sent.push(call);
      const data = answer(call);
      // As a link tells of what it could not send, and of what it was told.
      if (data instanceof Error) observer.error(data as never);
      else {
        observer.next({ result: { type: 'data', data } });
        observer.complete();
      }
    });
const lost = () => new Error('Failed to fetch');
const refused = (kind: string, code: string, params = {}) =>
  TRPCClientError.from({ error: { message: code, code: -32603, data: { refusal: { kind, code, params } } } });

const client = createTRPCClient<AppRouter>({ links: [outboxLink, server] });
const begin = async (userId = 'u1') => {
  end = startOutbox({ slug: 'acme', userId, client, queries: new QueryClient(), show: () => {} });
  // What belongs to nobody here goes first.
  await expect.poll(async () => (await outboxStore.all('acme')).every((change) => change.userId === userId)).toBe(true);
};
const id = '0197d000-0000-7000-8000-000000000001';
const rename = (name: string) => client.companies.update.mutate({ id, values: { name } });
const paths = () => waiting().map(({ path }) => path);

beforeEach(async () => {
  sent = [];
  answer = () => ({ version: 2, changeSetId: 'real' });
  await outboxStore.clear(null);
  connection.set('up');
  await begin();
});
afterEach(() => {
  end();
  connection.set('up');
});

describe('a change that finds no server', () => {
  it('waits with its key, is answered meanwhile, and goes once there is one: in order, each once', async () => {
    answer = lost;
    const first = await rename('A');
    expect(queuedKey(first.changeSetId)).toBe(sent[0]?.key);
    // From now on nothing overtakes it, whatever the connection is like.
    connection.set('down');
    await client.deals.move.mutate({ id, stageId: id });
    await client.conversation.add.mutate({ object: 'company', recordId: id, body: 'Hello' });
    expect(sent).toHaveLength(1);
    expect(paths()).toEqual(['companies.update', 'deals.move', 'conversation.add']);
    answer = () => ({ version: 2, changeSetId: 'real' });
    connection.set('up');
    await expect.poll(paths).toEqual([]);
    expect(sent.slice(1).map(({ path }) => path)).toEqual(['companies.update', 'deals.move', 'conversation.add']);
    expect(sent[1]?.key).toBe(sent[0]?.key);
    // What was offered to be taken back while it waited still can be.
    expect(setOf(queuedKey(first.changeSetId) ?? '')).toBe('real');
    expect(await outboxStore.all('acme')).toEqual([]);
  });

  it('is still there when the page is loaded again, and for the same person only', async () => {
    connection.set('down');
    await rename('A');
    end();
    await begin();
    await expect.poll(paths).toEqual(['companies.update']);
    await purge('expired', 'acme');
    expect(await outboxStore.all('acme')).toHaveLength(1);
    end();
    await begin('u2');
    expect(await outboxStore.all('acme')).toEqual([]);
  });

  it('goes when whoever made it signs out', async () => {
    connection.set('down');
    await rename('A');
    await purge('signOut', 'acme');
    expect((await indexedDB.databases()).map(({ name }) => name)).not.toContain('guanxi.outbox');
    expect(await outboxStore.all('acme')).toEqual([]);
  });

  it('can be taken back before it is sent', async () => {
    connection.set('down');
    const { changeSetId } = await rename('A');
    expect(await withdraw(queuedKey(changeSetId) ?? '')).toBe(true);
    connection.set('up');
    expect(await withdraw(queuedKey(changeSetId) ?? '')).toBe(false);
    expect(sent).toEqual([]);
  });

  it('that is refused waits for a person, and keeps none behind it', async () => {
    connection.set('down');
    await rename('A');
    await client.contacts.remove.mutate({ ids: [id] });
    answer = ({ path }) =>
      path === 'companies.update' ? refused('conflict', 'changedMeanwhile', { fields: 'name' }) : { count: 1 };
    connection.set('up');
    await expect.poll(() => waiting().map(({ refusal }) => refusal?.code)).toEqual(['changedMeanwhile']);
    expect(sent.map(({ path }) => path)).toEqual(['companies.update', 'contacts.remove']);
    answer = () => ({ version: 2, changeSetId: 'real' });
    const [conflict] = waiting();
    if (conflict) await decide(conflict, { name: 'Mine' });
    await expect.poll(paths).toEqual([]);
    expect(sent.at(-1)).toMatchObject({ input: { id, values: { name: 'Mine' } } });
    expect(sent.at(-1)?.key).not.toBe(conflict?.key);
  });

  it('is tried again while the server is busy', async () => {
    connection.set('down');
    await rename('A');
    let tries = 0;
    answer = () => (tries++ === 0 ? refused('unavailable', 'busy') : { version: 2, changeSetId: 'real' });
    connection.set('up');
    await expect.poll(paths, { timeout: 10_000 }).toEqual([]);
    expect(tries).toBe(2);
  });
});

describe('a change that cannot wait', () => {
  it('fails as it is, and so does one that is refused at once', async () => {
    answer = lost;
    await expect(client.exports.cancel.mutate({ id })).rejects.toThrow('Failed to fetch');
    answer = () => refused('forbidden', 'forbidden');
    await expect(rename('A')).rejects.toThrow('forbidden');
    expect(paths()).toEqual([]);
  });

  it('of a record waits for the one before it of the same record', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = createTRPCClient<AppRouter>({
      links: [
        outboxLink,
        () =>
          ({ op }) =>
            observable((observer) => {
              sent.push({ path: op.path, input: op.input, key: op.context.idempotencyKey });
              void held.then(() => observer.error(lost() as never));
            }),
      ],
    });
    const one = slow.companies.update.mutate({ id, values: { name: 'A' } });
    const two = slow.companies.update.mutate({ id, values: { name: 'B' } });
    await Promise.resolve();
    expect(sent).toHaveLength(1);
    connection.set('down');
    release();
    await Promise.all([one, two]);
    expect(waiting().map(({ input }) => input)).toMatchObject([{ values: { name: 'A' } }, { values: { name: 'B' } }]);
  });
});
