import { fold } from '#lib/query/grammar/pattern.ts';
import { grown } from './arrays.ts';
import type { Deadline } from './deadline.ts';

/** Stands in front of, between and behind the texts of a row; no byte of UTF-8 has this value. */
const BORDER = 0xff;

/** Rows looked at before the deadline is asked. */
const STRIDE = 0x4000;

/** In `skip`: the row is out, whatever this clause says. */
const OUT = 255;

/**
 * The texts of all rows in one buffer, folded, row behind row: what substring search reads. Row `slot` is the bytes from
 * `starts[slot]` to `starts[slot + 1]`: a border, then each text with a border behind it.
 */
export class TextColumn {
  #bytes = Buffer.alloc(0);
  #starts = new Uint32Array(1);
  #size = 0;

  /** Appends the next row's texts. */
  push(texts: readonly string[]): void {
    let room = 1;
    for (const text of texts) room += 3 * text.length + 1;
    let at = this.#starts[this.#size] ?? 0;
    if (at + room > this.#bytes.length) this.#grow(at + room);
    this.#bytes[at++] = BORDER;
    for (const text of texts) {
      at += this.#bytes.write(fold(text), at);
      this.#bytes[at++] = BORDER;
    }
    this.#starts = grown(this.#starts, this.#size + 2);
    this.#starts[++this.#size] = at;
  }

  #grow(size: number): void {
    const larger = Buffer.alloc(Math.max(size, Math.ceil(this.#bytes.length * 1.3), 4096));
    this.#bytes.copy(larger);
    this.#bytes = larger;
  }

  compact(keep: Uint32Array): TextColumn {
    let total = 0;
    for (const slot of keep) total += this.#length(slot);
    const column = new TextColumn();
    column.#bytes = Buffer.alloc(total);
    column.#starts = new Uint32Array(keep.length + 1);
    let at = 0;
    for (const slot of keep) {
      const start = this.#starts[slot] ?? 0;
      at += this.#bytes.copy(column.#bytes, at, start, start + this.#length(slot));
      column.#starts[++column.#size] = at;
    }
    return column;
  }

  #length(slot: number): number {
    return (this.#starts[slot + 1] ?? 0) - (this.#starts[slot] ?? 0);
  }

  /**
   * Marks rows of which one text contains the parts one behind the other. Rows that are out already (255 in `skip`) are left out.
   * @param parts folded
   */
  search(parts: readonly string[], skip: Uint8Array, hit: Uint8Array, deadline: Deadline): void {
    const needles = parts.filter((part) => part !== '').map((part) => Buffer.from(part));
    const longest = needles.reduce((best, part) => (part.length > best.length ? part : best), Buffer.alloc(0));
    if (longest.length === 0) {
      hit.fill(1);
      return;
    }
    const check = needles.length === 1 ? null : (start: number, end: number) => this.#anyText(start, end, needles);
    this.#eachCandidate(longest, skip, deadline, (slot, start, end) => {
      if (check === null || check(start, end)) hit[slot] = 1;
    });
  }

  /**
   * Marks rows whose texts number `from` to before `to` match a pattern from start to end.
   * @param parts folded
   * @param range which texts of a row count
   */
  match(
    parts: readonly string[],
    range: (slot: number) => readonly [from: number, to: number],
    skip: Uint8Array,
    hit: Uint8Array,
    deadline: Deadline,
  ): void {
    const needles = parts.map((part) => Buffer.from(part));
    const longest = needles.reduce((best, part) => (part.length > best.length ? part : best), Buffer.alloc(0));
    this.#eachCandidate(longest, skip, deadline, (slot, start, end) => {
      const [from, to] = range(slot);
      let text = start + 1;
      for (let i = 0; i < to && text < end; i++) {
        const border = this.#bytes.indexOf(BORDER, text);
        if (i >= from && this.#matches(text, border, needles)) {
          hit[slot] = 1;
          return;
        }
        text = border + 1;
      }
    });
  }

  /** Calls back for each row that contains the needle; an empty needle is in every row. */
  #eachCandidate(
    needle: Buffer,
    skip: Uint8Array,
    deadline: Deadline,
    found: (slot: number, start: number, end: number) => void,
  ): void {
    const bytes = this.#bytes;
    const starts = this.#starts;
    const end = starts[this.#size] ?? 0;
    let slot = 0;
    let rounds = 0;
    while (slot < this.#size) {
      if (++rounds % STRIDE === 0) deadline.check();
      const start = starts[slot] ?? 0;
      const at = needle.length === 0 ? start : bytes.indexOf(needle, start);
      if (at === -1 || at >= end) return;
      if (at >= (starts[slot + 1] ?? 0)) slot = this.#slotAt(at, slot);
      if (skip[slot] !== OUT) found(slot, starts[slot] ?? 0, starts[slot + 1] ?? 0);
      slot++;
    }
  }

  /** The row that holds a byte, at or behind a row; near ones first. */
  #slotAt(at: number, from: number): number {
    const starts = this.#starts;
    let step = 1;
    let low = from;
    while (low + step < this.#size && (starts[low + step] ?? 0) <= at) {
      low += step;
      step *= 2;
    }
    let high = Math.min(this.#size, low + step);
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] ?? 0) <= at) low = middle;
      else high = middle;
    }
    return low;
  }

  /** True if one of the texts between contains the needles one behind the other. */
  #anyText(start: number, end: number, needles: readonly Buffer[]): boolean {
    for (let text = start + 1; text < end; ) {
      const border = this.#bytes.indexOf(BORDER, text);
      if (this.#inOrder(text, border, needles)) return true;
      text = border + 1;
    }
    return false;
  }

  #inOrder(start: number, end: number, needles: readonly Buffer[]): boolean {
    let at = start;
    for (const needle of needles) {
      const found = needle.length === 0 ? at : this.#bytes.indexOf(needle, at);
      if (found === -1 || found + needle.length > end) return false;
      at = found + needle.length;
    }
    return true;
  }

  #matches(start: number, end: number, needles: readonly Buffer[]): boolean {
    const [first, ...rest] = needles;
    const last = rest.pop();
    if (!first || end - start < first.length) return false;
    if (this.#bytes.compare(first, 0, first.length, start, start + first.length) !== 0) return false;
    if (!last) return end - start === first.length;
    const tail = end - last.length;
    if (tail < start + first.length || this.#bytes.compare(last, 0, last.length, tail, end) !== 0) return false;
    return this.#inOrder(start + first.length, tail, rest);
  }
}
