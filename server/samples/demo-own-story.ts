import { momentIn } from '@/domain/moments';
import { formatRecurrence } from '@/domain/recurrence';
import { todayIn } from '../tenants/settings';
import { about } from './amounts';
import { type OwnWords, visitObject } from './demo-own';
import type { StoryChange, StoryEvent, StorySetting } from './demo-story';
import { createRandom, type Random } from './random';

const dayMs = 86_400_000;
/** Visits older than this are told as they ended, not step by step. */
const recent = -70;
const firstVisit = 1041;

export interface OwnSetting extends StorySetting {
  own: OwnWords;
  /** Ids of the relations, by object and key: `deal.c_partners`. */
  relation: (name: string) => string;
  /** Names of the members, by id. */
  names: ReadonlyMap<string, string>;
}

interface Known {
  id: string;
  /** When it was made, in days from now. */
  since: number;
  name: string;
  owner: string;
  values: Record<string, unknown>;
}

/** The companies' own part of a story: what they write into their own fields, and their visits. Pure, as the story is. */
export function tellOwn(setting: OwnSetting, story: readonly StoryEvent[]): StoryEvent[] {
  const own = new OwnStory(setting);
  const told = story.map((event) => ({ ...event, changes: event.changes.map((change) => own.fill(change, event.at)) }));
  own.visitCustomers();
  own.linkPartners();
  own.talkAboutDeals();
  own.planWeekly();
  const cut = setting.now.getTime() - 60_000;
  const added = own.events.map((event) => (event.at.getTime() > cut ? { ...event, at: new Date(cut) } : event));
  return [...told, ...added].sort((a, b) => a.at.getTime() - b.at.getTime());
}

class OwnStory {
  readonly events: StoryEvent[] = [];
  private readonly random: Random;
  private readonly companies: Known[] = [];
  private readonly contacts = new Map<string, Known[]>();
  private readonly openDeals = new Map<string, Known>();
  private orders = 4700;

  constructor(private readonly setting: OwnSetting) {
    this.random = createRandom(setting.seed + 1);
  }

  /** The same change with the values of own fields. */
  fill(change: StoryChange, at: Date): StoryChange {
    const { object, op, id, values } = change;
    if (op === 'create') {
      const since = (at.getTime() - this.setting.now.getTime()) / dayMs;
      const known = { id, since, name: String(values.name), owner: String(values.ownerId), values };
      if (object === 'company') return this.filled(change, this.ofCompany(known));
      if (object === 'contact') return this.filled(change, this.ofContact(known));
      if (object === 'deal') return this.filled(change, this.ofDeal(known));
      return change;
    }
    if (object !== 'deal' || !values.closedOn) return change;
    const deal = this.openDeals.get(id);
    this.openDeals.delete(id);
    return values.wonReason && deal ? this.filled(change, this.ofOrder(deal, at)) : change;
  }

  private filled(change: StoryChange, own: Record<string, unknown>): StoryChange {
    return { ...change, values: { ...change.values, ...own } };
  }

  private ofCompany(company: Known): Record<string, unknown> {
    const { random } = this;
    this.companies.push(company);
    const { type, employees } = company.values;
    const size = typeof employees === 'number' ? employees : 20;
    const sites = Math.max(1, Math.min(40, Math.round(size / random.int(25, 60))));
    const channels = ['phone', 'mail', 'chat', 'onsite'].filter(() => random.chance(0.4));
    const base = {
      c_fit: random.chance(0.75) ? random.pick([2, 3, 3, 4, 4, 5]) : null,
      c_sites: sites,
      c_channels: channels.length > 0 ? channels : null,
    };
    if (type !== 'customer') return base;
    const tier = size > 400 ? 'gold' : random.pick(['gold', 'silver', 'silver', 'bronze']);
    return {
      ...base,
      c_tier: tier,
      c_renewal: this.day(random.pick([-11, 9, 23, 38, 61, 84, 120, 170, 240, 310]) + random.int(0, 6)),
      c_discount: random.pick([null, 3, 5, 7.5, 10]),
      c_credit: about(
        tier === 'gold' ? random.pick([60_000, 90_000]) : random.pick([8000, 15_000, 25_000]),
        this.currency,
      ),
    };
  }

