/** Where to go after sign-in: only an address of this site, so that a link cannot lead people elsewhere (security X4). */
export function safeNext(next: string | null | undefined): string | null {
  return next && /^\/(?![/\\])[^\\\s]*$/.test(next) ? next : null;
}
