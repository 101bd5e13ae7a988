import { PassThrough, Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readBounded, readLine } from './bounded-body.ts';

const bodyOf = (...texts: string[]) => Readable.from(texts.map((text) => Buffer.from(text)));

test('reads a body to its end, and tells of each chunk', async () => {
  let chunks = 0;
  const { bytes, isWhole } = await readBounded(bodyOf('ab', '', 'cd'), 4, () => chunks++);
  expect([bytes.toString(), isWhole, chunks]).toEqual(['abcd', true, 3]);
  expect(await readBounded(bodyOf(), 4)).toEqual({ bytes: Buffer.alloc(0), isWhole: true });
});

test('fault 15: reads no further than its limit, and leaves the stream closed', async () => {
  let given = 0;
  const endless = Readable.from(
    (function* () {
      for (;;) {
        given++;
        yield Buffer.from('abc');
      }
    })(),
    { highWaterMark: 1 },
  );
  const { bytes, isWhole } = await readBounded(endless, 7);
  expect([bytes.toString(), isWhole, endless.destroyed]).toEqual(['abcabc', false, true]);
  expect(given).toBeLessThan(10);
});

test('fails as the stream does', async () => {
  const broken = Readable.from(
    (async function* () {
      yield Buffer.from('ab');
      throw new Error('reset');
    })(),
  );
  await expect(readBounded(broken, 4)).rejects.toThrow('reset');
});

test('reads a line that comes in pieces, and leaves the stream open', async () => {
  const stream = new PassThrough({ encoding: 'utf8' });
  const line = readLine(stream, 100);
  for (const piece of ['{"a"', ':1}', '\n']) stream.write(piece);
  expect(await line).toBe('{"a":1}\n');
  expect(stream.destroyed).toBe(false);
});

test('reads no line that is too long, or that does not end', async () => {
  const long = new PassThrough({ encoding: 'utf8' });
  const tooLong = readLine(long, 3);
  long.write('abcd');
  expect(await tooLong).toBe(null);
  const short = new PassThrough({ encoding: 'utf8' });
  const cut = readLine(short, 3);
  short.end('abc');
  expect(await cut).toBe(null);
  const broken = new PassThrough({ encoding: 'utf8' });
  const none = readLine(broken, 3);
  broken.destroy(new Error('reset'));
  expect(await none).toBe(null);
});
