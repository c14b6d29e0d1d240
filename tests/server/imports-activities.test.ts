import { describe, expect, it } from 'vitest';
import type { ImportPlan } from '@/domain/imports/mapping';
import { dryRun, importFile, planFor, upload, uploadReal } from '../support/imports';
import { hasRealData } from '../support/real-data';
import { createTestTenant, superuser, type TestTenant } from '../support/tenants';

const open = { company: 'leave', contact: 'leave', product: 'leave', owner: 'create' } as const;
const targetsOf = (plan: ImportPlan) => plan.columns.map(({ target }) => target);

/** A file from beginning to end as it is offered, people who left kept as people without access. */
async function bring(tenant: TestTenant, name: string, text: string, more: Partial<ImportPlan> = {}) {
  const fileId = await upload(tenant, name, text);
  const plan = await planFor(tenant, fileId, { missing: open, ...more });
  const dry = await dryRun(tenant, { fileId, plan });
  return { plan, dry, result: await importFile(tenant, fileId, plan) };
}

/** The company, person and deal that the files below are about, brought with their ids. */
async function people(tenant: TestTenant, source: string, ids = ['1', '2', '3']) {
  const { api } = tenant;
  await bring(tenant, 'companies.csv', `Record ID,Company name\n${ids[0]},Harbour Works\n`, { source });
  await bring(tenant, 'contacts.csv', `Record ID,First Name,Last Name,Email\n${ids[1]},Ada,Lee,ada@example.com\n`, {
    source,
  });
  const [pipeline] = await api.pipelines.list();
  await bring(tenant, 'deals.csv', `Deal ID,Deal Name,Amount\n${ids[2]},Big One,100\n`, {
    source,
    values: {
      pipeline: { '': { id: pipeline?.id ?? '' } },
      ...{ stage: {}, product: {}, owner: {}, company: {}, contact: {} },
    },
  });
  const id = async (object: 'company' | 'contact' | 'deal', q: string) =>
    (await api.search.pick({ object, q, limit: 1 }))[0]?.id;
  return {
    companyId: await id('company', 'Harbour'),
    contactId: await id('contact', 'Ada'),
    dealId: await id('deal', 'Big'),
  };
}

