'use client';

/** This page's nonce, for style elements that libraries make: the policy allows no others (security X1). */
export function pageNonce(): string | undefined {
  if (typeof document === 'undefined') return undefined;
  return document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce || undefined;
}

// What keeps the page from scrolling under a dialog or a menu (react-remove-scroll) looks for the nonce here.
if (typeof window !== 'undefined') Object.assign(window, { __webpack_nonce__: pageNonce() });
