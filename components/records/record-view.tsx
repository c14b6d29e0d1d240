'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Mail, Phone, StickyNote } from 'lucide-react';
import { type ReactNode, type Ref, useImperativeHandle, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { AttendeesSection } from '@/components/activities/attendees-section';
import { MergedInto } from '@/components/duplicates/merged-notice';
import { useCan } from '@/components/shell/boot';
import { refusalOf } from '@/components/shell/errors';
import { useLabels } from '@/components/shell/labels';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs';
import { RecordAvatar } from './chips';
import type { ComposerHandle } from './composer';
import { FieldHistory } from './field-history';
import { safeHref } from './hrefs';
import { InlineField } from './inline-field';
import { findCached, type RecordRow, titleOf, useRecordApi } from './record-data';
import { RecordFields } from './record-fields';
import { attachedBy } from './record-sections';
import { Related } from './related';
import { StagePath } from './stage-path';
import { Timeline } from './timeline';
import { type ObjectKey, titleField } from './use-object';
import { WaitingMark } from './waiting-mark';

/** A record by its id; a row of a list that shows it stands in until all its fields are here. */
export function useRecord(object: ObjectKey, id: string) {
  const api = useRecordApi(object);
  const queries = useQueryClient();
  return useQuery(api.get.queryOptions({ id }, { placeholderData: () => findCached(queries, object, id) }));
}

/** Whether an error says that the record is gone or was never this person's to see. */
export function isGone(error: unknown): boolean {
  const refusal = refusalOf(error);
  return refusal?.kind === 'notFound' || refusal?.kind === 'invalid';
}

function Head({ object, row }: { object: ObjectKey; row: RecordRow }) {
  return (
    <div className="flex items-center gap-2 px-4 pt-3">
      <RecordAvatar object={object} id={row.id} title={titleOf(object, row)} size="lg" />
      <InlineField
        object={object}
        name={titleField(object)}
        row={row}
        className="flex-1 [&_span]:font-semibold [&_span]:text-base"
      />
      <WaitingMark id={row.id} />
      <FieldHistory object={object} name={titleField(object)} row={row} className="opacity-40 hover:opacity-100" />
    </div>
  );
}

/** Fields, timeline and related records beside each other. */
export function WideRecord({
  object,
  row,
  composer,
}: {
  object: ObjectKey;
  row: RecordRow;
  composer: Ref<ComposerHandle>;
}) {
  const t = useTranslations('records.page');
  return (
    <div className="flex h-full min-h-0 flex-col">
      {object === 'deal' && <StagePath row={row} />}
      <div className="grid min-h-0 flex-1 grid-cols-[minmax(280px,340px)_minmax(0,1fr)_minmax(260px,320px)]">
        <Pane label={t('details')} className="border-r">
          <RecordFields object={object} row={row} titled />
        </Pane>
        <Pane label={t('timeline')} className="bg-canvas">
          <Timeline object={object} row={row} composer={composer} />
        </Pane>
        <Pane label={t('related')} className="border-l">
          {object === 'activity' && <AttendeesSection id={row.id} subject={titleOf(object, row)} />}
          <Related object={object} row={row} />
          <MergedInto object={object} id={row.id} />
        </Pane>
      </div>
    </div>
  );
}

function Pane({ label, className, children }: { label: string; className: string; children: ReactNode }) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className={`scroll-quiet focus-inset min-h-0 overflow-y-auto ${className}`}
    >
      {children}
    </section>
  );
}

const tabs = ['details', 'timeline', 'related'] as const;
type Tab = (typeof tabs)[number];

/** The same in one column, one part at a time. */
export function NarrowRecord({
  object,
  row,
  composer: given,
  head,
  sticky,
}: {
  object: ObjectKey;
  row: RecordRow;
  /** Given what begins a note or task, whichever part is shown. */
  composer?: Ref<ComposerHandle>;
  /** With the name above, where no page says it. */
  head?: boolean;
  /** With what the thumb needs below. */
  sticky?: boolean;
}) {
  const t = useTranslations('records.page');
  const [tab, setTab] = useState<Tab>('details');
  const composer = useRef<ComposerHandle>(null);
  const begin: ComposerHandle['focus'] = (kind) => {
    setTab('timeline');
    setTimeout(() => composer.current?.focus(kind), 50);
  };
  useImperativeHandle(given, () => ({ focus: begin }));
  return (
    <div className="flex h-full min-h-0 flex-col">
      {head && <Head object={object} row={row} />}
      {object === 'deal' && <StagePath row={row} />}
      <Tabs
        value={tab}
        onValueChange={(next) => setTab(tabs.find((each) => each === next) ?? 'details')}
        className="min-h-0 flex-1"
      >
        <TabsList aria-label={t('parts')} className="px-4">
          {tabs.map((each) => (
            <TabsTrigger key={each} value={each}>
              {t(each)}
            </TabsTrigger>
          ))}
        </TabsList>
        <TabsContent value="details" className="scroll-quiet overflow-y-auto">
          <RecordFields object={object} row={row} titled={!head} />
        </TabsContent>
        <TabsContent value="timeline" className="scroll-quiet overflow-y-auto bg-canvas">
          <Timeline object={object} row={row} composer={composer} />
        </TabsContent>
        <TabsContent value="related" className="scroll-quiet overflow-y-auto">
          {object === 'activity' && <AttendeesSection id={row.id} subject={titleOf(object, row)} />}
          <Related object={object} row={row} />
          <MergedInto object={object} id={row.id} />
        </TabsContent>
      </Tabs>
      {sticky && <StickyActions object={object} row={row} onNote={() => begin('note')} />}
    </div>
  );
}

/** Call, mail and note within reach of the thumb. */
function StickyActions({ object, row, onNote }: { object: ObjectKey; row: RecordRow; onNote: () => void }) {
  const t = useTranslations('records.page');
  const can = useCan();
  const labels = useLabels();
  const number = [row.mobile, row.phone].find((value): value is string => typeof value === 'string' && value !== '');
  const call = number ? safeHref('phone', number) : null;
  const mail = typeof row.email === 'string' ? safeHref('email', row.email) : null;
  const notable = attachedBy(object) !== null && can('note.write');
  if (!call && !mail && !notable) return null;
  return (
    <div
      role="toolbar"
      aria-label={labels.object(object, 'One')}
      className="grid shrink-0 auto-cols-fr grid-flow-col gap-2 border-t bg-background p-2"
    >
      {call && (
        <Button asChild variant="secondary">
          <a href={call}>
            <Phone />
            {t('call')}
          </a>
        </Button>
      )}
      {mail && (
        <Button asChild variant="secondary">
          <a href={mail}>
            <Mail />
            {t('mail')}
          </a>
        </Button>
      )}
      {notable && (
        <Button variant="secondary" onClick={onNote}>
          <StickyNote />
          {t('note')}
        </Button>
      )}
    </div>
  );
}

export function RecordSkeleton() {
  return (
    <div aria-busy className="grid gap-4 p-4">
      <Skeleton className="h-6 w-56" />
      <Skeleton className="h-4 w-72" />
      <Skeleton className="h-4 w-64" />
      <Skeleton className="h-4 w-80" />
      <Skeleton className="h-4 w-60" />
    </div>
  );
}
