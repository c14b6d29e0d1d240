/** next-auth's handlers: the only API under Next. */
export { answerAuth as GET, answerAuth as POST } from '@/server/core/auth';
