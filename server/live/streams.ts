import type { ServerResponse } from 'node:http';
import { sessionsRead } from '@/db/global';
import { inTenant } from '@/db/tenant';
import type { Role } from '@/domain/permissions';
import { Refusal } from '@/domain/refusals';
import { type ChangedRecord, type ChangeTold, onTold, type Told, tell } from '../core/bus';
import { limitsLifted } from '../core/limits';
import type { Log } from '../core/log';
import { gauge } from '../core/metrics';
import { hearsOfSessions, onSessionsChanged } from '../core/session';
import { typesOf } from '../core/types';
import { keyOf, Places } from './places';
import { isTold, mayRead, type Person, type Seen, seenBy } from './seen';

/** One browser that listens in a tenant. */
export interface Stream extends Person {
  id: string;
  sidHash: string;
  tenantId: string;
  slug: string;
  to: ServerResponse;
}

/** How many may listen: a person's browsers, a tenant's, all that one process holds. Per process, as all limits. */
const atMost = { person: 12, tenant: 4000, process: 8000 };
const beatMs = 20_000;
/** Sessions also end by themselves; and by nobody's word when this process does not hear of it. */
const checkEveryMs = 30_000;
const checkDeafMs = 1000;
const checkSoonMs = 30;
const sessionsAtOnce = 500;
/** A browser that does not take what it is sent is let go: it comes back and asks what it missed. */
const heldBytesAtMost = 256 * 1024;
/** When a stream that ended is to be tried again, in milliseconds. */
const retryMs = 2000;

/** The open streams of this process: told what they may see, ended when their sessions are. */
export class Streams {
  private readonly byTenant = new Map<string, Set<Stream>>();
  private readonly waiting = new Map<string, ChangeTold[]>();
  private readonly working = new Set<string>();
  private readonly places = new Places();
  private readonly ends: (() => void)[] = [];
  private readonly log: Pick<Log, 'warn'>;
  private readonly now: () => Date;
  private count = 0;
  private dirty = new Set<Stream>();
  private checking = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(log: Pick<Log, 'warn'>, now: () => Date) {
    this.log = log;
    this.now = now;
    const beat = setInterval(() => this.beat(), beatMs).unref();
    const check = setInterval(() => this.checkAll(), checkEveryMs).unref();
    const deaf = setInterval(() => hearsOfSessions() || this.checkAll(), checkDeafMs).unref();
    this.ends.push(
      onTold({ told: (messages) => this.told(messages), missed: () => this.toAll('missed', {}) }),
      onSessionsChanged(() => this.checkAll()),
      () => clearInterval(beat),
      () => clearInterval(check),
      () => clearInterval(deaf),
    );
    gauge('guanxi_live_streams', 'Browsers that listen for changes', [], () => [[{}, this.count]]);
  }

  /** @throws Refusal tooMany, unavailable where no more can listen */
  requireRoom(tenantId: string, memberId: string): void {
    if (limitsLifted()) return;
    const here = this.byTenant.get(tenantId);
    let own = 0;
    for (const stream of here ?? []) if (stream.memberId === memberId) own++;
    if (own >= atMost.person) throw new Refusal('tooMany', 'rateLimited', 60);
    if ((here?.size ?? 0) >= atMost.tenant || this.count >= atMost.process)
      throw new Refusal('unavailable', 'busy', 20 + Math.floor(Math.random() * 20));
  }

  /** Begins to tell a browser whose answer has its headers already. */
  open(stream: Stream): void {
    const here = this.byTenant.get(stream.tenantId);
    if (here) here.add(stream);
    else this.byTenant.set(stream.tenantId, new Set([stream]));
    this.count++;
    stream.to.once('close', () => this.forget(stream));
    stream.to.on('error', () => stream.to.destroy());
    stream.to.write(`retry: ${retryMs}\n\n`);
    send(stream, frame('hello', { at: this.now().toISOString(), stream: stream.id }));
    // What ended between the question who this is and now was told to nobody.
    this.dirty.add(stream);
    this.checkSoon();
  }

