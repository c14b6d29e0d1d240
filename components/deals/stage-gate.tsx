'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { FieldControl } from '@/components/records/field-control';
import { useBoot } from '@/components/shell/boot';
import { useCodeText, useFieldErrors, useRefusalText } from '@/components/shell/errors';
import { useLabels } from '@/components/shell/labels';
import { type Inputs, useTRPC } from '@/components/shell/trpc';
import { Alert, AlertTitle } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Skeleton } from '@/components/ui/skeleton';
import { isBlank } from '@/domain/blank';
import { dealFields } from '@/domain/deals';
import { type Moved, missingFields, useMovedToast } from './use-board';

export interface StageGateDialogProps {
  dealId: string;
  /** Where the deal is to go. */
  stageId: string;
  /** Fields the stage asks for and the deal lacks. */
  missing: string[];
  /** Cards between which it was dropped. */
  before?: string;
  after?: string;
  onDone: (moved: Moved) => void;
  onCancel: () => void;
}

/** Asks for what a stage requires, then moves the deal; a lost deal is always asked why. */
export function StageGateDialog({ dealId, stageId, missing, before, after, onDone, onCancel }: StageGateDialogProps) {
  const t = useTranslations('deals.gate');
  const c = useTranslations('common');
  const trpc = useTRPC();
  const { pipelines } = useBoot();
  const stage = pipelines.flatMap((pipeline) => pipeline.stages).find((each) => each.id === stageId);
  const deal = useQuery(trpc.deals.get.queryOptions({ id: dealId }));
  const moved = useMovedToast();
  const [required, setRequired] = useState(missing);
  const [values, setValues] = useState<Record<string, unknown>>({});
  const [titles, setTitles] = useState<Record<string, string | null>>({});
  const [checked, setChecked] = useState(false);
  const move = useMutation(
    trpc.deals.move.mutationOptions({
      meta: { quiet: true },
      onSuccess: (result) => {
        if (stage && deal.data)
          moved(
            { name: String(deal.data.name), amount: amountOf(values, deal.data), currency: String(deal.data.currency) },
            stage,
            result.changeSetId,
          );
        onDone(result);
      },
      onError: (error) => {
        const more = missingFields(error);
        if (more) setRequired((known) => [...new Set([...known, ...more])]);
      },
    }),
  );
  const problems = useProblems(required, values, checked, move.error);
  const names = stage?.kind === 'lost' && !required.includes('lossReason') ? ['lossReason', ...required] : required;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (required.some((name) => isBlankOnceTrimmed(values[name]))) return;
    // Names are fields of a deal; the server checks each value by that field's schema.
    move.mutate({ id: dealId, stageId, before, after, values: values as Inputs['deals']['move']['values'] });
  };

  return (
    <Dialog open onOpenChange={(open) => !open && onCancel()}>
      <DialogContent closeLabel={c('close')}>
        <DialogHeader>
          <DialogTitle>{t(stage?.kind === 'lost' ? 'lostTitle' : 'title', { stage: stage?.name ?? '' })}</DialogTitle>
          <DialogDescription>
            {t(stage?.kind === 'lost' ? 'lostHelp' : 'help', { stage: stage?.name ?? '' })}
          </DialogDescription>
        </DialogHeader>
        <form onSubmit={submit} className="flex min-h-0 flex-col">
          <DialogBody className="grid gap-4">
            {problems.general && (
              <Alert variant="destructive">
                <AlertTitle>{problems.general}</AlertTitle>
              </Alert>
            )}
            {deal.isPending
              ? names.map((name) => <Skeleton key={name} className="h-14" />)
              : names.map((name, i) => (
                  <GateField
                    key={name}
                    name={name}
                    required={required.includes(name)}
                    error={problems.fields[name]}
                    value={values[name] ?? null}
                    title={titles[name] ?? null}
                    currency={typeof deal.data?.currency === 'string' ? deal.data.currency : null}
                    autoFocus={i === 0}
                    onChange={(value, title) => {
                      setValues((all) => ({ ...all, [name]: value }));
                      setTitles((all) => ({ ...all, [name]: title ?? null }));
                    }}
                  />
                ))}
          </DialogBody>
          <DialogFooter>
            <Button variant="ghost" onClick={onCancel}>
              {c('cancel')}
            </Button>
            <Button type="submit" busy={move.isPending} disabled={deal.isPending}>
              {t(stage?.kind === 'lost' ? 'lostSubmit' : 'submit', { stage: stage?.name ?? '' })}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}

interface GateFieldProps {
  name: string;
  required: boolean;
  error: string | undefined;
  value: unknown;
  title: string | null;
  currency: string | null;
  autoFocus: boolean;
  onChange: (value: unknown, title?: string | null) => void;
}

function GateField({ name, required, error, autoFocus, ...control }: GateFieldProps) {
  const labels = useLabels();
  const c = useTranslations('common');
  const picked =
    name in dealFields && ['member', 'reference'].includes(dealFields[name as keyof typeof dealFields].type);
  return (
    <Field
      label={labels.field('deal', name)}
      required={required}
      error={error}
      aside={required ? undefined : <span className="text-muted-foreground text-xs">{c('optional')}</span>}
    >
      {/* A picker that opens by itself would cover the fields below it. */}
      <FieldControl object="deal" name={name} autoFocus={autoFocus && !picked} {...control} />
    </Field>
  );
}

/** What to say beside each field and above them all. */
function useProblems(required: string[], values: Record<string, unknown>, checked: boolean, error: unknown) {
  const codeText = useCodeText();
  const fieldTexts = useFieldErrors();
  const text = useRefusalText();
  const fields: Record<string, string> = {};
  if (checked) for (const name of required) if (isBlankOnceTrimmed(values[name])) fields[name] = codeText('required');
  const gate = missingFields(error);
  const told = error && !gate ? fieldTexts(error) : {};
  const general = error && !gate && Object.keys(told).length === 0 ? text(error) : null;
  return { fields: { ...told, ...fields }, general };
}

/** Blank, or what the server will make blank: a text is sent as it is typed. */
const isBlankOnceTrimmed = (value: unknown): boolean => isBlank(typeof value === 'string' ? value.trim() : value);

function amountOf(values: Record<string, unknown>, deal: Record<string, unknown>): number | null {
  const amount = values.amount ?? deal.amount;
  return typeof amount === 'number' ? amount : null;
}
