/** Browsers stop laying out around 17 to 33 million px; a million rows are 34 million. */
export const MAX_HEIGHT = 12_000_000;

/**
 * Maps the scroll position of a list that is taller than a browser can lay out to the position in the list, and back. Up to
 * {@link MAX_HEIGHT} both are the same. Where the list itself set the position, it is exact to the pixel.
 */
export class ScrollScale {
  #total = 0;
  #viewport = 0;
  #exact: { dom: number; real: number } | null = null;

  resize(total: number, viewport: number): void {
    if (total === this.#total && viewport === this.#viewport) return;
    this.#total = total;
    this.#viewport = viewport;
    this.#exact = null;
  }

  /** Real px per px of the scroll bar's element, 1 for a list of ordinary size. */
  get ratio(): number {
    return this.#total <= MAX_HEIGHT ? 1 : (this.#total - this.#viewport) / (MAX_HEIGHT - this.#viewport);
  }

  get height(): number {
    return Math.min(this.#total, MAX_HEIGHT);
  }

  /** Where the element must be scrolled to for `real`; remembered, so that the way back loses nothing. */
  toDom(real: number): number {
    const bounded = Math.max(0, Math.min(real, this.#total - this.#viewport));
    const dom = bounded / this.ratio;
    this.#exact = { dom, real: bounded };
    return dom;
  }

  toReal(dom: number): number {
    if (this.#exact && Math.abs(this.#exact.dom - dom) < 1) return this.#exact.real;
    this.#exact = null;
    return dom * this.ratio;
  }
}
