import type { Filled } from './fill';
import type { Asking, Work } from './works';

const tiers = ['gold', 'bronze', 'iron', 'tin'];
const columns = ['companyId', 'email', 'ownerId', 'c_tier', 'c_budget', 'createdAt'];

/** What the record engine adds: a tenant's own fields, boards, groups, calendars, and what follows from a change. */
export function ownWorks({ fields, contactIds, dealIds, busyDealIds }: Filled, asking: Asking): Work[] {
  const { get, query, floor, send, mutate, turn, always } = asking;
  const id = (name: string) => fields[name] ?? '';
  const tier = id('contact.c_tier');
  const budget = id('contact.c_budget');
  const listed = (name: string, at: ReturnType<typeof floor>, input: Record<string, unknown>): Work => ({
    name,
    floor: always(at),
    rest: always(get('/contacts', written({ ...input, columns }))),
    trpc: always(query('contacts.list', { ...input, columns })),
  });
  const isTier = (value: string) => ({ field: 'c_tier', op: 'is', value });
  const from = (value: number) => ({ field: 'c_budget', op: 'gte', value });
  const month = (ahead: number) => {
    const now = new Date();
    return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead)).toISOString().slice(0, 10);
  };
  const within = (field: string) => ({
    and: [
      { field, op: 'gte', value: month(1) },
      { field, op: 'lt', value: month(2) },
    ],
  });
  let changed = 0;
  const changing = (ids: string[], make: (id: string, amount: number) => ReturnType<typeof floor>) => () => {
    const at = ++changed;
    return make(ids[at % ids.length] ?? '', 1000 + at);
  };
  const upkeep = (name: string, ids: string[]): Work => ({
    name,
    floor: changing(ids, (deal, amount) => send('PATCH', `/amount/${deal}`, { amount })),
    rest: changing(ids, (deal, amount) => send('PATCH', `/api/v1/deals/${deal}`, { amount })),
    trpc: changing(ids, (deal, amount) => mutate('deals.update', { id: deal, values: { amount } })),
  });
  const grouped = (
    name: string,
    at: ReturnType<typeof floor>,
    object: string,
    input: Record<string, unknown>,
  ): Work => ({
    name,
    floor: always(at),
    rest: always(get(`/groups/${object}`, written(input))),
    trpc: always(query('views.groups', { object, ...input })),
    whole: true,
  });
  return [
    ...tiers.map((value) => listed(`own.filter.${value}`, floor('own-choice', tier, value), { filter: isTier(value) })),
    listed('own.filter.tenth', floor('own-from', budget, '90000000'), { filter: from(90_000_000) }),
    listed('own.filter.few', floor('own-few', budget, '99990000'), { filter: from(99_990_000) }),
    listed('own.filter.two', floor('own-two', tier, 'gold', budget, '90000000'), {
      filter: { and: [isTier('gold'), from(90_000_000)] },
    }),
    listed('own.sort', floor('own-sorted', budget), { sort: [{ field: 'c_budget', dir: 'desc' }] }),
    listed('own.sort.filter', floor('own-sorted', budget), {
      sort: [{ field: 'c_budget', dir: 'desc' }],
      filter: isTier('iron'),
    }),
    listed('own.sort.reference', floor('sort-title'), { sort: [{ field: 'c_account', dir: 'asc' }] }),
    listed('sort.reference', floor('sort-title'), { sort: [{ field: 'companyId', dir: 'asc' }] }),
    listed('sort.person', floor('sort-person'), { sort: [{ field: 'ownerId', dir: 'asc' }] }),
    { ...listed('sort.email', floor('sort-email'), { sort: [{ field: 'email', dir: 'asc' }] }), whole: true },
    {
      name: 'own.count',
      floor: turn(tiers, (value) => floor('own-count', tier, value)),
      rest: turn(tiers, (value) => get('/contacts/count', written({ filter: isTier(value) }))),
      trpc: turn(tiers, (value) => query('contacts.count', { filter: isTier(value) })),
    },
    grouped('own.board', floor('own-groups'), 'contact', { group: { field: 'c_tier' }, totals: ['c_budget'] }),
    {
      name: 'own.board.column',
      floor: turn(tiers, (value) => floor('own-choice', tier, value)),
      rest: turn(tiers, (value) => get('/contacts', written({ columns, filter: isTier(value) }))),
      trpc: turn(tiers, (value) => query('contacts.list', { columns, filter: isTier(value) })),
    },
    grouped('groups.totals', floor('groups'), 'deal', { group: { field: 'ownerId' }, totals: ['amount'] }),
    grouped('groups.month', floor('groups'), 'deal', {
      group: { field: 'expectedClose', by: 'month' },
      totals: ['amount'],
    }),
    {
      name: 'calendar.deals',
      floor: always(floor('month', month(1), month(2))),
      rest: always(get('/deals', written({ ...calendar('expectedClose'), columns: ['expectedClose', 'amount'] }))),
      trpc: always(query('deals.list', { ...calendar('expectedClose'), columns: ['expectedClose', 'amount'] })),
    },
    listed('calendar.own', floor('own-month', id('contact.c_renewal'), month(1), month(2)), calendar('c_renewal')),
    {
      name: 'marks',
      floor: always(floor('own-groups')),
      rest: always(get('/marks/contact')),
      trpc: always(query('views.marks', { object: 'contact' })),
      whole: true,
    },
    {
      name: 'own.update',
      floor: changing(contactIds, (contact, amount) =>
        send('PATCH', `/budget/${contact}/${budget}`, { budget: amount }),
      ),
      rest: changing(contactIds, (contact, amount) =>
        send('PATCH', `/api/v1/contacts/${contact}`, { c_budget: amount }),
      ),
      trpc: changing(contactIds, (contact, amount) =>
        mutate('contacts.update', { id: contact, values: { c_budget: amount } }),
      ),
    },
    upkeep('upkeep', dealIds),
    upkeep('upkeep.busy', busyDealIds),
  ];

  function calendar(field: string) {
    return { filter: within(field), sort: [{ field, dir: 'asc' }], limit: 200 };
  }
}

/** An input as the query of a REST call writes it. */
function written(input: Record<string, unknown>): Record<string, string> {
  const text = (value: unknown): string => {
    if (typeof value === 'string') return value;
    if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(',');
    return JSON.stringify(value);
  };
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [name, name === 'sort' ? sortText(value) : text(value)]),
  );
}

const sortText = (value: unknown): string =>
  (Array.isArray(value) ? value : []).map(({ field, dir }) => (dir === 'desc' ? `-${field}` : field)).join(',');
