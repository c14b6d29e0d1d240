import type { Verb } from '@/domain/changes';
import type en from '@/domain/messages/en/demo.json';
import { momentIn } from '@/domain/moments';
import { toMinor } from '@/domain/money';
import type { PipelineView, StageView } from '@/domain/pipelines';
import { romanize } from '@/domain/search-keys';
import { todayIn } from '../tenants/settings';
import { about } from './amounts';
import { createRandom, type Random } from './random';
import { placed } from './sample-records';

export type DemoWords = typeof en;

export interface StoryChange {
  object: string;
  op: 'create' | 'update';
  id: string;
  values: Record<string, unknown>;
}

/** Something one person did at one moment: one change set. */
export interface StoryEvent {
  at: Date;
  by: string;
  verb: Verb;
  changes: StoryChange[];
}

export interface StorySetting {
  words: DemoWords;
  seed: number;
  currency: string;
  timeZone: string;
  now: Date;
  /** The pipeline most deals are in, and that of the dealers. */
  pipelines: [PipelineView, PipelineView];
  /** Members who own records, busiest first. */
  sellers: readonly string[];
  /** The id of what goes by a name in the story: the same name, the same id. */
  idOf: (name: string) => string;
}

const dayMs = 86_400_000;
/** How many stages open deals have come through: the first stages hold the most. */
const reached = [1, 1, 1, 2, 2, 2, 2, 3, 3, 4];
/** Companies entered from old lists at the beginning. */
const listed = 40;
/** Days after which nobody reads how a closed deal went step by step. */
const longAgo = -150;
const counts = { companies: 60, contacts: 150, closedDeals: 132, openDeals: 70 };

/**
 * Eighteen months of a company's work as a list of what people did, oldest first. Pure: the same setting tells the
 * same story.
 */
export function tellStory(setting: StorySetting): StoryEvent[] {
  const story = new Story(setting);
  story.stockProducts();
  story.meetCompanies();
  story.workDeals();
  story.fillDesks();
  story.fillDiaries();
  story.openQueue();
  return merged(story.events.sort((a, b) => a.at.getTime() - b.at.getTime()));
}

/** What one person made at one moment is one change set. */
function merged(events: StoryEvent[]): StoryEvent[] {
  const together: StoryEvent[] = [];
  const makings = new Map<string, StoryEvent>();
  for (const event of events) {
    const key = `${event.at.getTime()} ${event.by}`;
    const earlier = event.verb === 'create' ? makings.get(key) : undefined;
    if (earlier) earlier.changes.push(...event.changes);
    else together.push(event);
    if (event.verb === 'create' && !earlier) makings.set(key, event);
  }
  return together;
}

interface Company {
  id: string;
  name: string;
  since: number;
  owner: string;
  contacts: { id: string; name: string }[];
}

class Story {
  readonly events: StoryEvent[] = [];
  private readonly setting: StorySetting;
  private readonly words: DemoWords;
  private readonly random: Random;
  private readonly companies: Company[] = [];
  private readonly days = new Map<number, string>();
  private drawn = 0;

  constructor(setting: StorySetting) {
    this.setting = setting;
    this.words = setting.words;
    this.random = createRandom(setting.seed);
  }

  stockProducts(): void {
    const { currency, sellers, idOf } = this.setting;
    const changes = this.words.products.map((product, i): StoryChange => {
      const { name, code, series, unit, description, price } = product;
      // The last one is out of sale, so that the list shows both kinds.
      const active = i < this.words.products.length - 1;
      const money = { price: toMinor(price, currency), cost: toMinor(Math.round(price * 0.6), currency), currency };
      return this.make('product', idOf(`product ${i}`), { name, code, series, unit, description, ...money, active });
    });
    this.tell(-556, sellers[0], 'create', changes);
  }

  meetCompanies(): void {
    for (let i = 0; i < counts.companies; i++) {
      // The first come from old lists within weeks, the others one by one.
      const since = i < listed ? -555 + i - (i % 5) : -500 + (i - listed) * 21 + this.random.int(0, 9);
      this.meetCompany(this.shuffled(i), Math.min(since, -12), i);
    }
  }

