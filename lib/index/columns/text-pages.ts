import { grown } from '#lib/columns/arrays.ts';

/** A place is one number: the page, and the offset in it below this. */
const PAGE = 1 << 24;

/** Small fleets need no large pages: each is twice the one before, up to {@link PAGE}. */
const FIRST_PAGE = 1 << 14;

/** Rows of bytes that never move once they are written. */
export interface TextPage {
  bytes: Buffer;
  /** Slot of its first row. */
  first: number;
  rows: number;
  /** End of what is written. */
  used: number;
}

/** Rows of bytes in pages, so that growing copies nothing. A row that needs more than a page has one of its own. */
export class TextPages {
  readonly pages: TextPage[] = [];
  size = 0;
  #starts = new Uint32Array(0);

  /** Appends a row of at most `room` bytes; `write` gets where it starts and returns where it ends. */
  push(room: number, write: (bytes: Buffer, start: number) => number): void {
    let page = this.pages.at(-1);
    if (!page || page.used + room > page.bytes.length) {
      const length = Math.max(room, Math.min(PAGE, 2 * (page?.bytes.length ?? FIRST_PAGE)));
      page = { bytes: Buffer.allocUnsafeSlow(length), first: this.size, rows: 0, used: 0 };
      this.pages.push(page);
    }
    this.#starts = grown(this.#starts, this.size + 1);
    this.#starts[this.size++] = (this.pages.length - 1) * PAGE + page.used;
    page.used = write(page.bytes, page.used);
    page.rows++;
  }

  /** Offset of a row in its page; the end of what is written for the slot behind the last. */
  startIn(page: TextPage, slot: number): number {
    return slot >= page.first + page.rows ? page.used : (this.#starts[slot] ?? 0) % PAGE;
  }

  row(slot: number): Buffer {
    const page = this.pages[Math.floor((this.#starts[slot] ?? 0) / PAGE)];
    return page ? page.bytes.subarray(this.startIn(page, slot), this.startIn(page, slot + 1)) : Buffer.alloc(0);
  }

  /** The row of the page that holds an offset, at or behind a row; near ones first. */
  slotAt(page: TextPage, offset: number, from: number): number {
    const end = page.first + page.rows;
    let step = 1;
    let low = from;
    while (low + step < end && this.startIn(page, low + step) <= offset) {
      low += step;
      step *= 2;
    }
    let high = Math.min(end, low + step);
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.startIn(page, middle) <= offset) low = middle;
      else high = middle;
    }
    return low;
  }

  compact(keep: Uint32Array): TextPages {
    const kept = new TextPages();
    for (const slot of keep) {
      const row = this.row(slot);
      kept.push(row.length, (bytes, start) => start + row.copy(bytes, start));
    }
    return kept;
  }
}
