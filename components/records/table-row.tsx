'use client';

import { memo } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from '@/components/shell/router';
import { Checkbox } from '@/components/ui/checkbox';
import { cn } from '@/components/ui/cn';
import { RecordAvatar } from './chips';
import { isNumeric } from './field-text';
import { FieldValue } from './field-value';
import { type RecordRow, recordPath, titleOf } from './record-data';
import { type ObjectKey, useObject } from './use-object';
import { type Onward, ValueEditor } from './value-editor';
import { WaitingMark } from './waiting-mark';

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

/** Columns that stay have the widths of those before them at their left. */
export function stuckAt(names: readonly string[], column: number): string {
  const before = names.slice(0, column).map(columnWidth);
  return before.length > 0 ? `calc(${before.join(' + ')})` : '0px';
}

export interface TableRowProps {
  object: ObjectKey;
  row: RecordRow;
  index: number;
  top: number;
  height: number;
  /** So many columns stay at the left. */
  frozen: number;
  /** `2-4`: columns of the range that lie in this row, and whether its last cell is here. */
  range: string | null;
  shaded: boolean;
  corner: boolean;
  /** Being filled down to here. */
  filling: boolean;
  names: readonly string[];
  selected: boolean;
  /** Shown in the panel. */
  opened: boolean;
  activeName: string | null;
  edit: CellEdit | null;
  actions: GridActions;
}

export const TableRow = memo(function TableRow(props: TableRowProps) {
  const {
    object,
    row,
    index,
    top,
    height,
    names,
    frozen,
    range,
    shaded,
    corner,
    filling,
    selected,
    opened,
    activeName,
    edit,
    actions,
  } = props;
  const [first = -1, last = -1] = range?.split('-').map(Number) ?? [];
  const { fields, title } = useObject(object);
  const lit = selected || opened;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names the active cell
    // biome-ignore lint/a11y/useSemanticElements: rows are placed by position, which table elements do not allow
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-id={row.id}
      style={{ top, height }}
      className={cn(
        'group absolute left-0 flex w-full border-b',
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
            aria-selected={shaded && column >= first && column <= last ? true : undefined}
            style={{ width: columnWidth(name), left: column < frozen ? stuckAt(names, column) : undefined }}
            className={cn(
              'relative flex h-full shrink-0 items-center px-2.5 text-sm',
              column < frozen && 'sticky z-10 bg-inherit',
              column === frozen - 1 && frozen > 1 && 'border-r',
              name === title && 'pl-1',
              shaded && column >= first && column <= last && 'bg-primary-soft',
              filling && column >= first && column <= last && 'border-y border-dashed border-ring',
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
            {corner && column === last && !editing && (
              <span
                aria-hidden
                data-handle
                className="absolute right-0 bottom-0 z-20 size-2 cursor-crosshair bg-ring pointer-coarse:hidden"
              />
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
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          actions.open(row.id);
        }}
        className="ml-2 min-w-0 truncate rounded-xs font-medium hover:text-link hover:underline"
      >
        {title || t('untitled')}
      </Link>
      <WaitingMark id={row.id} className="ml-1.5" />
    </>
  );
}