  private ofContact(contact: Known): Record<string, unknown> {
    const { random } = this;
    const companyId = String(contact.values.companyId);
    this.contacts.set(companyId, [...(this.contacts.get(companyId) ?? []), contact]);
    const mail = String(contact.values.email ?? '');
    const month = String(random.int(1, 12)).padStart(2, '0');
    return {
      c_newsletter: random.chance(0.4),
      c_best_time: random.chance(0.35) ? random.pick(['08:30', '09:15', '11:00', '14:30', '16:45']) : null,
      c_birthday: random.chance(0.25)
        ? `${random.int(1966, 1998)}-${month}-${String(random.int(1, 28)).padStart(2, '0')}`
        : null,
      c_profile: random.chance(0.2) ? `https://people.example/${mail.split('@')[0]}` : null,
    };
  }

  private ofDeal(deal: Known): Record<string, unknown> {
    const { random, setting } = this;
    this.openDeals.set(deal.id, deal);
    const margin = random.int(36, 84) / 2;
    if (!deal.values.nextStep) return { c_margin: margin };
    const wanted = Date.parse(String(deal.values.expectedClose)) + random.int(14, 60) * dayMs;
    return {
      c_margin: margin,
      c_forecast: random.pick(['commit', 'best', 'best', 'pipeline', 'pipeline', 'pipeline', 'omitted']),
      c_delivery: random.chance(0.8) ? new Date(wanted).toISOString().slice(0, 10) : null,
      c_demo_at: random.chance(0.45)
        ? this.clock(random.int(-20, 25), random.pick(['09:30', '10:00', '14:00', '15:30']))
        : null,
      c_needs: random.chance(0.3) ? random.pick(setting.own.needs) : null,
    };
  }

  private ofOrder(deal: Known, at: Date): Record<string, unknown> {
    this.orders += this.random.int(1, 17);
    const { street, city, state, postalCode, country } = this.companyOf(deal)?.values ?? {};
    // Numbers have been asked for since a year; before that nobody wrote them down.
    if (at.getTime() < this.setting.now.getTime() - 365 * dayMs) return {};
    return { c_order_no: `PO-${this.orders}`, c_ship_to: { street, city, state, postalCode, country } };
  }

  /** What the companies' technicians did at customers: each customer a few times a year. */
  visitCustomers(): void {
    const { random } = this;
    const customers = this.companies.filter(({ values }) => values.type === 'customer');
    const days = customers.flatMap((company, i) => {
      const ahead = [3, 12, 20, 1, 34, 6, 47][i % 7] ?? 9;
      // Once in a while somebody is being visited right now.
      const now = i % 5 === 1 ? [-(i % 3)] : [];
      const past = Array.from({ length: random.int(1, 4) }, (_, n) => -random.int(8, 60) - n * 75);
      // Nobody goes to a company before it is known, nor plans to.
      const known = [...past, ...now].filter((day) => day > company.since + 21);
      return [...known, ahead].map((day) => ({ company, day }));
    });
    for (const [i, { company, day }] of days.toSorted((a, b) => a.day - b.day).entries()) this.visit(i, company, day);
  }

