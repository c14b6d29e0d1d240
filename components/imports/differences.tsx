'use client';

import { ArrowRight, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { ChangedValue } from '@/components/records/timeline-words';
import { useFormat } from '@/components/shell/format';
import { useLabels } from '@/components/shell/labels';
import { Badge } from '@/components/ui/badge';
import { cn } from '@/components/ui/cn';
import { Field } from '@/components/ui/field';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import { differenceKinds, type FieldFinding } from '@/domain/imports/findings';
import { fieldsSetBy, type ImportPlan, policies } from '@/domain/imports/mapping';
import { useOwnTargets } from './labels';
import type { DraftControls } from './use-draft';

const ofFile = 'file';

/** Where the file says otherwise than the records that are here, field by field, and which of the two stays. */
export function Differences({
  fields,
  draft,
  plan,
}: {
  fields: readonly FieldFinding[];
  draft: DraftControls;
  plan: ImportPlan;
}) {
  const t = useTranslations('imports.differences');
  return (
    <section aria-labelledby="differences">
      <h2 id="differences" className="mb-1 font-medium text-base">
        {t('title')}
      </h2>
      <p className="mb-2 text-muted-foreground text-sm">{t('help')}</p>
      <ul className="divide-y rounded-lg border text-sm">
        {fields.map((finding) => (
          <FieldRow key={finding.field} finding={finding} draft={draft} plan={plan} />
        ))}
      </ul>
    </section>
  );
}

function FieldRow({ finding, draft, plan }: { finding: FieldFinding; draft: DraftControls; plan: ImportPlan }) {
  const t = useTranslations('imports.differences');
  const format = useFormat();
  const labels = useLabels();
  const [open, setOpen] = useState(false);
  const name = labels.field(plan.object, finding.field);
  const counts = differenceKinds.filter((kind) => finding[kind] > 0);
  return (
    <li>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-3 py-2">
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="focus-inset flex min-w-40 flex-1 items-center gap-1.5 rounded-xs text-left font-medium"
        >
          <ChevronRight
            aria-hidden
            className={cn('size-4 text-muted-foreground transition-transform', open && 'rotate-90')}
          />
          <span className="truncate">{name}</span>
        </button>
        <span className="tabular flex flex-wrap gap-x-3 text-muted-foreground">
          {counts.map((kind) => (
            <span key={kind} className={kind === 'replace' ? 'text-warning' : undefined}>
              {t(`counts.${kind}`, { count: finding[kind] })}
            </span>
          ))}
        </span>
        <FieldPolicy field={finding.field} name={name} draft={draft} plan={plan} />
      </div>
      {open && (
        <ul className="border-t bg-subtle">
          {finding.samples.map(({ kind, row, recordId, title, before, after, currency }) => {
            const value = {
              object: plan.object,
              name: finding.field,
              row: { id: recordId, version: 1, currency, refs: {} },
            };
            return (
              <li
                key={`${row} ${recordId}`}
                className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 px-3 py-1.5 pl-9"
              >
                <span className="tabular shrink-0 text-muted-foreground sm:w-20">
                  {t('row', { row: format.number(row) })}
                </span>
                <span className="min-w-0 truncate max-sm:flex-1 sm:w-48 sm:shrink-0">{title}</span>
                <span className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-2 max-sm:order-last max-sm:basis-full">
                  <ChangedValue {...value} value={before} />
                  <ArrowRight aria-hidden className="size-3.5 shrink-0 self-center text-muted-foreground" />
                  <span className="sr-only">{t('becomes')}</span>
                  <span className={kind === 'keep' ? 'text-muted-foreground line-through' : undefined}>
                    <ChangedValue {...value} value={after} />
                  </span>
                </span>
                <Badge variant={kind === 'replace' ? 'warning' : 'outline'}>{t(`kinds.${kind}`)}</Badge>
              </li>
            );
          })}
        </ul>
      )}
    </li>
  );
}

/** What the columns of a field may change. */
function FieldPolicy({
  field,
  name,
  draft,
  plan,
}: {
  field: string;
  name: string;
  draft: DraftControls;
  plan: ImportPlan;
}) {
  const t = useTranslations('imports.differences');
  const check = useTranslations('imports.check');
  const own = useOwnTargets(plan.object);
  const columns = plan.columns.filter((column) => fieldsSetBy({ ...plan, own }, column).includes(field));
  if (columns.length === 0) return null;
  const chosen = columns.find(({ policy }) => policy)?.policy;
  return (
    <Field label={t('policyOf', { field: name })} hideLabel className="w-44 max-sm:w-full">
      <Select
        value={chosen ?? ofFile}
        onValueChange={(value) =>
          draft.setPolicies(
            columns.map(({ index }) => index),
            policies.find((policy) => policy === value) ?? null,
          )
        }
      >
        <SelectTrigger>
          <SelectValue />
        </SelectTrigger>
        <SelectContent>
          <SelectItem value={ofFile}>{t('asFile', { policy: check(`policies.${plan.policy}`) })}</SelectItem>
          {policies.map((policy) => (
            <SelectItem key={policy} value={policy}>
              {check(`policies.${policy}`)}
            </SelectItem>
          ))}
        </SelectContent>
      </Select>
    </Field>
  );
}
