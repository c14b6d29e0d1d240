import { Readable } from 'node:stream';
import { reactionSigns } from '@/domain/conversation';
import type { Condition } from '@/domain/filters';
import { type ViewInput, viewInput } from '@/domain/views';
import { logCall } from '../activities/activities';
import { attach } from '../attachments/attachments';
import { addComment } from '../conversation/comments';
import { react } from '../conversation/reactions';
import { apply, type Change } from '../core/changes';
import { storeFile } from '../core/files';
import { newId } from '../core/ids';
import type { RecordValues } from '../core/record-types';
import { removeRecords } from '../core/record-verbs';
import type { Work } from '../core/work';
import { createNote } from '../notes/notes';
import { createTask } from '../tasks/tasks';
import { settingsOf, todayIn } from '../tenants/settings';
import { createView } from '../views/views';
import { type OwnWords, visitObject } from './demo-own';
import { create, mention } from './demo-own-story';
import type { StoryChange, StoryEvent } from './demo-story';

const dayMs = 86_400_000;

export interface Scene {
  own: OwnWords;
  now: Date;
  story: readonly StoryEvent[];
  /** Members by what the words call them: `maya` is the owner of the company. */
  people: Record<'maya' | 'daniel' | 'sofia' | 'peter' | 'nina' | 'omar', string>;
  names: ReadonlyMap<string, string>;
}

/** Something done through a verb, when its time in the story has come. */
export interface Act {
  at: Date;
  by: string;
  run: (work: Work) => Promise<unknown>;
}

/** What people say to each other on the records of a story, and leave on them, oldest first. */
export function talk(scene: Scene): Act[] {
  const cast = castOf(scene);
  const acts = [
    ...comments(scene, cast),
    ...aboutVisits(scene, cast),
    ...twins(scene),
    ...bin(scene, cast),
    ...files(scene, cast),
  ];
  return acts.sort((a, b) => a.at.getTime() - b.at.getTime());
}

interface Made {
  id: string;
  /** When, in days from now. */
  since: number;
  values: RecordValues;
}

interface Cast {
  deals: Made[];
  companies: Made[];
  visits: Made[];
}

/** The records that are talked about: three open deals, two customers, a visit that waits and one that is done. */
function castOf({ story, people, now }: Scene): Cast {
  const made = new Map<string, Made & { object: string }>();
  for (const { at, changes } of story)
    for (const { object, id, values } of changes) {
      const before = made.get(id) ?? { object, since: (at.getTime() - now.getTime()) / dayMs, values: {} };
      made.set(id, { ...before, id, values: { ...before.values, ...values } });
    }
  const all = (object: string) => [...made.values()].filter((record) => record.object === object);
  // Known long enough to have been talked about.
  const open = all('deal').filter(({ values, since }) => values.status === 'open' && values.c_forecast && since < -8);
  const largest = open.toSorted((a, b) => Number(b.values.amount) - Number(a.values.amount));
  const [first, second] = largest;
  const ofNina = largest.find((deal) => deal.values.ownerId === people.nina && deal !== first && deal !== second);
  const customers = all('company').filter(({ values }) => values.c_renewal);
  const due = customers.toSorted((a, b) => String(a.values.c_renewal).localeCompare(String(b.values.c_renewal)));
  const visits = all(visitObject);
  const waiting = visits.findLast(({ values }) => values.c_status === 'waiting');
  const done = visits.findLast(({ values }) => values.c_status === 'done' && values.c_rating);
  const there = (...list: (Made | undefined)[]) => list.filter((record) => record !== undefined);
  return { deals: there(first, second, ofNina), companies: there(due[2], due[1]), visits: there(waiting, done) };
}

function comments({ own, now, people, names }: Scene, cast: Cast): Act[] {
  const records = { deal: cast.deals, company: cast.companies, visit: cast.visits };
  let last: string | null = null;
  return (own.comments as Comment[]).flatMap(({ on, which, days, by, text, reply, reactions }): Act[] => {
    const record = records[on][which];
    if (!record) return [];
    const called: Record<string, string> = { ...people, owner: String(record.values.ownerId) };
    const author = called[by] ?? people.maya;
    const body = text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const id = called[name];
      return id ? mention(names, id) : whole;
    });
    const object = on === 'visit' ? visitObject : on;
    const run = async (work: Work) => {
      const { id } = await addComment(work, { object, recordId: record.id, body, replyTo: reply ? last : null });
      last = id;
      const others = Object.values(people).filter((person) => person !== author);
      for (const [i, sign] of (reactions ?? []).entries()) {
        const emoji = reactionSigns.find((known) => known === sign);
        for (const memberId of emoji ? others.slice(i, i + 2 - (i % 2)) : [])
          if (emoji) await react({ ...work, actor: { ...work.actor, memberId } }, { target: 'comment', id, emoji });
      }
    };
    return [{ at: dayOf(now, days), by: author, run }];
  });
}

