import type { FastifyInstance } from 'fastify';
import { Refusal } from '@/domain/refusals';
import { count } from './metrics';

export interface GateLimits {
  /** How many work at once. */
  width: number;
  /** How many wait at most. */
  queue: number;
  /** How long somebody waits at most. */
  waitMs: number;
}

type Waiter = { admit: () => void; timer: NodeJS.Timeout };

/** Lets so many in at once and so many wait, in order; everybody else learns at once that they come in vain. */
export class Gate {
  readonly name: string;
  readonly limits: GateLimits;
  inside = 0;
  private readonly line = new Set<Waiter>();

  constructor(name: string, limits: GateLimits) {
    this.name = name;
    this.limits = limits;
  }

  get waiting(): number {
    return this.line.size;
  }

  /** Whether whoever comes now is turned away. */
  get full(): boolean {
    return this.inside >= this.limits.width && this.line.size >= this.limits.queue;
  }

  /**
   * Asks to be let in.
   * @param done called once: without a refusal when in (then `leave` must be called), with one when turned away
   * @returns how to give up waiting
   */
  enter(done: (refusal?: Refusal) => void): () => void {
    if (this.inside < this.limits.width) {
      this.inside++;
      done();
      return () => {};
    }
    if (this.line.size >= this.limits.queue) {
      done(this.refusal('queueFull'));
      return () => {};
    }
    const waiter: Waiter = {
      admit: () => {
        clearTimeout(waiter.timer);
        this.line.delete(waiter);
        this.inside++;
        done();
      },
      timer: setTimeout(() => {
        this.line.delete(waiter);
        done(this.refusal('waitedTooLong'));
      }, this.limits.waitMs),
    };
    this.line.add(waiter);
    return () => {
      clearTimeout(waiter.timer);
      this.line.delete(waiter);
    };
  }

  /** Gives a place back, to whoever has waited longest. */
  leave(): void {
    this.inside--;
    const [first] = this.line;
    first?.admit();
  }

  refusal(reason: 'queueFull' | 'waitedTooLong'): Refusal {
    count.admissionRefused.inc({ gate: this.name, reason });
    // Not all at the same moment again.
    return new Refusal('unavailable', 'busy', 1 + Math.floor(Math.random() * 3));
  }
}

export interface Gates {
  calls: Gate;
  uploads: Gate;
}

/** Limits that follow from the number of database connections. A slow upload never takes a call's place. */
export function makeGates(poolSize: number): Gates {
  return {
    calls: new Gate('calls', { width: 2 * poolSize, queue: 100, waitMs: 2000 }),
    uploads: new Gate('uploads', { width: Math.max(2, Math.ceil(poolSize / 2)), queue: 20, waitMs: 2000 }),
  };
}

/**
 * Admission to the doors that work with the database. Files, pages, health and metrics pass by. Who comes in vain is
 * told before their body is read; a place is taken once it has been, so that slow senders hold none.
 */
export function addAdmission(app: FastifyInstance, gates: Gates): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const gate = gateOf(gates, request.url);
    done(gate?.full ? gate.refusal('queueFull') : undefined);
  });
  app.addHook('preValidation', (request, reply, done) => {
    const gate = gateOf(gates, request.url);
    if (!gate) return done();
    let inside = false;
    const giveUp = gate.enter((refusal) => {
      inside = !refusal;
      done(refusal);
    });
    reply.raw.once('close', () => {
      if (inside) gate.leave();
      else giveUp();
    });
  });
}

function gateOf(gates: Gates, url: string): Gate | undefined {
  if (!url.startsWith('/api/')) return undefined;
  if (url.startsWith('/api/upload/')) return gates.uploads;
  return /^\/api\/(trpc|v1|imports)\//.test(url) ? gates.calls : undefined;
}
