'use client';

import { useTranslations } from 'use-intl';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Badge } from '@/components/ui/badge';
import { Field } from '@/components/ui/field';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import { TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table';
import { WideTable } from '@/components/ui/wide-table';
import { separators } from '@/domain/imports/dialect';
import { encodings } from '@/domain/imports/encoding';
import type { ImportObject } from '@/domain/imports/targets';
import { ConfidenceChip } from './confidence-chip';
import { useImportables, useObjectName } from './labels';
import type { Analysis, DraftControls } from './use-draft';

const productNames = { hubspot: 'HubSpot', salesforce: 'Salesforce', pipedrive: 'Pipedrive' } as const;
const separatorNames = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'pipe' } as const;

/** What the file is and how it is read, with its first rows as proof. */
export function FileStep({ analysis, draft }: { analysis: Analysis; draft: DraftControls }) {
  const t = useTranslations('imports.file');
  const all = useTranslations('imports');
  const objectName = useObjectName();
  const importables = useImportables();
  const { guess, dialect, encoding, header, count } = analysis;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <div className="flex flex-wrap items-center gap-2 text-sm">
        <span className="tabular font-medium">{all(count.exact ? 'rows' : 'aboutRows', { count: count.rows })}</span>
        <span className="text-muted-foreground">{t('columns', { count: analysis.headers.length })}</span>
        {guess.product && <Badge variant="primary">{t('from', { product: productNames[guess.product] })}</Badge>}
      </div>
      {guess.unsupported && !draft.reading.object && (
        <Alert variant="warning">
          <AlertDescription>{t('unsupported', { kind: t(`kinds.${guess.unsupported}`) })}</AlertDescription>
        </Alert>
      )}
      <div className="grid items-start gap-4 sm:grid-cols-2 lg:grid-cols-4">
        <Field
          label={t('object')}
          aside={
            analysis.object && !draft.reading.object ? <ConfidenceChip confidence={guess.confidence} /> : undefined
          }
          error={analysis.object ? undefined : t('objectNeeded')}
        >
          <Select
            value={analysis.object ?? ''}
            onValueChange={(object) => draft.read({ object: object as ImportObject })}
          >
            <SelectTrigger>
              <SelectValue placeholder={t('choose')} />
            </SelectTrigger>
            <SelectContent>
              {importables.map((object) => (
                <SelectItem key={object} value={object}>
                  {objectName(object)}
                </SelectItem>
              ))}
            </SelectContent>
          </Select>
        </Field>
        <Field label={t('encoding')} aside={<ConfidenceChip confidence={encoding.confidence} />}>
          <Select
            value={encoding.value}
            onValueChange={(value) => draft.read({ encoding: value as typeof encoding.value })}
          >
            <SelectTrigger>
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              {encodings.map((name) => (
                <SelectItem key={name} value={name}>
                  {t(`encodings.${name}`)}
                </SelectItem>
              ))}
            </SelectContent>
          </Select>
        </Field>
        <Field label={t('separator')} aside={<ConfidenceChip confidence={dialect.confidence} />}>
          <Select
            value={separatorNames[dialect.separator]}
            onValueChange={(name) =>
              draft.read({ separator: separators.find((separator) => separatorNames[separator] === name) })
            }
          >
            <SelectTrigger>
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              {separators.map((separator) => (
                <SelectItem key={separator} value={separatorNames[separator]}>
                  {t(`separators.${separatorNames[separator]}`)}
                </SelectItem>
              ))}
            </SelectContent>
          </Select>
        </Field>
        <Field label={t('header')} aside={<ConfidenceChip confidence={header.confidence} />}>
          <Select
            value={header.present ? 'yes' : 'no'}
            onValueChange={(value) => draft.read({ hasHeader: value === 'yes' })}
          >
            <SelectTrigger>
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              <SelectItem value="yes">{t('headerYes')}</SelectItem>
              <SelectItem value="no">{t('headerNo')}</SelectItem>
            </SelectContent>
          </Select>
        </Field>
      </div>
      <section aria-labelledby="first-rows">
        <h2 id="first-rows" className="mb-2 font-medium text-base">
          {t('firstRows')}
        </h2>
        <WideTable label={t('firstRows')}>
          <TableHeader className="bg-subtle">
            <TableRow>
              {analysis.headers.map((name, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns are their places
                <TableHead key={i}>{name}</TableHead>
              ))}
            </TableRow>
          </TableHeader>
          <TableBody>
            {analysis.sample.map((cells, row) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows are their places
              <TableRow key={row}>
                {analysis.headers.map((_, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns are their places
                  <TableCell key={i} className="max-w-56 truncate whitespace-nowrap">
                    {cells[i] ?? ''}
                  </TableCell>
                ))}
              </TableRow>
            ))}
          </TableBody>
        </WideTable>
      </section>
    </div>
  );
}
