/** The form in which text is compared: case does not count, and no surrogate stands alone. */
export const fold = (text: string): string => text.toWellFormed().toLowerCase();

/**
 * True if the text is the parts with anything between them: `['checkout-', '']` is `checkout-*`. Walks through the text once, part
 * by part; the leftmost place of each part is the right one, so nothing is ever tried twice. Both sides are folded already.
 */
export function matches(parts: readonly string[], text: string): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  return inOrder(rest, text, first.length, text.length - last.length);
}

/** True if the text contains the parts, one behind the other. */
export function includes(parts: readonly string[], text: string): boolean {
  return inOrder(parts, text, 0, text.length);
}

function inOrder(parts: readonly string[], text: string, start: number, end: number): boolean {
  let at = start;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
