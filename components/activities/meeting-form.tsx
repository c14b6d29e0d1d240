'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { useFieldErrors } from '@/components/shell/errors';
import { useLabels } from '@/components/shell/labels';
import { useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { DateInput } from '@/components/ui/date-input';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Textarea } from '@/components/ui/textarea';
import { nextMeetingHour } from '@/domain/activities';
import { clockIn, momentIn } from '@/domain/moments';
import { AboutFields, useAbout } from './about-fields';
import { AttendeesField, attendeesOf, type Person } from './attendees-field';
import { DurationPicker } from './duration-picker';
import { FormFrame } from './form-frame';
import type { About } from './forms';

/** A meeting to come: when, how long, where, with whom. */
export function MeetingForm({ about, onDone }: { about: readonly About[]; onDone: () => void }) {
  const t = useTranslations('activities');
  const labels = useLabels();
  const trpc = useTRPC();
  const undoToast = useUndoToast();
  const errorsOf = useFieldErrors();
  const { timeZone } = useBoot().tenant;
  const chosen = useAbout(about);
  const [subject, setSubject] = useState('');
  const [starts, setStarts] = useState<string | null>(() => nextMeetingHour(clockIn(timeZone, Date.now())));
  const [minutes, setMinutes] = useState(60);
  const [place, setPlace] = useState('');
  const [link, setLink] = useState('');
  const [description, setDescription] = useState('');
  const [people, setPeople] = useState<Person[]>(() =>
    about.filter(({ object }) => object === 'contact').map(({ id, title }) => ({ id, name: title, object: 'contact' })),
  );
  const [missing, setMissing] = useState(false);
  const e = useTranslations('errors');
  const plan = useMutation(trpc.activities.planMeeting.mutationOptions({ meta: { quiet: true } }));
  const errors = errorsOf(plan.error);
  const save = () => {
    const name = subject.trim();
    setMissing(!name || !starts);
    if (!name || !starts) return;
    const startsAt = momentIn(timeZone, starts);
    plan.mutate(
      {
        ...chosen.values,
        subject: name,
        startsAt,
        endsAt: new Date(Date.parse(startsAt) + minutes * 60_000).toISOString(),
        ...attendeesOf(people),
        ...(place.trim() ? { location: place.trim() } : {}),
        ...(link.trim() ? { link: link.trim() } : {}),
        ...(description.trim() ? { description } : {}),
      },
      {
        onSuccess: ({ changeSetId }) => {
          undoToast(changeSetId, t('meeting.done', { subject: name }));
          onDone();
        },
      },
    );
  };
  return (
    <FormFrame
      onSave={save}
      busy={plan.isPending}
      label={t('meeting.save')}
      error={plan.error}
      known={[
        'subject',
        'startsAt',
        'endsAt',
        'location',
        'link',
        'contactId',
        'companyId',
        'dealId',
        'aboutId',
        'attendeeIds',
        'attendeeEmails',
        'description',
      ]}
    >
      <Field
        label={labels.field('activity', 'subject')}
        required
        error={missing && !subject.trim() ? e('required') : errors.subject}
      >
        <Input autoFocus value={subject} maxLength={300} onChange={(event) => setSubject(event.target.value)} />
      </Field>
      <div className="grid items-start gap-4 sm:grid-cols-[200px_1fr]">
        <Field
          label={labels.field('activity', 'startsAt')}
          required
          error={missing && !starts ? e('datetime') : errors.startsAt}
        >
          <DateInput time value={starts} onChange={setStarts} />
        </Field>
        <Field label={t('duration.label')} error={errors.endsAt}>
          <DurationPicker value={minutes} onChange={setMinutes} usual={[30, 60]} />
        </Field>
      </div>
      <Field label={t('attendees.label')} error={errors.attendeeIds ?? errors.attendeeEmails}>
        <AttendeesField value={people} onChange={setPeople} />
      </Field>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field label={labels.field('activity', 'location')} error={errors.location}>
          <Input value={place} maxLength={300} onChange={(event) => setPlace(event.target.value)} />
        </Field>
        <Field label={labels.field('activity', 'link')} error={errors.link}>
          <Input inputMode="url" value={link} onChange={(event) => setLink(event.target.value)} />
        </Field>
      </div>
      <AboutFields picked={chosen.picked} set={chosen.set} errors={errors} />
      <Field label={labels.field('activity', 'description')} error={errors.description}>
        <Textarea
          value={description}
          rows={3}
          placeholder={t('meeting.notes')}
          onChange={(event) => setDescription(event.target.value)}
        />
      </Field>
    </FormFrame>
  );
}
