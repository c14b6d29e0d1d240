import type { NextAuthOptions } from 'next-auth';
import Credentials from 'next-auth/providers/credentials';
import { Refusal } from '@/domain/refusals';
import { globalKey } from './keys';
import { RateLimit } from './limits';
import { endSession, readSession, sessionCookie, signIn } from './session';

/**
 * next-auth for the protocols only. Its cookie carries our opaque session id instead of a token: `encode` writes the
 * id, `decode` reads it back, and whether it still means anything is asked of the session table on every request.
 */
const byAddress = new RateLimit(30, 10);
const byAccount = new RateLimit(10, 2);

export interface AuthRequest {
  ip: string;
  userAgent: string | null;
  secure: boolean;
}

/** The server's bundle knows the secret, Next's bundle needs it; they share the process and nothing else. */
const holder = globalThis as typeof globalThis & { guanxiAuthSecret?: string };

export function setAuthSecret(secret: string): void {
  holder.guanxiAuthSecret = secret;
}

export function authOptions(request: AuthRequest): NextAuthOptions {
  return {
    secret: holder.guanxiAuthSecret,
    session: { strategy: 'jwt', maxAge: 30 * 86_400 },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    useSecureCookies: request.secure,
    cookies: {
      sessionToken: {
        name: sessionCookie(request.secure),
        options: { httpOnly: true, sameSite: 'lax', path: '/', secure: request.secure },
      },
    },
    providers: [
      Credentials({
        credentials: { email: {}, password: {} },
        async authorize(credentials) {
          const email = credentials?.email ?? '';
          const password = credentials?.password ?? '';
          if (!email || !password || email.length > 254 || password.length > 1000) return null;
          try {
            byAddress.take(globalKey('signIn', request.ip));
            byAccount.take(globalKey('signIn', email.toLowerCase(), request.ip));
          } catch (error) {
            if (error instanceof Refusal) throw new Error(`rateLimited:${error.retryAfter ?? 60}`);
            throw error;
          }
          const started = await signIn(email, password, request.ip, request.userAgent);
          return started ? { id: started.userId, sid: started.sid } : null;
        },
      }),
    ],
    jwt: {
      encode: async ({ token }) => String(token?.sid ?? ''),
      decode: async ({ token }) => (token ? { sid: token } : null),
    },
    callbacks: {
      jwt: ({ token, user }) => (user && 'sid' in user ? { sid: user.sid } : token),
      async session({ session, token }) {
        const row = await readSession(typeof token.sid === 'string' ? token.sid : undefined);
        return row
          ? { expires: session.expires, user: { name: row.name, email: row.email } }
          : { expires: session.expires };
      },
      // Only back to ourselves (security X4).
      redirect: ({ url, baseUrl }) =>
        url.startsWith('/') && !url.startsWith('//')
          ? `${baseUrl}${url}`
          : url.startsWith(`${baseUrl}/`)
            ? url
            : baseUrl,
    },
    events: {
      async signOut({ token }) {
        if (typeof token?.sid === 'string') await endSession(token.sid);
      },
    },
    logger: { error: () => {}, warn: () => {}, debug: () => {} },
  };
}