  private meetCompany(index: number, since: number, order: number): void {
    const { random, words } = this;
    const home = words.companies[index];
    if (!home) return;
    const { name } = home;
    const domain = `${romanize(name)
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '')}.example`;
    const owner = this.seller();
    const company: Company = { id: this.setting.idOf(`company ${index}`), name, since, owner, contacts: [] };
    const employees = random.pick([12, 18, 35, 60, 85, 140, 220, 480, 900, 2400]);
    // Every seventh belongs to one that is known already.
    const parent = order > 10 && order % 7 === 3 ? this.companies[order % 10] : undefined;
    const changes = [
      this.make('company', company.id, {
        name,
        legalName: words.legalName.replace('{name}', name),
        domain,
        website: `https://www.${domain}`,
        industry: words.industries[Math.floor(index / 10)],
        type: random.pick(['customer', 'customer', 'prospect', 'prospect', 'prospect', 'partner']),
        rating: random.pick(['hot', 'warm', 'warm', 'cold', null]),
        parentId: parent?.id ?? null,
        phone: `${home.phone}${random.int(10, 99)}`,
        email: `info@${domain}`,
        employees,
        annualRevenue: about(employees * random.int(60, 160) * 1000, this.setting.currency),
        currency: this.setting.currency,
        yearFounded: random.int(1968, 2021),
        street: words.address
          .replace('{street}', random.pick(words.streets))
          .replace('{number}', String(random.int(8, 699))),
        city: home.city,
        state: home.state,
        postalCode: home.postal,
        country: words.country,
        source: random.pick(words.sources),
        tags: random.chance(0.35) ? [random.pick(words.tags)] : null,
        ownerId: owner,
      }),
    ];
    const people = counts.contacts / counts.companies + (order % 2 === 0 ? 0.5 : -0.5);
    for (let n = 0; n < people; n++) changes.push(...this.meetContact(company, domain, n, home.phone));
    this.companies.push(company);
    // Old lists are entered by one person for everybody.
    this.tell(since, order < listed ? this.setting.sellers.at(-1) : owner, 'create', changes);
  }

  private meetContact(company: Company, domain: string, place: number, areaPhone: string): StoryChange[] {
    const { random, words } = this;
    const number = this.drawn++;
    // Two coprime steps through the lists: every pair of names comes up once.
    const family = words.families[(number * 7) % words.families.length] ?? '';
    const given =
      words.givens[(number * 7 + Math.floor(number / words.families.length) * 5 + 3) % words.givens.length] ?? '';
    const chinese = /\p{Script=Han}/u.test(family);
    const name = chinese ? family + given : `${given} ${family}`;
    const mailbox = chinese
      ? romanize(name)
          .toLowerCase()
          .replace(/[^a-z]+/g, '')
      : `${given}.${family}`.toLowerCase();
    const id = this.setting.idOf(`contact ${number}`);
    company.contacts.push({ id, name });
    const title = words.titles[(number * 5 + place) % words.titles.length];
    return [
      this.make('contact', id, {
        name,
        firstName: given,
        lastName: family,
        companyId: company.id,
        jobTitle: title,
        department: random.pick(words.departments),
        email: `${mailbox}@${domain}`,
        phone: `${areaPhone}${random.int(10, 99)}`,
        source: random.pick(words.sources),
        lifecycleStage: random.pick(['lead', 'qualified', 'opportunity', 'customer', null]),
        ownerId: company.owner,
      }),
      this.make('contactCompany', this.setting.idOf(`employment ${number}`), {
        contactId: id,
        companyId: company.id,
        role: place === 0 ? 'decisionMaker' : random.pick(['employee', 'technical', 'billing']),
        isPrimary: true,
      }),
    ];
  }

