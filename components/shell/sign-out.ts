'use client';

/** Ends the session of this browser, in the two steps next-auth asks for: its token against forgery, then the end. */
export async function signOut(): Promise<void> {
  const answer = await fetch('/api/auth/csrf');
  const { csrfToken } = (await answer.json()) as { csrfToken: string };
  await fetch('/api/auth/signout', {
    method: 'POST',
    body: new URLSearchParams({ csrfToken, callbackUrl: '/sign-in', json: 'true' }),
  });
}
