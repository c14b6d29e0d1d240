import { indexFormat, LocalIndex } from '@/domain/local-index';
import type { IndexState, IndexStore } from './index-store';
import type { Outputs } from './trpc';

/** What the keeper asks of the server (server/search/mirror.ts). */
export interface MirrorDoor {
  start(): Promise<Outputs['search']['mirrorStart']>;
  page(object: string, after: string | undefined): Promise<Outputs['search']['mirrorPage']>;
  changes(since: string): Promise<Outputs['search']['mirrorChanges']>;
}

/** Pages after which what has come is written down: a segment is written a few times less. */
const pagesAtOnce = 4;
/** Milliseconds after which an index that was too far behind may be asked for anew. */
const anewAfter = 5 * 60_000;

/**
 * Keeps one workspace's index of records: read from the browser's store, filled by pages, brought up to date by changes.
 * Of several tabs one writes it down; the others follow in their own memory.
 */
export class IndexKeeper {
  readonly index = new LocalIndex();
  /** Whether this one writes it down. */
  private writes = false;
  private state: IndexState | undefined;
  private most = 0;
  private working: Promise<void> | undefined;
  private again = false;
  private dropped = Number.NEGATIVE_INFINITY;
  private over = false;
  private readonly slug: string;
  private readonly reach: string;
  private readonly door: MirrorDoor;
  private readonly store: IndexStore | null;
  private readonly now: () => number;

  constructor(
    options: { slug: string; reach: string; door: MirrorDoor; store: IndexStore | null },
    now: () => number = Date.now,
  ) {
    this.slug = options.slug;
    this.reach = options.reach;
    this.door = options.door;
    this.store = options.store;
    this.now = now;
  }

  /** Whether every record this person may see is in it, so that nobody else need be asked. */
  get complete(): boolean {
    return this.state !== undefined && Object.values(this.state.next).every((next) => next === null);
  }

  /** Takes what the browser keeps, unless it is another person's, of other rights or of another program's. */
  async read(): Promise<void> {
    const kept = await this.store?.read();
    if (this.over) return;
    this.index.clear();
    this.state = undefined;
    if (!kept) return;
    const { state, segments } = kept;
    if (state.reach !== this.reach || state.format !== indexFormat) {
      await this.store?.clear();
      return;
    }
    for (const segment of segments) this.index.add(segment);
    this.index.objects = state.objects;
    this.state = state;
  }

  /**
   * Brings the index up to date and goes on filling it; called while it works, it looks once more afterwards.
   * @throws what the server refused; what is here stays as it is
   */
  sync(): Promise<void> {
    this.again = true;
    this.working ??= this.work().finally(() => {
      this.working = undefined;
    });
    return this.working;
  }

  /** From now on this one writes it down; another tab may have gone on with it in the meantime. */
  async lead(): Promise<void> {
    await this.working?.catch(() => {});
    await this.read();
    this.writes = true;
    await this.sync();
  }

  /** No more of it: nothing is held, written or asked for. */
  stop(): void {
    this.over = true;
    this.state = undefined;
    this.index.clear();
  }

  private async work(): Promise<void> {
    while (this.again && !this.over) {
      this.again = false;
      // Another tab fills it: what it has written is what there is to follow from.
      if (!this.writes && !this.complete) await this.read();
      if (this.state) await this.follow();
      if (!this.writes) continue;
      if (!this.state) await this.begin();
      await this.fill();
    }
  }

  private async begin(): Promise<void> {
    // What outran the index a moment ago, an import for one, would outrun it again.
    if (this.now() - this.dropped < anewAfter) return;
    const { reach, rules, at, objects, most } = await this.door.start();
    // The shell will hear of other rights by itself, and begin anew with them.
    if (this.over || reach !== this.reach) return;
    this.most = most;
    this.index.objects = objects;
    const next = Object.fromEntries(objects.map((object) => [object, '']));
    this.state = { slug: this.slug, format: indexFormat, reach, rules, at, objects, next, segments: 0 };
  }

  /** Asks for what has changed since. */
  private async follow(): Promise<void> {
    const { state } = this;
    if (!state) return;
    const { reach, rules, at, rows, gone, many } = await this.door.changes(state.at);
    if (this.over) return;
    if (reach !== state.reach || rules !== state.rules || many) {
      await this.drop(many);
      return;
    }
    this.index.put(rows);
    for (const id of gone) this.index.remove(id);
    state.at = at;
    if (rows.length + gone.length > 0) await this.write();
  }

  /** Asks for page after page, a kind in turn, until everything or as much as is to be held is here. */
  private async fill(): Promise<void> {
    const { state } = this;
    if (!state || this.complete) return;
    if (this.most === 0) this.most = (await this.door.start()).most;
    if (this.index.size >= this.most) return;
    let pages = 0;
    while (!this.over && this.index.size < this.most) {
      const open = state.objects.filter((object) => state.next[object] !== null);
      if (open.length === 0) break;
      for (const object of open) {
        const { reach, rules, rows, next } = await this.door.page(object, state.next[object] || undefined);
        if (this.over) return;
        if (reach !== state.reach || rules !== state.rules) {
          await this.drop(false);
          return;
        }
        this.index.put(rows);
        state.next[object] = next;
        if (++pages % pagesAtOnce === 0) await this.write();
      }
    }
    await this.write();
  }

  private async drop(later: boolean): Promise<void> {
    if (later) this.dropped = this.now();
    this.index.clear();
    this.state = undefined;
    if (this.writes) await this.store?.clear();
  }

  private async write(): Promise<void> {
    const { state } = this;
    if (!this.writes || !state || this.over) return;
    state.segments = this.index.segments.length;
    // A disk that is full: the index lasts as long as the page.
    await this.store?.write(state, this.index.segments).catch(() => {});
  }
}