  private visit(i: number, company: Known, day: number): void {
    const { random, setting } = this;
    const id = setting.idOf(`visit ${i}`);
    const technician = setting.sellers[[4, 2, 1][i % 3] ?? 0] ?? '';
    const planned = {
      name: setting.own.visit.replace('{number}', String(firstVisit + i)).replace('{company}', company.name),
      ownerId: technician,
      c_company: company.id,
      c_date: this.day(day),
      c_kind: random.pick(['regular', 'regular', 'regular', 'repair', 'handover', 'training']),
      c_technician: technician,
      c_status: 'planned',
    };
    const done = day > 0 ? {} : this.doneAt();
    const met = day > 0 ? [] : this.metAt(i, id, company);
    const told = day < recent ? { ...planned, ...done } : planned;
    const at = day < recent ? day : Math.min(day, -1) - random.int(6, 20);
    this.tell(at, technician, 'create', [create(visitObject, id, told), ...(day < recent ? met : [])]);
    if (day > 0 || day < recent) return;
    const change = (when: number, values: Record<string, unknown>) =>
      this.tell(when, technician, 'update', [{ object: visitObject, op: 'update', id, values }]);
    change(day, { c_status: 'underway', c_units: done.c_units });
    if (day >= -2) return;
    if (day > -22 && i % 3 === 0) {
      change(day + 0.3, { c_status: 'waiting', c_waiting_for: random.pick(setting.own.waiting) });
      return;
    }
    change(day + 0.4, done);
    if (met.length > 0) this.tell(day + 0.5, technician, 'link', met);
  }

  /** What is written down at the end of a visit. */
  private doneAt(): Record<string, unknown> {
    const { random } = this;
    const units = random.int(3, 38);
    const parts = ['a', 'b', 'c', 'd', 'e', 'f'].filter(() => random.chance(0.25));
    return {
      c_status: 'done',
      c_units: units,
      c_hours: Math.round(units * random.int(2, 6)) / 8 + 1,
      c_parts: parts.length > 0 ? parts : null,
      c_cost: about(units * random.int(14, 60), this.currency),
      c_rating: random.chance(0.8) ? random.pick([3, 4, 4, 5, 5, 5]) : null,
      c_report: random.chance(0.6) ? random.pick(this.setting.own.reports) : null,
    };
  }

  /** The customer's people who were there, and what they did. */
  private metAt(i: number, visit: string, company: Known): StoryChange[] {
    const { random, setting } = this;
    if (!random.chance(0.5)) return [];
    return (this.contacts.get(company.id) ?? []).slice(0, random.int(1, 2)).map((contact, n) =>
      create('relationLink', setting.idOf(`visit ${i} met ${n}`), {
        fieldId: setting.relation(`${visitObject}.c_people`),
        fromId: visit,
        toId: contact.id,
        attributes: { role: random.pick(setting.own.roles), signedoff: n === 0 },
        position: n,
      }),
    );
  }

  /** Some deals are won together with others. */
  linkPartners(): void {
    const { random, setting } = this;
    const partners = this.companies.filter(({ values }) => values.type === 'partner');
    for (const [i, deal] of [...this.openDeals.values()].entries()) {
      if (i % 4 !== 0 || partners.length === 0 || deal.since > -4) continue;
      const chosen = [...new Set([random.pick(partners), random.pick(partners)])].filter(
        ({ id }) => id !== deal.values.companyId,
      );
      const changes = chosen.map((partner, n) =>
        create('relationLink', setting.idOf(`partner ${i} ${n}`), {
          fieldId: setting.relation('deal.c_partners'),
          fromId: deal.id,
          toId: partner.id,
          attributes: {
            part: setting.own.partnerParts[(i / 4 + n) % setting.own.partnerParts.length],
            share: random.pick([5, 10, 15, 20]),
            signed: random.chance(0.5),
            since: this.day(-random.int(20, 90)),
          },
          position: n,
        }),
      );
      if (changes.length > 0) this.tell(-random.int(1, 3), deal.owner, 'link', changes);
    }
  }

