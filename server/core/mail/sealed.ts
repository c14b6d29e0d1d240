import { sealJson, unsealJson } from '../secrets';
import type { MailJob } from './templates';

/**
 * A mail on its way through the queue: its values are links that open an account, so they are encrypted. The template
 * has another name than in a job that is not sealed: a version that knows none of this fails and leaves the mail to one
 * that does, instead of sending it without its link.
 */
export interface SealedMail extends Pick<MailJob, 'key' | 'to' | 'locale'> {
  kind: MailJob['template'];
  sealed: string;
}

const place = (tenantId: string | null, key: string) => [tenantId ?? 'nobody', 'mail', key] as const;

/** Closes the values of a mail job; one that is closed already, as when it is tried anew, stays as it is. */
export function sealMail(payload: Record<string, unknown>, tenantId: string | null): SealedMail {
  // The queue takes mail jobs from our own code only.
  if ('sealed' in payload) return payload as unknown as SealedMail;
  const { key, to, locale, template, params } = payload as unknown as MailJob;
  return { key, to, locale, kind: template, sealed: sealJson(place(tenantId, key), params) };
}

/** @throws Error when the values were closed for another mail or tenant, or with a key that is gone */
export function openMail(payload: Record<string, unknown>, tenantId: string | null): MailJob {
  // Mails that were enqueued by a version that did not close them.
  if ('template' in payload) return payload as unknown as MailJob;
  const { key, to, locale, kind, sealed } = payload as unknown as SealedMail;
  const params = unsealJson(place(tenantId, key), sealed) as MailJob['params'];
  return { key, to, locale, template: kind, params };
}
