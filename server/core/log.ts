import pino from 'pino';

/** JSON lines on standard output. Values under these names never reach a log. */
export const log = pino({
  level: 'info',
  base: undefined,
  redact: ['password', '*.password', 'token', '*.token', 'req.headers.cookie', 'req.headers.authorization'],
});
export type Log = pino.Logger;