describe('files of activities', () => {
  it('of HubSpot hold five kinds, which become tasks, calls, meetings and notes with whom they are about', async () => {
    const tenant = await createTestTenant();
    const { contactId } = await people(tenant, 'hubspot');
    const { plan, dry, result } = await bring(
      tenant,
      'hubspot-activities.csv',
      [
        'Activity ID,Activity Type,Activity Date,Activity Owner,Notes/Description,Call/Meeting Title/Subject,Call Outcome,Meeting Outcome,Task Status,Task Due Date,Associated Contact Email',
        'a1,Call,2023-07-14,left@example.com,Spoke about prices.,Call with Ada,Connected,,,,ada@example.com',
        'a2,Call,2023-07-15,left@example.com,Nobody there.,Second call,Wrong Number,,,,ada@example.com',
        'a3,Meeting,2023-08-01,left@example.com,First visit,On site,,Completed,,,ada@example.com',
        'a4,Task,2023-08-02,left@example.com,Send the offer,Offer,,,Waiting,2023-08-09,ada@example.com',
        'a5,Task,2023-08-03,left@example.com,Ring back,Ring,,,Completed,2023-08-04,ada@example.com',
        'a6,Note,2023-08-05,left@example.com,<p>She <b>likes</b> it</p>,,,,,,ada@example.com',
        'a7,Email,2023-08-06,left@example.com,"Dear Ada,\nthank you.",,,,,,ada@example.com',
      ].join('\n'),
      { source: 'hubspot' },
    );
    expect(plan.object).toBe('activity');
    expect(targetsOf(plan)).toEqual([
      ...['externalId', 'kind', 'startsAt', 'owner', 'description', 'subject', 'outcome', 'outcome', 'done', 'dueOn'],
      'contact',
    ]);
    expect(dry).toMatchObject({ created: 7, refused: 0, partly: 0 });
    expect(result).toMatchObject({ status: 'done', rows: 7, created: 7, refused: 0, also: { member: 1 } });
    const [owner] = await superuser(
      async (client) =>
        (await client.query('select id, status from app.member where tenant_id = $1 and email = $2', [
          tenant.tenantId,
          'left@example.com',
        ])) as { rows: { id: string; status: string }[] },
    ).then(({ rows }) => rows);
    expect(owner?.status).toBe('placeholder');

    const about = { contactId, ownerId: owner?.id };
    const { rows: calls } = await tenant.api.activities.list({ sort: [{ field: 'startsAt', dir: 'asc' }] });
    expect(calls).toMatchObject([
      { ...about, kind: 'call', subject: 'Call with Ada', outcome: 'reached', description: 'Spoke about prices.' },
      // What has no field of its own is not lost.
      { ...about, kind: 'call', outcome: null, description: 'Nobody there.\n\nCall Outcome: Wrong Number' },
      { ...about, kind: 'meeting', subject: 'On site', outcome: 'held' },
    ]);
    expect(calls[0]?.startsAt).toMatch(/^2023-07-1[34]/);
    expect(calls[0]?.createdAt).toBe(calls[0]?.startsAt);
    const { rows: tasks } = await tenant.api.tasks.list({ sort: [{ field: 'createdAt', dir: 'asc' }] });
    expect(tasks).toMatchObject([
      { ...about, subject: 'Offer', type: 'todo', done: false, dueOn: '2023-08-09' },
      { ...about, subject: 'Ring', done: true, dueOn: '2023-08-04', doneAt: expect.stringMatching(/^2023-08-0/) },
      { ...about, subject: 'Dear Ada,', type: 'email', done: true, description: 'Dear Ada,\nthank you.' },
    ]);
    expect(tasks[0]?.description).toBe('Send the offer\n\nTask Status: Waiting');
    const { rows: notes } = await tenant.api.notes.list({});
    expect(notes).toMatchObject([
      { ...about, body: 'She **likes** it', createdAt: expect.stringMatching(/^2023-08-0/) },
    ]);
    // Nobody is told of what happened years ago, and nothing comes due by it.
    expect(tenant.jobs.filter(({ queue }) => !/^import|search/i.test(queue))).toEqual([]);
    expect((await tenant.api.notifications.list({})).items).toEqual([]);
  });

  it('are found again by their ids whichever kind they are, and undone together', async () => {
    const tenant = await createTestTenant();
    const text = (status: string) =>
      [
        'Activity ID,Activity Type,Subject,Activity Date,Task Status,Note body',
        `x1,Task,Call them,2023-08-02,${status},`,
        'x2,Note,,2023-08-02 10:30,,Something',
        'x3,Meeting,Lunch,2023-08-02 12:00,,',
      ].join('\n');
    const first = await bring(tenant, 'activities.csv', text('Not started'));
    expect(first.result).toMatchObject({ created: 3 });
    const again = await bring(tenant, 'activities.csv', text('Not started'));
    expect(again.dry).toMatchObject({ created: 0, updated: 0, unchanged: 3 });
    expect(again.result).toMatchObject({ created: 0, updated: 0, unchanged: 3 });
    const done = await bring(tenant, 'activities.csv', text('Completed'));
    expect(done.result).toMatchObject({ created: 0, updated: 1, unchanged: 2 });
    expect((await tenant.api.tasks.list({})).rows).toMatchObject([{ done: true, doneAt: expect.any(String) }]);
    await tenant.api.changes.undo({ changeSetId: done.result.changeSetId ?? '' });
    expect((await tenant.api.tasks.list({})).rows).toMatchObject([{ done: false, doneAt: null }]);
    await tenant.api.changes.undo({ changeSetId: first.result.changeSetId ?? '' });
    for (const { rows } of await Promise.all([
      tenant.api.tasks.list({}),
      tenant.api.notes.list({}),
      tenant.api.activities.list({}),
    ]))
      expect(rows).toEqual([]);
  });

  it('of Pipedrive have an hour and a length, and notes in HTML with whom they are pinned to', async () => {
    const tenant = await createTestTenant({ timeZone: 'Asia/Shanghai' });
    const about = await people(tenant, 'pipedrive');
    const activities = await bring(
      tenant,
      'activities.csv',
      [
        'Activity - ID,Activity - Subject,Activity - Type,Activity - Due date,Activity - Due time,Activity - Duration,Activity - Done,Activity - Assigned to user,Activity - Creator,Activity - Add time,Activity - Note,Deal - ID,Person - ID,Organization - ID',
        '7,Demo,Meeting,2024-03-05,09:30,01:15,Done,Mia Fox,Leo Old,2024-03-01 08:00:00,<ul><li>one</li><li>two</li></ul>,3,2,1',
        '8,Ring,Call,2024-03-06,,,To do,Mia Fox,,2024-03-01 08:00:00,,3,2,1',
        '9,Lunch,Lunch,2024-03-07,12:00,,To do,Mia Fox,,2024-03-01 08:00:00,,,2,',
      ].join('\n'),
      { source: 'pipedrive' },
    );
    expect(activities.plan.object).toBe('activity');
    expect(activities.result).toMatchObject({ created: 3, refused: 0, unmatched: [] });
    const { rows } = await tenant.api.activities.list({ sort: [{ field: 'startsAt', dir: 'asc' }] });
    expect(rows).toMatchObject([
      {
        ...{ ...about, kind: 'meeting', startsAt: '2024-03-05T01:30:00Z', endsAt: '2024-03-05T02:45:00Z' },
        ...{ description: '- one\n- two', createdAt: '2024-03-01T00:00:00Z', refs: { createdBy: 'Leo Old' } },
      },
      { kind: 'meeting', subject: 'Lunch', startsAt: '2024-03-07T04:00:00Z', description: 'Activity - Type: Lunch' },
    ]);
    // To be done on a day, at no hour: something to do.
    const { rows: tasks } = await tenant.api.tasks.list({});
    expect(tasks).toMatchObject([{ ...about, type: 'call', subject: 'Ring', dueOn: '2024-03-06', done: false }]);

    const notes = await bring(
      tenant,
      'notes.csv',
      [
        'ID,Content,Organization,Organization ID,Contact person,Contact person ID,Deal title,Deal ID,Add time,Update time,User,Note is pinned to deal,Note is pinned to organization,Note is pinned to person',
        '5,"<p>Wants <i>two</i>.</p><p>See <a href=""https://example.com/x"">offer</a></p>",Harbour Works,1,Ada Lee,2,Big One,3,2024-04-01 10:00:00,2024-05-02 11:00:00,Mia Fox,0,1,0',
      ].join('\n'),
      { source: 'pipedrive' },
    );
    expect(notes.plan.object).toBe('note');
    expect(notes.result).toMatchObject({ created: 1, refused: 0, unmatched: [] });
    expect((await tenant.api.notes.list({})).rows).toMatchObject([
      {
        ...{ ...about, body: 'Wants *two*.\n\nSee [offer](https://example.com/x)', pinned: true },
        ...{ createdAt: '2024-04-01T02:00:00Z', updatedAt: '2024-05-02T03:00:00Z' },
      },
    ]);
  });

  it('of Salesforce name people by WhoId and any record by WhatId', async () => {
    const tenant = await createTestTenant();
    const ids = ['001000000000001AAA', '003000000000001AAA', '006000000000001AAA'];
    const about = await people(tenant, 'salesforce', ids);
    await bring(tenant, 'Product2.csv', 'Id,Name,ProductCode\n01t000000000001AAA,Crane,C-1\n', {
      source: 'salesforce',
      object: 'product',
    });
    const task = await bring(
      tenant,
      'Task.csv',
      [
        'Id,IsDeleted,WhoId,WhatId,Subject,ActivityDate,Status,Priority,OwnerId,Description,CreatedDate,CallDurationInSeconds,CallType,CallDisposition,TaskSubtype,CompletedDateTime',
        `00T1,false,${ids[1]},${ids[2]},Offer,2024-01-05,Not Started,High,,Send it,2024-01-02T08:00:00.000Z,,,,Task,`,
        `00T2,false,${ids[1]},${ids[0]},Ring,2024-01-06,Completed,Normal,,,2024-01-06T08:00:00.000Z,90,Inbound,Busy,Call,2024-01-06T09:00:00.000Z`,
        '00T3,false,,01t000000000001AAA,Inspect,2024-01-07,Not Started,Normal,,,2024-01-03T08:00:00.000Z,,,,Task,',
        `00T4,true,${ids[1]},,Gone,2024-01-08,Not Started,Normal,,,2024-01-03T08:00:00.000Z,,,,Task,`,
        `00T5,false,${ids[1]},500000000000001AAA,About a case,2024-01-09,Not Started,Normal,,,2024-01-03T08:00:00.000Z,,,,Task,`,
      ].join('\n'),
      { source: 'salesforce' },
    );
    expect(task.plan.object).toBe('task');
    expect(task.result).toMatchObject({ created: 4, refused: 0, left: { deleted: 1 } });
    expect(task.result.unmatched).toEqual([{ target: 'aboutExternalId', text: '500000000000001AAA', rows: 1 }]);
    const { rows } = await tenant.api.tasks.list({ sort: [{ field: 'subject', dir: 'asc' }] });
    expect(rows).toMatchObject([
      { subject: 'About a case', contactId: about.contactId, aboutId: null },
      { subject: 'Inspect', aboutObject: 'product', refs: { aboutId: 'Crane' } },
      {
        subject: 'Offer',
        contactId: about.contactId,
        dealId: about.dealId,
        priority: 'high',
        dueOn: '2024-01-05',
        done: false,
      },
    ]);
    expect((await tenant.api.activities.list({})).rows).toMatchObject([
      {
        ...{ kind: 'call', direction: 'in', outcome: 'noAnswer', companyId: about.companyId, subject: 'Ring' },
        description: 'CallDisposition: Busy',
      },
    ]);
  });

  it('are refused row by row for what a record cannot be without, and a meeting never ends before it begins', async () => {
    const tenant = await createTestTenant();
    const { result } = await bring(
      tenant,
      'meetings.csv',
      [
        'Meeting ID,Type,Meeting title,Start time,End time,Duration',
        'm1,Meeting,One,2024-01-05 10:00,2024-01-05 09:00,',
        'm2,Meeting,Two,,,',
        'm3,Meeting,,2024-01-05 10:00,,',
        'm4,Meeting,Four,2024-01-05 10:00,,0:45',
      ].join('\n'),
      { object: 'activity' },
    );
    expect(result).toMatchObject({ status: 'done', created: 2, refused: 2 });
    const { rows } = await tenant.api.activities.list({ sort: [{ field: 'subject', dir: 'asc' }] });
    expect(rows).toMatchObject([
      { subject: 'Four', startsAt: '2024-01-05T10:00:00Z', endsAt: '2024-01-05T10:45:00Z' },
      { subject: 'One', endsAt: null },
    ]);
    const found = async (kind: 'refused' | 'partly') =>
      (await tenant.api.imports.problems({ id: result.id, kind })).rows.map(({ row, problems }) => [
        row,
        ...problems.map(({ code, target }: { code: string; target: string | null }) => `${code} ${target}`),
      ]);
    expect(await found('refused')).toEqual([
      [3, 'required startsAt'],
      [4, 'required subject'],
    ]);
    expect(await found('partly')).toEqual([[2, 'endBeforeStart endsAt']]);
  });
});

