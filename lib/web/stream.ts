import type { StreamEvent } from '#lib/api/resources.ts';

/** Events kept for readers who come back. */
const KEPT = 256;

type Listener = (event: StreamEvent) => void;

/** Emits new revisions, and to those who were away what they missed. */
export class Stream {
  /** `from` is the revision before the event. */
  readonly #kept: { from: number; event: StreamEvent }[] = [];
  readonly #listeners = new Set<Listener>();
  /** Null before the index was ready for the first time. */
  #revision: number | null = null;

  emit(event: StreamEvent): void {
    this.#kept.push({ from: this.#revision ?? event.revision, event });
    if (this.#kept.length > KEPT) this.#kept.shift();
    this.#revision = event.revision;
    for (const listener of [...this.#listeners]) this.#call(listener, event);
  }

  /** The index is at this revision, by events emitted or by being built anew. */
  reach(revision: number): void {
    if (this.#revision === null) this.#revision = revision;
    else if (this.#revision !== revision) this.emit({ revision, uids: null });
  }

  /** @param since last revision the listener knows; where what came after is not known any more, it gets an event without uids: read again */
  subscribe(since: number | null, listener: Listener): () => void {
    this.#listeners.add(listener);
    if (since !== null && this.#revision !== null && since !== this.#revision) {
      const oldest = this.#kept[0]?.from ?? this.#revision;
      if (since < oldest || since > this.#revision) this.#call(listener, { revision: this.#revision, uids: null });
      else for (const { event } of [...this.#kept]) if (event.revision > since) this.#call(listener, event);
    }
    return () => this.#listeners.delete(listener);
  }

  #call(listener: Listener, event: StreamEvent): void {
    if (!this.#listeners.has(listener)) return;
    try {
      listener(event);
    } catch {
      // It has nobody left to tell.
      this.#listeners.delete(listener);
    }
  }
}
