'use client';

import { useMutation } from '@tanstack/react-query';
import { PhoneIncoming, PhoneOutgoing } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import { usePhone } from '@/components/records/use-phone';
import { useFieldErrors } from '@/components/shell/errors';
import { useLabels } from '@/components/shell/labels';
import { useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Textarea } from '@/components/ui/textarea';
import { type ActivityOutcome, outcomesOf } from '@/domain/activities';
import { AboutFields, useAbout } from './about-fields';
import { ChoiceRow } from './choice-row';
import { DurationPicker } from './duration-picker';
import { FormFrame } from './form-frame';
import type { About } from './forms';

/** A call just made: whom, how it went, how long, what was said. Everything but whom has a usual answer. */
export function CallForm({ about, onDone }: { about: readonly About[]; onDone: () => void }) {
  const t = useTranslations('activities');
  const labels = useLabels();
  const trpc = useTRPC();
  const undoToast = useUndoToast();
  const errorsOf = useFieldErrors();
  const id = useId();
  const phone = usePhone();
  const chosen = useAbout(about);
  const [direction, setDirection] = useState<'out' | 'in'>('out');
  const [outcome, setOutcome] = useState<ActivityOutcome>('reached');
  const [minutes, setMinutes] = useState(5);
  const [subject, setSubject] = useState('');
  const [description, setDescription] = useState('');
  const log = useMutation(trpc.activities.logCall.mutationOptions({ meta: { quiet: true } }));
  const errors = errorsOf(log.error);
  // What the server calls it where it is given no name.
  const { contact, company, deal, about: other } = chosen.picked;
  const title = subject.trim() || (contact ?? company ?? deal ?? other)?.title || '';
  const save = () =>
    log.mutate(
      {
        ...chosen.values,
        direction,
        outcome,
        minutes,
        ...(subject.trim() ? { subject: subject.trim() } : {}),
        ...(description.trim() ? { description } : {}),
      },
      {
        onSuccess: ({ changeSetId }) => {
          undoToast(changeSetId, t('call.done', { subject: title }));
          onDone();
        },
      },
    );
  return (
    <FormFrame
      onSave={save}
      busy={log.isPending}
      label={t('call.save')}
      error={log.error}
      known={['subject', 'contactId', 'companyId', 'dealId', 'aboutId', 'minutes', 'description']}
    >
      <AboutFields picked={chosen.picked} set={chosen.set} errors={errors} />
      <div className="grid items-start gap-4 sm:grid-cols-[auto_1fr]">
        <Field label={labels.field('activity', 'direction')}>
          <ChoiceRow
            name={`${id}-direction`}
            label={labels.field('activity', 'direction')}
            value={direction}
            onChange={setDirection}
            options={[
              {
                value: 'out',
                label: labels.choice('activity', 'direction', 'out'),
                icon: <PhoneOutgoing aria-hidden />,
              },
              { value: 'in', label: labels.choice('activity', 'direction', 'in'), icon: <PhoneIncoming aria-hidden /> },
            ]}
          />
        </Field>
        <Field label={labels.field('activity', 'outcome')}>
          <ChoiceRow
            name={`${id}-outcome`}
            label={labels.field('activity', 'outcome')}
            value={outcome}
            onChange={(next) => {
              setOutcome(next);
              if (next === 'noAnswer') setMinutes(0);
              else if (minutes === 0) setMinutes(5);
            }}
            options={outcomesOf.call.map((value) => ({ value, label: labels.choice('activity', 'outcome', value) }))}
          />
        </Field>
      </div>
      <Field label={t('duration.label')} error={errors.minutes}>
        <DurationPicker value={minutes} onChange={setMinutes} usual={[1, 5, 10, 15, 30]} />
      </Field>
      <Field
        label={labels.field('activity', 'subject')}
        error={errors.subject}
        help={title ? undefined : t('call.subjectHelp')}
      >
        <Input
          value={subject}
          maxLength={300}
          placeholder={title}
          onChange={(event) => setSubject(event.target.value)}
        />
      </Field>
      <Field label={labels.field('activity', 'description')} error={errors.description}>
        <Textarea
          // On a phone the keyboard would cover whom it was with.
          autoFocus={!phone}
          value={description}
          rows={4}
          placeholder={t('call.notes')}
          onChange={(event) => setDescription(event.target.value)}
        />
      </Field>
    </FormFrame>
  );
}
