/** Text behind this many UTF-16 units does not order: cursors carry the key, and names can be 64 KB long. */
const ORDERING_LENGTH = 200;

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** Keys of one-byte text are put together here: a million of them in pieces would be several million strings. */
const scratch = Buffer.alloc(2 * ORDERING_LENGTH);

/**
 * A key whose plain comparison (`<`, by UTF-16 unit) is the order people expect: case does not count, for the text is folded, and
 * a run of ASCII digits counts as a number, so `web-2` comes before `web-10`. Each run is written as its length without leading
 * zeros (one digit per nine), then its digits; both are digits, so runs sort among other characters where digits do.
 */
export function naturalKey(folded: string): string {
  const text = folded.length > ORDERING_LENGTH ? folded.slice(0, ORDERING_LENGTH) : folded;
  let size = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 255) return wideKey(text);
    if (!isDigit(code)) {
      scratch[size++] = code;
      continue;
    }
    const { first, end } = runAt(text, i);
    for (let left = end - first; left >= 0; left -= 9) scratch[size++] = 48 + Math.min(9, left);
    for (let digit = first; digit < end; digit++) scratch[size++] = text.charCodeAt(digit);
    i = end - 1;
  }
  return scratch.toString('latin1', 0, size);
}

/** The run of digits at an index, without leading zeros; of nothing but zeros the last one stays. */
function runAt(text: string, start: number): { first: number; end: number } {
  let end = start;
  while (end < text.length && isDigit(text.charCodeAt(end))) end++;
  let first = start;
  while (first < end - 1 && text.charCodeAt(first) === 48) first++;
  return { first, end };
}

function wideKey(text: string): string {
  return text.replace(/\d+/g, (run) => {
    const digits = run.replace(/^0+(?=.)/, '');
    return '9'.repeat(Math.floor(digits.length / 9)) + (digits.length % 9) + digits;
  });
}
