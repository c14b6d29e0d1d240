import { createHash, randomBytes } from 'node:crypto';
import { v7 } from 'uuid';

/** UUIDv7: made here, not by the database, so that Postgres 15 works too; sorts by time of making. */
export const newId = (): string => v7();

/** 256 random bits, base64url: session ids, mail tokens, key secrets. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** What is stored of a secret: its SHA-256, hex. 256 random bits need no salt. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');
