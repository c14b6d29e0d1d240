'use client';

import { Mention } from '@tiptap/extension-mention';
import { Markdown } from '@tiptap/markdown';
import { type Editor, EditorContent, useEditor } from '@tiptap/react';
import StarterKit from '@tiptap/starter-kit';
import type { SuggestionKeyDownProps, SuggestionProps } from '@tiptap/suggestion';
import { Bold, Code, Italic, List, ListOrdered, type LucideIcon, Strikethrough, TextQuote } from 'lucide-react';
import { type CSSProperties, useEffect, useEffectEvent, useId, useImperativeHandle, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslations } from 'use-intl';
import { Avatar } from '@/components/ui/avatar';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { panelClasses } from '@/components/ui/menu-classes';
import { Hint } from '@/components/ui/tooltip';
import { mentionText } from '@/domain/rich-text';
import type { EditorProps, Person } from './rich-input';

const named = /^\[@((?:\\.|[^\]\\\n]){1,240})\]\(member:([0-9a-f-]{36})\)/;

/** A person in a text, written as domain/rich-text reads it. */
const Person_ = Mention.extend({
  renderMarkdown: (node) => mentionText(String(node.attrs?.id), String(node.attrs?.label ?? '')),
  markdownTokenName: 'mention',
  markdownTokenizer: {
    name: 'mention',
    level: 'inline' as const,
    start: (text: string) => text.indexOf('[@'),
    tokenize: (text: string) => {
      const [raw, label = '', id] = named.exec(text) ?? [];
      if (!raw) return undefined;
      return { type: 'mention', raw, id, label: label.replace(/\\(.)/g, '$1') };
    },
  },
  parseMarkdown: (token) => ({ type: 'mention', attrs: { id: token.id, label: token.label } }),
});

interface Menu {
  props: SuggestionProps<Person, Person>;
  at: number;
}

/** The rich text editor, loaded when somebody first writes. It gives and takes Markdown. */
export default function RichEditor({
  value,
  onChange,
  onSubmit,
  onEscape,
  placeholder,
  label,
  people,
  autoFocus,
  className,
  ref,
}: EditorProps) {
  const [menu, setMenu] = useState<Menu | null>(null);
  const list = useId();
  const last = useRef(value);
  const find = useEffectEvent((query: string) => people(query).catch(() => []));
  const changed = useEffectEvent(onChange);
  const submit = useEffectEvent(() => onSubmit?.());
  const leave = useEffectEvent(() => onEscape?.());
  const open = useRef<Menu | null>(null);
  open.current = menu;
  const editor = useEditor({
    injectCSS: false,
    autofocus: autoFocus ? 'end' : false,
    immediatelyRender: true,
    extensions: [
      // Underlining has no sign in Markdown.
      StarterKit.configure({ underline: false, heading: { levels: [1, 2, 3] }, link: { openOnClick: false } }),
      Markdown.configure({ markedOptions: { gfm: true, breaks: true } }),
      Person_.configure({
        HTMLAttributes: { class: 'rounded-xs bg-accent px-1 font-medium text-link' },
        suggestion: {
          char: '@',
          allowedPrefixes: null,
          items: ({ query }) => find(query),
          render: () => ({
            onStart: (props) => setMenu({ props, at: 0 }),
            onUpdate: (props) =>
              setMenu((before) => ({ props, at: Math.min(before?.at ?? 0, Math.max(0, props.items.length - 1)) })),
            onExit: () => setMenu(null),
            onKeyDown: (props) => press(props, open.current, setMenu),
          }),
          command: ({ editor, range, props }) => {
            editor
              .chain()
              .focus()
              .insertContentAt(range, [
                { type: 'mention', attrs: { id: props.id, label: (props as unknown as Person).name } },
                { type: 'text', text: ' ' },
              ])
              .run();
          },
        },
      }),
    ],
    content: value,
    contentType: 'markdown',
    editorProps: {
      attributes: {
        'aria-label': label,
        'aria-multiline': 'true',
        role: 'textbox',
        class: 'rich-editor min-h-14 whitespace-pre-wrap break-words px-3 py-2 text-sm outline-none',
      },
      handleKeyDown: (_, event) => {
        if (event.isComposing) return false;
        if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
          submit();
          return true;
        }
        if (event.key === 'Escape' && !open.current) leave();
        return false;
      },
    },
    onUpdate: ({ editor }) => {
      last.current = editor.getMarkdown();
      changed(last.current);
    },
  });
  useImperativeHandle(ref, () => ({ focus: () => editor?.commands.focus('end') }), [editor]);
  useEffect(() => {
    // Set from outside: emptied after it was sent, filled again when that was refused.
    if (!editor || value === last.current) return;
    last.current = value;
    editor.commands.setContent(value, { contentType: 'markdown', emitUpdate: false });
  }, [editor, value]);
  useEffect(() => {
    if (!editor || !menu?.props.items[menu.at]) return;
    const { dom } = editor.view;
    // The focus stays in the text; this is how a screen reader hears who would be chosen.
    const chosen = { 'aria-controls': list, 'aria-activedescendant': optionId(list, menu.at) };
    for (const [name, value] of Object.entries(chosen)) dom.setAttribute(name, value);
    return () => {
      for (const name of Object.keys(chosen)) dom.removeAttribute(name);
    };
  }, [editor, menu, list]);
  return (
    <div className={cn('relative', className)}>
      {editor && <Tools editor={editor} />}
      {value === '' && (
        <p
          aria-hidden
          className="pointer-events-none absolute bottom-0 left-3 translate-y-[-1.8rem] text-muted-foreground text-sm"
        >
          {placeholder}
        </p>
      )}
      <EditorContent editor={editor} />
      {menu && <People id={list} menu={menu} />}
    </div>
  );
}

