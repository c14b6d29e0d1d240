import type { Field } from '@/domain/fields';

/** An address the browser may follow from a stored text, or null: http(s), mail and phone only. */
export function safeHref(type: Field['type'], value: string): string | null {
  if (type === 'email')
    return value.includes('@') ? `mailto:${encodeURIComponent(value).replaceAll('%40', '@')}` : null;
  if (type === 'phone') {
    const digits = value.normalize('NFKC').replace(/[^\d+*#,;]/g, '');
    return digits ? `tel:${digits}` : null;
  }
  try {
    const url = new URL(value);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
  } catch {
    return null;
  }
}

/** A link as people read it: no protocol, no lone slash. */
export function shortLink(value: string): string {
  return value.replace(/^https?:\/\/(www\.)?/i, '').replace(/\/$/, '');
}
