import { describe, expect, it } from 'vitest';
import { aboutOf } from '@/components/activities/actions';
import { attendeesOf, foundPeople } from '@/components/activities/attendees-field';
import { asksForSeries } from '@/components/tasks/series-question';
import { whoseFor } from '@/components/tasks/task-filters';
import { catalogueOf } from '@/domain/catalogue';
import { type FieldDefinition, fieldOf } from '@/domain/custom-fields';

const row = (values: Record<string, unknown>, refs: Record<string, string | null> = {}) => ({
  id: 'here',
  version: 1,
  ...values,
  refs,
});
const kindOf = (name: string) => {
  const kind = catalogueOf([], []).get(name);
  if (!kind) throw new Error(`no ${name}`);
  return kind;
};

describe('what a call or meeting from a record is about', () => {
  it('is the record, and whom it names', () => {
    const deal = row({ name: 'Lamps', companyId: 'acme' }, { companyId: 'Acme' });
    expect(aboutOf(kindOf('deal'), deal)).toEqual([
      { object: 'deal', id: 'here', title: 'Lamps' },
      { object: 'company', id: 'acme', title: 'Acme' },
    ]);
    const task = row({ subject: 'Call', contactId: 'ada', companyId: null }, { contactId: 'Ada' });
    expect(aboutOf(kindOf('task'), task)).toEqual([{ object: 'contact', id: 'ada', title: 'Ada' }]);
    // A subsidiary's call is about itself, not about the company above it.
    const company = row({ name: 'Acme East', parentId: 'acme' }, { parentId: 'Acme' });
    expect(aboutOf(kindOf('company'), company)).toEqual([{ object: 'company', id: 'here', title: 'Acme East' }]);
  });

  it('is found through own fields too, beside the product or the record of an own object itself', () => {
    const definition: FieldDefinition = {
      id: '00000000-0000-4000-8000-000000000001',
      version: 1,
      object: 'product',
      key: 'c_maker',
      type: 'relation',
      label: { en: 'Maker' },
      help: null,
      required: false,
      settings: { to: 'company' },
      position: 1,
    };
    const product = { ...kindOf('product'), fields: { ...kindOf('product').fields, c_maker: fieldOf(definition) } };
    const named = row({ name: 'Lamp', c_maker: 'acme' }, { c_maker: 'Acme' });
    expect(aboutOf(product, named)).toEqual([
      { object: 'product', id: 'here', title: 'Lamp' },
      { object: 'company', id: 'acme', title: 'Acme' },
    ]);
    // Whom it may not show is not who it is about.
    const itself = [{ object: 'product', id: 'here', title: 'Lamp' }];
    expect(aboutOf(product, row({ name: 'Lamp', c_maker: 'acme' }, { c_maker: null }))).toEqual(itself);
    const asset = { ...product, name: 'o_asset' };
    expect(aboutOf(asset, row({ name: 'Crane' }))).toEqual([{ object: 'o_asset', id: 'here', title: 'Crane' }]);
  });

  it('is what a task is about, whichever kind that is, but no product that a deal merely names', () => {
    const about = { aboutId: 'crane', aboutObject: 'o_asset' };
    const task = row({ subject: 'Oil it', ...about }, { aboutId: 'Crane' });
    expect(aboutOf(kindOf('task'), task)).toEqual([{ object: 'o_asset', id: 'crane', title: 'Crane' }]);
    const deal = row({ name: 'Lamps', productId: 'lamp' }, { productId: 'Lamp' });
    expect(aboutOf(kindOf('deal'), deal)).toEqual([{ object: 'deal', id: 'here', title: 'Lamps' }]);
  });
});

describe('attendees', () => {
  const labels = { member: 'Member', contact: 'Contact', email: 'By mail' };
  const ada = { id: 'ada', title: 'Ada', subtitle: 'ada@acme.example' };

  it('are colleagues, contacts, and whoever has a mail address', () => {
    expect(foundPeople('ad', [{ id: 'bob', title: 'Bob' }], [ada], labels)).toMatchObject([
      { id: 'bob', object: 'member', subtitle: 'Member' },
      { id: 'ada', object: 'contact', subtitle: 'ada@acme.example' },
    ]);
    expect(foundPeople(' Guest@acme.example', [], [ada], labels)).toMatchObject([
      { id: 'ada' },
      { id: 'guest@acme.example', object: 'email' },
    ]);
    // The contact is offered, not their address beside them.
    expect(foundPeople('ADA@acme.example', [], [ada], labels)).toMatchObject([{ id: 'ada' }]);
    expect(foundPeople('guest@', [], [], labels)).toEqual([]);
  });

  it('are told to the server as who they are', () => {
    const people = [
      { id: 'guest@acme.example', name: 'guest@acme.example', object: 'email' as const },
      { id: 'ada', name: 'Ada', object: 'contact' as const },
      { id: 'bob', name: 'Bob' },
    ];
    expect(attendeesOf(people)).toEqual({ attendeeIds: ['ada', 'bob'], attendeeEmails: ['guest@acme.example'] });
  });
});

describe('whose tasks are shown', () => {
  it.each([
    [{ role: 'member', teamIds: ['north'] }, ['mine']],
    [{ role: 'manager', teamIds: ['north'] }, ['mine', 'team', 'all']],
    [{ role: 'manager', teamIds: [] }, ['mine', 'all']],
    [{ role: 'viewer', teamIds: [] }, ['mine', 'all']],
  ] as const)('%j chooses among %j', (member, wanted) => {
    expect(whoseFor(member)).toEqual(wanted);
  });
});

describe('a change of a task that comes again', () => {
  const weekly = { recurrence: 'FREQ=WEEKLY;BYDAY=MO', done: false };
  it.each([
    [weekly, { dueOn: '2027-03-03' }, true],
    [weekly, { subject: 'x' }, true],
    [weekly, { done: true }, false],
    [weekly, { recurrence: null }, false],
    [weekly, { c_budget: 1 }, false],
    [{ ...weekly, done: true }, { subject: 'x' }, false],
    [{ recurrence: null, done: false }, { subject: 'x' }, false],
  ])('%j with %j asks which is meant: %j', (task, values, asked) => {
    expect(asksForSeries('task', task, values)).toBe(asked);
    expect(asksForSeries('deal', task, values)).toBe(false);
  });
});
