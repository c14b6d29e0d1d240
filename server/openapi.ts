import { z } from 'zod';
import { catalogueOf, type ObjectDefinition } from '@/domain/catalogue';
import { channels, verbs } from '@/domain/changes';
import { type FieldDefinition, labelIn, ownFieldTypes } from '@/domain/custom-fields';
import { exportFormats, exportStatuses } from '@/domain/exports';
import type { Field, Fields } from '@/domain/fields';
import { operators } from '@/domain/filters';
import { importStatuses } from '@/domain/imports/sets';
import { layoutRoles } from '@/domain/layouts';
import en from '@/domain/messages/en/fields.json' with { type: 'json' };
import { objects, recordObjects } from '@/domain/objects';
import { roles } from '@/domain/permissions';
import { stageColours, stageKinds } from '@/domain/pipelines';
import { periodPresets, reportBuckets, reportDimensions } from '@/domain/reports';
import { inputSchema, type JsonSchema, parameterKinds } from './core/rest-input';

/** What the document must know of a route. */
export interface DescribedRoute {
  method: string;
  path: string;
  procedure: string;
  operation: string;
  fixed?: Record<string, string>;
  shape?: 'values' | 'id';
  input: z.ZodType | undefined;
}

type Schema = JsonSchema;
interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  schema?: Schema;
  style?: string;
  explode?: boolean;
  content?: Record<string, { schema: Schema; examples?: Record<string, unknown> }>;
}
export interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  parameters: Parameter[];
  requestBody?: { required: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, unknown>;
}
export interface OpenapiDocument {
  openapi: string;
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  security: Record<string, string[]>[];
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: {
    securitySchemes: Record<string, unknown>;
    schemas: Record<string, Schema>;
    responses: Record<string, unknown>;
  };
}

const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const schemaName = (object: string) => object[0]?.toUpperCase() + object.slice(1);

const uuid = z.uuid();
const moment = z.iso.datetime({ offset: true });
const text = z.string();
const nullText = text.nullable();
const changed = z.object({ changeSetId: uuid });
const made = z.object({ id: uuid, changeSetId: uuid });
const many = z.object({ count: z.int(), changeSetId: uuid });
const list = <T extends z.ZodType>(item: T) => z.object({ data: z.array(item), next: nullText });

const stage = z.object({
  id: uuid,
  pipelineId: uuid,
  name: text,
  kind: z.enum(stageKinds),
  probability: z.int(),
  colour: z.enum(stageColours),
  position: z.int(),
  requiredFields: z.array(text),
});
const pipeline = z.object({ id: uuid, name: text, position: z.int(), stages: z.array(stage) });
const person = z.object({
  id: uuid,
  name: text,
  jobTitle: nullText,
  email: nullText,
  phone: nullText,
  role: nullText,
  primary: z.boolean(),
});
const record = z.record(text, z.unknown());
const labels = z.object({ en: text.optional(), zh: text.optional() });
const ownField = z.object({
  id: uuid,
  version: z.int(),
  object: text,
  key: text,
  type: z.enum(ownFieldTypes),
  label: labels,
  help: labels.nullable(),
  required: z.boolean(),
  settings: record,
  position: z.number(),
});
const affected = z.object({
  records: z.int(),
  views: z.int(),
  layouts: z.int(),
  rules: z.int(),
  fields: z.array(z.object({ id: uuid, key: text, label: labels, object: text })),
});
const conversion = z.object({
  values: z.int(),
  converted: z.int(),
  lost: z.int(),
  checked: z.int(),
  examples: z.array(z.object({ id: uuid, value: z.unknown() })),
});
const exported = z.object({
  id: uuid,
  object: text,
  format: z.enum(exportFormats),
  status: z.enum([...exportStatuses, 'expired']),
  name: text,
  total: z.int(),
  rows: z.int(),
  bytes: z.int().nullable(),
  error: nullText,
  createdAt: moment,
  finishedAt: moment.nullable(),
  expiresAt: moment.nullable(),
});
const waitingFile = z.object({
  id: uuid,
  name: text,
  size: z.int(),
  createdAt: moment,
  format: text,
  state: text,
  error: z.object({ code: text, params: z.record(text, z.unknown()).optional() }).nullable(),
  from: z
    .object({
      id: uuid,
      name: text,
      leftAside: z.array(z.object({ part: text, why: text, count: z.int().optional() })),
    })
    .nullable(),
});
const counted = {
  status: z.enum(importStatuses),
  rows: z.int(),
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  refused: z.int(),
  createdAt: moment,
  finishedAt: moment.nullable(),
};
const importUndone = z.object({
  undone: z.int(),
  queued: z.int().optional(),
  kept: z.array(
    z.object({ object: text, recordId: uuid, recordTitle: nullText, field: text, by: nullText, at: moment }),
  ),
});
const hit = z.object({ id: uuid, title: text, subtitle: nullText });
const marks = z
  .array(z.tuple([z.int(), z.int()]))
  .meta({ description: 'Parts that were found: from, to, in UTF-16 units' });
const foundHit = hit.extend({
  object: text,
  when: nullText.meta({ description: 'The day a task is due, the moment a call or meeting begins' }),
  done: z.boolean().meta({ description: 'Whether it is a task that is done' }),
  marks,
  found: z.object({ field: text, text, marks }).nullable().meta({ description: 'The other text it was found by' }),
});

const versioned = z.object({ version: z.int(), changeSetId: uuid });
const writer = z.object({ id: uuid, name: text });
const reactions = z.array(z.object({ emoji: text, count: z.int(), mine: z.boolean(), names: z.array(text) }));
const comment = z.object({
  id: uuid,
  version: z.int(),
  body: z.string().meta({ description: 'Markdown; people are named by [@Name](member:id)' }),
  by: writer,
  createdAt: moment,
  editedAt: moment.nullable(),
  replyTo: uuid.nullable(),
  reactions,
});
const attachment = z.object({
  id: uuid,
  version: z.int(),
  name: text,
  mediaType: text,
  bytes: z.int(),
  field: nullText,
  createdAt: moment,
  by: writer.nullable(),
});

