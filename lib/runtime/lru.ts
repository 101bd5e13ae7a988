/**
 * The results used last, by key, each good within its epoch: what a result was made from has not changed while the epoch is the same
 * text. A result of a past epoch is replaced, not kept beside the new one.
 */
export class LruCache<T> {
  readonly #kept = new Map<string, { epoch: string; value: T }>();
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  /** The kept value, or a new one, which may push the one longest unused out. */
  get(key: string, epoch: string, make: () => T): T {
    const value = this.peek(key, epoch) ?? make();
    this.put(key, epoch, value);
    return value;
  }

  /** Without counting as a use. */
  peek(key: string, epoch: string): T | undefined {
    const kept = this.#kept.get(key);
    return kept?.epoch === epoch ? kept.value : undefined;
  }

  put(key: string, epoch: string, value: T): void {
    this.#kept.delete(key);
    this.#kept.set(key, { epoch, value });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#size) break;
      this.#kept.delete(oldest);
    }
  }

  clear(): void {
    this.#kept.clear();
  }
}
