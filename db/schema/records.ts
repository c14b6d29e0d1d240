import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  date,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import { app, ctext, custom, moment, recordColumns, tenantId, writtenAt } from './_tenant';
import { pipelines, stages } from './pipelines';
import { members, tenants } from './tenants';

const day = () => date({ mode: 'string' });
const money = () => bigint({ mode: 'number' });
const tags = () => text().array();

const address = {
  street: text(),
  street2: text(),
  district: text(),
  city: text(),
  state: text(),
  postalCode: text(),
  country: text(),
};

export const companies = app.table(
  'company',
  {
    ...recordColumns,
    tenantId: tenantId().references(() => tenants.id),
    name: text().notNull(),
    /** Match key of the name (domain/imports/matching): imports and duplicate checks look companies up by it. */
    nameKey: ctext().notNull(),
    /** Sort key of the name: Chinese by pinyin, Latin case-folded. */
    sortKey: ctext().notNull(),
    domain: text(),
    domainNorm: ctext().generatedAlwaysAs(sql`lower(domain)`),
    industry: ctext(),
    parentId: uuid(),
    type: ctext(),
    ownerId: uuid(),
    phone: text(),
    email: text(),
    website: text(),
    employees: integer(),
    annualRevenue: money(),
    currency: ctext(),
    shortName: text(),
    englishName: text(),
    legalName: text(),
    taxId: text(),
    fax: text(),
    industryGroup: text(),
    ownership: text(),
    ticker: text(),
    rating: ctext(),
    lifecycleStage: ctext(),
    leadStatus: ctext(),
    yearFounded: integer(),
    accountNumber: text(),
    site: text(),
    source: text(),
    linkedin: text(),
    timeZone: text(),
    ...address,
    shippingStreet: text(),
    shippingCity: text(),
    shippingState: text(),
    shippingPostalCode: text(),
    shippingCountry: text(),
    tags: tags(),
    description: text(),
    custom: custom(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index('company_bin').on(t.tenantId, t.deletedAt).where(sql`${t.deletedAt} is not null`),
    index().on(t.tenantId, t.nameKey),
    index().on(t.tenantId, t.domainNorm),
    index().on(t.tenantId, t.sortKey, t.id),
    index().on(t.tenantId, t.createdAt, t.id),
    // With the id: a list in the order of owners' names needs no sorting (server/core/record-order.ts).
    index().on(t.tenantId, t.ownerId, t.id),
    index().on(t.tenantId, t.parentId, t.id),
    index().on(t.tenantId, t.industry),
    foreignKey({ columns: [t.tenantId, t.parentId], foreignColumns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.ownerId], foreignColumns: [members.tenantId, members.id] }),
  ],
);

export const contacts = app.table(
  'contact',
  {
    ...recordColumns,
    tenantId: tenantId().references(() => tenants.id),
    name: text().notNull(),
    nameKey: ctext().notNull(),
    sortKey: ctext().notNull(),
    /** The primary company; all of them, with roles, are in contact_company. */
    companyId: uuid(),
    jobTitle: text(),
    email: text(),
    emailNorm: ctext().generatedAlwaysAs(sql`lower(email)`),
    phone: text(),
    mobile: text(),
    ownerId: uuid(),
    salutation: text(),
    firstName: text(),
    lastName: text(),
    department: text(),
    seniority: text(),
    otherEmail: text(),
    homePhone: text(),
    otherPhone: text(),
    fax: text(),
    wechat: text(),
    whatsapp: text(),
    linkedin: text(),
    birthday: day(),
    assistant: text(),
    assistantPhone: text(),
    reportsToId: uuid(),
    lifecycleStage: ctext(),
    leadStatus: ctext(),
    source: text(),
    preferredLanguage: text(),
    timeZone: text(),
    ...address,
    doNotCall: boolean(),
    doNotMail: boolean(),
    tags: tags(),
    description: text(),
    custom: custom(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index('contact_bin').on(t.tenantId, t.deletedAt).where(sql`${t.deletedAt} is not null`),
    index().on(t.tenantId, t.emailNorm),
    index().on(t.tenantId, t.nameKey),
    index().on(t.tenantId, t.sortKey, t.id),
    index().on(t.tenantId, t.createdAt, t.id),
    index().on(t.tenantId, t.companyId, t.id),
    index().on(t.tenantId, t.ownerId, t.id),
    index().on(t.tenantId, t.reportsToId, t.id),
    foreignKey({ columns: [t.tenantId, t.companyId], foreignColumns: [companies.tenantId, companies.id] }),
    foreignKey({ columns: [t.tenantId, t.reportsToId], foreignColumns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.ownerId], foreignColumns: [members.tenantId, members.id] }),
  ],
);