  workDeals(): void {
    const { random } = this;
    for (let i = 0; i < counts.closedDeals; i++) {
      // Business grows: more of what was decided was decided lately, and no month went by without a decision.
      const closed = -2 - Math.floor(536 * ((i + random.next()) / counts.closedDeals) ** 1.3);
      const started = Math.max(-548, closed - random.int(14, 85));
      this.workDeal(i, started, random.chance(0.56) ? 'won' : 'lost', closed);
    }
    for (let i = 0; i < counts.openDeals; i++) this.workDeal(counts.closedDeals + i, -random.int(3, 110), 'open', 0);
  }

  private workDeal(number: number, started: number, outcome: StageView['kind'], closed: number): void {
    const { random, words, setting } = this;
    const known = this.companies.filter((company) => company.since < started && company.contacts.length > 0);
    const company = known.length > 0 ? random.pick(known) : this.companies[0];
    if (!company) return;
    const pipeline = setting.pipelines[number % 5 === 4 ? 1 : 0];
    const open = pipeline.stages.filter((stage) => stage.kind === 'open');
    const last = pipeline.stages.find((stage) => stage.kind === outcome);
    const product = random.pick(words.products.slice(0, -1));
    const amount = toMinor(product.price * random.int(product.least, product.most), setting.currency);
    const owner = random.chance(0.7) ? company.owner : this.seller();
    const id = setting.idOf(`deal ${number}`);
    const path =
      outcome === 'open' || !last
        ? open.slice(0, random.pick(reached))
        : [...open.slice(0, outcome === 'won' ? open.length : random.int(1, open.length)), last];
    const end =
      outcome === 'open' ? Math.max(started + 0.5, Math.min(-0.5, started + 18 * path.length, -(number % 13))) : closed;
    const dayOf = (step: number) =>
      step === 0 ? started : started + ((end - started) * step) / Math.max(1, path.length - 1);
    const first = path[0];
    if (!first) return;
    const contact = random.pick(company.contacts);
    this.tell(started, owner, 'create', [
      this.make('deal', id, {
        name: words.dealName
          .replace('{company}', company.name)
          .replace('{subject}', words.deals[number % words.deals.length] ?? ''),
        companyId: company.id,
        productId: setting.idOf(`product ${words.products.indexOf(product)}`),
        amount,
        currency: setting.currency,
        ownerId: owner,
        type: random.pick(words.types),
        priority: random.pick(['low', 'medium', 'medium', 'high']),
        source: random.pick(words.sources),
        startedOn: this.day(started),
        expectedClose: this.day(outcome === 'open' ? -6 + ((number * 7) % 96) : closed + random.int(-9, 9)),
        nextStep: outcome === 'open' ? random.pick(words.nextSteps) : null,
        competitor: random.chance(0.25) ? random.pick(words.competitors) : null,
        tags: random.chance(0.2) ? [random.pick(words.tags)] : null,
        ...placed(first, this.moment(started).toISOString()),
        boardOrder: this.moment(started).getTime(),
      }),
      this.make('dealContact', setting.idOf(`deal contact ${number}`), {
        dealId: id,
        contactId: contact.id,
        role: 'decisionMaker',
        isPrimary: true,
      }),
      ...company.contacts
        .filter((other) => other !== contact)
        .slice(0, 1)
        .map((other) =>
          this.make('dealContact', setting.idOf(`second contact ${number}`), {
            dealId: id,
            contactId: other.id,
            role: random.pick(['influencer', 'user', 'champion']),
            isPrimary: false,
          }),
        ),
    ]);
    const old = outcome !== 'open' && closed < longAgo;
    for (const [step, stage] of path.entries()) {
      if (step > 0 && !(old && step < path.length - 1)) this.moveDeal(id, owner, stage, dayOf(step));
    }
    this.writeNotes(number, id, company, contact.name, owner, started, old ? started : end);
    this.planTasks(number, id, company, contact, owner, started, end, outcome === 'open');
  }

