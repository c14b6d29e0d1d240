'use client';

import { useTranslations } from 'use-intl';
import { useFormat } from '@/components/shell/format';
import { Link } from '@/components/shell/router';
import type { Outputs } from '@/components/shell/trpc';
import { Badge } from '@/components/ui/badge';
import { areUndone, statusOfSet } from '@/domain/imports/sets';
import { useObjectName } from './labels';
import { StatusBadge } from './status-badge';

type List = Outputs['imports']['list'];
type Row = List['imports'][number];

/** Every import there has been, newest first; files imported together are one line. */
export function PastImports({ imports, sets }: Pick<List, 'imports' | 'sets'>) {
  const names = new Map(sets.map(({ id, name }) => [id, name]));
  const groups = Map.groupBy(imports, (row) => row.setId ?? row.id);
  return (
    <ul className="divide-y rounded-lg border">
      {[...groups].map(([id, rows]) => (
        <li key={id}>
          <Line rows={rows} name={names.get(id) ?? null} />
        </li>
      ))}
    </ul>
  );
}

/** @param name of a set that was found in one file */
function Line({ rows, name }: { rows: readonly Row[]; name: string | null }) {
  const t = useTranslations('imports');
  const format = useFormat();
  const objectName = useObjectName();
  const [row] = rows;
  if (!row) return null;
  const sum = (of: 'created' | 'updated' | 'unchanged' | 'refused' | 'taken' | 'rows') =>
    rows.reduce((total, each) => total + each[of], 0);
  const { setId } = row;
  const status = setId ? statusOfSet(rows.map((each) => each.status)) : row.status;
  const objects = [...new Set(rows.toReversed().map(({ object }) => objectName(object)))];
  return (
    <Link
      to={setId ? `/imports/set?id=${setId}` : `/imports/${row.id}`}
      className="focus-inset grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-0.5 px-3 py-2 text-sm hover:bg-subtle sm:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_minmax(0,2fr)_auto]"
    >
      <span className="truncate font-medium">
        {setId ? (name ?? t('set.files', { count: rows.length })) : row.fileName}
      </span>
      <span className="truncate text-muted-foreground max-sm:order-3">{objects.join(t('counts.comma'))}</span>
      <span className="tabular truncate text-muted-foreground max-sm:order-4 max-sm:col-span-2">
        {t('past.counts', {
          created: sum('created'),
          updated: sum('updated'),
          unchanged: sum('unchanged'),
          refused: sum('refused'),
        })}
      </span>
      <span className="flex items-center justify-end gap-2">
        {areUndone(rows) ? <Badge variant="outline">{t('undone')}</Badge> : <StatusBadge status={status} />}
      </span>
      <span className="text-muted-foreground max-sm:order-5 max-sm:col-span-2 sm:col-span-4">
        {t('past.by', { name: row.by ?? '', when: format.dateTime(row.createdAt) })}
        {status === 'running' && !setId && row.rows > 0 && (
          <Badge variant="primary" className="ml-2">
            {format.percent(Math.floor((row.taken / row.rows) * 100))}
          </Badge>
        )}
      </span>
    </Link>
  );
}