export const contactCompanies = app.table(
  'contact_company',
  {
    ...recordColumns,
    tenantId: tenantId().references(() => tenants.id),
    contactId: uuid().notNull(),
    companyId: uuid().notNull(),
    role: ctext(),
    isPrimary: boolean().notNull().default(false),
    fromDate: day(),
    toDate: day(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index().on(t.tenantId, t.contactId),
    index().on(t.tenantId, t.companyId),
    foreignKey({ columns: [t.tenantId, t.contactId], foreignColumns: [contacts.tenantId, contacts.id] }),
    foreignKey({ columns: [t.tenantId, t.companyId], foreignColumns: [companies.tenantId, companies.id] }),
  ],
);

export const products = app.table(
  'product',
  {
    ...recordColumns,
    tenantId: tenantId().references(() => tenants.id),
    name: text().notNull(),
    nameKey: ctext().notNull(),
    sortKey: ctext().notNull(),
    code: text(),
    series: text(),
    price: money(),
    currency: ctext(),
    cost: money(),
    unit: text(),
    taxPercent: integer(),
    active: boolean(),
    description: text(),
    custom: custom(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index('product_bin').on(t.tenantId, t.deletedAt).where(sql`${t.deletedAt} is not null`),
    index().on(t.tenantId, t.nameKey),
    index().on(t.tenantId, t.sortKey, t.id),
    index().on(t.tenantId, t.createdAt, t.id),
  ],
);

export const deals = app.table(
  'deal',
  {
    ...recordColumns,
    tenantId: tenantId().references(() => tenants.id),
    name: text().notNull(),
    nameKey: ctext().notNull(),
    sortKey: ctext().notNull(),
    companyId: uuid(),
    pipelineId: uuid().notNull(),
    stageId: uuid().notNull(),
    /** Follows the stage's kind; stored too, since exports of other systems tell status and stage apart. */
    status: ctext().notNull(),
    probability: integer().notNull(),
    amount: money(),
    currency: ctext().notNull(),
    ownerId: uuid(),
    expectedClose: day(),
    productId: uuid(),
    type: text(),
    priority: ctext(),
    source: text(),
    nextStep: text(),
    lossReason: text(),
    wonReason: text(),
    competitor: text(),
    startedOn: day(),
    closedOn: day(),
    stageEnteredAt: moment().notNull().default(sql`now()`),
    /** Place within its column on the board; larger comes first. */
    boardOrder: doublePrecision().notNull().default(0),
    tags: tags(),
    description: text(),
    custom: custom(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index('deal_bin').on(t.tenantId, t.deletedAt).where(sql`${t.deletedAt} is not null`),
    check('deal_status', sql`${t.status} in ('open', 'won', 'lost')`),
    // The board: one stage's open cards in order, from the index alone up to the page's end.
    index().on(t.tenantId, t.stageId, t.boardOrder, t.id),
    index().on(t.tenantId, t.pipelineId, t.id),
    index().on(t.tenantId, t.createdAt, t.id),
    index().on(t.tenantId, t.sortKey, t.id),
    index().on(t.tenantId, t.amount, t.id),
    index().on(t.tenantId, t.closedOn, t.id),
    index().on(t.tenantId, t.expectedClose, t.id),
    index().on(t.tenantId, t.stageId, t.id),
    index().on(t.tenantId, t.companyId, t.id),
    index().on(t.tenantId, t.ownerId, t.id),
    index().on(t.tenantId, t.productId, t.id),
    foreignKey({ columns: [t.tenantId, t.companyId], foreignColumns: [companies.tenantId, companies.id] }),
    foreignKey({ columns: [t.tenantId, t.pipelineId], foreignColumns: [pipelines.tenantId, pipelines.id] }),
    foreignKey({ columns: [t.tenantId, t.stageId], foreignColumns: [stages.tenantId, stages.id] }),
    foreignKey({ columns: [t.tenantId, t.productId], foreignColumns: [products.tenantId, products.id] }),
    foreignKey({ columns: [t.tenantId, t.ownerId], foreignColumns: [members.tenantId, members.id] }),
  ],
);

export const dealContacts = app.table(
  'deal_contact',
  {
    ...recordColumns,
    tenantId: tenantId().references(() => tenants.id),
    dealId: uuid().notNull(),
    contactId: uuid().notNull(),
    role: ctext(),
    isPrimary: boolean().notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index().on(t.tenantId, t.dealId),
    index().on(t.tenantId, t.contactId),
    foreignKey({ columns: [t.tenantId, t.dealId], foreignColumns: [deals.tenantId, deals.id] }),
    foreignKey({ columns: [t.tenantId, t.contactId], foreignColumns: [contacts.tenantId, contacts.id] }),
  ],
);

/** A line of tasks that several people take from. */
export const taskQueues = app.table(
  'task_queue',
  {
    ...recordColumns,
    tenantId: tenantId().references(() => tenants.id),
    name: text().notNull(),
    memberIds: uuid().array().notNull().default([]),
    position: doublePrecision().notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] })],
);

