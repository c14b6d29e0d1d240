import type { Request } from 'autocannon';
import type { Filled } from './fill';
import type { Account } from './product';
import { ownWorks } from './works-own';

/** One kind of work: the same asked of the floor, over REST and over tRPC. */
export interface Work {
  name: string;
  floor: () => Request;
  rest: () => Request;
  trpc: () => Request;
  /** Reads through all of a tenant's records: asked one at a time. */
  whole?: boolean;
}

const listed = ['companyId', 'jobTitle', 'email', 'phone', 'ownerId', 'createdAt'];
const words = ['mar', '王', 'wang', 'schm', 'person12', 'zhang', '钢铁', 'robot'];
/** Ways to look for somebody, each measured by itself. */
const ways = {
  character: ['王', '明', '上', '钢'],
  pinyin: ['wangxiao', 'zhangwei', 'shanghai', 'gangtie'],
  initials: ['wxm', 'zw', 'shgt', 'lxy'],
  typo: ['schmdit', 'papadopulos', 'kowalsky', 'jnasen'],
  phone: ['45678', '2345', '9999', '0123'],
};

/** Ways to put a question to the floor and to the product's two doors. */
export interface Asking {
  floor(...path: string[]): Request;
  get(path: string, query?: Record<string, string>): Request;
  query(procedure: string, input: unknown): Request;
  send(method: 'POST' | 'PATCH', path: string, body: unknown): Request;
  mutate(procedure: string, input: unknown): Request;
  always(request: Request): () => Request;
  /** One after the other, over and over. */
  turn<T>(values: T[], make: (value: T) => Request): () => Request;
}

/** The works of the goals in product/speed.md and of the record engine, on a filled tenant. */
export function works(filled: Filled, account: Account): Work[] {
  const { pipelineId, stageIds, contactIds } = filled;
  const stageId = stageIds[1] ?? '';
  const filter = {
    and: [
      { field: 'ownerId', op: 'is', value: filled.memberId },
      { field: 'jobTitle', op: 'is', value: 'CTO' },
    ],
  };
  const get = (path: string, query: Record<string, string> = {}): Request => {
    const search = new URLSearchParams(query).toString();
    return { method: 'GET', path: `/api/v1${path}${search ? `?${search}` : ''}` };
  };
  const send = (method: 'POST' | 'PATCH', path: string, body: unknown): Request => ({
    method,
    path,
    body: JSON.stringify(body),
  });
  const query = (procedure: string, input: unknown): Request => ({
    method: 'GET',
    path: `/api/trpc/${account.slug}/${procedure}?batch=1&input=${encodeURIComponent(JSON.stringify({ 0: input }))}`,
  });
  const mutate = (procedure: string, input: unknown): Request =>
    send('POST', `/api/trpc/${account.slug}/${procedure}?batch=1`, { 0: input });
  const floor = (...path: string[]): Request => ({ method: 'GET', path: `/${path.map(encodeURIComponent).join('/')}` });
  const always = (request: Request) => () => request;
  const turn = <T>(values: T[], make: (value: T) => Request) => {
    const requests = values.map(make);
    let i = 0;
    return () => requests[i++ % requests.length] as Request;
  };

  let made = 0;
  const contact = () => ({ name: `Maria Novak ${++made}`, email: `made${made}@bench.example`, jobTitle: 'Buyer' });
  let changed = 0;
  // Another value each time round, or nothing would be written.
  const change = () => ({ id: contactIds[++changed % contactIds.length] ?? '', jobTitle: `Title ${changed}` });
  const changing = (make: (id: string, values: { jobTitle: string }) => Request) => () => {
    const { id, jobTitle } = change();
    return make(id, { jobTitle });
  };

  return [
    {
      name: 'list.contacts',
      floor: always(floor('list')),
      rest: always(get('/contacts', { columns: listed.join(',') })),
      trpc: always(query('contacts.list', { columns: listed })),
    },
    {
      name: 'list.contacts.filtered',
      floor: always(floor('filtered', filled.memberId, 'CTO')),
      rest: always(get('/contacts', { columns: listed.join(','), filter: JSON.stringify(filter) })),
      trpc: always(query('contacts.list', { columns: listed, filter })),
    },
    {
      name: 'board.deals',
      floor: always(floor('board', pipelineId)),
      rest: always(get('/deals/board', { pipelineId })),
      trpc: always(query('deals.board', { pipelineId })),
    },
    {
      name: 'column.deals',
      floor: always(floor('column', stageId)),
      rest: always(get('/deals/column', { stageId })),
      trpc: always(query('deals.column', { stageId })),
    },
    {
      name: 'record.contact',
      floor: turn(contactIds, (id) => floor('record', id)),
      rest: turn(contactIds, (id) => get(`/contacts/${id}`)),
      trpc: turn(contactIds, (id) => query('contacts.get', { id })),
    },
    {
      name: 'search',
      floor: turn(words, (q) => floor('search', q)),
      rest: turn(words, (q) => get('/search', { q })),
      trpc: turn(words, (q) => query('search.global', { q })),
    },
    ...Object.entries(ways).map(([way, typed]) => ({
      name: `search.${way}`,
      floor: turn(typed, (q) => floor('search', q)),
      rest: turn(typed, (q) => get('/search/groups', { q, limit: '5' })),
      trpc: turn(typed, (q) => query('search.groups', { q, limit: 5 })),
    })),
    ...ownWorks(filled, { floor, get, query, send, mutate, always, turn }),
    {
      name: 'create.contact',
      floor: () => send('POST', '/create', contact()),
      rest: () => send('POST', '/api/v1/contacts', contact()),
      trpc: () => mutate('contacts.create', { values: contact() }),
    },
    {
      name: 'update.contact',
      floor: changing((id, values) => send('PATCH', `/update/${id}`, values)),
      rest: changing((id, values) => send('PATCH', `/api/v1/contacts/${id}`, values)),
      trpc: changing((id, values) => mutate('contacts.update', { id, values })),
    },
  ];
}
