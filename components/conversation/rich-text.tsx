'use client';

import { createElement, type ReactNode, useMemo } from 'react';
import { safeHref } from '@/components/records/hrefs';
import { cn } from '@/components/ui/cn';
import { type Block, type Inline, readRichText } from '@/domain/rich-text';

/** A text with its marks. It is built of elements, never of HTML, so that nothing in it can run. */
export function RichText({ text, className }: { text: string; className?: string }) {
  const blocks = useMemo(() => readRichText(text), [text]);
  return <div className={cn('grid gap-2 break-words text-sm', className)}>{blocks.map(block)}</div>;
}

function block(node: Block, at: number): ReactNode {
  switch (node.kind) {
    case 'paragraph':
      return <p key={at}>{node.content.map(inline)}</p>;
    case 'heading':
      // Headings of a text stand below those of the page.
      return createElement(
        `h${node.level + 3}`,
        { key: at, className: node.level === 1 ? 'font-semibold text-base' : 'font-semibold' },
        node.content.map(inline),
      );
    case 'list': {
      const items = node.items.map((item, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: items of a text that is shown, never reordered
        <li key={i} className="[&>p]:inline">
          {item.map(block)}
        </li>
      ));
      return node.ordered ? (
        <ol key={at} start={node.start} className="list-decimal pl-5">
          {items}
        </ol>
      ) : (
        <ul key={at} className="list-disc pl-5">
          {items}
        </ul>
      );
    }
    case 'quote':
      return (
        <blockquote key={at} className="grid gap-2 border-l-2 pl-3 text-muted-foreground">
          {node.content.map(block)}
        </blockquote>
      );
    case 'code':
      return (
        <pre key={at} className="overflow-x-auto rounded-md bg-muted px-2.5 py-2 font-mono text-xs">
          <code>{node.text}</code>
        </pre>
      );
    case 'rule':
      return <hr key={at} />;
  }
}

const marks = { strong: 'strong', em: 'em', strike: 's', underline: 'u' } as const;

function inline(node: Inline, at: number): ReactNode {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'break':
      return <br key={at} />;
    case 'code':
      return (
        <code key={at} className="rounded-xs bg-muted px-1 font-mono text-[0.92em]">
          {node.text}
        </code>
      );
    case 'mention':
      return (
        <span key={at} data-member={node.id} className="rounded-xs bg-accent px-1 font-medium text-link">
          @{node.name}
        </span>
      );
    case 'link': {
      const mail = /^mailto:(.*)$/i.exec(node.href)?.[1];
      const href = mail ? safeHref('email', mail) : safeHref('link', node.href);
      if (!href) return createElement('span', { key: at }, node.content.map(inline));
      return (
        <a key={at} href={href} target="_blank" rel="noopener noreferrer" className="text-link underline">
          {node.content.map(inline)}
        </a>
      );
    }
    default:
      return createElement(marks[node.kind], { key: at }, node.content.map(inline));
  }
}
