import { describe, expect, it } from 'vitest';
import { beginningOf } from '@/components/conversation/file-preview';

/** A text in pieces of one byte count, and how many of them were taken. */
function inPieces(text: string, size: number) {
  const bytes = new TextEncoder().encode(text);
  const taken = { pieces: 0, cancelled: false };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const at = taken.pieces * size;
        if (at >= bytes.length) return controller.close();
        taken.pieces += 1;
        controller.enqueue(bytes.slice(at, at + size));
      },
      cancel() {
        taken.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, taken };
}

describe('the preview of a text', () => {
  it('is all of a short one, whatever its pieces', async () => {
    for (const size of [1, 2, 5, 100]) {
      expect(await beginningOf(inPieces('报价 – 😀 ok', size).stream, 100)).toEqual({
        text: '报价 – 😀 ok',
        more: false,
      });
    }
    expect(await beginningOf(inPieces('', 1).stream, 100)).toEqual({ text: '', more: false });
  });

  it('is the beginning of a long one, and the rest is not fetched', async () => {
    const { stream, taken } = inPieces('x'.repeat(100_000), 1000);
    expect(await beginningOf(stream, 2500)).toEqual({ text: 'x'.repeat(2500), more: true });
    expect(taken).toEqual({ pieces: 3, cancelled: true });
  });
});
