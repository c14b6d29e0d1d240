import en from '@/domain/messages/en/samples.json' with { type: 'json' };
import zh from '@/domain/messages/zh/samples.json' with { type: 'json' };
import type { PipelineView, StageView } from '@/domain/pipelines';
import { romanize } from '@/domain/search-keys';
import { companyType } from '../companies/companies';
import { contactType, primaryLink } from '../contacts/contacts';
import type { Change } from '../core/changes';
import { newId } from '../core/ids';
import type { RecordValues } from '../core/record-types';
import { dealType } from '../deals/deals';
import { dealContactType } from '../deals/people';
import { noteType } from '../notes/notes';
import { productType } from '../products/products';
import { taskType } from '../tasks/tasks';
import { about } from './amounts';

const words = { en, zh };

/** Index of the parent for the companies that have one. */
const parents: Record<number, number> = { 1: 0, 3: 2, 8: 7 };
/** Company of each contact. */
const employers = [0, 0, 1, 2, 2, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 9, 10, 10, 10, 11, 11, 11, 1, 3];
const prices = [180, 340, 1200, 4500, 2400, 90];
/** Thousands of dollars, company, product; the place in the pipeline follows from the order. */
const deals: readonly (readonly [amount: number, company: number, product: number])[] = [
  [24, 0, 1],
  [38, 1, 1],
  [12, 2, 2],
  [46, 3, 5],
  [9, 4, 0],
  [15, 5, 0],
  [82, 6, 1],
  [27, 7, 1],
  [6, 8, 5],
  [18, 9, 0],
  [64, 10, 1],
  [51, 11, 1],
  [11, 4, 0],
  [8, 5, 4],
  [14, 7, 3],
  [5, 8, 2],
  [33, 2, 1],
  [3, 9, 2],
  [7, 10, 5],
  [21, 11, 4],
];

export interface SampleSetting {
  locale: 'en' | 'zh';
  currency: string;
  pipeline: PipelineView;
  ownerId: string;
  now: Date;
}

/** A small, believable set of records in the tenant's language, dated round now. */
export function sampleRecords({ locale, currency, pipeline, ownerId, now }: SampleSetting): Change[] {
  const text = words[locale];
  const day = (offset: number) => new Date(now.getTime() + offset * 86_400_000).toISOString().slice(0, 10);
  const moment = (offset: number) => new Date(now.getTime() + offset * 86_400_000).toISOString();
  const ids = (list: readonly unknown[]) => list.map(() => newId());
  const [companyIds, contactIds, productIds, dealIds] = [
    ids(text.companies),
    ids(text.contacts),
    ids(text.products),
    ids(text.deals),
  ];
  const domains = text.companies.map(
    ({ name }) =>
      `${romanize(name)
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '')}.example`,
  );

  const companies = text.companies.map((company, i): Change => {
    const parent = parents[i];
    const values = {
      ...company,
      parentId: parent === undefined ? null : companyIds[parent],
      domain: domains[i],
      website: `https://${domains[i]}`,
      type: i % 3 === 0 ? 'customer' : 'prospect',
      ownerId,
    };
    return create(companyType, companyIds[i], values);
  });
  const contacts = text.contacts.flatMap(({ name, title }, i): Change[] => {
    const employer = employers[i] ?? 0;
    const id = contactIds[i] ?? newId();
    const companyId = companyIds[employer] ?? '';
    const mailbox = romanize(name)
      .toLowerCase()
      .replace(/[^a-z]+/g, '.');
    return [
      create(contactType, id, { name, jobTitle: title, companyId, email: `${mailbox}@${domains[employer]}`, ownerId }),
      primaryLink(id, companyId),
    ];
  });
  const products = text.products.map(
    (product, i): Change =>
      create(productType, productIds[i], {
        ...product,
        price: about(prices[i] ?? 100, currency),
        currency,
        active: true,
      }),
  );
  const stages = stagesFor(pipeline.stages, deals.length);
  const dealChanges = deals.flatMap(([amount, company, product], i): Change[] => {
    const stage = stages[i];
    const dealId = dealIds[i];
    if (!stage || !dealId) return [];
    const open = stage.kind === 'open';
    const entered = open ? -2 - ((i * 5) % 20) : -6 - i * 3;
    const values: RecordValues = {
      name: `${text.companies[company]?.name} · ${text.deals[i]}`,
      companyId: companyIds[company],
      productId: productIds[product],
      amount: about(amount * 1000, currency),
      currency,
      ownerId,
      source: text.sources[i % text.sources.length],
      startedOn: day(entered - 20),
      expectedClose: day(open ? -3 + i * 5 : entered),
      nextStep: open ? text.nextSteps[i % text.nextSteps.length] : null,
      lossReason: stage.kind === 'lost' ? text.lossReasons[i % text.lossReasons.length] : null,
      ...placed(stage, moment(entered)),
      closedOn: open ? null : day(entered),
      boardOrder: now.getTime() + entered * 86_400_000,
    };
    const contact = employers.indexOf(company);
    return [
      create(dealType, dealId, values),
      create(dealContactType, newId(), {
        dealId,
        contactId: contactIds[contact],
        role: 'decisionMaker',
        isPrimary: true,
      }),
    ];
  });
  const tasks = text.tasks.map((subject, i): Change => {
    const [, company] = deals[i] ?? [0, 0];
    const done = i % 5 === 4;
    return create(taskType, newId(), {
      subject,
      type: (['email', 'call', 'meeting', 'todo'] as const)[i % 4],
      priority: (['medium', 'high', 'low'] as const)[i % 3],
      dueOn: day(done ? -i : -2 + i),
      dealId: dealIds[i],
      companyId: companyIds[company],
      ownerId,
      done,
      doneAt: done ? moment(-i) : null,
    });
  });
  const notes = text.notes.map((body, i): Change => {
    const [, company] = deals[i] ?? [0, 0];
    return create(noteType, newId(), {
      body,
      dealId: dealIds[i],
      companyId: companyIds[company],
      ownerId,
      pinned: i === 0,
    });
  });
  return [...products, ...companies, ...contacts, ...dealChanges, ...tasks, ...notes];
}

function create(type: Change['type'], id: string | undefined, values: RecordValues): Change {
  return { type, op: 'create', id: id ?? newId(), values };
}

/** What a deal takes from the stage it stands in. */
export function placed(stage: StageView, enteredAt: string): RecordValues {
  return {
    pipelineId: stage.pipelineId,
    stageId: stage.id,
    status: stage.kind,
    probability: stage.probability,
    stageEnteredAt: enteredAt,
  };
}

/** Spreads deals over all stages of a pipeline: most in the open ones, some won, a few lost. */
function stagesFor(stages: readonly StageView[], count: number): StageView[] {
  const of = (kind: StageView['kind']) => stages.filter((stage) => stage.kind === kind);
  const [open, won, lost] = [of('open'), of('won'), of('lost')];
  const taken = new Map<StageView[], number>();
  return Array.from({ length: count }, (_, i) => {
    const kind = i % 10 === 9 ? lost : i % 4 === 3 ? won : open;
    const list = kind.length > 0 ? kind : [...stages];
    const turn = taken.get(list) ?? 0;
    taken.set(list, turn + 1);
    // A pipeline has at least one stage, so the list is not empty.
    return list[turn % list.length] as StageView;
  });
}
