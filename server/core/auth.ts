import NextAuth, { type NextAuthOptions } from 'next-auth';
import Credentials from 'next-auth/providers/credentials';
import { Refusal } from '@/domain/refusals';
import { authSecret } from './auth-secret';
import { cookieOptions, markCookie, markOf } from './cookies';
import { toRefusal } from './errors';
import { log } from './log';
import { endSession, readSession, sessionCookie, sessionDays } from './session';
import { deviceCookie, deviceDays, type SignedIn, signInWithLink, signInWithPassword, type Visitor } from './sign-in';

/**
 * next-auth for the protocols only. Its cookie carries our opaque session id instead of a token: `encode` writes the
 * id, `decode` reads it back, and whether it still means anything is asked of the session table on every request.
 *
 * Two ways in, both by POST: `signIn('credentials', {email, password})` and, from the page behind a link in a mail,
 * `signIn('magic', {token})`; opening that page changes nothing, so a mail scanner cannot use the link up.
 */
export function authOptions(browser: Browser, entered: (signedIn: SignedIn) => void): NextAuthOptions {
  const { secure } = browser;
  const admit = async (attempt: () => Promise<SignedIn | undefined>) => {
    try {
      const signedIn = await attempt();
      if (!signedIn) return null;
      entered(signedIn);
      return { id: signedIn.userId, sid: signedIn.sid };
    } catch (error) {
      throw new Error(errorName(error));
    }
  };
  return {
    secret: authSecret(),
    session: { strategy: 'jwt', maxAge: sessionDays * 86_400 },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    useSecureCookies: secure,
    cookies: { sessionToken: { name: sessionCookie(secure), options: cookieOptions(secure) } },
    providers: [
      Credentials({
        id: 'credentials',
        credentials: { email: {}, password: {} },
        async authorize(credentials) {
          const { email, password } = texts(credentials, ['email', 'password']);
          if (!email || !password || email.length > 254 || password.length > 1000) return null;
          return admit(() => signInWithPassword(email, password, browser));
        },
      }),
      Credentials({
        id: 'magic',
        credentials: { token: {} },
        async authorize(credentials) {
          const { token } = texts(credentials, ['token']);
          if (!token || token.length > 100) return null;
          return admit(() => signInWithLink(token, browser));
        },
      }),
    ],
    jwt: {
      encode: async ({ token }) => String(token?.sid ?? ''),
      // A dead id is no token: next-auth takes the cookie back.
      decode: async ({ token }) => (token && (await readSession(token, browser.now)) ? { sid: token } : null),
    },
    callbacks: {
      jwt: ({ token, user }) => (user && 'sid' in user ? { sid: user.sid } : token),
      async session({ session, token }) {
        const row = await readSession(typeof token.sid === 'string' ? token.sid : undefined, browser.now);
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
        if (typeof token?.sid === 'string') await endSession(token.sid, browser);
      },
    },
    logger: { error: () => {}, warn: () => {}, debug: () => {} },
  };
}

export interface Browser extends Visitor {
  /** Whether it reaches us by TLS. */
  secure: boolean;
}

/** Answers everything below `/api/auth`. The server in front has set the address, the scheme and the request's id. */
export async function answerAuth(request: Request): Promise<Response> {
  const cookies = readCookies(request.headers.get('cookie') ?? '');
  const secure = request.headers.get('x-guanxi-secure') === '1';
  const browser: Browser = {
    ip: request.headers.get('x-guanxi-ip') ?? '',
    userAgent: request.headers.get('user-agent'),
    requestId: request.headers.get('x-guanxi-request'),
    device: cookies[deviceCookie(secure)],
    session: cookies[sessionCookie(secure)],
    now: new Date(),
    secure,
  };
  let device: string | undefined;
  const options = authOptions(browser, (signedIn) => {
    device = signedIn.device;
  });
  const response = await throughNextAuth(request, cookies, options);
  if (device) {
    const attributes = `Path=/; Max-Age=${deviceDays * 86_400}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
    response.headers.append('set-cookie', `${deviceCookie(secure)}=${device}; ${attributes}`);
  }
  addMark(response.headers, secure);
  return response;
}

/** The readable mark goes wherever the session's cookie goes. */
function addMark(headers: Headers, secure: boolean): void {
  const start = `${sessionCookie(secure)}=`;
  const given = headers.getSetCookie().findLast((cookie) => cookie.startsWith(start));
  if (given === undefined) return;
  const sid = decodeURIComponent(given.slice(start.length).split(';', 1)[0] ?? '');
  const [mark, days] = sid ? [markOf(sid), sessionDays] : ['', 0];
  const attributes = `Path=/; Max-Age=${days * 86_400}; SameSite=Lax${secure ? '; Secure' : ''}`;
  headers.append('set-cookie', `${markCookie}=${mark}; ${attributes}`);
}

/** next-auth as it serves Node: request and answer are plain values, so no framework has to be around it. */
async function throughNextAuth(
  request: Request,
  cookies: Record<string, string>,
  options: NextAuthOptions,
): Promise<Response> {
  const url = new URL(request.url);
  const headers = new Headers();
  let status = 200;
  const text = request.method === 'POST' ? await request.text() : '';
  const json = request.headers.get('content-type')?.startsWith('application/json');
  const body = json ? parsed(text) : Object.fromEntries(new URLSearchParams(text));
  return new Promise((resolve, reject) => {
    const send = (content: unknown) => {
      const isText = content === undefined || content === null || typeof content === 'string';
      if (!isText && !headers.has('content-type')) headers.set('content-type', 'application/json');
      resolve(new Response(isText ? ((content as string) ?? null) : JSON.stringify(content), { status, headers }));
    };
    const reply = {
      status(code: number) {
        status = code;
        return reply;
      },
      getHeader: (name: string) => (name.toLowerCase() === 'set-cookie' ? headers.getSetCookie() : headers.get(name)),
      setHeader(name: string, value: string | string[]) {
        headers.delete(name);
        for (const each of [value].flat()) headers.append(name, each);
        return reply;
      },
      end: () => send(null),
      json: send,
      send,
    };
    const question = {
      method: request.method,
      headers: Object.fromEntries(request.headers),
      cookies,
      body,
      query: { ...Object.fromEntries(url.searchParams), nextauth: url.pathname.split('/').slice(3) },
    };
    Promise.resolve(NextAuth(question as never, reply as never, options)).catch(reject);
  });
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function readCookies(header: string): Record<string, string> {
  const pairs = header.split(';').flatMap((part): [string, string][] => {
    const at = part.indexOf('=');
    return at < 0 ? [] : [[part.slice(0, at).trim(), decoded(part.slice(at + 1).trim())]];
  });
  return Object.fromEntries(pairs);
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** What a form gave under these names, where it gave texts. */
function texts<N extends string>(
  given: Partial<Record<N, unknown>> | undefined,
  names: N[],
): Partial<Record<N, string>> {
  const entries = names.flatMap((name) => (typeof given?.[name] === 'string' ? [[name, given[name]]] : []));
  // Each entry's name is one of those asked for and its value a string.
  return Object.fromEntries(entries) as Partial<Record<N, string>>;
}

/** What the sign-in page is told of an attempt that could not be made: `rateLimited:<seconds>` or `busy`. */
function errorName(error: unknown): string {
  const refusal = error instanceof Refusal ? error : toRefusal(error);
  if (refusal?.kind === 'tooMany') return `rateLimited:${refusal.retryAfter ?? 60}`;
  if (!refusal) log.error({ err: error }, 'sign-in failed');
  return 'busy';
}
