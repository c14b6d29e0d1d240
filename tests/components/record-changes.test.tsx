import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createTRPCClient } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { renderToString } from 'react-dom/server';
import { IntlProvider } from 'use-intl';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type RecordRow, useDeleteRecords, useRecordUpdate } from '@/components/records/record-data';
import { type Boot, BootProvider } from '@/components/shell/boot';
import { TRPCProvider } from '@/components/shell/trpc';
import messages from '@/domain/messages/en';
import type { AppRouter } from '@/server/router';

/**
 * Changes from what has left the screen by the time the server answers: a deleted note takes its card along, a task
 * that is ticked off its row. Rendered to text, the components below are gone from the beginning.
 */
const notices = vi.hoisted((): unknown[] => []);
vi.mock('@/components/ui/toaster', () => {
  const tell = (notice: unknown) => notices.push(notice);
  return { toast: Object.assign(tell, { error: tell, success: tell, warning: tell }) };
});

type Answer = (value: object | Error) => void;
let answers: Answer[];
let queries: QueryClient;
const list = [['notes', 'list'], { input: {}, type: 'query' }];
// As much of a record as the hooks read.
const note = (id: string, body: string) => ({ id, version: 1, body, refs: {} }) as unknown as RecordRow;

interface Hooks {
  update: ReturnType<typeof useRecordUpdate>;
  remove: ReturnType<typeof useDeleteRecords>;
}

function Take({ onTaken }: { onTaken: (hooks: Hooks) => void }) {
  onTaken({ update: useRecordUpdate('note'), remove: useDeleteRecords('note') });
  return null;
}

function hooks(): Hooks {
  const client = createTRPCClient<AppRouter>({
    links: [
      () => () =>
        observable((observer) => {
          answers.push((value) => {
            // What a link tells of a refusal is an error of its own kind; here any will do.
            if (value instanceof Error) observer.error(value as never);
            else {
              observer.next({ result: { type: 'data', data: value } });
              observer.complete();
            }
          });
        }),
    ],
  });
  // As much of it as the hooks read.
  const boot = { objects: [], fields: [], user: { locale: 'en' } } as unknown as Boot;
  let taken: Hooks | undefined;
  renderToString(
    <QueryClientProvider client={queries}>
      <TRPCProvider trpcClient={client} queryClient={queries}>
        <IntlProvider locale="en" messages={messages} timeZone="UTC">
          <BootProvider boot={boot}>
            <Take
              onTaken={(hooks) => {
                taken = hooks;
              }}
            />
          </BootProvider>
        </IntlProvider>
      </TRPCProvider>
    </QueryClientProvider>,
  );
  if (!taken) throw new Error('not rendered');
  return taken;
}

const bodies = () => queries.getQueryData<{ rows: { body: string }[] }>(list)?.rows.map(({ body }) => body);
const told = () => notices;

beforeEach(() => {
  answers = [];
  queries = new QueryClient();
  queries.setQueryData(list, { rows: [note('a', 'one'), note('b', 'two')], next: null });
  notices.length = 0;
});

describe('changes of records', () => {
  it('are each taken back when they are refused, also when another went out meanwhile', async () => {
    const { update } = hooks();
    update(note('a', 'one'), { body: 'ONE' });
    update(note('b', 'two'), { body: 'TWO' });
    await expect.poll(() => answers.length).toBe(2);
    expect(bodies()).toEqual(['ONE', 'TWO']);
    answers[0]?.(new Error('refused'));
    answers[1]?.({ version: 2, changeSetId: 'c' });
    await expect.poll(bodies).toEqual(['one', 'TWO']);
    expect(told()).toHaveLength(1);
  });

  it('tell of what was deleted with the place it was deleted from, and put it back when it is refused', async () => {
    const { remove } = hooks();
    remove(['a']);
    expect(bodies()).toEqual(['two']);
    await expect.poll(() => answers.length).toBe(1);
    answers[0]?.({ count: 1, changeSetId: '00000000-0000-4000-8000-000000000001' });
    await expect.poll(told).toContain('Deleted 1 note');
    remove(['b']);
    await expect.poll(() => answers.length).toBe(2);
    answers[1]?.(new Error('refused'));
    await expect.poll(bodies).toEqual(['two']);
  });
});