const dateOf = (now: Date, days: number): string => dayOf(now, days).toISOString().slice(0, 10);
const dayOf = (now: Date, days: number): Date => new Date(now.getTime() + days * dayMs);

interface Comment {
  on: 'deal' | 'company' | 'visit';
  which: number;
  days: number;
  by: string;
  text: string;
  reply?: boolean;
  reactions?: string[];
}

/** What is noted, called about and still to be done for the visit that waits. */
function aboutVisits({ own, now, people }: Scene, { visits }: Cast): Act[] {
  const [waiting] = visits;
  if (!waiting?.values.c_waiting_for) return [];
  const aboutId = waiting.id;
  return own.aboutVisits.map(({ kind, days, by, text, subject, minutes, due }): Act => {
    const run = async (work: Work) => {
      if (kind === 'note') return createNote(work, { aboutId, body: text });
      if (kind === 'call')
        return logCall(work, { ...call, aboutId, subject, minutes: minutes ?? 0, description: text });
      const day = todayIn((await settingsOf(work)).timeZone, dayOf(now, due ?? 0));
      return createTask(work, { aboutId, subject: text, type: 'call', dueOn: day });
    };
    return { at: dayOf(now, days), by: by === 'maya' ? people.maya : people.omar, run };
  });
}

const call = { direction: 'out', outcome: 'reached' } as const;

/** A company entered twice under slightly different names, with two of its people. */
function twins({ own, story, now, people }: Scene): Act[] {
  const all = story.flatMap(({ changes }) => changes.filter(({ op }) => op === 'create'));
  const company = all.find(({ object, values }) => object === 'company' && values.name === own.twins.of);
  if (!company) return [];
  const id = newId();
  const { domain, phone, city, country, industry, currency } = company.values;
  const twin: RecordValues = { name: own.twins.company, domain, phone, city, country, industry, currency };
  const staff = all.filter(({ object, values }) => object === 'contact' && values.companyId === company.id);
  const list: StoryChange[] = [create('company', id, { ...twin, ownerId: people.nina, source: own.twins.contactNote })];
  for (const { values } of staff.slice(0, 2)) {
    const { name, firstName, lastName, email, phone: number } = values;
    const contactId = newId();
    list.push(
      create('contact', contactId, {
        ...{ name, firstName, lastName, email, phone: number },
        companyId: id,
        ownerId: people.nina,
      }),
      create('contactCompany', newId(), { contactId, companyId: id, role: 'employee', isPrimary: true }),
    );
  }
  const run = (work: Work) =>
    apply(
      work,
      'create',
      list.map(({ object, id, values }): Change => ({ type: work.types.get(object), op: 'create', id, values })),
    );
  return [{ at: dayOf(now, -1.7), by: people.nina, run }];
}

/** What people threw away in the last weeks. */
function bin({ own, now, people }: Scene, { deals, companies }: Cast): Act[] {
  const { deal, contact, visit, company } = own.binned;
  const { nina, omar, daniel } = people;
  const [first] = deals;
  const gone: { object: string; values: RecordValues; by: string; made: number; days: number }[] = [
    { object: 'company', values: { name: company }, by: daniel, made: -64, days: -31 },
    { object: 'contact', values: { name: contact, lastName: contact }, by: nina, made: -40, days: -12 },
    {
      object: visitObject,
      values: { name: visit, c_company: companies[0]?.id, c_status: 'planned', c_date: dateOf(now, -15) },
      by: omar,
      made: -21,
      days: -20,
    },
  ];
  if (first) {
    const { companyId, amount, currency, pipelineId, stageId, status, probability, ...rest } = first.values;
    const { stageEnteredAt, boardOrder } = rest;
    const place = { pipelineId, stageId, status, probability, stageEnteredAt, boardOrder };
    const values = { name: deal, companyId, amount, currency, ...place };
    gone.push({ object: 'deal', values, by: daniel, made: -6, days: -4 });
  }
  return gone.flatMap(({ object, values, by, made, days }): Act[] => {
    const id = newId();
    const make = (work: Work) => {
      const change: Change = { type: work.types.get(object), op: 'create', id, values: { ...values, ownerId: by } };
      return apply(work, 'create', [change]);
    };
    const remove = (work: Work) => removeRecords(work, work.types.get(object), { ids: [id] });
    return [
      { at: dayOf(now, made), by, run: make },
      { at: dayOf(now, days), by, run: remove },
    ];
  });
}

