import { GONE } from '../columns/columns.ts';
import type { Table } from '../columns/table.ts';
import type { Links } from '../topology/links.ts';
import { countedOf, FIGURE_NAMES, FIGURES, type FigureKind, type FigureName } from './figures.ts';
import { RowReader } from './row-figures.ts';

/** `counts`: in the sum. `duplicate`: left out, because another row counts for it. */
export type Part = 'counts' | 'duplicate';

/** Applies the rule of {@link FIGURES} to the rows of one machine. */
export class Deduplication {
  readonly rows: RowReader;
  readonly #links: Links;

  constructor(table: Table) {
    this.rows = new RowReader(table);
    this.#links = table.links;
  }

  /**
   * Tells each row's part in each figure that it has one in.
   * @param members all rows of one machine, in order of precedence
   * @param isSelected which of them are in the selection
   */
  eachPart(
    members: readonly number[],
    isSelected: (slot: number) => boolean,
    tell: (figure: FigureName, slot: number, part: Part) => void,
  ): void {
    const { rows } = this;
    const selected = members.filter(isSelected);
    for (const figure of FIGURE_NAMES) {
      const { excludes, covers, nestedAs } = FIGURES[figure];
      if (excludes !== null && members.some((slot) => rows.isKind(excludes, slot))) continue;
      const within = selected.filter((slot) => rows.isIn(figure, slot));
      if (nestedAs !== null && this.#isNested(figure, nestedAs, members, isSelected)) {
        for (const slot of within) tell(figure, slot, 'duplicate');
        continue;
      }
      const counted = countedOf(within, (slot) => rows.isKnown(figure, slot));
      if (counted === undefined) continue;
      const isCovered = (slot: number) => covers !== null && rows.isKind(covers, slot) && rows.isKnown(figure, slot);
      for (const slot of selected) {
        if (slot === counted) tell(figure, slot, 'counts');
        else if (within.includes(slot) || isCovered(slot)) tell(figure, slot, 'duplicate');
      }
    }
  }

  /** Whether a row of this kind is the machine, and what it runs on counts and is another machine. */
  #isNested(
    figure: FigureName,
    kind: FigureKind,
    members: readonly number[],
    isSelected: (slot: number) => boolean,
  ): boolean {
    const { hosts, stack } = this.#links;
    const { rows } = this;
    return members.some((slot) => {
      const host = rows.isKind(kind, slot) ? (hosts[slot] ?? GONE) : GONE;
      if (host === GONE || members.includes(host)) return false;
      return stack.members(host).some((row) => isSelected(row) && rows.isIn(figure, row) && rows.isKnown(figure, row));
    });
  }
}
