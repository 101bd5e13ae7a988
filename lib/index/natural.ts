/** Text behind this many UTF-16 units does not order: cursors carry the key, and names can be 64 KB long. */
const ORDERING_LENGTH = 200;

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/**
 * A key whose plain comparison (`<`, by UTF-16 unit) is the order people expect: case does not count, for the text is folded, and
 * a run of ASCII digits counts as a number, so `web-2` comes before `web-10`. Each run is written as its length without leading
 * zeros (one digit per nine), then its digits; both are digits, so runs sort among other characters where digits do.
 */
export function naturalKey(folded: string): string {
  const text = folded.length > ORDERING_LENGTH ? folded.slice(0, ORDERING_LENGTH) : folded;
  let key = '';
  let copied = 0;
  for (let i = 0; i < text.length; i++) {
    if (!isDigit(text.charCodeAt(i))) continue;
    const run = i;
    while (i < text.length && isDigit(text.charCodeAt(i))) i++;
    let first = run;
    while (first < i - 1 && text.charCodeAt(first) === 48) first++;
    const length = i - first;
    key += text.slice(copied, run) + '9'.repeat(Math.floor(length / 9)) + (length % 9) + text.slice(first, i);
    copied = i;
  }
  return copied === 0 ? text : key + text.slice(copied);
}