  /** Calls and meetings about open deals, and longer notes. */
  talkAboutDeals(): void {
    const { random, setting } = this;
    const { words, own } = setting;
    for (const [i, deal] of [...this.openDeals.values()].entries()) {
      const contact = this.contacts.get(String(deal.values.companyId))?.[0];
      const company = this.companyOf(deal);
      if (!contact || !company || deal.since > -2) continue;
      const after = Math.ceil(deal.since) + 1;
      const about = { ownerId: deal.owner, companyId: company.id, contactId: contact.id, dealId: deal.id };
      if (i % 2 === 0) {
        const day = Math.max(after, -random.int(1, 9));
        const [from, to] = random.pick([
          ['09:40', '09:52'],
          ['11:05', '11:30'],
          ['15:10', '15:18'],
        ] as const);
        const note = i % words.callNotes.length;
        const outcome = note === 1 ? 'noAnswer' : random.pick(['reached', 'reached', 'callBack']);
        const times = { startsAt: this.clock(day, from), endsAt: this.clock(day, to) };
        const call = { kind: 'call', subject: contact.name, direction: i % 3 === 0 ? 'in' : 'out', attendeeIds: [] };
        this.enter(day, `deal call ${i}`, { ...call, ...times, ...about, outcome, description: words.callNotes[note] });
      }
      if (i % 5 === 1) {
        const day = i % 10 === 1 ? random.int(1, 12) : Math.max(after, -random.int(3, 15));
        const { subject, location } = random.pick(words.meetings);
        this.enter(Math.max(after, Math.min(day, 0) - 4), `deal meeting ${i}`, {
          kind: 'meeting',
          subject: subject.replace('{company}', company.name),
          location,
          startsAt: this.clock(day, '13:30'),
          endsAt: this.clock(day, '14:30'),
          attendeeIds: [contact.id],
          ...about,
          outcome: day < 0 ? 'held' : null,
        });
      }
      if (i % 8 === 3) {
        const body = random
          .pick(own.richNotes)
          .replaceAll('{contact}', contact.name)
          .replaceAll('{owner}', mention(setting.names, deal.owner));
        const values = { body, ownerId: deal.owner, companyId: company.id, dealId: deal.id, pinned: i % 16 === 3 };
        this.tell(Math.max(after, -random.int(1, 12)), deal.owner, 'create', [
          create('note', setting.idOf(`rich note ${i}`), values),
        ]);
      }
    }
  }

  private enter(day: number, name: string, values: Record<string, unknown>): void {
    const change = create('activity', this.setting.idOf(name), values);
    // Entered in the evening of the day: a call is told after it was made.
    this.tell(Math.min(-0.1, day + 0.45), String(values.ownerId), 'create', [change]);
  }

  /** A task that comes again each Monday. */
  planWeekly(): void {
    const { sellers, own, idOf, now, timeZone } = this.setting;
    const owner = sellers.at(-1) ?? '';
    let due = 0;
    const weekday = (offset: number) =>
      new Date(`${todayIn(timeZone, new Date(now.getTime() + offset * dayMs))}T00:00Z`).getUTCDay();
    while (weekday(due) !== 1) due++;
    const recurrence = formatRecurrence({ freq: 'WEEKLY', interval: 1, weekdays: ['MO'] });
    const values = { subject: own.weekly, type: 'meeting', priority: 'medium', ownerId: owner, done: false };
    const task = create('task', idOf('weekly'), { ...values, dueOn: this.day(due), recurrence });
    this.tell(-6, owner, 'create', [task]);
  }

  private companyOf(deal: Known): Known | undefined {
    return this.companies.find(({ id }) => id === deal.values.companyId);
  }

  private get currency(): string {
    return this.setting.currency;
  }

  private tell(day: number, by: string, verb: StoryEvent['verb'], changes: StoryChange[]): void {
    this.events.push({ at: new Date(this.setting.now.getTime() + day * dayMs), by, verb, changes });
  }

  private day(day: number): string {
    return todayIn(this.setting.timeZone, new Date(this.setting.now.getTime() + day * dayMs));
  }

  private clock(day: number, time: string): string {
    return momentIn(this.setting.timeZone, `${this.day(day)}T${time}`);
  }
}

export const create = (object: string, id: string, values: Record<string, unknown>): StoryChange => {
  return { object, op: 'create', id, values };
};

/** A person named in a text, as rich text has it. */
export const mention = (names: ReadonlyMap<string, string>, id: string): string =>
  `[@${names.get(id) ?? ''}](member:${id})`;