const filter = z.unknown().meta({ description: 'A filter that lists exactly these deals' });
const count = z.int();
const minor = z.int().meta({ description: "Minor units of the workspace's currency" });
const share = z.number().nullable();
const other = z.array(z.object({ currency: text, count, total: z.int() }));
const period = z.object({ preset: z.enum(periodPresets), from: nullText, to: nullText });
const outcome = z.object({ won: count, lost: count, winRate: share, revenue: minor, average: share });
const revenueRow = outcome.extend({ id: uuid.nullable(), label: nullText, otherWon: count, filter });
const bucket = z.object({ start: text, won: count, lost: count, revenue: minor, filter });
const cycle = z.object({ average: share, min: share, max: share, counted: count, excluded: count });
const closed = outcome.extend({ min: share, max: share, wonCycle: cycle, lostCycle: cycle, other });
const sums = { count, total: minor, weighted: minor, listTotal: minor, filter };

/** What operations answer, by procedure, and what they are for. Records' own come from the field catalogue. */
const described: Record<string, { summary: string; answer: z.ZodType }> = {
  'activities.agenda': {
    summary: "The key's maker's calls and meetings in a span of time, in its order",
    answer: list(
      z.object({
        id: uuid,
        version: z.int(),
        kind: text,
        subject: text,
        startsAt: moment,
        endsAt: moment.nullable(),
        outcome: nullText,
        location: nullText,
        link: nullText,
        attendees: z.int(),
        open: z.boolean(),
        contactId: uuid.nullable(),
        companyId: uuid.nullable(),
        dealId: uuid.nullable(),
        aboutObject: nullText,
        aboutId: uuid.nullable(),
        about: nullText,
        leadsTo: z.object({ object: text, id: uuid }).nullable(),
      }),
    ),
  },
  'activities.attendees': {
    summary: 'Contacts and members who take part in a call or meeting, and others by their mail address',
    answer: list(z.object({ id: text, object: z.enum(['contact', 'member', 'email']), name: text })),
  },
  'activities.setAttendees': { summary: 'Say who takes part in a call or meeting', answer: changed },
  'activities.logCall': { summary: 'Log a call that has just been made', answer: made },
  'activities.planMeeting': { summary: 'Plan a meeting with those who take part', answer: made },
  'tasks.updateThis': {
    summary: 'Change one task of a series only; those that come after are as if it had not been',
    answer: z.object({ version: z.int(), changeSetId: uuid }),
  },
  'tasks.reschedule': { summary: 'Put tasks off to another day; their series stay as they are', answer: many },
  'tasks.putBack': { summary: 'Give a task back to its queue', answer: changed },
  'tasks.queues': {
    summary: 'Task queues, with how many tasks wait in each',
    answer: list(
      z.object({
        id: uuid,
        name: text,
        memberIds: z.array(uuid),
        waiting: z.int(),
        overdue: z.int(),
        taken: z.int(),
        mine: z.boolean(),
      }),
    ),
  },
  'tasks.createQueue': { summary: 'Make a task queue', answer: made },
  'tasks.updateQueue': { summary: 'Change a task queue', answer: changed },
  'tasks.removeQueue': {
    summary: 'Remove a task queue; what waits in it becomes your own',
    answer: changed.extend({ moved: z.int() }),
  },
  'tasks.takeNext': {
    summary: 'Take the next task of a queue, none when nothing waits',
    answer: z.object({ task: record.nullable(), changeSetId: uuid.nullable() }),
  },
  'fields.list': {
    summary: 'Fields the workspace has made for itself, of all objects',
    answer: list(ownField),
  },
  'fields.create': { summary: 'Add a field to an object', answer: made.extend({ key: text }) },
  'fields.update': { summary: 'Change what a field is called and its rules', answer: changed },
  'fields.remove': { summary: 'Put a field in the bin; values stay for undo', answer: changed },
  'fields.reorder': { summary: 'Set the order of an object’s fields', answer: changed },
  'fields.affected': { summary: 'What changing or removing a field touches', answer: affected },
  'fields.tryFormula': {
    summary: 'What a formula would give, or what is wrong with it and where',
    answer: z.object({ result: text.optional(), uses: z.array(text).optional(), problem: record.nullable() }),
  },
  'fields.previewConversion': { summary: 'What another type would do to a field’s values', answer: conversion },
  'fields.convert': {
    summary: 'Turn a field into one of another type, with its values',
    answer: changed.extend({ report: conversion, queued: z.int().optional() }),
  },
  'objects.list': { summary: 'Objects the workspace has made', answer: list(record) },
  'objects.create': { summary: 'Make an object', answer: made.extend({ key: text }) },
  'objects.update': { summary: 'Change an object’s name, look and rights', answer: changed },
  'objects.remove': { summary: 'Put an object in the bin, with its records', answer: changed },
  'objects.affected': { summary: 'What removing an object touches', answer: affected },
  'views.list': {
    summary: 'Saved views of an object: one’s own, those of one’s teams, everyone’s',
    answer: z.object({ views: z.array(record), start: uuid.nullable() }),
  },
  'views.create': { summary: 'Save a view', answer: made },
  'views.update': { summary: 'Change a view: its name, what it shows, whose it is', answer: changed },
  'views.remove': { summary: 'Remove a view', answer: changed },
  'views.duplicate': { summary: 'Save a view once more as one’s own', answer: made },
  'views.reorder': { summary: 'Set the order of views', answer: changed },
  'views.groups': {
    summary: 'Counts and totals of a list, in groups by a field or as a whole',
    answer: z.object({
      groups: z.array(
        z.object({
          key: nullText,
          title: nullText,
          count: z.int(),
          totals: z.array(
            z.object({
              field: text,
              currency: nullText,
              count: z.int(),
              sum: z.number(),
              avg: z.number(),
              min: z.number(),
              max: z.number(),
            }),
          ),
          filter: record.nullable(),
        }),
      ),
      total: z.int(),
      records: z.int(),
      next: z.int().nullable(),
    }),
  },
  'views.marks': {
    summary: 'Cursors at even distances of a list, to reach any place of it',
    answer: z.object({ count: z.int(), step: z.int(), marks: z.array(text) }),
  },
  'bulk.patch': { summary: 'Set different values in several records as one change', answer: many },
  'bulk.update': {
    summary: 'Set the same values in all records of a list',
    answer: many.extend({ queued: z.int().optional() }),
  },
  'bulk.remove': { summary: 'Remove all records of a list', answer: many.extend({ queued: z.int().optional() }) },
  'records.list': { summary: 'List records of an object, newest first unless sorted', answer: list(record) },
  'records.count': {
    summary: 'Count records of an object; capped at 10,000 unless exact',
    answer: z.object({ count: z.int(), capped: z.boolean() }),
  },
  'records.get': { summary: 'Read a record', answer: record },
  'records.create': { summary: 'Make a record', answer: made },
  'records.update': {
    summary: 'Change a record; with `version` only if it is still that version',
    answer: z.object({ version: z.int(), changeSetId: uuid }),
  },
  'records.updateMany': { summary: 'Set the same values in many records', answer: many },
  'records.remove': { summary: 'Remove records', answer: many },
  'relations.pointing': {
    summary: 'What points to a record, by object and field, with the newest few; `through`: only by these fields',
    answer: list(
      z.object({
        object: text,
        field: text,
        kind: z.enum(['reference', 'relation']),
        count: z.int(),
        capped: z.boolean(),
        rows: z.array(z.object({ id: uuid, title: nullText, attributes: record.optional() })),
      }),
    ),
  },
  'relations.of': {
    summary: 'Records linked through a relation, from either side',
    answer: list(z.object({ linkId: uuid, id: uuid, title: nullText, attributes: record })),
  },
  'relations.link': { summary: 'Link two records', answer: changed.extend({ linkId: uuid }) },
  'relations.setAttributes': { summary: 'Change what a link says', answer: changed },
  'relations.unlink': { summary: 'Take a link away', answer: changed },
  'conversation.list': {
    summary: 'Comments on a record, oldest first, and reactions to its notes',
    answer: z.object({ items: z.array(comment), notes: z.array(z.object({ id: uuid, reactions })) }),
  },
  'conversation.add': { summary: 'Comment on a record', answer: made },
  'conversation.edit': { summary: 'Change a comment of yours', answer: versioned },
  'conversation.remove': { summary: 'Put a comment in the bin', answer: changed },
  'conversation.followers': {
    summary: 'Who hears of what happens to a record',
    answer: z.object({
      following: z.boolean(),
      people: z.array(z.object({ id: uuid, name: text, owner: z.boolean() })),
    }),
  },
  'attachments.list': {
    summary: 'Files of a record, newest first',
    answer: z.object({ items: z.array(attachment) }),
  },
  'attachments.rename': { summary: 'Rename a file', answer: versioned },
  'attachments.remove': { summary: 'Put a file in the bin', answer: changed },
  'layouts.list': {
    summary: 'How pages of records are laid out',
    answer: list(z.object({ object: text, role: z.enum(layoutRoles), config: record })),
  },
  'layouts.set': { summary: "Lay out the page of an object's records, for everyone or for a role", answer: changed },
  'audit.list': {
    summary: 'Who did what: change sets and security events, newest first',
    answer: list(
      z.object({
        id: uuid,
        kind: z.enum(['event', 'change']),
        at: moment,
        memberId: uuid.nullable(),
        memberName: nullText,
        channel: z.enum(channels),
        action: text,
        subject: z.object({ object: text.optional(), id: text.optional(), name: text.optional() }).nullable(),
        count: z.int(),
        detail: record.nullable(),
        ip: nullText,
        requestId: nullText,
        changeSetId: uuid.optional(),
        undoes: uuid.nullish(),
        undoneBy: uuid.nullish(),
      }),
    ),
  },
  'audit.changes': {
    summary: 'What a change set did to each record, before and after',
    answer: z.object({
      changes: z.array(
        z.object({
          object: text,
          recordId: uuid,
          recordTitle: nullText,
          op: z.enum(['create', 'update', 'delete']),
          before: record.nullable(),
          after: record.nullable(),
        }),
      ),
      more: z.boolean(),
    }),
  },
  'audit.verify': {
    summary: 'Recompute the hash chain over the audit; go on from `next` while it is given',
    answer: z.object({
      ok: z.boolean(),
      seals: z.int(),
      entries: z.int(),
      sealedTo: moment.nullable(),
      head: z.object({ seq: z.int(), hash: text }).nullable(),
      brokenAt: z.object({ seq: z.int(), from: moment.nullable(), to: moment.nullable(), why: text }).optional(),
      next: z.int().nullable(),
    }),
  },
  'changes.timeline': {
    summary: 'What happened to a record and to what hangs on it, newest first',
    answer: list(
      z.object({
        changeSetId: uuid,
        at: moment,
        by: z.object({ id: uuid, name: text }).nullable(),
        channel: z.enum(channels),
        verb: z.enum(verbs),
        undoneBy: nullText,
        changes: z.array(
          z.object({
            object: text,
            recordId: uuid,
            recordTitle: nullText,
            op: z.enum(['create', 'update', 'delete']),
            before: record.nullable(),
            after: record.nullable(),
          }),
        ),
      }),
    ),
  },
  'changes.history': {
    summary: 'Who set a field of a record, when and from what, newest first',
    answer: list(
      z.object({
        changeSetId: uuid,
        at: moment,
        by: nullText,
        channel: z.enum(channels),
        verb: z.enum(verbs),
        before: z.unknown(),
        after: z.unknown(),
      }),
    ),
  },
  'changes.recent': {
    summary: "The key's maker's latest changes on screen that can be undone",
    answer: list(z.object({ changeSetId: uuid, verb: z.enum(verbs), at: moment })),
  },
  'changes.undo': {
    summary: 'Undo a change set; fields edited since are kept and named',
    answer: z.object({
      changeSetId: uuid,
      undone: z.int(),
      kept: z.array(
        z.object({ object: text, recordId: uuid, recordTitle: nullText, field: text, by: nullText, at: moment }),
      ),
    }),
  },
  'companies.contacts': { summary: 'The contacts of a company', answer: list(person) },
  'contacts.companies': {
    summary: 'The companies a contact is in',
    answer: list(z.object({ id: uuid, name: text, role: nullText, primary: z.boolean() })),
  },
  'contacts.deals': {
    summary: 'The deals a contact is on',
    answer: list(z.object({ id: uuid, name: text, role: nullText, primary: z.boolean() })),
  },
  'contacts.linkCompany': { summary: 'Put a contact in a company, or change its role there', answer: changed },
  'contacts.unlinkCompany': { summary: 'Take a contact out of a company', answer: changed },
  'deals.board': {
    summary: 'Count and sums of each stage of a pipeline, in minor units',
    answer: z.object({
      columns: z.array(z.object({ stageId: uuid, count: z.int(), total: z.int(), weighted: z.int() })),
      currency: text,
      other: z.array(z.object({ stageId: uuid, currency: text, count: z.int(), total: z.int() })),
    }),
  },
  'deals.move': {
    summary: 'Move a deal to a stage, with what the stage asks for',
    answer: z.object({ changeSetId: uuid, version: z.int() }),
  },
  'deals.contacts': { summary: 'The contacts of a deal', answer: list(person) },
  'deals.linkContact': { summary: 'Put a contact on a deal, or change its role there', answer: changed },
  'deals.unlinkContact': { summary: 'Take a contact off a deal', answer: changed },
  'imports.list': {
    summary: 'Past and present imports, and files that wait for theirs',
    answer: z.object({
      imports: z.array(
        z.object({
          id: uuid,
          object: text,
          ...counted,
          taken: count,
          changeSetId: uuid.nullable(),
          setId: uuid.nullable(),
          reviewed: z.boolean(),
          fileName: text,
          by: nullText,
          undone: z.boolean(),
        }),
      ),
      sets: z.array(z.object({ id: uuid, name: nullText, source: text })),
      waiting: z.array(waitingFile),
    }),
  },
  'imports.get': {
    summary: 'How far an import is and what it came to',
    answer: z.object({
      id: uuid,
      object: text,
      ...counted,
      taken: count,
      changeSetId: uuid.nullable(),
      setId: uuid.nullable(),
      reviewed: z.boolean(),
      review: count,
      undone: z.boolean(),
    }),
  },
  'imports.problems': {
    summary: 'Rows that were refused or lost a value, and why',
    answer: z.object({
      headers: z.array(text),
      rows: z.array(z.object({ row: z.int(), problems: z.array(record), cells: z.array(text) })),
      next: z.int().nullable(),
    }),
  },
  'exports.list': { summary: 'What one has exported, newest first', answer: list(exported) },
  'exports.get': {
    summary: 'How far an export is; its file is at `/exports/{id}/file` when it is done',
    answer: exported,
  },
  'exports.start': {
    summary: 'Write a list, with its filter, search, order and columns, or `everything`, to a file',
    answer: z.object({ id: uuid }),
  },
  'exports.cancel': { summary: 'Stop writing an export that is not done yet', answer: z.object({ id: uuid }) },
  'duplicates.list': {
    summary: 'Records that are likely the same, the likeliest first',
    answer: list(
      z.object({
        object: text,
        a: z.object({ id: uuid, title: text }),
        b: z.object({ id: uuid, title: text }),
        score: z.int(),
        reasons: z.array(text),
        foundAt: moment,
        dismissedBy: nullText,
        mergeable: z.boolean(),
      }),
    ),
  },
  'duplicates.summary': {
    summary: 'How many likely duplicates there are of each kind',
    answer: z.object({
      objects: z.array(z.object({ object: text, count, certain: count })),
      countedTo: z.int(),
    }),
  },
  'duplicates.dismiss': {
    summary: 'Say that two records are not the same',
    answer: z.object({ done: z.literal(true) }),
  },
  'duplicates.reopen': { summary: 'Take that back', answer: z.object({ done: z.literal(true) }) },
  'duplicates.rules': {
    summary: 'What records of each kind are compared by',
    answer: list(
      z.object({
        object: text,
        weights: z.record(text, z.int()),
        defaults: z.record(text, z.int()),
        threshold: z.int(),
        version: z.int(),
      }),
    ),
  },
  'duplicates.setRules': {
    summary: 'Change what records of a kind are compared by',
    answer: z.object({ version: z.int() }),
  },
  'merges.of': {
    summary: 'The merges a record has survived',
    answer: list(
      z.object({
        id: uuid,
        at: moment,
        by: nullText,
        merged: z.array(z.object({ id: uuid, title: nullText })),
      }),
    ),
  },
  'merges.merge': {
    summary: 'Make one record of several',
    answer: z.object({ mergeId: uuid, changeSetId: uuid, survivorId: uuid }),
  },
  'merges.mergeCertain': {
    summary: 'Merge the likely duplicates that are certain',
    answer: z.object({ merges: z.array(z.object({ mergeId: uuid, changeSetId: uuid, survivorId: uuid })) }),
  },
  'merges.survivorOf': {
    summary: 'Where a merged record went; empty when it was not merged',
    answer: z.object({ id: uuid, title: text, mergeId: uuid }).partial(),
  },
  'merges.unmerge': {
    summary: 'Take a merge back, keeping what was edited since',
    answer: z.object({
      changeSetId: uuid,
      undone: count,
      queued: count.optional(),
      kept: z.array(record),
      survivorId: uuid,
      restored: z.array(uuid),
    }),
  },
  'bin.list': {
    summary: 'Deleted records, those deleted last first',
    answer: list(
      z.object({
        object: text,
        id: uuid,
        title: text,
        deletedAt: moment,
        by: nullText,
        byId: uuid.nullable(),
        daysLeft: z.int(),
        merge: z.object({ id: uuid, survivorId: uuid, survivor: nullText }).nullable(),
        restorable: z.boolean(),
      }),
    ),
  },
  'bin.summary': {
    summary: 'How much is in the bin, by kind',
    answer: z.object({ objects: z.array(z.object({ object: text, count })), keptDays: z.int() }),
  },
  'bin.restore': {
    summary: 'Take records out of the bin with their relations',
    answer: z.object({ count, changeSetId: uuid.nullable() }),
  },
  'jobs.failed': {
    summary: 'Jobs that were given up and not dealt with since, newest first',
    answer: list(
      z.object({
        id: uuid,
        queue: text,
        error: text,
        attempts: z.int(),
        createdAt: moment,
        failedAt: moment,
        requestId: nullText,
        subject: z.record(text, text),
      }),
    ),
  },
  'jobs.replay': { summary: 'Try a job that was given up once more', answer: z.object({ ok: z.literal(true) }) },
  'jobs.dismiss': { summary: 'Take a job that was given up off the list', answer: z.object({ ok: z.literal(true) }) },
  'imports.cancel': { summary: 'Stop an import; what it has written stays', answer: z.object({ ok: z.literal(true) }) },
  'imports.pause': {
    summary: 'Halt an import between two batches, with what comes after it in its set',
    answer: z.object({ ok: z.literal(true) }),
  },
  'imports.resume': {
    summary: 'Let an import that was halted go on where it stood',
    answer: z.object({ ok: z.literal(true) }),
  },
  'imports.edited': {
    summary: 'Records of an import that were edited since: undoing it leaves those fields as they are',
    answer: z.object({
      records: z.array(
        z.object({
          object: text,
          recordId: uuid,
          title: nullText,
          fields: z.array(z.object({ field: text, by: nullText, at: moment })),
        }),
      ),
      more: z.boolean(),
    }),
  },
  'imports.undo': { summary: 'Undo an import; fields edited since are kept and named', answer: importUndone },
  'imports.review': {
    summary: 'Rows that could mean several records, with those records',
    answer: z.object({
      headers: z.array(text),
      items: z.array(
        z.object({
          row: z.int(),
          target: nullText,
          header: nullText,
          object: text,
          text,
          candidates: z.array(z.object({ id: uuid, title: text, detail: nullText })),
          cells: z.array(text),
        }),
      ),
      total: count,
      next: z.int().nullable(),
    }),
  },
  'imports.decide': {
    summary: 'Say which record a row means that could mean several',
    answer: z.object({ decided: count, next: z.int().nullable() }),
  },
  'imports.getSet': {
    summary: 'Files imported together, in their order, and how far each is',
    answer: z.object({
      id: uuid,
      name: nullText,
      source: text,
      status: text,
      imports: z.array(z.object({ id: uuid, object: text, ...counted, taken: count, fileName: text, review: count })),
    }),
  },
  'imports.cancelSet': { summary: 'Stop a set of imports', answer: z.object({ ok: z.literal(true) }) },
  'imports.undoSet': { summary: 'Undo all imports of a set, the last one first', answer: importUndone },
  'members.list': {
    summary: 'People of the workspace and open invitations',
    answer: z.object({
      members: z.array(
        z.object({
          id: uuid,
          name: text,
          email: nullText,
          role: z.enum(roles),
          status: text,
          teamId: uuid.nullable(),
          teamName: nullText,
        }),
      ),
      invitations: z.array(
        z.object({ id: uuid, email: text, role: z.enum(roles), memberId: uuid.nullable(), expiresAt: moment }),
      ),
    }),
  },
  'members.search': {
    summary: 'Find people by the start of their name',
    answer: list(z.object({ id: uuid, name: text })),
  },
  'members.invite': { summary: 'Invite a person by e-mail', answer: z.object({ id: uuid, link: text }) },
  'members.revokeInvitation': { summary: 'Withdraw an invitation', answer: z.object({ ok: z.literal(true) }) },
  'members.setRole': { summary: "Change a member's role", answer: changed },
  'members.setTeam': { summary: 'Put a member in a team', answer: changed },
  'members.deactivate': {
    summary: "End a member's access, handing over what was theirs",
    answer: changed.extend({ handed: z.int() }),
  },
  'members.reactivate': { summary: 'Give a member access again', answer: changed },
  'pipelines.list': { summary: 'Pipelines and their stages, in order', answer: list(pipeline) },
  'pipelines.create': { summary: 'Make a pipeline', answer: made },
  'pipelines.rename': { summary: 'Rename a pipeline', answer: changed },
  'pipelines.reorder': { summary: 'Put the pipelines in order', answer: changed },
  'pipelines.remove': { summary: 'Remove a pipeline, moving its deals', answer: changed.extend({ moved: z.int() }) },
  'pipelines.addStage': { summary: 'Add a stage to a pipeline', answer: made },
  'pipelines.updateStage': { summary: 'Change a stage', answer: changed },
  'pipelines.reorderStages': { summary: 'Put the stages of a pipeline in order', answer: changed },
  'pipelines.removeStage': { summary: 'Remove a stage, moving its deals', answer: changed.extend({ moved: z.int() }) },
  'reports.home': {
    summary: 'Funnel, open and closed deals, trend and best companies of a period',
    answer: z.object({
      currency: text,
      period,
      compared: z.object({ from: text, to: text }).nullable(),
      funnel: z.array(z.object({ stageId: uuid, pipelineId: uuid, ...sums })),
      open: z.object({ ...sums, other }),
      closed: closed.extend({ filter }),
      previous: closed.nullable(),
      months: z.array(bucket),
      topCompanies: z.array(revenueRow),
    }),
  },
  'reports.revenueBy': {
    summary: 'Revenue by owner, team, office, product, sector or company',
    answer: z.object({
      dimension: z.enum(reportDimensions),
      period,
      currency: text,
      rows: z.array(revenueRow),
      total: outcome,
      other,
      more: z.boolean(),
    }),
  },
  'reports.wonBy': {
    summary: 'Deals won by month, quarter or year',
    answer: z.object({ bucket: z.enum(reportBuckets), period, currency: text, rows: z.array(bucket), other }),
  },
  'samples.status': { summary: 'Whether sample records are there', answer: record },
  'samples.add': { summary: 'Add sample records', answer: record },
  'samples.remove': { summary: 'Remove the sample records', answer: record },
  'search.global': {
    summary: 'Find records by the starts of words, Chinese also by pinyin; misspelt words where nothing else is found',
    answer: list(foundHit),
  },
  'search.groups': {
    summary: 'The same by kind of record, with how many there are',
    answer: list(z.object({ object: text, hits: z.array(foundHit), count, more: z.boolean() })),
  },
  'search.meant': {
    summary: 'What was probably meant by words that no record of a kind has as they are written',
    answer: z.object({ q: nullText }),
  },
  'search.pick': {
    summary: 'Find records of one kind',
    answer: list(z.union([foundHit, hit])),
  },
  'teams.list': {
    summary: 'Teams, their managers and sizes',
    answer: list(
      z.object({
        id: uuid,
        name: text,
        office: nullText,
        managerId: uuid.nullable(),
        managerName: nullText,
        members: z.int(),
      }),
    ),
  },
  'teams.create': { summary: 'Make a team', answer: made },
  'teams.update': { summary: 'Change a team', answer: changed },
  'teams.remove': { summary: 'Remove a team', answer: changed },
  'tenant.boot': {
    summary: "The workspace, the key's maker, pipelines and teams",
    answer: z.object({
      tenant: z.object({ id: uuid, slug: text, name: text, currency: text, timeZone: text, locale: text }),
      member: z.object({ id: uuid, name: text, email: nullText, role: z.enum(roles), teamIds: z.array(uuid) }),
      pipelines: z.array(pipeline),
      teams: z.array(z.object({ id: uuid, name: text })),
    }),
  },
  'tenant.update': { summary: "Change the workspace's settings", answer: changed },
};

