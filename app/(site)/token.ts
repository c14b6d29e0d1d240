export type TokenSearch = Promise<Record<'token', string | string[] | undefined>>;

/** The token of the mailed link that a page was opened by; null when there is none. */
export async function tokenIn(search: TokenSearch): Promise<string | null> {
  const { token } = await search;
  return typeof token === 'string' && token !== '' ? token : null;
}
