import type { FastifyRequest } from 'fastify';
import { createTranslator } from 'use-intl/core';
import en from '@/domain/messages/en/errors.json' with { type: 'json' };
import zh from '@/domain/messages/zh/errors.json' with { type: 'json' };

const texts = { en, zh };
type Language = keyof typeof texts;
const translators = new Map<Language, ReturnType<typeof translator>>();

/** What a refusal's code says to a person; a general word where the code has no text or lacks its parameters. */
export function say(locale: string, code: string, params: Record<string, string | number> = {}): string {
  const language: Language = locale === 'zh' ? 'zh' : 'en';
  let translate = translators.get(language);
  if (!translate) {
    translate = translator(language);
    translators.set(language, translate);
  }
  return (
    (translate.has(code) && translate(code, params)) || translate(code === 'internal' ? 'unknown' : 'invalid', params)
  );
}

/** How long to wait, as the texts say it: in seconds up to two minutes, in minutes from there, 0 where nobody knows. */
export const waiting = (seconds = 0) => ({ seconds, minutes: seconds > 120 ? Math.ceil(seconds / 60) : 0 });

/** The language of an answer to somebody of whom only the request is known. */
export function languageOf(request: FastifyRequest): Language {
  const chosen = request.cookies?.locale;
  return chosen === 'zh' || (!chosen && /^zh\b/i.test(request.headers['accept-language'] ?? '')) ? 'zh' : 'en';
}

function translator(locale: Language) {
  // A text whose parameters are not there falls back to the general one.
  return createTranslator<Record<string, string>>({
    locale,
    messages: texts[locale],
    onError: () => {},
    getMessageFallback: () => '',
  });
}
