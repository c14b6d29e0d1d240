import net, { type AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { breaker, ServiceAway } from '@/server/core/breaker';
import { toRefusal } from '@/server/core/errors';
import { hashing, hashPassword } from '@/server/core/passwords';
import { s3Store } from '@/server/core/s3-store';

// O5: a service beside ours that is away takes nothing else along; O4: nor does what keeps the processor busy.

describe('a circuit breaker', () => {
  it('O5: leaves a service alone after failures in a row, lets one call try, and closes when it is well again', async () => {
    let clock = 0;
    let calls = 0;
    let isAway = true;
    const guarded = breaker('a service', undefined, { failures: 3, restMs: 10_000, now: () => clock });
    const call = () =>
      guarded(async () => {
        calls++;
        if (isAway) throw new Error('away');
        return 'there';
      }).catch((error: Error) => (error instanceof ServiceAway ? `left alone ${error.retryAfter}` : error.message));
    isAway = false;
    expect([await call(), calls]).toEqual(['there', 1]);
    isAway = true;
    // Two failures are none yet, once something goes well again.
    expect([await call(), await call()]).toEqual(['away', 'away']);
    isAway = false;
    expect(await call()).toBe('there');
    isAway = true;
    expect([await call(), await call(), await call(), await call()]).toEqual(['away', 'away', 'away', 'left alone 10']);
    expect(calls).toBe(7);
    clock = 9_000;
    expect(await call()).toBe('left alone 1');
    clock = 10_000;
    // One tries for all, and it rests anew.
    expect(await Promise.all([call(), call()])).toEqual(['away', 'left alone 10']);
    clock = 20_000;
    isAway = false;
    expect([await call(), await call()]).toEqual(['there', 'there']);
    expect(calls).toBe(10);
  });

  it('O5: takes a service that says no for one that is there', async () => {
    const guarded = breaker('a service', () => false, { failures: 1 });
    for (let i = 0; i < 3; i++) await expect(guarded(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});

describe('a file storage that takes calls and never answers', () => {
  const sockets = new Set<net.Socket>();
  let connections = 0;
  // As a process does that was stopped: the kernel takes the call, nobody reads it.
  const silent = net.createServer((socket) => {
    connections++;
    sockets.add(socket.on('error', () => {}));
  });
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  it('O5: is given up in time and then left alone, and people read that the rest works', async () => {
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const keys = { region: 'x', accessKeyId: 'key', secretAccessKey: 'secret' };
    const store = s3Store(
      { endpoint, bucket: 'files', pathStyle: true, ...keys },
      { answerMs: 50, failures: 2, restMs: 60_000 },
    );
    await expect(store.read('a')).rejects.toThrow('did not answer');
    await expect(store.remove('a')).rejects.toThrow('did not answer');
    const asked = connections;
    const error = await store.writtenBefore('t', 0).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ServiceAway);
    expect(connections).toBe(asked);
    const { kind, detail, retryAfter } = toRefusal(error) ?? {};
    expect({ kind, code: detail?.code, later: Number(retryAfter) > 0 }).toEqual({
      kind: 'unavailable',
      code: 'serviceAway',
      later: true,
    });
  });
});

describe('what takes the processor', () => {
  it('O4: passwords are hashed beside the event loop, which goes on turning', async () => {
    await hashPassword('the first loads the code');
    let turns = 0;
    let isOver = false;
    const turn = () => {
      turns++;
      if (!isOver) setImmediate(turn);
    };
    setImmediate(turn);
    const hashes = Array.from({ length: 6 }, (_, i) => hashPassword(`correct horse battery ${i}`));
    await Promise.all(hashes);
    isOver = true;
    expect(hashing.now).toBe(0);
    // On the loop itself it would turn once or twice for each.
    expect(turns).toBeGreaterThan(100);
  });
});
