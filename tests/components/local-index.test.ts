import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import { withAnswer } from '@/components/shell/found-groups';
import { IndexKeeper, type MirrorDoor } from '@/components/shell/index-keeper';
import { openIndexStore, removeIndex } from '@/components/shell/index-store';
import type { MirrorRow } from '@/domain/local-index';

/** A server of some records, which counts what it is asked. */
class Server implements MirrorDoor {
  asked: string[] = [];
  most = 100_000;
  reach = 'all';
  rules = '2';
  at = '2026-11-24T01:00:00.000Z';
  many = false;
  changed: MirrorRow[] = [];
  gone: string[] = [];
  broken = false;
  readonly rows: Record<string, MirrorRow[]> = { company: [], contact: [] };

  add(object: string, id: string, title: string): MirrorRow {
    const row = { object, id, title, at: 1 };
    this.rows[object]?.push(row);
    return row;
  }

  private head(question: string) {
    if (this.broken) throw new Error('off line');
    this.asked.push(question);
    return { reach: this.reach, rules: this.rules, at: this.at };
  }

  async start() {
    return { ...this.head('start'), objects: Object.keys(this.rows), most: this.most };
  }

  async page(object: string, after: string | undefined) {
    const from = Number(after ?? 0);
    const all = this.rows[object] ?? [];
    const next = from + 2 < all.length ? String(from + 2) : null;
    return { ...this.head(`${object} ${from}`), rows: all.slice(from, from + 2), next };
  }

  async changes(since: string) {
    return { ...this.head(`since ${since}`), rows: this.changed, gone: this.gone, many: this.many };
  }
}

let server: Server;
const keeper = async (reach = 'all', slug = 'acme', now?: () => number) =>
  new IndexKeeper({ slug, reach, door: server, store: await openIndexStore(slug) }, now);
const found = ({ index }: IndexKeeper, q: string) =>
  index.search(q, 9).flatMap(({ hits }) => hits.map(({ title }) => title));

beforeEach(async () => {
  await removeIndex(null);
  server = new Server();
  for (let n = 0; n < 5; n++) server.add('company', `c${n}`, `Company ${n}`);
  server.add('contact', 'p1', 'Anna');
});