const filterExample = {
  and: [
    { field: 'status', op: 'is', value: 'open' },
    { field: 'companyId.industry', op: 'is', value: 'Software' },
  ],
};

/** What a tenant has made for itself. */
interface Own {
  objects: readonly ObjectDefinition[];
  fields: readonly FieldDefinition[];
}
const nothing: Own = { objects: [], fields: [] };

const documents = new Map<Own, string>();
/** A document is some 400 kB, more with fields of one's own. */
const keptDocuments = 20;

/**
 * The OpenAPI 3.1 document as JSON. Making one holds everybody up for a tenth of a second, so those asked for last are kept.
 * @param own what the tenant has made, for a document of its own
 */
export function openapi(routes: () => readonly DescribedRoute[], own = nothing): string {
  const document = documents.get(own) ?? JSON.stringify(describe(routes(), own));
  documents.delete(own);
  documents.set(own, document);
  for (const [oldest] of documents) {
    if (documents.size <= keptDocuments) break;
    documents.delete(oldest);
  }
  return document;
}

/** The document as a value. @param own what the tenant has made, for a document of its own */
export function describe(routes: readonly DescribedRoute[], own = nothing): OpenapiDocument {
  // No procedure: its answer is a file.
  const paths: OpenapiDocument['paths'] = { '/exports/{id}/file': { get: download } };
  for (const route of routes) {
    const path = paths[route.path] ?? {};
    paths[route.path] = path;
    path[route.method.toLowerCase()] = operationOf(route);
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Guanxi',
      version: '1',
      description:
        'The records of one workspace. Send an API key as `Authorization: Bearer gx_…`. Lists are paged by key: give `next` of one page as `cursor` of the following. Money is in minor units of its currency. Every write answers with the id of its change set, which can be undone.',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ apiKey: [] }],
    tags: [...new Set(routes.map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', bearerFormat: 'gx_…' } },
      schemas: { ...recordSchemas(own), ...filterSchemas(), Problem: problemSchema },
      responses: {
        Problem: {
          description: 'What is wrong (RFC 9457)',
          content: { 'application/problem+json': { schema: ref('Problem') } },
        },
      },
    },
  };
}

