'use client';

import { useLocale, useTranslations } from 'use-intl';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { cn } from '@/components/ui/cn';
import { Combobox } from '@/components/ui/combobox';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import { Hint } from '@/components/ui/tooltip';
import { labelIn } from '@/domain/custom-fields';
import { isActivityObject } from '@/domain/imports/activity-targets';
import { dateOrders } from '@/domain/imports/dates';
import type { ImportPlan } from '@/domain/imports/mapping';
import { draftTargets, type NewField } from '@/domain/imports/new-field';
import { type Target, targetIn, targetOf, targetsOf } from '@/domain/imports/targets';
import { currencies } from '@/domain/money';
import { ConfidenceChip } from './confidence-chip';
import { useOwnTargets, useTargetName } from './labels';
import { NewFieldLine, NewFieldsOffer } from './new-field';
import type { Analysis, DraftControls } from './use-draft';

export interface ColumnFault {
  /** The column it is about; null for the file as a whole. */
  index: number | null;
  code: 'taken' | 'nameMissing' | 'nothing';
}

/** What keeps the columns from being imported as they are mapped. */
export function useColumnFaults(plan: ImportPlan | null): ColumnFault[] {
  if (!plan) return [];
  const faults: ColumnFault[] = [];
  const seen = new Set<string>();
  for (const { index, target } of plan.columns) {
    if (target === null) continue;
    if (seen.has(target) && targetOf(plan.object, target)?.glue === undefined) faults.push({ index, code: 'taken' });
    seen.add(target);
  }
  const makes = plan.columns.some(({ create }) => create !== undefined);
  if (seen.size === 0 && !makes) faults.push({ index: null, code: 'nothing' });
  else if (lacksName(plan, seen)) faults.push({ index: null, code: 'nameMissing' });
  return faults;
}

/** Deals get a name from what they point to, people from its two parts or their address. */
function lacksName({ object }: ImportPlan, taken: ReadonlySet<string>): boolean {
  if (object === 'deal') return !['name', 'externalId', 'company', 'product'].some((name) => taken.has(name));
  if (object === 'contact') return !['name', 'firstName', 'lastName', 'email'].some((name) => taken.has(name));
  if (isActivityObject(object)) return !['subject', 'description', 'contact'].some((name) => taken.has(name));
  return !taken.has('name');
}

/** Stands in the list of fields for none of them; no target is called so. */
const leaveOut = '-';
/** The same for a field that is to be made. */
const newField = '+';

const scales = [1, 1e3, 1e4, 1e6, 1e8] as const;

/** Where each column goes, with what speaks for it; and how dates and numbers are written. */
export function ColumnsStep({
  analysis,
  draft,
  plan,
  faults,
}: {
  analysis: Analysis;
  draft: DraftControls;
  plan: ImportPlan;
  faults: ColumnFault[];
}) {
  const t = useTranslations('imports.columns');
  const own = useOwnTargets(plan.object);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <NewFieldsOffer analysis={analysis} draft={draft} plan={plan} />
      <Formats analysis={analysis} draft={draft} plan={plan} />
      {faults
        .filter(({ index }) => index === null)
        .map(({ code }) => (
          <Alert key={code} variant="destructive">
            <AlertDescription>{t(`faults.${code}`)}</AlertDescription>
          </Alert>
        ))}
      <section aria-label={t('title')} className="rounded-lg border">
        <div
          aria-hidden
          className="hidden grid-cols-[minmax(0,1fr)_minmax(0,1.2fr)_minmax(0,1fr)_5rem] gap-4 rounded-t-lg border-b bg-subtle px-3 py-2 font-medium text-muted-foreground text-sm md:grid"
        >
          <span>{t('column')}</span>
          <span>{t('samples')}</span>
          <span>{t('field')}</span>
          <span />
        </div>
        <ul className="divide-y">
          {plan.columns.map((column) => (
            <ColumnRow
              key={column.index}
              column={column}
              analysis={analysis}
              draft={draft}
              plan={plan}
              own={own}
              fault={faults.find(({ index }) => index === column.index)?.code}
            />
          ))}
        </ul>
      </section>
    </div>
  );
}

interface ColumnRowProps {
  column: ImportPlan['columns'][number];
  analysis: Analysis;
  draft: DraftControls;
  plan: ImportPlan;
  /** The tenant's own fields, hundreds perhaps, as there are columns. */
  own: readonly Target[];
  fault?: ColumnFault['code'];
}