function files({ own, now, people }: Scene, { companies, visits }: Cast): Act[] {
  const targets = {
    agreement: { object: 'company', record: companies[0], field: 'c_agreement', by: people.daniel, days: -45 },
    visit: { object: visitObject, record: visits[1], field: 'c_photos', by: people.sofia, days: -1.6 },
  };
  return own.files.flatMap(({ on, name, text }): Act[] => {
    const { object, record, field, by, days } = targets[on === 'agreement' ? 'agreement' : 'visit'];
    if (!record) return [];
    const run = async (work: Work) => {
      const bytes = Readable.from([Buffer.from(text.replace('{company}', String(record.values.name)))]);
      const stored = await storeFile(work.actor.tenantId, bytes, 1024 * 1024);
      return attach(work, { object, recordId: record.id, field }, stored, { name, mediaType: 'text/plain' });
    };
    return [{ at: dayOf(now, days), by, run }];
  });
}

/** Views that everybody has, and one of the owner's own. */
export async function makeViews(work: Work, own: OwnWords): Promise<void> {
  const words = own.views;
  const columns = (...fields: string[]) => fields.map((field) => ({ field }));
  const is = (field: string, value: string): Condition => ({ field, op: 'is', value });
  const list: ViewInput[] = [
    {
      object: 'company',
      name: words.renewals,
      config: {
        filter: {
          and: [
            { field: 'c_tier', op: 'isNotEmpty' },
            { field: 'c_days_left', op: 'lt', value: 90 },
          ],
        },
        sort: [{ field: 'c_renewal', dir: 'asc' }],
        columns: columns('name', 'c_tier', 'c_renewal', 'c_days_left', 'c_won', 'c_last_visit', 'ownerId'),
      },
    },
    { object: 'company', name: words.tiers, kind: 'board', config: { board: 'c_tier' } },
    {
      object: 'company',
      name: words.customers,
      config: {
        filter: is('type', 'customer'),
        sort: [{ field: 'c_total', dir: 'desc' }],
        group: { field: 'c_tier' },
        totals: { c_won: 'sum', c_open: 'sum', c_total: 'sum' },
        columns: columns('name', 'c_fit', 'c_won', 'c_open', 'c_total', 'c_visits', 'c_channels', 'ownerId'),
      },
    },
    {
      object: 'company',
      name: words.mine,
      audience: 'mine',
      config: {
        filter: {
          and: [
            { field: 'c_fit', op: 'gte', value: 4 },
            { field: 'c_sites', op: 'gte', value: 3 },
          ],
        },
        columns: columns('name', 'c_fit', 'c_sites', 'c_total', 'city', 'ownerId'),
      },
    },
    {
      object: 'deal',
      name: words.forecast,
      kind: 'board',
      config: { board: 'c_forecast', filter: is('status', 'open') },
    },
    {
      object: 'deal',
      name: words.closing,
      kind: 'table',
      config: {
        filter: { and: [is('status', 'open'), { field: 'expectedClose', op: 'during', value: 'thisQuarter' }] },
        sort: [{ field: 'amount', dir: 'desc' }],
        group: { field: 'c_forecast' },
        totals: { amount: 'sum', c_profit: 'sum' },
        columns: columns('name', 'companyId', 'stageId', 'amount', 'c_margin', 'c_profit', 'expectedClose', 'ownerId'),
      },
    },
    {
      object: 'deal',
      name: words.deliveries,
      kind: 'calendar',
      config: { date: 'c_delivery', span: 'month', filter: is('status', 'open') },
    },
    { object: visitObject, name: words.visitBoard, kind: 'board', config: { board: 'c_status' } },
    { object: visitObject, name: words.visitCalendar, kind: 'calendar', config: { date: 'c_date', span: 'month' } },
    {
      object: visitObject,
      name: words.waiting,
      config: {
        filter: is('c_status', 'waiting'),
        sort: [{ field: 'c_date', dir: 'asc' }],
        columns: columns('name', 'c_company', 'c_waiting_for', 'c_date', 'c_technician'),
      },
    },
    {
      object: visitObject,
      name: words.byTechnician,
      config: {
        sort: [{ field: 'c_date', dir: 'desc' }],
        group: { field: 'c_technician' },
        totals: { c_units: 'sum', c_hours: 'sum', c_cost: 'sum', c_rating: 'avg' },
        columns: columns(
          'name',
          'c_company',
          'c_status',
          'c_date',
          'c_kind',
          'c_units',
          'c_hours',
          'c_cost',
          'c_cost_each',
          'c_rating',
        ),
      },
    },
    {
      object: 'contact',
      name: words.newsletter,
      config: {
        filter: { field: 'c_newsletter', op: 'is', value: true },
        columns: columns('name', 'companyId', 'email', 'c_best_time', 'c_profile'),
      },
    },
  ];
  for (const view of list) await createView(work, viewInput.parse({ audience: 'everyone', ...view }));
}