describe('the keeper of the index', () => {
  it('asks for all pages, a kind in turn, and has them without asking the next time', async () => {
    const first = await keeper();
    await first.lead();
    expect(server.asked).toEqual(['start', 'company 0', 'contact 0', 'company 2', 'company 4']);
    expect(first.complete).toBe(true);
    server.asked = [];
    const second = await keeper();
    await second.read();
    expect(second.complete).toBe(true);
    expect([found(second, 'anna'), found(second, 'comp').length]).toEqual([['Anna'], 5]);
    expect(server.asked).toEqual([]);
  });

  it('goes on where it was stopped', async () => {
    for (let n = 5; n < 20; n++) server.add('company', `c${n}`, `Company ${n}`);
    const first = await keeper();
    const { page } = server;
    server.page = (object, after) => {
      if (after === '12') server.broken = true;
      return page.call(server, object, after);
    };
    await expect(first.lead()).rejects.toThrow('off line');
    server.page = page;
    server.broken = false;
    server.asked = [];
    const second = await keeper();
    await second.lead();
    // What was written down last, not what had come.
    expect(server.asked.filter((question) => question.startsWith('company')).at(0)).toBe('company 6');
    expect(second.complete).toBe(true);
    expect(second.index.size).toBe(21);
  });

  it('follows what has changed, and writes it down', async () => {
    const first = await keeper();
    await first.lead();
    const since = server.at;
    server.at = '2026-11-24T02:00:00.000Z';
    server.changed = [{ object: 'contact', id: 'p1', title: 'Berta', at: 2 }];
    server.gone = ['c1'];
    await first.sync();
    expect(server.asked.at(-1)).toBe(`since ${since}`);
    const second = await keeper();
    await second.read();
    for (const one of [first, second]) {
      expect([found(one, 'anna'), found(one, 'berta'), found(one, 'company 1')]).toEqual([[], ['Berta'], []]);
    }
    await second.sync();
    expect(server.asked.at(-1)).toBe(`since ${server.at}`);
  });

  it('throws it away when the person may see something else, and keeps nothing of it on the disk', async () => {
    const first = await keeper();
    await first.lead();
    // The server says so before the shell has heard of it.
    server.reach = 'less';
    await first.sync();
    expect(first.index.size).toBe(0);
    expect(await (await openIndexStore('acme')).read()).toBeNull();
    server.reach = 'all';
    await (await keeper()).lead();
    // The shell knows before the index is read.
    const less = await keeper('less');
    await less.read();
    expect(less.index.size).toBe(0);
    expect(await (await openIndexStore('acme')).read()).toBeNull();
  });

  it('is of one workspace, and goes with it or with all', async () => {
    await (await keeper()).lead();
    await (await keeper('all', 'other')).lead();
    await removeIndex('acme');
    expect(await (await openIndexStore('acme')).read()).toBeNull();
    expect((await (await openIndexStore('other')).read())?.state.segments).toBe(1);
  });

  it('begins anew after too many changes, but not again and again', async () => {
    let now = 0;
    const one = await keeper('all', 'acme', () => now);
    await one.lead();
    server.many = true;
    await one.sync();
    server.asked = [];
    await one.sync();
    expect([one.index.size, server.asked]).toEqual([0, []]);
    now += 6 * 60_000;
    server.many = false;
    await one.sync();
    expect(one.complete).toBe(true);
  });

  it('holds no more than the server says, and then does not say it knows all', async () => {
    server.most = 3;
    const one = await keeper();
    await one.lead();
    expect(one.index.size).toBe(3);
    expect(one.complete).toBe(false);
    server.asked = [];
    await one.sync();
    expect(server.asked).toEqual([`since ${server.at}`]);
  });

  it('of a second tab follows and writes nothing', async () => {
    await (await keeper()).lead();
    const second = await keeper();
    await second.read();
    server.changed = [{ object: 'contact', id: 'p1', title: 'Berta', at: 2 }];
    await second.sync();
    expect(found(second, 'berta')).toEqual(['Berta']);
    const third = await keeper();
    await third.read();
    expect(found(third, 'anna')).toEqual(['Anna']);
  });
});

describe('what is found here and what the server answers', () => {
  const hit = (id: string, title = id) => {
    return { object: 'company', id, title, subtitle: null, when: null, done: false, marks: [], found: null };
  };
  const group = (ids: string[], count = ids.length, object = 'company') => {
    return { object, hits: ids.map((id) => hit(id)), count, more: false, guess: false };
  };
  const held = (...groups: ReturnType<typeof group>[]) => ({ q: 'x', groups, complete: true });
  const ids = (groups: ReturnType<typeof withAnswer>) => groups.map(({ hits }) => hits.map(({ id }) => id));

  it('keeps its place, gains what is new and loses what is gone', () => {
    expect(ids(withAnswer(held(group(['a', 'b', 'c'])), null))).toEqual([['a', 'b', 'c']]);
    expect(ids(withAnswer(null, [group(['b'])]))).toEqual([['b']]);
    expect(ids(withAnswer(held(group(['a', 'b', 'c'])), [group(['c', 'd', 'a'])]))).toEqual([['a', 'c', 'd']]);
    expect(ids(withAnswer(held(group(['a'])), [group(['p'], 1, 'contact')]))).toEqual([['p']]);
    // The server tells of some only: what it left out may still be there.
    expect(ids(withAnswer(held(group(['a', 'b'])), [group(['c', 'd'], 9)]))).toEqual([['a', 'b']]);
  });

  it('is shown as the server has it now', () => {
    const now = { ...group(['a']), hits: [hit('a', 'Renamed')] };
    expect(withAnswer(held(group(['a'])), [now])[0]?.hits[0]?.title).toBe('Renamed');
  });
});