  /** Ends all of them: their browsers go to another process. */
  close(): void {
    for (const end of this.ends) end();
    clearTimeout(this.timer);
    for (const stream of this.all()) this.end(stream, 'moved');
  }

  private *all(): Generator<Stream> {
    for (const here of this.byTenant.values()) yield* here;
  }

  private forget(stream: Stream): void {
    const here = this.byTenant.get(stream.tenantId);
    if (!here?.delete(stream)) return;
    if (here.size === 0) this.byTenant.delete(stream.tenantId);
    this.count--;
    this.dirty.delete(stream);
    this.leave(stream);
  }

  private end(stream: Stream, reason: 'session' | 'removed' | 'moved'): void {
    send(stream, frame('end', { reason }));
    stream.to.end();
    this.forget(stream);
  }

  private toAll(event: string, data: unknown): void {
    const text = frame(event, data);
    for (const stream of this.all()) send(stream, text);
  }

  private beat(): void {
    this.toAll('beat', { at: this.now().toISOString() });
    for (const place of this.places.expired(Date.now())) this.tellPlace(place.tenant, place.key);
  }

  private told(messages: readonly Told[]): void {
    for (const message of messages) {
      if (message.kind === 'here') {
        for (const key of this.places.set(message, Date.now())) this.tellPlace(message.tenant, key);
      } else if (this.byTenant.has(message.tenant)) {
        const list = this.waiting.get(message.tenant);
        if (list) list.push(message);
        else this.waiting.set(message.tenant, [message]);
        void this.work(message.tenant);
      }
    }
  }

  /** One batch after the other, so that a tenant hears everything in order; what comes meanwhile is the next one. */
  private async work(tenantId: string): Promise<void> {
    if (this.working.has(tenantId)) return;
    this.working.add(tenantId);
    try {
      // Messages of one payload are one batch.
      await Promise.resolve();
      for (let batch = this.waiting.get(tenantId); batch; batch = this.waiting.get(tenantId)) {
        this.waiting.delete(tenantId);
        await this.tellChanges(tenantId, batch).catch((error: Error) => {
          this.log.warn({ reason: error.message }, 'live changes could not be told');
          for (const stream of this.byTenant.get(tenantId) ?? []) send(stream, frame('missed', {}));
        });
      }
    } finally {
      this.working.delete(tenantId);
    }
  }

  private async tellChanges(tenantId: string, sets: readonly ChangeTold[]): Promise<void> {
    const streams = [...(this.byTenant.get(tenantId) ?? [])];
    if (streams.length === 0) return;
    const records = sets.flatMap((set) => set.records);
    const setOf = new Map(sets.flatMap((set) => set.records.map(([, id]) => [id, set] as const)));
    const objects = new Set([...records.map(([object]) => object), ...sets.flatMap(({ many }) => many)]);
    const kinds = [...objects].filter((object) => !isTold(object));
    const large = [...new Set(sets.flatMap((set) => set.many))].filter(isTold);
    const { seen, many } = await visibleTo(tenantId, streams, records, large);
    const at = this.now().toISOString();
    // Those who see the same are sent the same bytes.
    const texts = new Map<Role, Map<readonly Seen[], string>>();
    for (const stream of streams) {
      const own = seen.get(stream.memberId) ?? nothing;
      const kindsMany = many.get(stream.role) ?? [];
      const ofRole = texts.get(stream.role) ?? new Map<readonly Seen[], string>();
      texts.set(stream.role, ofRole);
      let text = ofRole.get(own);
      if (text === undefined) {
        const isEmpty = own.length + kinds.length + kindsMany.length === 0;
        text = isEmpty ? '' : news(at, own, setOf, kinds, kindsMany);
        ofRole.set(own, text);
      }
      if (text) send(stream, text);
      if (
        own.some(([object, id, op]) => op === 'gone' && this.places.holds(tenantId, keyOf({ object, id }), stream.id))
      )
        this.leave(stream);
    }
  }

  /** Whoever may not see what they look at any more is not there for others either. */
  private leave({ tenantId, memberId, id }: Stream): void {
    tell({ kind: 'here', tenant: tenantId, member: memberId, stream: id });
  }

