import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activityFields } from '@/domain/activities';
import { activityField } from '@/domain/imports/activities';
import { activityObjects } from '@/domain/imports/activity-targets';
import { markdownOf } from '@/domain/imports/html';
import type { ImportPlan, ImportPlanInput } from '@/domain/imports/mapping';
import { planRow } from '@/domain/imports/rows';
import { stageOfHeader } from '@/domain/imports/stage-headers';
import { targets } from '@/domain/imports/targets';
import { noteFields } from '@/domain/notes';
import { taskFields } from '@/domain/tasks';
import { importPlan } from '@/tests/support/plans';

function plan(object: ImportPlan['object'], columns: Record<string, string>, more: Partial<ImportPlanInput> = {}) {
  return importPlan({
    object,
    timeZone: 'Asia/Shanghai',
    columns: Object.entries(columns).map(([header, target], index) => ({ index, header, target })),
    ...more,
  });
}

/** What a row comes to: the kind of record, its values, and what was said about them. */
function read(object: ImportPlan['object'], cells: Record<string, [target: string, text: string]>) {
  const columns = Object.fromEntries(Object.entries(cells).map(([header, [target]]) => [header, target]));
  const row = planRow(
    plan(object, columns),
    Object.values(cells).map(([, text]) => text),
  );
  return { ...row, problems: row.problems.map(({ code, level }) => `${level} ${code}`) };
}

describe('a row of activities', () => {
  it.each([
    ['Call', 'activity'],
    ['会议', 'activity'],
    ['LUNCH', 'activity'],
    ['Task', 'task'],
    ['Deadline', 'task'],
    ['INCOMING_EMAIL', 'task'],
    ['Note', 'note'],
    ['SMS', 'note'],
  ])('%s is a %s', (kind, object) => {
    const row = read('activity', {
      Type: ['kind', kind],
      Subject: ['subject', 'One'],
      When: ['startsAt', '2024-01-02 10:00'],
    });
    expect([row.object, row.refused]).toEqual([object, false]);
  });

  it('keeps as a line what the record has no field for, and only that', () => {
    const row = read('activity', {
      Type: ['kind', 'Lunch'],
      Subject: ['subject', 'One'],
      When: ['startsAt', '2024-01-02 10:00'],
      'Call type': ['direction', 'Internal'],
      Result: ['outcome', 'Rescheduled'],
      Text: ['description', 'Good.'],
    });
    expect(row.values.description).toBe('Good.\n\nType: Lunch\nResult: Rescheduled\nCall type: Internal');
    const plain = read('activity', {
      Type: ['kind', 'Call'],
      Subject: ['subject', 'One'],
      When: ['startsAt', '2024-01-02 10:00'],
      'Call type': ['direction', 'Inbound'],
      Result: ['outcome', 'Connected'],
    });
    expect(plain.values).toEqual({
      ...{ kind: 'call', subject: 'One', startsAt: '2024-01-02T02:00:00.000Z', direction: 'in', outcome: 'reached' },
    });
  });

  it('is in the calendar at an hour or when it is over, and something to do on a day', () => {
    const cells = (done: string, time: string): Parameters<typeof read>[1] => ({
      Type: ['kind', 'Call'],
      Subject: ['subject', 'Ring'],
      Due: ['dueOn', '2024-01-02'],
      Time: ['dueTime', time],
      Done: ['done', done],
    });
    expect(read('activity', cells('No', ''))).toMatchObject({
      object: 'task',
      values: { type: 'call', dueOn: '2024-01-02', done: false },
    });
    expect(read('activity', cells('No', '09:15')).values).toMatchObject({ startsAt: '2024-01-02T01:15:00.000Z' });
    expect(read('activity', cells('Yes', '')).values).toMatchObject({ startsAt: '2024-01-01T16:00:00.000Z' });
  });

  it.each([
    ['45', 45],
    ['1:30', 90],
    ['00:01:30', 1.5],
    ['20 min', 20],
  ])('lasts as long as %s says', (duration, minutes) => {
    const { values } = read('activity', {
      Subject: ['subject', 'One'],
      When: ['startsAt', '2024-01-02 10:00'],
      Length: ['duration', duration],
    });
    expect(Date.parse(String(values.endsAt)) - Date.parse(String(values.startsAt))).toBe(minutes * 60_000);
  });

  it('of a note is its text under its subject, and a task is called by its first line where it has no name', () => {
    expect(read('note', { Title: ['subject', 'Visit'], Text: ['description', 'Fine'] }).values).toEqual({
      body: '**Visit**\n\nFine',
    });
    expect(read('task', { Text: ['description', 'Ring them\nsoon'] })).toMatchObject({
      values: { subject: 'Ring them', description: 'Ring them\nsoon' },
      problems: ['note nameComposed'],
    });
    expect(read('note', { Title: ['subject', ''], Pinned: ['pinned', '1'] }).problems).toEqual(['row required']);
  });

  it('gives what the fields of its record take, whatever its cells say', () => {
    const fields = { task: taskFields, activity: activityFields, note: noteFields };
    const word = fc.oneof(
      fc.constantFrom(
        'Call',
        'note',
        'Task',
        'done',
        'open',
        '2024-01-02',
        '10:00',
        '99:99',
        '90',
        'Inbound',
        '<b>x</b>',
      ),
      fc.string({ maxLength: 30 }),
    );
    for (const object of activityObjects) {
      const names = targets[object].map(({ name }) => name);
      const whole = plan(object, Object.fromEntries(names.map((name) => [name, name])));
      fc.assert(
        fc.property(fc.array(word, { minLength: names.length, maxLength: names.length }), (cells) => {
          const row = planRow(whole, cells);
          if (row.refused || row.kind !== 'row') return;
          const kind = row.object ?? 'note';
          for (const [name, value] of Object.entries(row.values)) {
            if (name === 'doneAt') continue;
            // The kind of record decides which fields there are.
            expect(Object.keys(fields[kind])).toContain(name);
            expect([name, activityField(name)?.schema.safeParse(value).success]).toEqual([name, true]);
          }
        }),
        { numRuns: 200 },
      );
    }
  });
});

