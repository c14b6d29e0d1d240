import { createTRPCClient, TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { afterEach, describe, expect, it } from 'vitest';
import { answerStepUp, onStepUp, stepUpLink } from '@/components/shell/step-up';
import type { AppRouter } from '@/server/router';

/** A server that is told what to answer; it holds an answer back until it is released. */
function fakeServer() {
  const calls: string[] = [];
  const held: { path: string; settle: (answer: unknown) => void }[] = [];
  const link: TRPCLink<AppRouter> =
    () =>
    ({ op }) =>
      observable((observer) => {
        calls.push(op.path);
        held.push({
          path: op.path,
          settle: (answer) => {
            if (answer instanceof Error) observer.error(answer as TRPCClientError<AppRouter>);
            else {
              observer.next({ result: { data: answer } });
              observer.complete();
            }
          },
        });
      });
  const client = createTRPCClient<AppRouter>({ links: [stepUpLink, link] });
  const answer = async (path: string, value: unknown) => {
    await settled();
    const at = held.findIndex((call) => call.path === path);
    held.splice(at, 1)[0]?.settle(value);
    await settled();
  };
  return { client, calls, answer };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));
const refused = (code: string, kind: string) =>
  TRPCClientError.from({ error: { message: code, code: -32600, data: { refusal: { code, kind } } } } as never);
const key = { name: 'Website', access: 'read' } as const;

let forget = () => {};
afterEach(() => forget());

describe('a change that needs the person to confirm who they are', () => {
  it('S4: waits for the person and is then sent again by itself', async () => {
    const { client, calls, answer } = fakeServer();
    const asked: boolean[] = [];
    forget = onStepUp((open) => asked.push(open));
    const made = client.apiKeys.create.mutate(key);
    await answer('apiKeys.create', refused('stepUpNeeded', 'forbidden'));
    expect(asked).toEqual([true]);
    answerStepUp(true);
    await answer('apiKeys.create', { id: '1', secret: 'gx_1' });
    expect(await made).toMatchObject({ id: '1' });
    expect(calls).toEqual(['apiKeys.create', 'apiKeys.create']);
    expect(asked).toEqual([true, false]);
  });

  it('S4: is refused when the person does not confirm, and asks once for several', async () => {
    const { client, calls, answer } = fakeServer();
    const asked: boolean[] = [];
    forget = onStepUp((open) => asked.push(open));
    const outcomes = Promise.allSettled([client.apiKeys.create.mutate(key), client.apiKeys.create.mutate(key)]);
    await answer('apiKeys.create', refused('stepUpNeeded', 'forbidden'));
    await answer('apiKeys.create', refused('stepUpNeeded', 'forbidden'));
    answerStepUp(false);
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(asked).toEqual([true, false]);
    expect(calls).toHaveLength(2);
  });

  it('S4: does not ask for ever', async () => {
    const { client, answer } = fakeServer();
    forget = onStepUp(() => {});
    const made = client.apiKeys.create.mutate(key);
    made.catch(() => {});
    await answer('apiKeys.create', refused('stepUpNeeded', 'forbidden'));
    answerStepUp(true);
    await answer('apiKeys.create', refused('stepUpNeeded', 'forbidden'));
    await expect(made).rejects.toThrow('stepUpNeeded');
  });
});

describe('a call beside one that changes the cookie', () => {
  it('S1: waits, and is sent again when it went out with the old one', async () => {
    const { client, calls, answer } = fakeServer();
    const early = client.account.sessions.query();
    await settled();
    const proof = client.account.stepUp.mutate({ password: 'x' });
    const late = client.account.me.query();
    await settled();
    expect(calls).toEqual(['account.sessions', 'account.stepUp']);
    await answer('account.sessions', refused('unauthenticated', 'unauthenticated'));
    expect(calls).toEqual(['account.sessions', 'account.stepUp']);
    await answer('account.stepUp', { ok: true });
    await settled();
    expect(calls.slice(2).toSorted()).toEqual(['account.me', 'account.sessions']);
    await answer('account.sessions', []);
    await answer('account.me', null);
    expect(await Promise.all([early, proof, late])).toEqual([[], { ok: true }, null]);
  });

  it('is signed out like any other when it was sent with the new one', async () => {
    const { client, answer } = fakeServer();
    const asked = client.account.sessions.query();
    asked.catch(() => {});
    await answer('account.sessions', refused('unauthenticated', 'unauthenticated'));
    await expect(asked).rejects.toThrow('unauthenticated');
  });
});
