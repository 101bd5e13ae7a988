import { LIMITS } from './ast.ts';

/** Texts that are kept: those of one page view, and of a filter that is being typed. */
const KEPT = 64;

/**
 * Reads a text once, though dozens of places on the way of one page view ask for it. What it made is shared by all of them, so
 * it is read-only; longer texts than a query may be are not kept.
 */
export class Recent<T extends object> {
  readonly #read: (q: string) => T;
  readonly #kept = new Map<string, T>();
  /** How often a text was read, since the start. */
  reads = 0;

  /** @param read may throw; then nothing is kept */
  constructor(read: (q: string) => T) {
    this.#read = read;
  }

  of(q: string): T {
    const known = this.#kept.get(q);
    if (known) return known;
    this.reads++;
    const made = this.#read(q);
    if (q.length > LIMITS.length) return made;
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size < KEPT) break;
      this.#kept.delete(oldest);
    }
    this.#kept.set(q, made);
    return made;
  }
}
