/** Edits between two short words; long ones are far apart without counting. */
function distance(a: string, b: string): number {
  if (a.length > 40 || b.length > 40) return 40;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[b.length] ?? 40;
}

/** The word that was probably meant, or null if none is near. */
export function nearest(word: string, words: Iterable<string>): string | null {
  let best: string | null = null;
  let least = Math.min(3, Math.max(1, Math.floor(word.length / 3)) + 1);
  for (const candidate of words) {
    const apart = candidate.startsWith(word) || word.startsWith(candidate) ? 1 : distance(word, candidate);
    if (apart < least) [best, least] = [candidate, apart];
  }
  return best;
}
