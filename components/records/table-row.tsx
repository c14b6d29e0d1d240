'use client';

import { memo } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from '@/components/shell/router';
import { Checkbox } from '@/components/ui/checkbox';
import { cn } from '@/components/ui/cn';
import { objects, type RecordObject } from '@/domain/objects';
import { RecordAvatar } from './chips';
import { isNumeric } from './field-text';
import { FieldValue } from './field-value';
import { type RecordRow, recordPath, titleOf, useRecordPrefetch } from './record-data';
import { type Onward, ValueEditor } from './value-editor';

/** A cell being edited, or one whose last edit was refused. */
export interface CellEdit {
  id: string;
  name: string;
  open: boolean;
  draft?: string;
  error?: string | null;
}

/** What rows ask of their table; the same object for as long as the table lives. */
export interface GridActions {
  open: (id: string) => void;
  select: (id: string, range: boolean) => void;
  commit: (row: RecordRow, name: string, value: unknown, title: string | null | undefined, onward: Onward) => boolean;
  cancel: () => void;
}

export function cellId(id: string, name: string): string {
  return `cell-${id}-${name}`;
}

/** The width of a column as the header sets it. */
export function columnWidth(name: string): string {
  return `var(--column-${name})`;
}

export interface TableRowProps {
  object: RecordObject;
  row: RecordRow;
  index: number;
  top: number;
  names: readonly string[];
  selected: boolean;
  /** Shown in the panel. */
  opened: boolean;
  activeName: string | null;
  edit: CellEdit | null;
  actions: GridActions;
}

export const TableRow = memo(function TableRow(props: TableRowProps) {
  const { object, row, index, top, names, selected, opened, activeName, edit, actions } = props;
  const { fields, title } = objects[object];
  const lit = selected || opened;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names the active cell
    // biome-ignore lint/a11y/useSemanticElements: rows are placed by position, which table elements do not allow
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-id={row.id}
      style={{ top }}
      className={cn(
        'group absolute left-0 flex h-9 w-full border-b',
        lit ? 'bg-primary-soft' : 'bg-background hover:bg-subtle',
      )}
    >
      {names.map((name, column) => {
        const editing = edit?.name === name && edit.open;
        const refused = edit?.name === name && !edit.open ? edit.error : null;
        const field = fields[name];
        return (
          // biome-ignore lint/a11y/useFocusableInteractive: as above
          // biome-ignore lint/a11y/useSemanticElements: as above
          <div
            key={name}
            id={cellId(row.id, name)}
            role="gridcell"
            aria-colindex={column + 1}
            aria-invalid={refused ? true : undefined}
            data-name={name}
            style={{ width: columnWidth(name) }}
            className={cn(
              'relative flex h-full shrink-0 items-center px-2.5 text-sm',
              name === title && 'sticky left-0 z-10 bg-inherit pl-1',
              field && isNumeric(field) && 'tabular justify-end',
              activeName === name &&
                !editing &&
                'outline-2 outline-ring -outline-offset-2 [[data-grid]:not(:focus-within)_&]:outline-ring/40',
              refused && 'bg-destructive-soft',
            )}
          >
            {name === title ? (
              <TitleCell {...props} />
            ) : (
              <span className="min-w-0 truncate [&_a]:relative">
                <FieldValue object={object} name={name} row={row} />
              </span>
            )}
            {refused && (
              <span
                role="alert"
                className="absolute top-full left-0 z-20 w-max max-w-64 rounded-md bg-destructive-soft px-2 py-1 text-destructive text-xs shadow-pop"
              >
                {refused}
              </span>
            )}
            {editing && (
              <ValueEditor
                object={object}
                name={name}
                row={row}
                draft={edit.draft}
                error={edit.error}
                onCommit={(value, picked, onward) => actions.commit(row, name, value, picked, onward)}
                onCancel={actions.cancel}
                className="absolute inset-0 z-10 h-full"
              />
            )}
          </div>
        );
      })}
      <div className="min-w-0 flex-1" />
    </div>
  );
});

function TitleCell({ object, row, selected, actions }: TableRowProps) {
  const t = useTranslations('records');
  const prefetch = useRecordPrefetch(object);
  const title = titleOf(object, row);
  return (
    <>
      <span className="grid w-8 shrink-0 place-items-center">
        <Checkbox
          tabIndex={-1}
          checked={selected}
          aria-label={t('select', { title })}
          onClick={(event) => actions.select(row.id, event.shiftKey)}
          className={cn(
            !selected && 'opacity-0 focus-visible:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100',
          )}
        />
      </span>
      <RecordAvatar object={object} id={row.id} title={title} />
      <Link
        tabIndex={-1}
        to={recordPath(object, row.id)}
        onPointerEnter={() => prefetch(row.id)}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          actions.open(row.id);
        }}
        className="ml-2 min-w-0 truncate rounded-xs font-medium hover:text-link hover:underline"
      >
        {title || t('untitled')}
      </Link>
    </>
  );
}
