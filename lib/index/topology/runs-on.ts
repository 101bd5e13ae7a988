import type { Identity } from '#lib/model/index.ts';
import { EntryColumn } from '../columns/columns.ts';
import type { Dictionary } from '../columns/dictionary.ts';

/**
 * What rows run on. Beside each row's own evidence it knows the identities of hosts, so that `on:i-0abc` finds the containers
 * of the node that is the instance i-0abc, though they only name the node.
 */
export class RunsOn {
  #dictionary: Dictionary;
  #hostedBy: EntryColumn;
  #hosts: EntryColumn;

  constructor(hostedBy = new EntryColumn(), hosts = new EntryColumn(hostedBy.dictionary)) {
    this.#dictionary = hostedBy.dictionary;
    this.#hostedBy = hostedBy;
    this.#hosts = hosts;
  }

  push(slot: number, hostedBy: readonly Identity[], isHost: boolean, identities: readonly Identity[]): void {
    for (const identity of hostedBy) addBoth(this.#hostedBy, slot, identity);
    if (isHost) for (const identity of identities) addBoth(this.#hosts, slot, identity);
  }

  /** Codes of the names of all hosts. */
  get dictionary(): Dictionary {
    return this.#dictionary;
  }

  /**
   * Marks rows that run on something that has one of the names.
   * @param named 1 for the codes of these names
   * @param dead not 0 for slots that count no more
   */
  mark(named: Uint8Array, dead: Uint8Array, matched: Uint8Array): void {
    const { slots, codes, size } = this.#hostedBy;
    const wanted = this.#withOtherNames(named, dead);
    for (let i = 0; i < size; i++) if (wanted[codes[i] ?? 0] === 1) matched[slots[i] ?? 0] = 1;
  }

  /** Marks hosts that have one of the names. */
  markHosts(named: Uint8Array, matched: Uint8Array): void {
    const { slots, codes, size } = this.#hosts;
    for (let i = 0; i < size; i++) if (named[codes[i] ?? 0] === 1) matched[slots[i] ?? 0] = 1;
  }

  /** All names of the hosts that have one of these. */
  #withOtherNames(named: Uint8Array, dead: Uint8Array): Uint8Array {
    const wanted = named.slice();
    const { slots, codes, size } = this.#hosts;
    for (let start = 0; start < size; ) {
      let end = start;
      const isLive = dead[slots[start] ?? 0] === 0;
      let isNamed = false;
      for (; end < size && slots[end] === slots[start]; end++) isNamed ||= isLive && named[codes[end] ?? 0] === 1;
      for (; isNamed && start < end; start++) wanted[codes[start] ?? 0] = 1;
      start = end;
    }
    return wanted;
  }

  /** Marks rows that say what they run on. */
  markSet(matched: Uint8Array): void {
    const { slots, size } = this.#hostedBy;
    for (let i = 0; i < size; i++) matched[slots[i] ?? 0] = 1;
  }

  compact(moved: Uint32Array): RunsOn {
    const hostedBy = this.#hostedBy.compact(moved);
    return new RunsOn(hostedBy, this.#hosts.compact(moved, hostedBy.dictionary));
  }
}

/** A node's name counts with and without its cluster in front. */
function addBoth(column: EntryColumn, slot: number, { type, value }: Identity): void {
  column.add(slot, value);
  if (type === 'node') column.add(slot, value.slice(value.lastIndexOf('/') + 1));
}
