'use client';

import { lazy, type Ref, Suspense } from 'react';
import { useTRPCClient } from '@/components/shell/trpc';
import { Textarea } from '@/components/ui/textarea';

export interface Person {
  id: string;
  name: string;
}

export interface EditorHandle {
  focus: () => void;
}

export interface EditorProps {
  /** Markdown (domain/rich-text). */
  value: string;
  onChange: (value: string) => void;
  /** Ctrl or Cmd with Enter. */
  onSubmit?: () => void;
  onEscape?: () => void;
  placeholder?: string;
  label: string;
  /** Who may be named here, by what is typed of their name. */
  people: (query: string) => Promise<Person[]>;
  autoFocus?: boolean;
  className?: string;
  ref?: Ref<EditorHandle>;
}

const RichEditor = lazy(() => import('./editor'));

/** A text with marks and names of people. Its code comes when it is first shown; until then a plain field takes words. */
export function RichInput(props: EditorProps) {
  return (
    <Suspense fallback={<Plain {...props} />}>
      <RichEditor {...props} />
    </Suspense>
  );
}

function Plain({ value, onChange, placeholder, label, autoFocus }: EditorProps) {
  return (
    <Textarea
      aria-label={label}
      placeholder={placeholder}
      autoFocus={autoFocus}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className="min-h-14 resize-none border-0 bg-transparent px-3 py-2 focus-visible:outline-0"
    />
  );
}

/** People who may be named on a record. */
export function useMentionable(object: string, recordId: string): (query: string) => Promise<Person[]> {
  const client = useTRPCClient();
  return (q) => client.conversation.mentionable.query({ object, recordId, q: q.slice(0, 100) });
}
