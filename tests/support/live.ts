import { sessionCookie } from '@/server/core/session';

/** One event of a stream. */
export interface LiveEvent {
  event: string;
  data: unknown;
}

/** A browser's stream of what happens in a tenant, as it is read from the line. */
export class LiveStream {
  /** All that has come. */
  text = '';
  isOver = false;
  readonly status: number;
  private readonly abort: AbortController;

  static async open(url: string, slug: string, sid: string, headers: Record<string, string> = {}): Promise<LiveStream> {
    const abort = new AbortController();
    const answer = await fetch(`${url}/api/live/${slug}`, {
      headers: { cookie: `${sessionCookie(false)}=${sid}`, 'sec-fetch-site': 'same-origin', ...headers },
      signal: abort.signal,
    });
    return new LiveStream(answer, abort);
  }

  private constructor(
    readonly answer: Response,
    abort: AbortController,
  ) {
    this.status = answer.status;
    this.abort = abort;
    void this.read();
  }

  events(): LiveEvent[] {
    return this.text.split('\n\n').flatMap((block) => {
      const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
      return event && data ? { event, data: JSON.parse(data) as unknown } : [];
    });
  }

  /** What it was told of records, in order: `deal <id> update`. */
  records(): string[] {
    return this.events().flatMap(({ event, data }) =>
      event === 'news'
        ? (data as { sets: { records: string[][] }[] }).sets.flatMap(({ records }) => records.map((r) => r.join(' ')))
        : [],
    );
  }

  /** Its own name, by which it says where it is. */
  name(): string {
    // The first thing a stream says.
    const [hello] = this.events() as { data: { stream: string } }[];
    return hello?.data.stream ?? '';
  }

  close(): void {
    this.abort.abort();
  }

  private async read(): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of this.answer.body ?? []) this.text += decoder.decode(chunk, { stream: true });
    } catch {
      // Closed here, or by the server's end.
    }
    this.isOver = true;
  }
}