  private tellPlace(tenantId: string, key: string): void {
    const here = this.byTenant.get(tenantId);
    const place = this.places.at(tenantId, key);
    if (!here || !place) return;
    const text = frame('presence', { object: place.object, id: place.id, people: place.people });
    for (const stream of here) if (place.streams.get(stream.id) === stream.memberId) send(stream, text);
  }

  private checkAll(): void {
    for (const stream of this.all()) this.dirty.add(stream);
    this.checkSoon();
  }

  private checkSoon(): void {
    if (this.dirty.size > 0) this.timer ??= setTimeout(() => void this.check(), checkSoonMs).unref();
  }

  /** Asks whose sessions still stand, and with which rights. */
  private async check(): Promise<void> {
    this.timer = undefined;
    if (this.checking) return;
    this.checking = true;
    const asked = [...this.dirty];
    this.dirty = new Set();
    try {
      for (let from = 0; from < asked.length; from += sessionsAtOnce)
        await this.checkSome(asked.slice(from, from + sessionsAtOnce));
    } catch (error) {
      // Who cannot be asked about is not let listen on trust: asked again until there is an answer.
      for (const stream of asked) if (this.byTenant.get(stream.tenantId)?.has(stream)) this.dirty.add(stream);
      this.log.warn(
        { reason: error instanceof Error ? error.message : String(error) },
        'sessions could not be checked',
      );
    } finally {
      this.checking = false;
      this.checkSoon();
    }
  }

  private async checkSome(streams: readonly Stream[]): Promise<void> {
    const sessions = await sessionsRead([...new Set(streams.map(({ sidHash }) => sidHash))], this.now());
    for (const stream of streams) {
      const session = sessions.get(stream.sidHash);
      const membership = session?.tenants.find(({ tenantId }) => tenantId === stream.tenantId);
      if (!session) this.end(stream, 'session');
      else if (!membership || membership.memberId !== stream.memberId) this.end(stream, 'removed');
      else if (membership.role !== stream.role || membership.teamId !== stream.teamId) {
        // The table's check constraint holds roles to these.
        Object.assign(stream, { role: membership.role as Role, teamId: membership.teamId });
        this.leave(stream);
        send(stream, frame('reach', {}));
      }
    }
  }
}

const nothing: readonly Seen[] = [];

/** By member what of these records each may be told of, and by role of which of these kinds. */
async function visibleTo(
  tenantId: string,
  people: readonly Person[],
  records: readonly ChangedRecord[],
  kinds: readonly string[],
): Promise<{ seen: Map<string, readonly Seen[]>; many: Map<Role, readonly string[]> }> {
  const told = records.filter(([object]) => isTold(object));
  if (told.length + kinds.length === 0) return { seen: new Map(), many: new Map() };
  return inTenant(tenantId, 'read', async (db) => {
    const types = await typesOf(db);
    const ofRole = (role: Role) => kinds.filter((kind) => mayRead(types, role, kind));
    const many = new Map([...new Set(people.map(({ role }) => role))].map((role) => [role, ofRole(role)]));
    return { seen: await seenBy(db, types, people, told), many };
  });
}

function news(
  at: string,
  seen: readonly Seen[],
  setOf: ReadonlyMap<string, ChangeTold>,
  kinds: readonly string[],
  many: readonly string[],
): string {
  const sets = Map.groupBy(seen, ([, id]) => setOf.get(id));
  return frame('news', {
    at,
    sets: [...sets].flatMap(([set, records]) => (set ? { id: set.set, by: set.by, records } : [])),
    kinds,
    many,
  });
}

/** One event as the standard wants it: https://html.spec.whatwg.org/multipage/server-sent-events.html. JSON has no line breaks. */
const frame = (event: string, data: unknown): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

function send(stream: Stream, text: string): void {
  if (stream.to.destroyed || stream.to.writableEnded) return;
  stream.to.write(text);
  if (stream.to.writableLength > heldBytesAtMost) stream.to.destroy();
}