  private moveDeal(id: string, owner: string, stage: StageView, day: number): void {
    const at = this.moment(day);
    const verb: Verb = stage.kind === 'won' ? 'win' : stage.kind === 'lost' ? 'lose' : 'move';
    const reasons: Record<string, unknown> = {};
    if (stage.kind !== 'open') reasons.closedOn = this.day(day);
    if (stage.kind === 'lost') reasons.lossReason = this.random.pick(this.words.lossReasons);
    if (stage.kind === 'won') reasons.wonReason = this.random.pick(this.words.wonReasons);
    const values = { ...placed(stage, at.toISOString()), ...reasons, boardOrder: at.getTime() };
    this.tell(day, owner, verb, [{ object: 'deal', op: 'update', id, values }]);
  }

  private writeNotes(
    number: number,
    dealId: string,
    company: Company,
    contact: string,
    ownerId: string,
    from: number,
    to: number,
  ): void {
    if (number % 5 > 2) return;
    const body = (this.words.notes[number % this.words.notes.length] ?? '').replaceAll('{contact}', contact);
    const day = from + (to - from) * this.random.next();
    const note = this.make('note', this.setting.idOf(`note ${number}`), {
      body,
      dealId,
      companyId: company.id,
      ownerId,
      pinned: number % 11 === 0,
    });
    this.tell(day, ownerId, 'create', [note]);
  }

  private planTasks(
    number: number,
    dealId: string,
    company: Company,
    contact: { id: string; name: string },
    ownerId: string,
    from: number,
    to: number,
    open: boolean,
  ): void {
    const { random, words, setting } = this;
    const plan = (name: string, made: number, due: number, done: number | null) => {
      const { type, subject } = random.pick(words.tasks);
      const id = setting.idOf(name);
      const finished = (day: number) => ({ done: true, doneAt: this.moment(day).toISOString() });
      const values = {
        subject: subject.replace('{contact}', contact.name).replace('{company}', company.name),
        type,
        priority: random.pick(['low', 'medium', 'medium', 'high']),
        dueOn: this.day(due),
        ownerId,
        companyId: company.id,
        contactId: contact.id,
        dealId,
        ...(done !== null && done < longAgo / 3 ? finished(done) : { done: false }),
      };
      this.tell(made, ownerId, 'create', [this.make('task', id, values)]);
      if (done !== null && done >= longAgo / 3)
        this.tell(done, ownerId, 'complete', [{ object: 'task', op: 'update', id, values: finished(done) }]);
    };
    if (!open) {
      const due = Math.max(from + 1, to - random.int(1, 10));
      if (number % 2 === 0) plan(`done task ${number}`, from, due, due);
      return;
    }
    // Due days go round, so that everybody has something overdue, something today and something ahead.
    const due = [-4, 0, 1, 3, 0, 7, -1, 12, 2, 0, 5, -9][number % 12] ?? 0;
    if (number % 7 !== 6) plan(`task ${number}`, from, due, null);
    const done = Math.max(from, -random.int(2, 20));
    if (number % 3 === 0) plan(`done task ${number}`, from, done, done);
  }

  /** Everybody has something late, something for today and something ahead. */
  fillDesks(): void {
    for (const [i, ownerId] of this.setting.sellers.entries()) {
      const own = this.companies.filter((company) => company.owner === ownerId);
      for (const [n, due] of [-2, 0, 0, 1, 4].entries()) {
        const company = this.random.pick(own.length > 0 ? own : this.companies);
        const contact = company.contacts[0];
        const { type, subject } = this.random.pick(this.words.tasks);
        const values = {
          subject: subject.replace('{contact}', contact?.name ?? company.name).replace('{company}', company.name),
          type,
          priority: n === 1 ? 'high' : 'medium',
          dueOn: this.day(due),
          ownerId,
          companyId: company.id,
          contactId: contact?.id ?? null,
          done: false,
        };
        this.tell(-8, ownerId, 'create', [this.make('task', this.setting.idOf(`desk ${i} ${n}`), values)]);
      }
    }
  }

