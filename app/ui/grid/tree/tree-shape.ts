/** A machine whose children are shown: where it stands among its parent's children, and how many it has. */
export interface Opened {
  uid: string;
  /** Uid of the machine below it, null for a root. */
  parent: string | null;
  /** Place among the parent's children. */
  index: number;
  children: number;
}

/** One line of the tree: which child of whom, and how deep. Roots have level 1. */
export interface Line {
  parent: string | null;
  index: number;
  level: number;
  /** Children that the parent has. */
  of: number;
}

/**
 * The lines of a tree of which only what is open is known: how many there are, and which child stands on each. The work depends on
 * how much is open, not on how large the tree is.
 */
export class TreeShape {
  readonly #roots: number;
  readonly #opened = new Map<string | null, Opened[]>();
  readonly #sizes = new Map<string, number>();
  readonly count: number;

  constructor(roots: number, opened: Iterable<Opened>) {
    this.#roots = roots;
    for (const one of opened) {
      const siblings = this.#opened.get(one.parent) ?? [];
      siblings.push(one);
      this.#opened.set(one.parent, siblings);
    }
    for (const siblings of this.#opened.values()) siblings.sort((a, b) => a.index - b.index);
    this.count = this.#size(null, roots, new Set());
  }

  /** Lines below one parent, those of its open children included. A circle, which no tree has, ends where it began. */
  #size(parent: string | null, children: number, path: ReadonlySet<string>): number {
    let size = children;
    for (const one of this.#opened.get(parent) ?? []) {
      if (one.index >= children || path.has(one.uid)) continue;
      const inner = this.#size(one.uid, one.children, new Set(path).add(one.uid));
      this.#sizes.set(one.uid, inner);
      size += inner;
    }
    return size;
  }

  at(line: number): Line | null {
    if (line < 0 || line >= this.count) return null;
    return this.#find(null, this.#roots, line, 1);
  }

  #find(parent: string | null, of: number, line: number, level: number): Line {
    let rest = line;
    for (const one of this.#opened.get(parent) ?? []) {
      if (rest <= one.index || one.index >= of) break;
      const inner = this.#sizes.get(one.uid) ?? 0;
      if (rest <= one.index + inner) return this.#find(one.uid, one.children, rest - one.index - 1, level + 1);
      rest -= inner;
    }
    return { parent, index: rest, level, of };
  }

  /** The line that a child of somebody stands on; -1 if its parent, or one below that, is not open. */
  lineOf(parent: string | null, index: number): number {
    let line = index;
    for (const one of this.#opened.get(parent) ?? []) {
      if (one.index >= index) break;
      line += this.#sizes.get(one.uid) ?? 0;
    }
    if (parent === null) return line;
    const host = this.#openedAs(parent);
    if (!host) return -1;
    const at = this.lineOf(host.parent, host.index);
    return at < 0 ? -1 : at + 1 + line;
  }

  #openedAs(uid: string): Opened | undefined {
    for (const siblings of this.#opened.values()) {
      const found = siblings.find((one) => one.uid === uid);
      if (found) return found;
    }
    return undefined;
  }
}
