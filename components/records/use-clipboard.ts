'use client';

import { useQueryClient } from '@tanstack/react-query';
import { type ClipboardEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { useCodeText, useRefusalText } from '@/components/shell/errors';
import { useLabels } from '@/components/shell/labels';
import { useTRPCClient } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { toast } from '@/components/ui/toaster';
import { type Field, isReference } from '@/domain/fields';
import { checkValue, currencyOf, fromText, toText, typedFields } from './field-text';
import {
  booleanOf,
  choiceOf,
  dayOf,
  isFillable,
  isSingle,
  landing,
  parseTsv,
  partsOf,
  type Range,
  writeTsv,
} from './grid-range';
import { useReferenceSearch } from './pickers';
import { patchRecord, type RecordRow } from './record-data';
import { type ObjectKey, useObject } from './use-object';
import { useRefusedText } from './use-refused';

const alsoRefreshed = ['views', 'reports', 'changes', 'search'];

/** Whether what is kept under a key follows from records of a kind. */
function followsFrom(key: readonly unknown[], router: string): boolean {
  const path = key[0];
  const first = Array.isArray(path) ? String(path[0]) : '';
  return first === router || alsoRefreshed.includes(first);
}

/** The server changes at most so many records at once. */
export const most = 1000;

interface Input {
  object: ObjectKey;
  range: Range | null;
  names: readonly string[];
  writable: boolean;
  /** Rows of places, those out of sight loaded. */
  load: (from: number, to: number) => Promise<(RecordRow | undefined)[]>;
  /** The same without asking: rows that are not loaded are missing. */
  peek: (from: number, to: number) => (RecordRow | undefined)[];
  rows: readonly (RecordRow | undefined)[];
}

interface Write {
  row: RecordRow;
  name: string;
  value: unknown;
  title?: string | null;
}

/** Where the name in a cell is looked for: `about` is whichever kind fits. */
const namedBy = ({ to, kindIn }: Field): string | undefined => (kindIn ? 'about' : to);
const nameKey = (field: Field, text: string): string => `${namedBy(field)} ${text.trim().toLowerCase()}`;
/** So many different names are looked for at once. */
const mostNames = 100;

/** Copies, pastes, fills and clears ranges of cells. Each is one change set, and one undo. */
export function useClipboard({ object, range, names, writable, load, peek, rows }: Input) {
  const t = useTranslations('records.range');
  const kind = useObject(object);
  const labels = useLabels();
  const { tenant } = useBoot();
  const queries = useQueryClient();
  const client = useTRPCClient();
  const undo = useUndoToast();
  const refusal = useRefusalText();
  const refused = useRefusedText(object);
  const codeText = useCodeText();
  const search = useReferenceSearch();
  const c = useTranslations('common');
  const [busy, setBusy] = useState(false);
  const currencyIn = (field: Field, row: RecordRow) => currencyOf(field, row.currency, tenant.currency);

  const textOf = (row: RecordRow | undefined, name: string): string => {
    const field = kind.fields[name];
    const value = row?.[name];
    if (!row || !field || value === null || value === undefined) return '';
    if (isReference(field) && !Array.isArray(value)) return row.refs[name] ?? '';
    if (field.type === 'boolean') return c(value ? 'yes' : 'no');
    if (field.type === 'choice') return labels.choice(object, name, String(value));
    if (Array.isArray(value))
      return value
        .map((each) => (field.choices ? labels.choice(object, name, String(each)) : String(each?.title ?? each)))
        .join(', ');
    return typeof value === 'object' ? '' : toText(field, value, currencyIn(field, row));
  };

  const onCopy = (event: ClipboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget || !range) return;
    event.preventDefault();
    const { top, left, right } = range;
    const bottom = Math.min(range.bottom, top + most - 1);
    if (bottom < range.bottom) toast(t('copied', { max: most }));
    const textFor = (list: readonly (RecordRow | undefined)[]) =>
      writeTsv(Array.from(list, (row) => names.slice(left, right + 1).map((name) => textOf(row, name))));
    const there = peek(top, bottom);
    if (!there.includes(undefined)) return event.clipboardData.setData('text/plain', textFor(there));
    // Rows that were never in sight have to be loaded first: the clipboard takes a promise.
    const text = load(top, bottom).then((loaded) => new Blob([textFor(loaded)], { type: 'text/plain' }));
    // Where there is no such clipboard, as without TLS, it is said as well.
    Promise.resolve()
      .then(() => navigator.clipboard.write([new ClipboardItem({ 'text/plain': text })]))
      .catch(() => toast.error(t('notCopied')));
  };

  /** The rows of a range, as many as can be changed at once; null when they could not be loaded, which is said. */
  const loadRows = async ({ top, bottom }: Pick<Range, 'top' | 'bottom'>) => {
    if (bottom - top >= most) toast(t('most', { max: most }));
    return load(top, Math.min(bottom, top + most - 1)).catch((error) => {
      toast.error(refusal(error));
      return null;
    });
  };

  /** Writes cells as one change set: shown at once, taken back when the server refuses. */
  const write = async (writes: Write[], problems: string[]) => {
    const byRow = Map.groupBy(writes, ({ row }) => row.id);
    const changes = [...byRow].map(([id, cells]) => ({
      id,
      values: Object.fromEntries(cells.map(({ name, value }) => [name, value])),
    }));
    const report = () => {
      if (problems.length > 0)
        toast.error(t('unread', { count: problems.length }), { description: problems.slice(0, 3).join('\n') });
    };
    if (changes.length === 0) return report();
    for (const { row, name, value, title } of writes)
      patchRecord(queries, object, row.id, { [name]: value }, title === undefined ? {} : { [name]: title });
    setBusy(true);
    try {
      const { changeSetId } = await client.bulk.patch.mutate({ object, changes });
      undo(changeSetId, t('changed', { cells: writes.length, count: changes.length }));
    } catch (error) {
      for (const { row, name } of writes)
        patchRecord(queries, object, row.id, { [name]: row[name] ?? null }, { [name]: row.refs[name] ?? null });
      toast.error(refused(error));
    }
    setBusy(false);
    void queries.invalidateQueries({ predicate: ({ queryKey }) => followsFrom(queryKey, kind.plural) });
    report();
  };

  const paste = async (text: string, into: Range) => {
    const cells = landing(parseTsv(text), into);
    const loaded = await loadRows({ top: into.top, bottom: Math.min(cells.at(-1)?.row ?? into.top, rows.length - 1) });
    if (!loaded) return;
    const { titles, unasked } = await lookUp(cells.filter(({ row }) => loaded[row - into.top]));
    const problems: string[] = [];
    const writes = cells.flatMap(({ row: at, column, text }): Write[] => {
      const row = loaded[at - into.top];
      const name = names[column];
      if (!row || !isFillable(kind, name)) return [];
      const field = kind.fields[name];
      if (!field) return [];
      const read = readCell(object, field, name, text, currencyIn(field, row), titles);
      const where = t('cell', { field: labels.field(object, name), row: at + 1, text: text.slice(0, 40) });
      if (read === undefined) {
        problems.push(`${where} ${unasked.get(nameKey(field, text)) ?? unreadable(field)}`);
        return [];
      }
      const checked = checkValue(field, read, currencyIn(field, row));
      if ('value' in checked)
        return [{ row, name, value: checked.value, title: isReference(field) ? text.trim() : undefined }];
      problems.push(`${where} ${codeText(checked.code, checked.params)}`);
      return [];
    });
    await write(writes, problems);
  };

  /** What is wrong with a text that is no value of a field, and what to do. */
  const unreadable = (field: Field): string => {
    const { type, choices } = field;
    if (isReference(field)) return t('name');
    if (choices) return codeText('choice');
    return type === 'date' ? codeText('date') : type === 'boolean' ? t('yesNo') : codeText('invalid');
  };

  /**
   * What pasted names of records and people stand for: those found by exactly this name. Each is a search, so there is an
   * end to how many; `unasked` says why of those that were not looked for.
   */
  const lookUp = async (cells: { column: number; text: string }[]) => {
    const wanted = new Map<string, { to: string; text: string }>();
    for (const { column, text } of cells) {
      const field = kind.fields[names[column] ?? ''];
      const to = field && namedBy(field);
      if (to && text.trim()) wanted.set(nameKey(field, text), { to, text: text.trim() });
    }
    const titles = new Map<string, string>();
    const unasked = new Map<string, string>();
    let asked = 0;
    let failed: string | null = null;
    for (const [key, { to, text }] of wanted) {
      const why = failed ?? (asked++ < mostNames ? null : t('names', { max: mostNames }));
      if (why !== null) {
        unasked.set(key, why);
        continue;
      }
      const options = await search(to as Parameters<typeof search>[0], text.slice(0, 200)).catch((error) => {
        failed = refusal(error);
        unasked.set(key, failed);
        return [];
      });
      const same = options.filter(({ title }) => title.toLowerCase() === text.toLowerCase());
      if (same.length === 1 && same[0]) titles.set(key, same[0].id);
    }
    return { titles, unasked };
  };

  const readCell = (
    of: ObjectKey,
    field: Field,
    name: string,
    text: string,
    currency: string,
    titles: Map<string, string>,
  ): unknown => {
    if (text.trim() === '') return field.type === 'boolean' ? false : null;
    if (namedBy(field)) return titles.get(nameKey(field, text));
    const label = (value: string) => labels.choice(of, name, value);
    switch (field.type) {
      case 'choice':
        return choiceOf(field, text, label);
      case 'choices': {
        const values = partsOf(text).map((part) => choiceOf(field, part, label));
        return values.includes(undefined) ? undefined : values;
      }
      case 'tags':
        return partsOf(text);
      case 'boolean':
        return booleanOf(text);
      case 'rating':
        return Number(text);
      case 'date':
        return dayOf(text);
      default:
        return typedFields.has(field.type) ? fromText(field, text, currency) : text;
    }
  };

  const onPaste = (event: ClipboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget || !writable || !range || busy) return;
    event.preventDefault();
    void paste(event.clipboardData.getData('text/plain'), range);
  };

  /** The upper row of a range into all below it; from `source` when a handle was drawn. */
  const fill = async (into: Range, source: Range = { ...into, bottom: into.top }) => {
    if (!writable || busy || into.bottom === into.top) return;
    const loaded = await loadRows(into);
    if (!loaded) return;
    const bottom = Math.min(into.bottom, into.top + most - 1);
    const high = source.bottom - source.top + 1;
    const writes: Write[] = [];
    for (let at = source.bottom + 1; at <= bottom; at++) {
      const from = loaded[source.top - into.top + ((at - source.top) % high)];
      const row = loaded[at - into.top];
      if (!from || !row) continue;
      for (const name of names.slice(into.left, into.right + 1)) {
        if (isFillable(kind, name) && !(kind.fields[name]?.required && from[name] == null))
          writes.push({ row, name, value: from[name] ?? null, title: from.refs[name] });
      }
    }
    await write(writes, []);
  };

  const clear = async (cells: Range) => {
    if (!writable || busy) return;
    const loaded = await loadRows(cells);
    const writes = loaded?.flatMap((row) =>
      names.slice(cells.left, cells.right + 1).flatMap((name): Write[] => {
        const field = kind.fields[name];
        if (!row || !isFillable(kind, name) || field?.required || row[name] == null) return [];
        return [{ row, name, value: field?.type === 'boolean' ? false : null }];
      }),
    );
    if (writes) await write(writes, []);
  };

  return { handlers: { onCopy, onPaste }, fill, clear, single: range ? isSingle(range) : true };
}
