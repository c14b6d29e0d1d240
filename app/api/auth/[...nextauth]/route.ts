import type { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { authOptions } from '@/server/core/auth';

/** next-auth's handlers: the only API under Next. Fastify in front has set the address and the scheme it trusts. */
async function handler(request: NextRequest, context: { params: Promise<{ nextauth: string[] }> }) {
  return NextAuth(
    request as never,
    context as never,
    authOptions({
      ip: request.headers.get('x-guanxi-ip') ?? '',
      userAgent: request.headers.get('user-agent'),
      secure: request.headers.get('x-guanxi-secure') === '1',
    }),
  );
}

export { handler as GET, handler as POST };
