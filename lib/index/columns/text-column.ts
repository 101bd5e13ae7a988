import { fold } from '#lib/language/grammar/pattern.ts';
import type { Deadline } from '../deadline.ts';
import { inOrder, matchesWithin, Needle } from './bytes.ts';
import type { TextPage } from './text-pages.ts';
import { TextPages } from './text-pages.ts';

/** Stands in front of, between and behind the texts of a row; no byte of UTF-8 has this value. */
const BORDER = 0xff;

/** UTF-16 units of one text and texts of one row that can be searched for. */
const MAX_LENGTH = 1 << 16;
const MAX_TEXTS = 64;

/** Work done before the deadline is asked: a row is one, and each {@link LINE} bytes of it are one more. */
const STRIDE = 0x1000;
const LINE = 64;

/** In `excluded`: the row is out, whatever this clause says. */
const OUT = 255;

/** Bytes to both sides of where a needle may be in a row. */
const NEAR = 20;

/** Rows are looked at one by one where fewer than one of this many are left. */
const FEW = 6;

const longestOf = (needles: readonly Buffer[]): Buffer =>
  needles.reduce((best, needle) => (needle.length > best.length ? needle : best), Buffer.alloc(0));

/**
 * The texts of all rows as folded UTF-8, row behind row: what substring search reads. A row is a border, then each text with a
 * border behind it.
 */
export class TextColumn {
  #pages = new TextPages();
  /** 1 for each byte that occurs. */
  #occurs = new Uint8Array(256);

  /** Appends the next row's texts. */
  push(texts: readonly string[]): void {
    const folded = texts.slice(0, MAX_TEXTS).map((text) => fold(text.slice(0, MAX_LENGTH)));
    let room = 1;
    for (const text of folded) room += 3 * text.length + 1;
    this.#pages.push(room, (bytes, start) => {
      let at = start;
      bytes[at++] = BORDER;
      for (const text of folded) {
        at += bytes.write(text, at);
        bytes[at++] = BORDER;
      }
      for (let i = start; i < at; i++) this.#occurs[bytes[i] ?? 0] = 1;
      return at;
    });
  }

  /** One text of a row, folded. */
  textAt(slot: number, number: number): string {
    const row = this.#pages.row(slot);
    let start = 1;
    for (let i = 0; i < number; i++) start = row.indexOf(BORDER, start) + 1;
    return row.toString('utf8', start, row.indexOf(BORDER, start));
  }

  compact(keep: Uint32Array): TextColumn {
    const column = new TextColumn();
    column.#pages = this.#pages.compact(keep);
    column.#occurs = this.#occurs;
    return column;
  }

  /**
   * Marks rows of which one text contains the parts one behind the other. Rows that are out already (255 in `excluded`) are left out.
   * @param parts folded
   */
  search(parts: readonly string[], excluded: Uint8Array, matched: Uint8Array, deadline: Deadline): void {
    const needles = parts.filter((part) => part !== '').map((part) => Buffer.from(part));
    const isOne = needles.length < 2;
    this.#eachCandidate(longestOf(needles), excluded, deadline, (slot, bytes, start, end) => {
      if (isOne || anyText(bytes, start, end, needles)) matched[slot] = 1;
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
    excluded: Uint8Array,
    matched: Uint8Array,
    deadline: Deadline,
  ): void {
    const needles = parts.map((part) => Buffer.from(part));
    this.#eachCandidate(longestOf(needles), excluded, deadline, (slot, bytes, start, end) => {
      const [from, to] = range(slot);
      let text = start + 1;
      for (let i = 0; i < to && text < end; i++) {
        const border = borderAt(bytes, text);
        if (i >= from && matchesWithin(bytes, needles, text, border)) {
          matched[slot] = 1;
          return;
        }
        text = border + 1;
      }
    });
  }

  /** Calls back for each row that contains the needle; an empty needle is in every row. */
  #eachCandidate(needle: Buffer, excluded: Uint8Array, deadline: Deadline, found: Found): void {
    if (needle.some((byte) => this.#occurs[byte] === 0)) return;
    const finder = new Needle(needle);
    let open = 0;
    for (let slot = 0; slot < this.#pages.size; slot++) if (excluded[slot] !== OUT) open++;
    const isFew = open * FEW < this.#pages.size;
    for (const page of this.#pages.pages) {
      if (isFew) this.#eachOpen(page, finder, excluded, deadline, found);
      else this.#eachInPage(page, finder, excluded, deadline, found);
    }
  }

  /** Looks at the rows that are not out, one by one: cheaper where few are left. */
  #eachOpen(page: TextPage, needle: Needle, excluded: Uint8Array, deadline: Deadline, found: Found): void {
    const { bytes, first, rows } = page;
    let work = 0;
    for (let slot = first; slot < first + rows; slot++) {
      if (excluded[slot] === OUT) continue;
      const start = this.#pages.startIn(page, slot);
      const end = this.#pages.startIn(page, slot + 1);
      work += 1 + (end - start) / LINE;
      if (work > STRIDE) {
        deadline.check();
        work = 0;
      }
      if (needle.within(bytes, start, end) !== -1) found(slot, bytes, start, end);
    }
  }

  #eachInPage(page: TextPage, needle: Needle, excluded: Uint8Array, deadline: Deadline, found: Found): void {
    const pages = this.#pages;
    const bytes = page.bytes.subarray(0, page.used);
    const last = page.first + page.rows;
    let slot = page.first;
    let start = 0;
    let end = 0;
    // Where one row has the needle, the next often has it at about the same offset: any place in the row will do.
    let near = 0;
    let work = 0;
    for (; slot < last; slot++) {
      work += 1 + (end - start) / LINE;
      start = end;
      if (work > STRIDE) {
        deadline.check();
        work = 0;
      }
      end = pages.startIn(page, slot + 1);
      const guess = start + Math.max(0, near - NEAR);
      let at = needle.within(bytes, guess, Math.min(end, guess + needle.bytes.length + 2 * NEAR));
      if (at === -1) at = bytes.indexOf(needle.bytes, start);
      if (at === -1) return;
      if (at >= end) {
        slot = pages.slotAt(page, at, slot);
        start = pages.startIn(page, slot);
        end = pages.startIn(page, slot + 1);
      }
      near = at - start;
      if (excluded[slot] !== OUT) found(slot, bytes, start, end);
    }
  }
}

type Found = (slot: number, bytes: Buffer, start: number, end: number) => void;

function borderAt(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] !== BORDER) at++;
  return at;
}

/** True if one of the texts between contains the needles one behind the other. */
function anyText(bytes: Buffer, start: number, end: number, needles: readonly Buffer[]): boolean {
  for (let text = start + 1; text < end; ) {
    const border = borderAt(bytes, text);
    if (inOrder(bytes, needles, text, border)) return true;
    text = border + 1;
  }
  return false;
}