function ColumnRow({ column, analysis, draft, plan, own, fault }: ColumnRowProps) {
  const t = useTranslations('imports.columns');
  const common = useTranslations('common');
  const names = useTranslations('imports.targets');
  const targetName = useTargetName();
  const locale = useLocale();
  const match = analysis.matches[column.index];
  const samples = [...new Set(analysis.sample.map((cells) => cells[column.index]?.trim() ?? ''))]
    .filter((text) => text !== '')
    .slice(0, 3);
  const isOffered = match?.target === column.target;
  const target = column.target === null ? undefined : targetIn({ ...plan, own }, column.target);
  const { create } = column;
  const isMoney = target?.type === 'money' || create?.type === 'money';
  // The ids of what a new field names have a column of their own.
  const drafted = draftTargets(plan.object, plan.columns).filter(({ idOf }) => idOf !== undefined);
  const nameOf = (name: string) => {
    const made = drafted.find((each) => each.name === name)?.own;
    return made ? names('idOf', { field: labelIn(made.label, locale) }) : targetName(plan.object, name);
  };
  const madeOf = (field: NewField) => t('newField', { field: labelIn(field.label, locale) });
  return (
    <li className="grid items-center gap-x-4 gap-y-1.5 px-3 py-2 text-sm md:grid-cols-[minmax(0,1fr)_minmax(0,1.2fr)_minmax(0,1fr)_5rem]">
      <span
        className={cn('truncate font-medium', column.target === null && !create && 'text-muted-foreground')}
        title={column.header}
      >
        {column.header}
      </span>
      <span className="truncate text-muted-foreground" title={samples.join(' · ')}>
        {samples.length > 0 ? samples.join(' · ') : t('empty')}
      </span>
      <div className="flex min-w-0 flex-wrap gap-x-2 gap-y-1">
        <Field
          label={t('fieldOf', { column: column.header })}
          hideLabel
          error={fault ? t(`faults.${fault}`) : undefined}
          help={target?.own?.type === 'relation' ? t('several') : undefined}
          className="min-w-0 flex-1 grid-cols-[minmax(0,1fr)]"
        >
          <Combobox
            value={create ? newField : column.target}
            label={create ? madeOf(create) : column.target === null ? null : nameOf(column.target)}
            placeholder={t('leaveOut')}
            searchLabel={t('search')}
            emptyText={common('noResults')}
            errorText={common('loadFailed')}
            load={async (query) => {
              const found = [...targetsOf(plan.object), ...own, ...drafted]
                .map(({ name }) => ({ id: name, title: nameOf(name) }))
                .filter(({ id, title }) => `${title} ${id}`.toLowerCase().includes(query.toLowerCase()));
              const offered = match?.offer ? [{ id: newField, title: madeOf(match.offer) }] : [];
              return query === '' ? [{ id: leaveOut, title: t('leaveOut') }, ...offered, ...found] : found;
            }}
            onChange={(option) => {
              if (option?.id === newField) draft.setFields({ [column.index]: match?.offer ?? null });
              else draft.setColumn(column.index, !option || option.id === leaveOut ? null : option.id);
            }}
          />
        </Field>
        {isMoney && (
          <Field label={t('scale')} hideLabel className="w-28 shrink-0">
            <Select
              value={String(column.scale ?? 1)}
              onValueChange={(value) =>
                draft.setScale(
                  column.index,
                  scales.find((scale) => String(scale) === value),
                )
              }
            >
              <SelectTrigger>
                <SelectValue />
              </SelectTrigger>
              <SelectContent>
                {scales.map((scale) => (
                  <SelectItem key={scale} value={String(scale)}>
                    {t(`scales.s${scale}`)}
                  </SelectItem>
                ))}
              </SelectContent>
            </Select>
          </Field>
        )}
        {create && (
          <NewFieldLine
            header={column.header}
            field={create}
            offer={match?.offer}
            currency={plan.currency}
            onChange={(field) => draft.setFields({ [column.index]: field })}
          />
        )}
      </div>
      <span className="flex md:justify-end">
        {match && isOffered && column.target !== null && (
          <Hint label={t(`reasons.${match.reason.code}`)}>
            <button type="button" className="rounded-xs">
              <ConfidenceChip confidence={match.confidence} />
            </button>
          </Hint>
        )}
      </span>
    </li>
  );
}

function Formats({ analysis, draft, plan }: { analysis: Analysis; draft: DraftControls; plan: ImportPlan }) {
  const t = useTranslations('imports.formats');
  const own = useOwnTargets(plan.object);
  const types = new Set(
    plan.columns.map(({ target, create }) =>
      target === null ? create?.type : targetIn({ ...plan, own }, target)?.type,
    ),
  );
  const hasDates = types.has('date') || types.has('datetime');
  const hasNumbers = ['money', 'number', 'integer', 'percent', 'rating'].some((type) => types.has(type as 'money'));
  const isOpen = (name: 'dateOrder' | 'decimal') =>
    analysis.open.includes(name) && draft.edits.plan[name] === undefined;
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2 lg:grid-cols-4">
      {hasDates && (
        <Field
          label={t('dateOrder')}
          help={isOpen('dateOrder') ? <span className="text-warning">{t('ambiguousDates')}</span> : undefined}
        >
          <Select
            value={plan.dateOrder}
            onValueChange={(value) => draft.setPlan({ dateOrder: dateOrders.find((order) => order === value) })}
          >
            <SelectTrigger>
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              {dateOrders.map((order) => (
                <SelectItem key={order} value={order}>
                  {t(`orders.${order}`)}
                </SelectItem>
              ))}
            </SelectContent>
          </Select>
        </Field>
      )}
      {hasNumbers && (
        <Field
          label={t('decimal')}
          help={isOpen('decimal') ? <span className="text-warning">{t('ambiguousNumbers')}</span> : undefined}
        >
          <Select
            value={plan.decimal === '.' ? 'point' : 'comma'}
            onValueChange={(value) => draft.setPlan({ decimal: value === 'point' ? '.' : ',' })}
          >
            <SelectTrigger>
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              <SelectItem value="point">{t('point')}</SelectItem>
              <SelectItem value="comma">{t('comma')}</SelectItem>
            </SelectContent>
          </Select>
        </Field>
      )}
      {types.has('money') && (
        <Field label={t('currency')}>
          <Select value={plan.currency} onValueChange={(currency) => draft.setPlan({ currency })}>
            <SelectTrigger>
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              {[...new Set([plan.currency, ...currencies])].map((currency) => (
                <SelectItem key={currency} value={currency}>
                  {currency}
                </SelectItem>
              ))}
            </SelectContent>
          </Select>
        </Field>
      )}
      {plan.columns.some(({ target }) => target?.endsWith('xternalId')) && (
        <Field label={t('source')} help={t('sourceHelp')}>
          <Input
            defaultValue={plan.source}
            maxLength={60}
            onBlur={(event) => {
              const source = event.target.value.trim();
              if (source !== '') draft.setPlan({ source });
            }}
          />
        </Field>
      )}
    </div>
  );
}
