import { ProviderError } from '#providers/contract.ts';

/** An object in etcd is at most 1.5 MiB by default, and JSON swells it; nothing that is a pod needs more than this. */
export const MAX_LINE = 8 * 1024 * 1024;

/**
 * Cuts a stream into lines. A line that is too long, or that the stream ends in, is an error: an event must never be lost in silence.
 * @throws ProviderError `bad-reply`
 */
export async function* lines(chunks: AsyncIterable<Buffer>, place: string, max = MAX_LINE): AsyncGenerator<Buffer> {
  let pending: Buffer[] = [];
  let size = 0;
  const add = (part: Buffer): void => {
    size += part.length;
    if (size > max) throw new ProviderError('bad-reply', place, `sent a watch event of more than ${max} bytes`);
    pending.push(part);
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      add(chunk.subarray(from, end));
      from = end + 1;
      const line = pending.length === 1 ? pending[0] : Buffer.concat(pending, size);
      pending = [];
      size = 0;
      if (line && line.length > 0) yield line;
    }
    if (from < chunk.length) add(chunk.subarray(from));
  }
  if (size > 0) throw new ProviderError('bad-reply', place, 'closed the watch in the middle of an event');
}