const download: Operation = {
  operationId: 'exportsFile',
  summary: 'The file of an export that is done; gone seven days later',
  tags: ['exports'],
  parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }],
  responses: {
    '200': {
      description: 'The file, named in Content-Disposition',
      content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
    },
    default: { $ref: '#/components/responses/Problem' },
  },
};

const tagOf = (route: DescribedRoute) => route.path.split('/')[1] ?? '';

function operationOf(route: DescribedRoute): Operation {
  const input = route.input && plain(inputSchema(route.input));
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const taken = new Set([...names, ...Object.keys(route.fixed ?? {}), ...(route.shape === 'id' ? ['ids'] : [])]);
  const rest = Object.entries(input?.properties ?? {}).filter(([name]) => !taken.has(name));
  const inQuery = route.method === 'GET' || route.method === 'DELETE';
  const { summary, answer } = answerOf(route);
  const isMade = route.method === 'POST' && route.shape === 'values';
  return {
    operationId: route.operation,
    summary,
    tags: [tagOf(route)],
    parameters: [
      ...names.map(
        (name): Parameter => ({ name, in: 'path', required: true, schema: pathSchema(input?.properties?.[name]) }),
      ),
      ...(inQuery ? rest.map(([name, schema]) => queryParameter(name, schema, input)) : []),
      ...(route.method === 'GET' ? [] : [idempotencyKey]),
    ],
    ...(inQuery || !input
      ? {}
      : {
          requestBody: { required: true, content: { 'application/json': { schema: bodySchema(route, input, rest) } } },
        }),
    responses: {
      [isMade ? '201' : '200']: {
        description: isMade ? 'Made' : 'Done',
        headers: {
          'RateLimit-Policy': {
            schema: { type: 'string' },
            description: 'The limits by name: `q` calls at once, all of them back within `w` seconds',
          },
          RateLimit: {
            schema: { type: 'string' },
            description: 'Where the caller stands with them: `r` calls left, whole again after `t` seconds',
          },
          ...(isMade ? { Location: { schema: { type: 'string' } } } : {}),
          ...(route.procedure.endsWith('.get')
            ? { ETag: { schema: { type: 'string' }, description: "The record's version in quotation marks" } }
            : {}),
        },
        content: { 'application/json': { schema: answer } },
      },
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

/** Ids, but for the names of objects and fields. */
const pathSchema = (schema: Schema | boolean | undefined): Schema =>
  typeof schema === 'object' && schema.type === 'string' && !schema.format
    ? schema
    : { type: 'string', format: 'uuid' };

function queryParameter(name: string, schema: Schema | boolean, input: Schema | undefined): Parameter {
  const required = input?.required?.includes(name) ?? false;
  const kind = parameterKinds(input).get(name);
  const own = typeof schema === 'boolean' ? {} : schema;
  if (kind === 'sort') {
    return {
      name,
      in: 'query',
      required,
      description: 'Up to five fields, each with a minus in front for descending order',
      schema: {
        type: 'string',
        pattern: '^-?\\w+(,-?\\w+){0,4}$',
        examples: ['-createdAt', 'industry,-annualRevenue'],
      },
    };
  }
  if (name === 'filter') {
    return {
      name,
      in: 'query',
      required,
      description: 'A filter as JSON',
      content: { 'application/json': { schema: ref('Filter'), examples: { openDeals: { value: filterExample } } } },
    };
  }
  if (kind === 'json') return { name, in: 'query', required, content: { 'application/json': { schema: own } } };
  if (kind === 'list')
    return {
      name,
      in: 'query',
      required,
      style: 'form',
      explode: false,
      description: 'Separated by commas',
      schema: own,
    };
  const description =
    name === 'cursor' ? '`next` of the page before' : name === 'q' ? 'Starts of words, as typed' : undefined;
  return { name, in: 'query', required, ...(description ? { description } : {}), schema: own };
}

function bodySchema(route: DescribedRoute, input: Schema, rest: [string, Schema | boolean][]): Schema {
  const object = recordObjects.find((o) => route.procedure.startsWith(`${objects[o].plural}.`));
  const name = object ? schemaName(object) : route.procedure.startsWith('records.') ? 'Record' : '';
  if (route.shape === 'values') return ref(route.method === 'POST' ? `${name}Create` : `${name}Update`);
  const properties = Object.fromEntries(
    rest.map(([key, schema]) => [key, key === 'values' && name ? ref(`${name}Values`) : schema]),
  );
  const required = input.required?.filter((key) => key in properties);
  return { type: 'object', additionalProperties: false, properties, ...(required?.length ? { required } : {}) };
}

const idempotencyKey: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  schema: { type: 'string', minLength: 1, maxLength: 200 },
  description:
    'Any name of your own for this call. Sent again within 30 days with the same key and the same body, it is not carried out again but answered as the first time; the key with another body is refused with 409.',
};

function answerOf(route: DescribedRoute): { summary: string; answer: Schema } {
  const object = recordObjects.find((o) => objects[o].plural === route.procedure.split('.')[0]);
  const known = described[route.procedure];
  if (known) return { summary: known.summary, answer: answerSchema(known.answer) };
  if (!object) throw new Error(`${route.procedure} is not described`);
  const { plural } = objects[object];
  const page: Schema = {
    type: 'object',
    required: ['data', 'next'],
    properties: {
      data: { type: 'array', items: ref(schemaName(object)) },
      next: { type: ['string', 'null'] } as Schema,
    },
  };
  switch (route.procedure.split('.')[1]) {
    case 'list':
      return { summary: `List ${plural}, newest first unless sorted`, answer: page };
    case 'column':
      return { summary: 'Deals of one stage in the order of the board', answer: page };
    case 'count':
      return {
        summary: `Count ${plural}; capped at 10,000 unless exact`,
        answer: answerSchema(z.object({ count: z.int(), capped: z.boolean() })),
      };
    case 'get':
      return { summary: `Read a ${object}`, answer: ref(schemaName(object)) };
    case 'create':
      return { summary: `Make a ${object}`, answer: answerSchema(made) };
    case 'update':
      return {
        summary: `Change a ${object}; with \`version\` only if it is still that version`,
        answer: answerSchema(z.object({ version: z.int(), changeSetId: uuid })),
      };
    case 'updateMany':
      return { summary: `Set the same values in many ${plural}`, answer: answerSchema(many) };
    case 'remove':
      return {
        summary: route.shape === 'id' ? `Remove a ${object}` : `Remove many ${plural}`,
        answer: answerSchema(many),
      };
    default:
      throw new Error(`${route.procedure} is not described`);
  }
}

/** Open: an answer may grow by a property without breaking anybody. */
function answerSchema(answer: z.ZodType): Schema {
  const closed = z.toJSONSchema(answer, { io: 'output', unrepresentable: 'any' });
  return plain(
    JSON.parse(JSON.stringify(closed), (key, value: unknown) =>
      key === 'additionalProperties' && value === false ? undefined : value,
    ) as Schema,
  );
}

/** Schemas of the records as read, made and changed, from the field catalogue. */
function recordSchemas(own: Own): Record<string, Schema> {
  const schemas: Record<string, Schema> = {};
  for (const { name: object, fields, definition } of catalogueOf(own.objects, own.fields, true).values()) {
    Object.assign(schemas, schemasOf(object, definition ? object : schemaName(object), fields));
  }
  const keys = own.objects.map(({ key }) => key);
  for (const part of ['', 'Create', 'Values', 'Update']) {
    const any: Schema = { type: 'object', description: 'Fields by name; which there are is the object’s to say' };
    schemas[`Record${part}`] = keys.length > 0 ? { anyOf: keys.map((key) => ref(`${key}${part}`)) } : any;
  }
  return schemas;
}

/** Whether a new record must come with it: not what has a default, is asked for under a condition, or needs the record. */
function isAsked(field: Field | undefined): boolean {
  const { default: given, showIf } = field?.own?.settings ?? {};
  return field?.required === true && field.type !== 'file' && given === undefined && showIf === undefined;
}

function schemasOf(object: string, name: string, fields: Fields): Record<string, Schema> {
  const schemas: Record<string, Schema> = {};
  const all = Object.entries(fields).map(([name, field]) => [name, fieldSchema(object, name, field)] as const);
  const writable = all.filter(([name]) => !fields[name]?.readOnly);
  const required = writable.map(([name]) => name).filter((name) => isAsked(fields[name]));
  const values = Object.fromEntries(writable);
  const closed = { type: 'object', additionalProperties: false } as const;
  schemas[name] = {
    type: 'object',
    required: ['id', 'version', 'refs'],
    properties: {
      id: { type: 'string', format: 'uuid' },
      version: { type: 'integer' },
      ...Object.fromEntries(all),
      refs: {
        type: 'object',
        description: 'Titles of what the reference fields point to',
        additionalProperties: { type: ['string', 'null'] } as Schema,
      },
    },
  };
  schemas[`${name}Create`] = { ...closed, properties: values, required };
  schemas[`${name}Values`] = { ...closed, properties: values };
  schemas[`${name}Update`] = {
    ...closed,
    properties: {
      ...values,
      version: {
        type: 'integer',
        minimum: 1,
        description: 'Refused as `stale` when the record has moved on from it',
      },
    },
  };
  return schemas;
}

// Messages by object and field; a field without one is described by its name alone.
const titles = en as unknown as Record<string, Record<string, string>>;
const choiceLabels = en.choices as unknown as Record<string, Record<string, Record<string, string>>>;

function fieldSchema(object: string, name: string, field: Field): Schema {
  const base = plain(z.toJSONSchema(field.schema, { io: 'output', unrepresentable: 'any' }));
  const labels = choiceLabels[object]?.[name];
  const notes = [
    field.type === 'money' ? 'In minor units of `currency`' : '',
    field.to ? `Id of a ${field.to}` : '',
    field.kindIn ? `Id of a product or of a record of an object you made; \`${field.kindIn}\` says of which` : '',
    labels
      ? Object.entries(labels)
          .map(([value, label]) => `${value}: ${label}`)
          .join('; ')
      : '',
  ].filter(Boolean);
  return {
    title: field.own ? labelIn(field.own.label, 'en') : (titles[object]?.[name] ?? name),
    ...nullable(base),
    ...(field.type === 'link' ? { format: 'uri', maxLength: 2000 } : {}),
    ...(field.readOnly ? { readOnly: true } : {}),
    ...(notes.length > 0 ? { description: notes.join('. ') } : {}),
  };
}

/** `anyOf: [X, null]` as one schema of two types. */
function nullable(schema: Schema): Schema {
  const [main, none] = schema.anyOf ?? [];
  if (typeof main !== 'object' || typeof none !== 'object' || none.type !== 'null') return schema;
  // JSON Schema allows a list of types and null among the values; zod's type for it knows one type only.
  return {
    ...main,
    ...(main.type ? { type: [main.type, 'null'] } : {}),
    ...(main.enum ? { enum: [...main.enum, null] } : {}),
  } as Schema;
}

/** Without what says nothing to a reader of the document: the dialect, and patterns that a format stands for. */
function plain(schema: Schema): Schema {
  // Taking keys away from a JSON schema leaves a JSON schema.
  return JSON.parse(JSON.stringify(schema), function (this: unknown, key: string, value: unknown) {
    if (key === '$schema') return undefined;
    // What contains itself, such as the filter in a field's rules, is left open here.
    if (key === '$defs' || (key === '$ref' && String(value).startsWith('#/$defs/'))) return undefined;
    const isNoise = key === 'pattern' && typeof this === 'object' && this !== null && 'format' in this;
    return isNoise ? undefined : value;
  }) as Schema;
}

function filterSchemas(): Record<string, Schema> {
  const scalar = { type: ['string', 'number', 'boolean', 'null'] } as unknown as Schema;
  return {
    Filter: { oneOf: [ref('Condition'), group('and'), group('or')], examples: [filterExample] },
    Condition: {
      type: 'object',
      additionalProperties: false,
      required: ['field', 'op'],
      properties: {
        field: {
          type: 'string',
          maxLength: 200,
          description: 'A field; through references up to three steps: `companyId.industry`',
        },
        op: { type: 'string', enum: [...operators] },
        value: {
          anyOf: [
            scalar,
            { type: 'array', maxItems: 1000, items: { type: ['string', 'number'] } as unknown as Schema },
          ],
        },
      },
      examples: [{ field: 'amount', op: 'gte', value: 100000 }],
    },
  };
}

function group(word: 'and' | 'or'): Schema {
  return {
    type: 'object',
    additionalProperties: false,
    required: [word],
    properties: { [word]: { type: 'array', maxItems: 50, items: ref('Filter') } },
  };
}

const problemSchema: Schema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'In English, or Chinese where Accept-Language asks for it' },
    code: { type: 'string', description: 'Stays the same in every language' },
    params: { type: 'object' },
    fields: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'code', 'detail'],
        properties: {
          field: { type: 'string' },
          code: { type: 'string' },
          params: { type: 'object' },
          detail: { type: 'string' },
        },
      },
    },
    requestId: { type: 'string' },
  },
};
