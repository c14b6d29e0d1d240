'use client';

import type { ClipboardEvent } from 'react';
import { useBoot } from '@/components/shell/boot';
import type { Fields } from '@/domain/fields';
import { fromText, typedFields } from './field-text';
import type { RecordRow } from './record-data';
import { isEditable } from './table-columns';
import { cellId } from './table-row';

/** More rows at once belong into an import. */
const mostPasted = 200;

interface ClipboardInput {
  at: number;
  column: number;
  rows: readonly RecordRow[];
  names: readonly string[];
  fields: Fields;
  writable: boolean;
  save: (row: RecordRow, name: string, value: unknown) => void;
}

/** Copies the cell under the cursor; rows and columns of a spreadsheet land on the cells right and below it. */
export function useClipboard({ at, column, rows, names, fields, writable, save }: ClipboardInput) {
  const { tenant } = useBoot();

  const onCopy = (event: ClipboardEvent<HTMLDivElement>) => {
    const row = rows[at];
    const name = names[column];
    if (event.target !== event.currentTarget || !row || !name) return;
    event.clipboardData.setData('text/plain', document.getElementById(cellId(row.id, name))?.textContent ?? '');
    event.preventDefault();
  };

  const onPaste = (event: ClipboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget || !writable || at < 0) return;
    event.preventDefault();
    const text = event.clipboardData.getData('text/plain').replace(/\r?\n$/, '');
    for (const [down, line] of text.split(/\r?\n/).slice(0, mostPasted).entries()) {
      const row = rows[at + down];
      if (!row) return;
      const currency = typeof row.currency === 'string' ? row.currency : tenant.currency;
      for (const [right, cell] of line.split('\t').entries()) {
        const name = names[column + right];
        const field = name ? fields[name] : undefined;
        if (!name || !isEditable(field)) continue;
        if (typedFields.has(field.type)) save(row, name, fromText(field, cell, currency));
        else if (field.type === 'date') save(row, name, cell.trim() || null);
      }
    }
  };

  return { onCopy, onPaste };
}
