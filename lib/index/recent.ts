/** The last few results by key, each good while its moment lasts. */
export class Recent<T> {
  readonly #kept = new Map<string, { moment: string; value: T }>();
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  /** The kept value if it serves, or a new one, which may push the one longest unused out. */
  get(key: string, moment: string, make: () => T, serves: (value: T) => boolean = () => true): T {
    const kept = this.#kept.get(key);
    const value = kept?.moment === moment && serves(kept.value) ? kept.value : make();
    this.#kept.delete(key);
    this.#kept.set(key, { moment, value });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#size) break;
      this.#kept.delete(oldest);
    }
    return value;
  }

  clear(): void {
    this.#kept.clear();
  }
}
