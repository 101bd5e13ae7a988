import { fold } from '#lib/query/grammar/pattern.ts';
import type { Deadline } from './deadline.ts';
import type { TextPage } from './text-pages.ts';
import { TextPages } from './text-pages.ts';

/** Stands in front of, between and behind the texts of a row; no byte of UTF-8 has this value. */
const BORDER = 0xff;

/** UTF-16 units of one text and texts of one row that can be searched for. */
const MAX_LENGTH = 1 << 16;
const MAX_TEXTS = 64;

/** Rows looked at before the deadline is asked. */
const STRIDE = 0x1000;

/** In `skip`: the row is out, whatever this clause says. */
const OUT = 255;

const longestOf = (needles: readonly Buffer[]): Buffer =>
  needles.reduce((best, needle) => (needle.length > best.length ? needle : best), Buffer.alloc(0));

/**
 * The texts of all rows as folded UTF-8, row behind row: what substring search reads. A row is a border, then each text with a
 * border behind it.
 */
export class TextColumn {
  #pages = new TextPages();

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
    return column;
  }

  /**
   * Marks rows of which one text contains the parts one behind the other. Rows that are out already (255 in `skip`) are left out.
   * @param parts folded
   */
  search(parts: readonly string[], skip: Uint8Array, hit: Uint8Array, deadline: Deadline): void {
    const needles = parts.filter((part) => part !== '').map((part) => Buffer.from(part));
    this.#eachCandidate(longestOf(needles), skip, deadline, (slot, bytes, start, end) => {
      if (needles.length < 2 || anyText(bytes, start, end, needles)) hit[slot] = 1;
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
    this.#eachCandidate(longestOf(needles), skip, deadline, (slot, bytes, start, end) => {
      const [from, to] = range(slot);
      let text = start + 1;
      for (let i = 0; i < to && text < end; i++) {
        const border = bytes.indexOf(BORDER, text);
        if (i >= from && matches(bytes, text, border, needles)) {
          hit[slot] = 1;
          return;
        }
        text = border + 1;
      }
    });
  }

  /** Calls back for each row that contains the needle; an empty needle is in every row. */
  #eachCandidate(needle: Buffer, skip: Uint8Array, deadline: Deadline, found: Found): void {
    for (const page of this.#pages.pages) this.#eachInPage(page, needle, skip, deadline, found);
  }

  #eachInPage(page: TextPage, needle: Buffer, skip: Uint8Array, deadline: Deadline, found: Found): void {
    const pages = this.#pages;
    const bytes = page.bytes.subarray(0, page.used);
    const last = page.first + page.rows;
    let slot = page.first;
    let start = 0;
    for (let rounds = 0; slot < last; rounds++) {
      if (rounds % STRIDE === 0) deadline.check();
      const at = needle.length === 0 ? start : bytes.indexOf(needle, start);
      if (at === -1) return;
      let end = pages.startIn(page, slot + 1);
      if (at >= end) {
        slot = pages.slotAt(page, at, slot);
        start = pages.startIn(page, slot);
        end = pages.startIn(page, slot + 1);
      }
      if (skip[slot] !== OUT) found(slot, bytes, start, end);
      start = end;
      slot++;
    }
  }
}

type Found = (slot: number, bytes: Buffer, start: number, end: number) => void;

/** True if one of the texts between contains the needles one behind the other. */
function anyText(bytes: Buffer, start: number, end: number, needles: readonly Buffer[]): boolean {
  for (let text = start + 1; text < end; ) {
    const border = bytes.indexOf(BORDER, text);
    if (inOrder(bytes, text, border, needles)) return true;
    text = border + 1;
  }
  return false;
}

function inOrder(bytes: Buffer, start: number, end: number, needles: readonly Buffer[]): boolean {
  let at = start;
  // Within the text only: behind it lie megabytes of other rows.
  const text = bytes.subarray(0, end);
  for (const needle of needles) {
    const found = needle.length === 0 ? at : text.indexOf(needle, at);
    if (found === -1) return false;
    at = found + needle.length;
  }
  return true;
}

function matches(bytes: Buffer, start: number, end: number, needles: readonly Buffer[]): boolean {
  const [first, ...rest] = needles;
  const last = rest.pop();
  if (!first || end - start < first.length) return false;
  if (bytes.compare(first, 0, first.length, start, start + first.length) !== 0) return false;
  if (!last) return end - start === first.length;
  const tail = end - last.length;
  if (tail < start + first.length || bytes.compare(last, 0, last.length, tail, end) !== 0) return false;
  return inOrder(bytes, start + first.length, tail, rest);
}
