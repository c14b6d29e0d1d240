'use client';

import { useTranslations } from 'use-intl';
import { useCan } from '@/components/shell/boot';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Badge } from '@/components/ui/badge';
import { Field } from '@/components/ui/field';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import { TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table';
import { WideTable } from '@/components/ui/wide-table';
import { quotes, separators } from '@/domain/imports/dialect';
import { encodings } from '@/domain/imports/encoding';
import type { ImportObject } from '@/domain/imports/targets';
import { ConfidenceChip } from './confidence-chip';
import { useImportables, useObjectName } from './labels';
import { NewObjectFields } from './new-object';
import { ReadAs } from './read-as';
import { ReadingChoice } from './reading-choice';
import type { Analysis, DraftControls } from './use-draft';

const quoteNames = { '"': 'double', "'": 'single', '': 'none' } as const;
const separatorNames = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'pipe' } as const;

/** Not the name of any object. */
const asNew = 'new';

/** What the file is and how it is read, with its first rows as proof. */
export function FileStep({ analysis, draft }: { analysis: Analysis; draft: DraftControls }) {
  const t = useTranslations('imports.file');
  const all = useTranslations('imports');
  const objectName = useObjectName();
  const importables = useImportables();
  const can = useCan();
  const { guess, dialect, encoding, header, count } = analysis;
  const make = draft.plan?.make;
  // What was taken out of workbooks and vCards is written in one way.
  const isText = analysis.file.format === 'text';
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <div className="flex flex-wrap items-center gap-2 text-sm">
        <span className="tabular font-medium">{all(count.exact ? 'rows' : 'aboutRows', { count: count.rows })}</span>
        <span className="text-muted-foreground">{t('columns', { count: analysis.headers.length })}</span>
        {guess.product && (
          <>
            <Badge variant="primary">{t('from', { product: t(`products.${guess.product}`) })}</Badge>
            <ConfidenceChip confidence={guess.productConfidence} />
          </>
        )}
      </div>
      {guess.unsupported && !draft.reading.object && (
        <Alert variant={make ? 'default' : 'warning'}>
          <AlertDescription>
            {t(make ? 'placeless' : 'unsupported', { kind: t(`kinds.${guess.unsupported}`) })}
          </AlertDescription>
        </Alert>
      )}
      <div className="grid items-start gap-4 sm:grid-cols-2 lg:grid-cols-3">
        <Field
          label={t('object')}
          aside={
            analysis.object && !make && !draft.reading.object ? (
              <ConfidenceChip confidence={guess.confidence} />
            ) : undefined
          }
          error={analysis.object ? undefined : t('objectNeeded')}
        >
          <Select
            value={make ? asNew : (analysis.object ?? '')}
            onValueChange={(object) =>
              draft.read(
                object === asNew
                  ? { object: undefined, asNew: true }
                  : { object: object as ImportObject, asNew: false },
              )
            }
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
              {can('fields.configure') && <SelectItem value={asNew}>{t('asNew')}</SelectItem>}
            </SelectContent>
          </Select>
        </Field>
        {isText && (
          <>
            <ReadingChoice
              label={t('encoding')}
              confidence={encoding.confidence}
              value={encoding.value}
              options={encodings.map((name) => [name, t(`encodings.${name}`)])}
              onChange={(value) => draft.read({ encoding: value })}
            />
            <ReadingChoice
              label={t('separator')}
              confidence={dialect.confidence}
              value={separatorNames[dialect.separator]}
              options={Object.values(separatorNames).map((name) => [name, t(`separators.${name}`)])}
              onChange={(name) =>
                draft.read({ separator: separators.find((separator) => separatorNames[separator] === name) })
              }
            />
          </>
        )}
        {analysis.file.format !== 'people' && (
          <ReadingChoice
            label={t('header')}
            confidence={header.confidence}
            value={header.present ? 'yes' : 'no'}
            options={[
              ['yes', t('headerYes')],
              ['no', t('headerNo')],
            ]}
            onChange={(value) => draft.read({ hasHeader: value === 'yes' })}
          />
        )}
        {isText && (
          <ReadingChoice
            label={t('quote')}
            value={quoteNames[dialect.quote ?? '']}
            options={Object.values(quoteNames).map((name) => [name, t(`quotes.${name}`)])}
            onChange={(name) => draft.read({ quote: quotes.find((quote) => quoteNames[quote] === name) ?? null })}
          />
        )}
        {analysis.file.format !== 'people' && (
          <ReadingChoice
            label={t('firstRow')}
            value={String(header.row)}
            options={firstRows(header.row).map((row) => [String(row), row])}
            onChange={(row) => draft.read({ firstRow: Number(row) })}
          />
        )}
        {analysis.readAs && <ReadAs readAs={analysis.readAs} fileId={analysis.file.id} onRead={draft.forget} />}
      </div>
      {make && <NewObjectFields make={make} onChange={(next) => draft.setPlan({ make: next })} />}
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

/** Rows a table may begin in: the first ones, and the one that was found. */
const firstRows = (found: number) => Array.from({ length: Math.max(20, found) }, (_, i) => i + 1);