describe.skipIf(!hasRealData)('A7 the activities of HubSpot', () => {
  it('are 2,000 on 847 people, brought again none', { timeout: 120_000 }, async () => {
    const tenant = await createTestTenant();
    const run = async (object: string) => {
      const fileId = await uploadReal(tenant, `hubspot-dummy/hubspot_${object}.csv`);
      return importFile(tenant, fileId, await planFor(tenant, fileId, { missing: open }));
    };
    await run('contacts');
    const result = await run('activities');
    expect(result).toMatchObject({ status: 'done', rows: 2000, created: 2000, refused: 0, unmatched: [] });
    await superuser(async (client) => {
      const { rows } = await client.query(
        `with every as (
           select 'task' as object, type as kind, contact_id, owner_id from app.task where tenant_id = $1
           union all select 'activity', kind, contact_id, owner_id from app.activity where tenant_id = $1
           union all select 'note', null, contact_id, owner_id from app.note where tenant_id = $1)
         select object, kind, count(*)::int as n, count(contact_id)::int as linked, count(owner_id)::int as owned from every group by 1, 2 order by 1, 2`,
        [tenant.tenantId],
      );
      expect(rows).toEqual([
        { object: 'activity', kind: 'call', n: 402, linked: 402, owned: 402 },
        { object: 'activity', kind: 'meeting', n: 412, linked: 412, owned: 412 },
        { object: 'note', kind: null, n: 403, linked: 403, owned: 403 },
        { object: 'task', kind: 'email', n: 398, linked: 398, owned: 398 },
        { object: 'task', kind: 'todo', n: 385, linked: 385, owned: 385 },
      ]);
      const people = await client.query(
        `select count(distinct contact_id)::int as n from (
           select contact_id from app.task where tenant_id = $1 union all select contact_id from app.activity where tenant_id = $1
           union all select contact_id from app.note where tenant_id = $1) as x`,
        [tenant.tenantId],
      );
      expect(people.rows).toEqual([{ n: 847 }]);
    });
    expect(await run('activities')).toMatchObject({ created: 0, updated: 0, unchanged: 2000, refused: 0 });
  });
});
