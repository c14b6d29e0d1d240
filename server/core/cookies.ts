/** Attributes of the cookies that open an account: no script reads them, no other site's post carries them (security S5). */
export const cookieOptions = (secure: boolean) => ({ httpOnly: true, sameSite: 'lax', path: '/', secure }) as const;