function press({ event }: SuggestionKeyDownProps, menu: Menu | null, set: (menu: Menu | null) => void): boolean {
  if (!menu) return false;
  const { items, command } = menu.props;
  if (event.key === 'Escape') {
    set(null);
    return true;
  }
  if (items.length === 0) return false;
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    const by = event.key === 'ArrowDown' ? 1 : items.length - 1;
    set({ ...menu, at: (menu.at + by) % items.length });
    return true;
  }
  const chosen = items[menu.at];
  if ((event.key !== 'Enter' && event.key !== 'Tab') || !chosen) return false;
  command(chosen);
  return true;
}

const optionId = (list: string, at: number) => `${list}-${at}`;

/** Below the place in the text, or above it where more room is. */
function placeNear({ left, top, bottom }: DOMRect): CSSProperties {
  const room = window.innerHeight - bottom;
  const across = { left: Math.max(8, Math.min(left, window.innerWidth - 250)) };
  return room < 340 && top > room
    ? { ...across, bottom: window.innerHeight - top + 4, maxHeight: top - 12 }
    : { ...across, top: bottom + 4, maxHeight: room - 12 };
}

function People({ id, menu: { props, at } }: { id: string; menu: Menu }) {
  const t = useTranslations('conversation');
  const place = props.clientRect?.();
  if (!place) return null;
  return createPortal(
    <div
      id={id}
      role="listbox"
      aria-label={t('editor.people')}
      style={placeNear(place)}
      className={cn(panelClasses, 'scroll-quiet fixed z-50 w-60 overflow-y-auto p-1')}
    >
      {props.items.length === 0 && <p className="px-2 py-1.5 text-muted-foreground text-sm">{t('nobody')}</p>}
      {props.items.map((person, i) => (
        <button
          key={person.id}
          id={optionId(id, i)}
          type="button"
          role="option"
          aria-selected={i === at}
          onMouseDown={(event) => {
            event.preventDefault();
            props.command(person);
          }}
          className={cn(
            'flex h-8 w-full items-center gap-2 rounded-xs px-2 text-left text-sm hover:bg-accent',
            i === at && 'bg-accent',
          )}
        >
          <Avatar name={person.name} seed={person.id} size="sm" />
          <span className="truncate">{person.name}</span>
        </button>
      ))}
    </div>,
    document.body,
  );
}

const tools: { name: string; icon: LucideIcon; is: string; run: (editor: Editor) => void }[] = [
  { name: 'bold', icon: Bold, is: 'bold', run: (e) => e.chain().focus().toggleBold().run() },
  { name: 'italic', icon: Italic, is: 'italic', run: (e) => e.chain().focus().toggleItalic().run() },
  { name: 'strike', icon: Strikethrough, is: 'strike', run: (e) => e.chain().focus().toggleStrike().run() },
  { name: 'bullets', icon: List, is: 'bulletList', run: (e) => e.chain().focus().toggleBulletList().run() },
  { name: 'numbers', icon: ListOrdered, is: 'orderedList', run: (e) => e.chain().focus().toggleOrderedList().run() },
  { name: 'quote', icon: TextQuote, is: 'blockquote', run: (e) => e.chain().focus().toggleBlockquote().run() },
  { name: 'code', icon: Code, is: 'code', run: (e) => e.chain().focus().toggleCode().run() },
];

function Tools({ editor }: { editor: Editor }) {
  const t = useTranslations('conversation.editor');
  return (
    <div role="toolbar" aria-label={t('label')} className="flex gap-0.5 px-1.5 pt-1.5">
      {tools.map(({ name, icon: Icon, is, run }) => (
        <Hint key={name} label={t(name)}>
          <Button
            variant="quiet"
            size="icon-xs"
            aria-label={t(name)}
            aria-pressed={editor.isActive(is)}
            className="aria-pressed:bg-accent"
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => run(editor)}
          >
            <Icon />
          </Button>
        </Hint>
      ))}
    </div>
  );
}
