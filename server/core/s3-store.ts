import { openAsBlob } from 'node:fs';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { AwsClient } from 'aws4fetch';
import { type BreakerOptions, breaker } from './breaker';
import type { FileStore } from './file-store';

export interface S3Options {
  /** `https://s3.eu-central-1.amazonaws.com`, `https://oss-cn-hangzhou.aliyuncs.com`, `http://minio:9000`. */
  endpoint: string;
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** The bucket in the path instead of the host's name, as MinIO wants it. */
  pathStyle: boolean;
}

/**
 * Files in a bucket of anything that speaks S3 (docs/decisions/0024-file-storage.md). One that does not answer is left alone
 * for a while: its callers learn so at once.
 * @throws Error from each call when the storage refuses or is late, ServiceAway while it is left alone
 */
export function s3Store(
  { endpoint, bucket, pathStyle, ...keys }: S3Options,
  { answerMs = 10_000, ...rest }: BreakerOptions & { answerMs?: number } = {},
): FileStore {
  const client = new AwsClient({ ...keys, service: 's3', retries: 3 });
  const url = new URL(endpoint);
  const base = pathStyle ? `${url.origin}/${bucket}` : `${url.protocol}//${bucket}.${url.host}`;
  const address = (key: string) => `${base}/${key.split('/').map(encodeURIComponent).join('/')}`;
  const guarded = breaker('the file storage', undefined, rest);
  /** What the storage answers in time; whether it says yes is for the caller to see, unless the trouble is its own. */
  const ask = (doing: string, at: string, init: RequestInit = {}, ms = answerMs): Promise<Response> =>
    guarded(async () => {
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(new Error(`The file storage did not answer within ${ms} ms`)), ms);
      try {
        const answer = await client.fetch(at, { ...init, signal: late.signal });
        if (answer.status >= 500) throw await failed(doing, answer);
        return answer;
      } finally {
        clearTimeout(timer);
      }
    });
  const failed = async (doing: string, answer: Response) =>
    new Error(`The file storage refused to ${doing}: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
  return {
    // What one PUT takes.
    mostBytes: 5 * 1024 ** 3,
    async put(key, file, { size, sha256 }) {
      const init = {
        method: 'PUT',
        // Read from disk while it is sent; its length is known, which S3 asks for.
        body: await openAsBlob(file),
        headers: { 'content-length': String(size), 'x-amz-content-sha256': sha256 },
      };
      // The answer comes when all of it is there: 64 kB a second at the least.
      const answer = await ask('keep a file', address(key), init, answerMs + size / 64);
      if (!answer.ok) throw await failed('keep a file', answer);
    },
    async read(key, first) {
      const headers = first ? { range: `bytes=0-${first - 1}` } : undefined;
      const answer = await ask('give a file', address(key), { headers });
      if (answer.status === 404) return undefined;
      if (!answer.ok) throw await failed('give a file', answer);
      // The same stream under Node's own name for it.
      return answer.body ? Readable.fromWeb(answer.body as ReadableStream) : Readable.from([]);
    },
    async remove(key) {
      const answer = await ask('remove a file', address(key), { method: 'DELETE' });
      if (!answer.ok && answer.status !== 404) throw await failed('remove a file', answer);
    },
    async writtenBefore(folder, before) {
      const names: string[] = [];
      let token: string | undefined;
      do {
        const query = new URLSearchParams({ 'list-type': '2', prefix: `${folder}/`, 'max-keys': '1000' });
        if (token) query.set('continuation-token', token);
        const answer = await ask('list files', `${base}/?${query}`);
        if (!answer.ok) throw await failed('list files', answer);
        const xml = await answer.text();
        for (const [, entry = ''] of xml.matchAll(/<Contents>([\s\S]*?)<\/Contents>/g)) {
          const name = /<Key>([^<]+)<\/Key>/.exec(entry)?.[1]?.split('/').at(-1);
          const written = /<LastModified>([^<]+)<\/LastModified>/.exec(entry)?.[1];
          if (name && written && Date.parse(written) < before) names.push(name);
        }
        token = /<NextContinuationToken>([^<]+)<\/NextContinuationToken>/.exec(xml)?.[1];
      } while (token);
      return names;
    },
  };
}
