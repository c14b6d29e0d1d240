import en from '@/domain/messages/en/mail.json' with { type: 'json' };
import zh from '@/domain/messages/zh/mail.json' with { type: 'json' };
import type { Mail } from './mail';

const texts = { en, zh };
export type MailTemplate = keyof typeof en.templates;

/** What a job on the mail queue carries. `key` stays the same when the job is tried again. */
export interface MailJob {
  key: string;
  to: string;
  locale: string;
  template: MailTemplate;
  params: Record<string, string | number>;
}

/** The mail a job asks for, in its reader's language, as text and as HTML. */
export function renderMail(job: MailJob): Mail {
  const language = job.locale === 'zh' ? 'zh' : 'en';
  const template = texts[language].templates[job.template];
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => String(job.params[name] ?? ''));
  const link = String(job.params.link);
  const subject = fill(template.subject).replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
  const paragraphs = template.body.map(fill);
  return {
    to: job.to,
    subject,
    text: [...paragraphs, link, texts[language].footer].join('\n\n'),
    html: htmlMail(language, subject, paragraphs, template.button, link, texts[language].footer),
  };
}

function htmlMail(
  language: string,
  subject: string,
  paragraphs: string[],
  button: string,
  link: string,
  footer: string,
): string {
  const lines = paragraphs
    .map((p) => `<p style="margin:0 0 16px">${escapeHtml(p).replaceAll('\n', '<br>')}</p>`)
    .join('');
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>
<body style="margin:0;padding:32px 16px;background:#f5f7f9;font:15px/1.6 -apple-system,'Segoe UI','PingFang SC','Microsoft YaHei',sans-serif;color:#17202a">
<div style="max-width:520px;margin:0 auto;background:#fff;border-radius:10px;padding:32px">
<p style="margin:0 0 24px;font-weight:600">Guanxi 关系</p>${lines}
<p style="margin:24px 0"><a href="${escapeHtml(link)}" style="background:#0f6173;color:#fff;text-decoration:none;border-radius:6px;padding:10px 18px;display:inline-block">${escapeHtml(button)}</a></p>
<p style="margin:0;color:#5b6875;font-size:13px;word-break:break-all">${escapeHtml(link)}</p></div>
<p style="max-width:520px;margin:16px auto 0;color:#5b6875;font-size:12px">${escapeHtml(footer)}</p></body></html>`;
}

/** A text as HTML that shows it, whatever it holds. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
