/** The server's bundle knows the secret, Next's bundle needs it; they share the process and nothing else. */
const holder = globalThis as typeof globalThis & { guanxiAuthSecret?: string };

export function setAuthSecret(secret: string): void {
  holder.guanxiAuthSecret = secret;
}

/** The installation's secret; empty where none was set, as in tests of a single part. */
export const authSecret = (): string => holder.guanxiAuthSecret ?? '';