describe('text that was HTML', () => {
  it.each([
    ['a < b and b > c', 'a < b and b > c'],
    ['<p>One</p><p>Two &amp; <strong>three</strong></p>', 'One\n\nTwo & **three**'],
    ['Line<br/>break', 'Line\nbreak'],
    ['<ol><li>a</li><li>b</li></ol>', '1. a\n1. b'],
    ['<a href="javascript:alert(1)">x</a>', 'x'],
    ['<h1>Big</h1>text', '# Big\n\ntext'],
    ['<p>&lt;script&gt;</p>', '<script>'],
  ])('%s', (html, markdown) => {
    expect(markdownOf(html, true)).toBe(markdown);
  });

  it('is plain where nothing can be marked, and answers any text at all', () => {
    expect(markdownOf('<b>x</b> <a href="https://example.com">y</a>', false)).toBe('x y (https://example.com)');
    fc.assert(fc.property(fc.string(), (text) => typeof markdownOf(`<b>${text}`, true) === 'string'));
  });
});

describe('a column of a deal’s history', () => {
  it.each([
    ['Date entered "Closed Won (Sales Pipeline)"', 'Closed Won', 'Sales Pipeline'],
    ['Date entered “Talk”', 'Talk', null],
    ['Fecha de entrada en "Oferta (Ventas)"', 'Oferta', 'Ventas'],
    ['进入“方案报价（销售管道）”的日期', '方案报价', '销售管道'],
  ])('%s', (header, stage, pipeline) => {
    expect(stageOfHeader(header)).toEqual({ stage, pipeline });
  });

  it.each(['Date exited "Talk"', 'Cumulative time in "Talk (Sales)"', 'Close Date', 'Date entered'])(
    '%s is none',
    (header) => {
      expect(stageOfHeader(header)).toBeNull();
    },
  );
});
