/** The last few results by key, each good while its moment lasts. */
export class Recent<T> {
  readonly #kept = new Map<string, { moment: string; value: T }>();
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  /** The kept value, or a new one, which may push the one longest unused out. */
  get(key: string, moment: string, make: () => T): T {
    const value = this.peek(key, moment) ?? make();
    this.put(key, moment, value);
    return value;
  }

  peek(key: string, moment: string): T | undefined {
    const kept = this.#kept.get(key);
    return kept?.moment === moment ? kept.value : undefined;
  }

  put(key: string, moment: string, value: T): void {
    this.#kept.delete(key);
    this.#kept.set(key, { moment, value });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#size) break;
      this.#kept.delete(oldest);
    }
  }

  clear(): void {
    this.#kept.clear();
  }
}
