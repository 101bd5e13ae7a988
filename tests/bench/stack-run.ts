import { performance } from 'node:perf_hooks';
import { createStack } from '#lib/linking/index.ts';
import { stackRow } from './stack-rows.ts';

// A process of its own: `node --expose-gc stack-run.ts <rows> <stack | map>`. Prints one line of JSON.

export interface StackRun {
  /** Milliseconds over making the rows: adding them all, and settling. */
  added: number;
  settled: number;
  /** Milliseconds of changes of 1,000 rows each, in rising order: rows from everywhere, and nodes and other hosts only. */
  changes: number[];
  hostChanges: number[];
  /** MiB that the links hold. */
  held: number;
  /** MiB of the process at most. */
  peak: number;
  machines: number;
  hosted: number;
}

const CHANGED = 1000;
const ROUNDS = 40;
const [count = '0', which = 'stack'] = process.argv.slice(2);
const rows = Number(count);
const nobody = (): undefined => undefined;

/** The simplest thing that could work: a Map from each identity's text to its rows. It links nothing yet. */
function plainMap() {
  const known = new Map<string, number[]>();
  return {
    add(slot: number, { identities, hostedBy }: ReturnType<typeof stackRow>): void {
      for (const { type, value } of [...identities, ...hostedBy]) {
        const key = `${type} ${value}`;
        const slots = known.get(key);
        if (slots) slots.push(slot);
        else known.set(key, [slot]);
      }
    },
    size: () => known.size,
  };
}

const clean = (): number => {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1024 / 1024;
};
const timed = (work: () => void): number => {
  const start = performance.now();
  work();
  return performance.now() - start;
};

let made = 0;
const making = timed(() => {
  for (let n = 0; n < rows; n++) made += stackRow(n).identities.length;
});
const before = clean();
const run: StackRun = { added: 0, settled: 0, changes: [], hostChanges: [], held: 0, peak: 0, machines: 0, hosted: 0 };

if (which === 'map') {
  const map = plainMap();
  run.added = timed(() => {
    for (let n = 0; n < rows; n++) map.add(n, stackRow(n));
  });
  run.held = clean() - before;
  run.machines = map.size();
} else {
  const stack = createStack(rows);
  run.added = timed(() => {
    for (let n = 0; n < rows; n++) stack.add(n, stackRow(n));
  });
  run.settled = timed(() => void stack.settle(nobody));
  run.held = clean() - before;
  for (const _ of stack.machines()) run.machines++;
  for (let n = 0; n < rows; n++) if (stack.hostOf(n) >= 0) run.hosted++;
  // Rows are written anew in new slots, as the index does.
  const slotOfRow = new Map<number, number>();
  let slot = rows;
  const change = (chosen: readonly number[]): number => {
    const fresh = chosen.map(stackRow);
    return timed(() => {
      for (const [i, row] of fresh.entries()) {
        const n = chosen[i] ?? 0;
        stack.drop(slotOfRow.get(n) ?? n);
        slotOfRow.set(n, slot);
        stack.add(slot++, row);
      }
      stack.settle(nobody);
    });
  };
  const numbers = Array.from({ length: CHANGED }, (_, i) => i);
  for (let round = 0; round < ROUNDS; round++) {
    run.changes.push(change(numbers.map((i) => (i * 7919 + round * 104_729) % rows)));
    run.hostChanges.push(change(numbers.map((i) => (i * 1000 + 100 + (round % 20)) % rows)));
  }
  run.changes.sort((a, b) => a - b);
  run.hostChanges.sort((a, b) => a - b);
}
run.added -= making;
run.peak = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify(made > 0 ? run : null)}\n`);
