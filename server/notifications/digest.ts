import { and, eq, gt, inArray, isNull, lte, sql } from 'drizzle-orm';
import { memberGet, tenantIdsUnmailed, userGet } from '@/db/global';
import { notifications } from '@/db/schema/conversation';
import { inTenant } from '@/db/tenant';
import mail from '@/domain/messages/en/mail.json' with { type: 'json' };
import mailZh from '@/domain/messages/zh/mail.json' with { type: 'json' };
import { newId } from '../core/ids';
import { inJob } from '../core/job-work';
import type { Enqueue } from '../core/jobs';
import type { MailJob } from '../core/mail/templates';
import { siteAddress } from '../core/site';
import type { Work } from '../core/work';
import { type NotificationView, viewsOf } from './notifications';

/** Minutes a person has to see it in the product before a mail tells of it, and days after which none does any more. */
const patience = 10;
const forgotten = 2;
/** A mail lists so many, and says how many more there are, counted to some hundreds. */
const listed = 20;
const counted = 500;

/** The moments between which a mail tells of what was not read. */
const told = (now: Date) => ({
  since: new Date(now.getTime() - forgotten * 86_400_000),
  until: new Date(now.getTime() - patience * 60_000),
});

/** Tenants, by id after `after`, in which somebody is to have a mail. */
export function unmailedTenants(after: string | null, limit: number, now: Date): Promise<string[]> {
  const { since, until } = told(now);
  return tenantIdsUnmailed(after, limit, since, until);
}

/**
 * Sends the people of a tenant one mail each with what is unread for ten minutes, as far as they want mails of its kind.
 * @returns how many mails
 */
export async function mailUnread(tenantId: string, { now, enqueue }: { now: Date; enqueue: Enqueue }): Promise<number> {
  const { since, until } = told(now);
  const due = and(
    eq(notifications.mail, true),
    isNull(notifications.mailedAt),
    isNull(notifications.readAt),
    lte(notifications.at, until.toISOString()),
    gt(notifications.at, since.toISOString()),
  );
  const waiting = await inTenant(tenantId, 'read', (db) => db.find(notifications, due, { limit: 5000 }));
  let sent = 0;
  for (const memberId of new Set(waiting.map((row) => row.memberId))) {
    const member = await memberGet(tenantId, memberId);
    const person = member?.userId ? await userGet(member.userId) : undefined;
    if (!member || !person) continue;
    const actor = { tenantId, memberId, channel: 'system' as const, requestId: newId() };
    await inJob(actor, enqueue, 'write', async (work) => {
      // Locked and looked at again: another worker may have been quicker, the person may have read it.
      const rows = await work.db.find(notifications, and(due, eq(notifications.memberId, memberId)), { lock: true });
      const ids = rows.map(({ id }) => id);
      if (ids.length === 0) return;
      await work.db.update(notifications, { mailedAt: now.toISOString() }, inArray(notifications.id, ids));
      const views = await viewsOf(work, sql`n.id = any(${sql.param(ids)}::uuid[])`, counted);
      if (views.length === 0) return;
      const job = digest(work, views, { email: person.email, locale: person.locale, name: person.name });
      await enqueue(work.db, 'mail', { ...job });
      sent += 1;
    });
  }
  return sent;
}

function digest(
  work: Work,
  views: readonly NotificationView[],
  person: { email: string; locale: string; name: string },
): MailJob {
  const words = (person.locale === 'zh' ? mailZh : mail).news;
  const more = views.length - listed;
  const line = ({ kind, object, by, title, excerpt, count, failed }: NotificationView) => {
    const ended = object === 'archive' ? 'archive' : 'export';
    const about = kind === 'export' ? (failed ? (`${ended}Failed` as const) : ended) : count === null ? kind : 'many';
    const said = words[about]
      .replace('{who}', () => by?.name ?? 'Guanxi')
      .replace('{record}', () => title ?? '')
      .replace('{count}', () => String(count ?? ''));
    return excerpt ? `${said}\n${excerpt}` : said;
  };
  return {
    key: `news-${newId()}`,
    to: person.email,
    locale: person.locale,
    template: 'news',
    params: {
      name: person.name,
      count: views.length,
      items: [
        ...views.slice(0, listed).map(line),
        ...(more > 0 ? [words.more.replace('{count}', () => String(more))] : []),
      ].join('\n\n'),
      link: `${siteAddress()}/t/${encodeURIComponent(work.actor.tenantSlug)}?inbox=1`,
    },
  };
}
