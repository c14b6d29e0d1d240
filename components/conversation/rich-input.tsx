'use client';

import { type ComponentType, type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';
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

let Editor: ComponentType<EditorProps> | undefined;
const load = async () => {
  Editor ??= (await import('./editor')).default;
};

/** A text with marks and names of people. The editor comes when somebody begins to write; a plain field takes the first words. */
export function RichInput(props: EditorProps) {
  const [opened, setOpened] = useState(false);
  const [focused, setFocused] = useState(props.autoFocus ?? false);
  const composing = useRef(false);
  const wanted = focused || props.value !== '';
  useEffect(() => {
    if (!wanted) return;
    // What an input method is at work on stays where it is. Off line the plain field goes on.
    load().then(
      () => !composing.current && setOpened(true),
      () => {},
    );
  }, [wanted]);
  if (opened && Editor) return <Editor {...props} autoFocus={focused} />;
  return (
    <Plain
      {...props}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
      onComposing={(now) => {
        composing.current = now;
        if (!now && Editor) setOpened(true);
      }}
    />
  );
}

function Plain({
  value,
  onChange,
  onSubmit,
  onEscape,
  placeholder,
  label,
  autoFocus,
  onFocus,
  onBlur,
  onComposing,
  ref,
}: EditorProps & { onFocus: () => void; onBlur: () => void; onComposing: (now: boolean) => void }) {
  const field = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(ref, () => ({ focus: () => field.current?.focus() }));
  return (
    <Textarea
      ref={field}
      aria-label={label}
      placeholder={placeholder}
      autoFocus={autoFocus}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onFocus={onFocus}
      onBlur={onBlur}
      onCompositionStart={() => onComposing(true)}
      onCompositionEnd={() => onComposing(false)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key === 'Escape') onEscape?.();
        if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return;
        event.preventDefault();
        onSubmit?.();
      }}
      className="min-h-14 resize-none border-0 bg-transparent px-3 py-2 focus-visible:outline-0"
    />
  );
}

/** People who may be named on a record. */
export function useMentionable(object: string, recordId: string): (query: string) => Promise<Person[]> {
  const client = useTRPCClient();
  return (q) => client.conversation.mentionable.query({ object, recordId, q: q.slice(0, 100) });
}
