import type { Readable } from 'node:stream';

export interface BoundedBody {
  bytes: Buffer;
  /** False where there was more than was asked for; the rest is not read. */
  isWhole: boolean;
}

/**
 * Reads a body to its end or to its limit, whatever it says of its own length. A stream that is left is destroyed; what feeds it
 * through a pipe is not, which is the caller's to do.
 * @param max bytes; the chunk that goes beyond is left out
 * @param onChunk told of each sign of life
 */
export async function readBounded(
  chunks: AsyncIterable<Uint8Array>,
  max: number,
  onChunk?: () => void,
): Promise<BoundedBody> {
  const kept: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    onChunk?.();
    size += chunk.length;
    if (size > max) return { bytes: Buffer.concat(kept), isWhole: false };
    kept.push(chunk);
  }
  return { bytes: Buffer.concat(kept), isWhole: true };
}

/**
 * Reads what a peer says up to the end of its first line, and leaves the stream open to answer on.
 * @param stream of text: its encoding is set
 * @param max characters
 * @returns null where it ends before, breaks, or says more
 */
export async function readLine(stream: Readable, max: number): Promise<string | null> {
  let text = '';
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      text += chunk;
      if (text.length > max) return null;
      if (text.includes('\n')) return text;
    }
  } catch {
    // It broke, and with it what it said.
  }
  return null;
}
