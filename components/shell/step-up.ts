'use client';

import type { TRPCClientError, TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { useSyncExternalStore } from 'react';
import type { AppRouter } from '@/server/router';
import { refusalOf } from './errors';

/**
 * What a call goes through before it is sent. A change that is refused because the person has not proved lately who
 * they are asks them and is then sent again by itself: whoever called only waits, and nothing typed is lost. While a
 * call changes the session's cookie the others wait, and those that were under way with the old one are sent again.
 */
export const stepUpLink: TRPCLink<AppRouter> =
  () =>
  ({ op, next }) =>
    observable((observer) => {
      let closed = false;
      let sent: { unsubscribe: () => void } | undefined;
      const rotates = rotating.has(op.path);
      const attempt = (asked: boolean) => {
        const generation = cookie.generation;
        const done = rotates ? cookie.change() : undefined;
        sent = next(op).subscribe({
          next: (value) => {
            done?.();
            observer.next(value);
          },
          error: (error) => {
            done?.();
            void again(error, asked, generation).then((how) => {
              if (closed) return;
              if (how === null) observer.error(error);
              else void cookie.settled().then(() => !closed && attempt(how === 'confirmed' || asked));
            });
          },
          complete: () => observer.complete(),
        });
      };
      const again = async (error: TRPCClientError<AppRouter>, asked: boolean, generation: number) => {
        const refusal = refusalOf(error);
        if (refusal?.kind === 'unauthenticated' && !rotates && generation !== cookie.generation) return 'cookie';
        if (refusal?.code === 'stepUpNeeded' && op.type === 'mutation' && !asked && (await askPerson()))
          return 'confirmed';
        return null;
      };
      if (rotates) attempt(false);
      else void cookie.settled().then(() => !closed && attempt(false));
      return () => {
        closed = true;
        sent?.unsubscribe();
      };
    });

/** Calls that may be answered with another session cookie; the old one is dead at once. */
const rotating = new Set(['account.stepUp', 'account.changePassword', 'members.setRole']);

const cookie = {
  /** How often it has begun to change. */
  generation: 0,
  pending: Promise.resolve(),
  settled: () => cookie.pending,
  /** @returns what to call when the new one is here */
  change(): () => void {
    cookie.generation++;
    const { promise, resolve } = Promise.withResolvers<void>();
    cookie.pending = promise;
    return resolve;
  },
};

// --- asking the person ---

interface Question {
  answered: Promise<boolean>;
  answer: (confirmed: boolean) => void;
}

let question: Question | null = null;
const listeners = new Set<(open: boolean) => void>();

/** Tells when the question opens and closes. @returns how to stop */
export function onStepUp(listener: (open: boolean) => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** What the person said: every change that waits goes on, or is refused. */
export function answerStepUp(confirmed: boolean): void {
  question?.answer(confirmed);
}

/** Whether the question is open, for the one dialog that shows it. */
export function useStepUpOpen(): boolean {
  return useSyncExternalStore(
    onStepUp,
    () => question !== null,
    () => false,
  );
}

/** Changes that need it at the same time share one question; without anybody to show it the answer is no. */
function askPerson(): Promise<boolean> {
  if (listeners.size === 0) return Promise.resolve(false);
  if (question) return question.answered;
  const { promise: answered, resolve } = Promise.withResolvers<boolean>();
  const answer = (confirmed: boolean) => {
    question = null;
    notify();
    resolve(confirmed);
  };
  question = { answered, answer };
  notify();
  return answered;
}

function notify(): void {
  for (const listener of listeners) listener(question !== null);
}