export const tasks = app.table(
  'task',
  {
    ...recordColumns,
    tenantId: tenantId().references(() => tenants.id),
    subject: text().notNull(),
    sortKey: ctext().notNull(),
    type: ctext(),
    priority: ctext(),
    dueOn: day(),
    ownerId: uuid(),
    companyId: uuid(),
    contactId: uuid(),
    dealId: uuid(),
    /** A record of another kind that it is about: a product, or one of an object the tenant made. */
    aboutObject: ctext(),
    aboutId: uuid(),
    description: text(),
    done: boolean(),
    doneAt: moment(),
    remindAt: moment(),
    remindedAt: moment(),
    /** RFC 5545 RRULE, from the day it is due; the next one is made when this one is done. */
    recurrence: text(),
    /** The task it came after. */
    recursFrom: uuid(),
    /** What the next one takes instead of this one's values, where those were changed for this one only. */
    series: jsonb().$type<Record<string, unknown>>(),
    queueId: uuid(),
    custom: custom(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index('task_bin').on(t.tenantId, t.deletedAt).where(sql`${t.deletedAt} is not null`),
    index().on(t.tenantId, t.ownerId, t.dueOn),
    index().on(t.tenantId, t.dueOn, t.id),
    index('task_reminder').on(t.tenantId, t.remindAt).where(sql`${t.remindAt} is not null and ${t.remindedAt} is null`),
    index('task_in_queue').on(t.tenantId, t.queueId).where(sql`${t.queueId} is not null`),
    // Done ones stay in their queue for good: what waits there is counted every minute.
    index('task_open_in_queue')
      .on(t.tenantId, t.queueId)
      .where(sql`${t.queueId} is not null and ${t.done} is not true and ${t.deletedAt} is null`),
    index('task_recurs_from').on(t.tenantId, t.recursFrom).where(sql`${t.recursFrom} is not null`),
    index().on(t.tenantId, t.createdAt, t.id),
    index().on(t.tenantId, t.companyId),
    index().on(t.tenantId, t.contactId),
    index().on(t.tenantId, t.dealId),
    index('task_about').on(t.tenantId, t.aboutId).where(sql`${t.aboutId} is not null`),
    foreignKey({ columns: [t.tenantId, t.ownerId], foreignColumns: [members.tenantId, members.id] }),
    foreignKey({ columns: [t.tenantId, t.companyId], foreignColumns: [companies.tenantId, companies.id] }),
    foreignKey({ columns: [t.tenantId, t.contactId], foreignColumns: [contacts.tenantId, contacts.id] }),
    foreignKey({ columns: [t.tenantId, t.dealId], foreignColumns: [deals.tenantId, deals.id] }),
  ],
);

export const notes = app.table(
  'note',
  {
    ...recordColumns,
    tenantId: tenantId().references(() => tenants.id),
    body: text().notNull(),
    ownerId: uuid(),
    companyId: uuid(),
    contactId: uuid(),
    dealId: uuid(),
    /** A record of another kind that it is about: a product, or one of an object the tenant made. */
    aboutObject: ctext(),
    aboutId: uuid(),
    pinned: boolean(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index('note_bin').on(t.tenantId, t.deletedAt).where(sql`${t.deletedAt} is not null`),
    index().on(t.tenantId, t.createdAt, t.id),
    index().on(t.tenantId, t.ownerId),
    index().on(t.tenantId, t.companyId),
    index().on(t.tenantId, t.contactId),
    index().on(t.tenantId, t.dealId),
    index('note_about').on(t.tenantId, t.aboutId).where(sql`${t.aboutId} is not null`),
    foreignKey({ columns: [t.tenantId, t.ownerId], foreignColumns: [members.tenantId, members.id] }),
    foreignKey({ columns: [t.tenantId, t.companyId], foreignColumns: [companies.tenantId, companies.id] }),
    foreignKey({ columns: [t.tenantId, t.contactId], foreignColumns: [contacts.tenantId, contacts.id] }),
    foreignKey({ columns: [t.tenantId, t.dealId], foreignColumns: [deals.tenantId, deals.id] }),
  ],
);

/** Calls and meetings, held or planned. */
export const activities = app.table(
  'activity',
  {
    ...recordColumns,
    tenantId: tenantId().references(() => tenants.id),
    kind: ctext().notNull(),
    subject: text().notNull(),
    sortKey: ctext().notNull(),
    startsAt: moment().notNull(),
    endsAt: moment(),
    /** `in` or `out`, of a call. */
    direction: ctext(),
    outcome: ctext(),
    location: text(),
    link: text(),
    ownerId: uuid(),
    companyId: uuid(),
    contactId: uuid(),
    dealId: uuid(),
    /** A record of another kind that it is about: a product, or one of an object the tenant made. */
    aboutObject: ctext(),
    aboutId: uuid(),
    /** Others who took part: contacts and members. */
    attendeeIds: uuid().array().notNull().default([]),
    /** The same who are neither, by their mail addresses. */
    attendeeEmails: text().array().notNull().default([]),
    description: text(),
    custom: custom(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index('activity_bin').on(t.tenantId, t.deletedAt).where(sql`${t.deletedAt} is not null`),
    check('activity_kind', sql`${t.kind} in ('call', 'meeting')`),
    index().on(t.tenantId, t.ownerId, t.startsAt),
    index().on(t.tenantId, t.startsAt, t.id),
    index().on(t.tenantId, t.createdAt, t.id),
    index().on(t.tenantId, t.companyId),
    index().on(t.tenantId, t.contactId),
    index().on(t.tenantId, t.dealId),
    index('activity_about').on(t.tenantId, t.aboutId).where(sql`${t.aboutId} is not null`),
    foreignKey({ columns: [t.tenantId, t.ownerId], foreignColumns: [members.tenantId, members.id] }),
    foreignKey({ columns: [t.tenantId, t.companyId], foreignColumns: [companies.tenantId, companies.id] }),
    foreignKey({ columns: [t.tenantId, t.contactId], foreignColumns: [contacts.tenantId, contacts.id] }),
    foreignKey({ columns: [t.tenantId, t.dealId], foreignColumns: [deals.tenantId, deals.id] }),
  ],
);

/** Ids a record had in the system it came from; imports find it again by them. */
export const externalIds = app.table(
  'external_id',
  {
    tenantId: tenantId().references(() => tenants.id),
    object: ctext().notNull(),
    system: ctext().notNull(),
    externalId: ctext().notNull(),
    recordId: uuid().notNull(),
    /** The import that has given it to a record which was here: taken back, it takes the id away again. */
    changeSetId: uuid(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.object, t.system, t.externalId] }), index().on(t.tenantId, t.recordId)],
);

/** Words a record is found by, each a prefix-search target (domain/search-keys). */
export const searchKeys = app.table(
  'search_key',
  {
    tenantId: tenantId(),
    key: ctext().notNull(),
    object: ctext().notNull(),
    recordId: uuid().notNull(),
    /** How well a record is found by it (domain/search-ranks.ts); 9 is a key of before there were ranks. */
    rank: integer().notNull().default(9),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.key, t.object, t.recordId] }),
    index().on(t.tenantId, t.recordId),
    // The best of a kind in order, from the index alone, however many there are.
    index('search_key_ranked').on(t.tenantId, t.object, t.rank, t.key, t.recordId),
  ],
);

