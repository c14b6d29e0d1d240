'use client';

import { useTranslations } from 'use-intl';
import { TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table';
import { WideTable } from '@/components/ui/wide-table';
import { useProblemText } from './labels';

interface ProblemTableProps {
  headers: readonly string[];
  rows: readonly {
    row: number;
    problems: readonly {
      code: string;
      level: string;
      header: string | null;
      params?: Record<string, string | number>;
    }[];
    cells: readonly string[];
  }[];
}

/** Rows with the number a spreadsheet shows, what is wrong with them, and what they hold. */
export function ProblemTable({ headers, rows }: ProblemTableProps) {
  const t = useTranslations('imports.problemTable');
  const problem = useProblemText();
  return (
    <WideTable label={t('reason')}>
      <TableHeader className="bg-subtle">
        <TableRow>
          <TableHead numeric>{t('row')}</TableHead>
          <TableHead>{t('reason')}</TableHead>
          {headers.map((header, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: columns are their places
            <TableHead key={i}>{header}</TableHead>
          ))}
        </TableRow>
      </TableHeader>
      <TableBody>
        {rows.map(({ row, problems, cells }) => (
          <TableRow key={row}>
            <TableCell numeric className="text-muted-foreground">
              {row}
            </TableCell>
            <TableCell className="min-w-64 py-1.5">
              {problems.map((found) => (
                <p
                  key={`${found.code} ${found.header}`}
                  className={found.level === 'row' ? 'text-destructive' : undefined}
                >
                  {found.header ? `${found.header}: ` : ''}
                  {problem(found)}
                </p>
              ))}
            </TableCell>
            {headers.map((_, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns are their places
              <TableCell key={i} className="max-w-48 truncate whitespace-nowrap text-muted-foreground">
                {cells[i] ?? ''}
              </TableCell>
            ))}
          </TableRow>
        ))}
      </TableBody>
    </WideTable>
  );
}