  /** Everybody has a call behind them, and a meeting and a call today; some a meeting tomorrow. */
  fillDiaries(): void {
    const { setting, words } = this;
    for (const [i, ownerId] of setting.sellers.entries()) {
      const company = this.companies.filter((each) => each.owner === ownerId)[0] ?? this.companies[i];
      const contact = company?.contacts[0];
      if (!company || !contact) continue;
      const about = { ownerId, companyId: company.id, contactId: contact.id };
      const enter = (made: number, name: string, values: Record<string, unknown>) =>
        this.tell(made, ownerId, 'create', [
          this.make('activity', setting.idOf(`${name} ${i}`), { attendeeIds: [], ...about, ...values }),
        ]);
      const call = (day: number, hour: number, minutes: number) => ({
        kind: 'call',
        subject: contact.name,
        direction: i % 3 === 0 ? 'in' : 'out',
        startsAt: this.clock(day, hour),
        endsAt: this.clock(day, hour + minutes / 60),
      });
      const meeting = (day: number, hour: number, which: number) => {
        const { subject = '', location = '' } = words.meetings[which % words.meetings.length] ?? {};
        return {
          kind: 'meeting',
          subject: subject.replace('{company}', company.name),
          location,
          startsAt: this.clock(day, hour),
          endsAt: this.clock(day, hour + 1),
          attendeeIds: [contact.id],
        };
      };
      const note = i % words.callNotes.length;
      enter(-2, 'call', {
        ...call(-2, 11, 12),
        outcome: note === 1 ? 'noAnswer' : 'reached',
        description: words.callNotes[note],
      });
      enter(-5, 'past meeting', { ...meeting(-4, 14, i + 1), outcome: 'held' });
      enter(-3, 'meeting', meeting(0, 10, i));
      enter(-1, 'planned call', call(0, 16, 30));
      if (i % 2 === 0) enter(-1, 'next meeting', meeting(1, 9, i + 2));
    }
  }

  /** A queue that everybody takes from. */
  openQueue(): void {
    const { setting, words } = this;
    const id = setting.idOf('queue');
    const tasks = words.queue.tasks.map((subject, i) =>
      this.make('task', setting.idOf(`queued ${i}`), {
        subject,
        type: i === 0 ? 'call' : 'email',
        priority: i === 0 ? 'high' : 'medium',
        dueOn: this.day(i),
        ownerId: null,
        queueId: id,
        done: false,
      }),
    );
    this.tell(-1, setting.sellers.at(-1), 'configure', [
      this.make('queue', id, { name: words.queue.name, memberIds: [], position: 0 }),
      ...tasks,
    ]);
  }

  /** The moment at which clocks where the company is show an hour of a day. */
  private clock(day: number, hour: number): string {
    const minutes = Math.round(hour * 60);
    const time = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
    return momentIn(this.setting.timeZone, `${this.day(day)}T${time}`);
  }

  /** Busy people first: half of everything is the first three's. */
  private seller(): string {
    const { sellers } = this.setting;
    return sellers[Math.floor(this.random.next() ** 1.4 * sellers.length)] ?? '';
  }

  /** The companies in an order that mixes the industries. */
  private shuffled(i: number): number {
    return (i * 13 + 5) % counts.companies;
  }

  private make(object: string, id: string, values: Record<string, unknown>): StoryChange {
    return { object, op: 'create', id, values };
  }

  private tell(day: number, by: string | undefined, verb: Verb, changes: StoryChange[]): void {
    const at = this.moment(day);
    // Nothing in a record's past may lie ahead of now.
    const limit = this.setting.now.getTime() - 60_000;
    this.events.push({ at: at.getTime() > limit ? new Date(limit) : at, by: by ?? '', verb, changes });
  }

  /** A moment so many days from now; what is a whole number of days lands somewhere in the working day. */
  private moment(day: number): Date {
    const start = this.setting.now.getTime() + day * dayMs;
    return new Date(Number.isInteger(day) && day < 0 ? start - ((Math.abs(day) * 7919) % 25_000_000) : start);
  }

  private day(day: number): string {
    const whole = Math.round(day);
    const known = this.days.get(whole);
    if (known) return known;
    const written = todayIn(this.setting.timeZone, new Date(this.setting.now.getTime() + whole * dayMs));
    this.days.set(whole, written);
    return written;
  }
}