/** By which rules a tenant's search keys are made, and how far they have been made anew. */
export const searchStates = app.table(
  'search_state',
  {
    tenantId: tenantId().references(() => tenants.id),
    /** `keyRules` of domain/search-keys.ts once all are made by them. */
    rules: integer().notNull().default(0),
    /** Where the rebuild under way stands: kind of record and last record done. */
    object: ctext(),
    afterId: uuid(),
  },
  (t) => [primaryKey({ columns: [t.tenantId] })],
);

/** What happened: one row per action, whatever number of records it touched. */
export const changeSets = app.table(
  'change_set',
  {
    tenantId: tenantId().references(() => tenants.id),
    id: uuid().notNull(),
    at: moment().notNull().default(sql`now()`),
    memberId: uuid(),
    channel: ctext().notNull(),
    verb: ctext().notNull(),
    detail: jsonb(),
    requestId: ctext(),
    ip: ctext(),
    /** The change set this one takes back. */
    undoes: uuid(),
    undoneBy: uuid(),
    writtenAt: writtenAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index().on(t.tenantId, t.memberId, t.at),
    index().on(t.tenantId, t.at),
    index().on(t.tenantId, t.writtenAt),
  ],
);

/** One record's part of a change set: its changed fields before and after. Append only. */
export const changes = app.table(
  'change',
  {
    tenantId: tenantId(),
    changeSetId: uuid().notNull(),
    object: ctext().notNull(),
    recordId: uuid().notNull(),
    op: ctext().notNull(),
    at: moment().notNull().default(sql`now()`),
    before: jsonb(),
    after: jsonb(),
    writtenAt: writtenAt(),
    /** Set when the record was erased for good: which erasure took the values, and what the row's hash was before. */
    erasureId: uuid(),
    erasedHash: ctext(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.changeSetId, t.recordId] }),
    index('change_erased').on(t.tenantId, t.erasureId).where(sql`${t.erasureId} is not null`),
    index().on(t.tenantId, t.recordId, t.at),
    index().on(t.tenantId, t.writtenAt),
    foreignKey({ columns: [t.tenantId, t.changeSetId], foreignColumns: [changeSets.tenantId, changeSets.id] }),
  ],
);
