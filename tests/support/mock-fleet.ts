import { fleetOf, type Truth } from '#lib/demo/index.ts';
import { createStack, type LinkRow, type Plan, type Stack } from '#lib/linking/index.ts';
import type { Resource } from '#lib/model/index.ts';
import type { Clock } from '#providers/contract.ts';
import { registry } from '#providers/registry.ts';
import { silentLogger as log } from '#tests/support/log.ts';
import { filled } from '#tests/support/stack/linked.ts';

const NOW = Date.parse('2026-11-21T09:00:00Z');
/** Stands still: all rows are of one moment, that of the truth. */
const clock: Clock = { now: () => NOW, monotonic: () => 0, sleep: async () => {}, alarm: () => () => {} };

export interface LinkedFleet {
  rows: readonly LinkRow[];
  stack: Stack;
  slotOf(uid: string): number | undefined;
  read(slot: number): LinkRow;
  /** Answers of the stack with their texts. */
  told<T>(plans: readonly Plan<T>[]): T[];
  truth: Truth;
  /** Milliseconds from the first row to the last link, adapters not counted. */
  linking: number;
}

/** The whole seeded fleet through every adapter, listed at one moment, linked. A scope that fails has the rows it yielded. */
export async function linkedFleet(resources: number, faults = true): Promise<LinkedFleet> {
  const slots = new Map<string, number>();
  const rows: LinkRow[] = [];
  for await (const row of listed(resources, faults)) {
    if (slots.has(row.uid)) continue;
    slots.set(row.uid, rows.length);
    rows.push(row);
  }
  const read = (slot: number): LinkRow => {
    const row = rows[slot];
    if (!row) throw new RangeError(`no row ${slot}`);
    return row;
  };
  const slotOf = (uid: string) => slots.get(uid);
  const rowOf = (uid: string): LinkRow => read(slots.get(uid) ?? -1);
  const told = <T>(plans: readonly Plan<T>[]) => filled(plans, rowOf);
  const start = performance.now();
  const stack = createStack(rows.length);
  for (const [slot, row] of rows.entries()) stack.add(slot, row);
  stack.settle(slotOf);
  const linking = performance.now() - start;
  return { rows, stack, slotOf, read, told, truth: fleetOf({ seed: 1, resources, faults }).at(NOW).truth(), linking };
}

async function* listed(resources: number, faults: boolean): AsyncGenerator<LinkRow> {
  const { signal } = new AbortController();
  for (const provider of Object.values(registry)) {
    const adapter = await provider.load();
    const config = provider.config.parse({ mock: { seed: 1, resources, faults } });
    const environment = { source: provider.id, log, clock, random: () => 0.5 };
    // Guarantee: this adapter reads what its own manifest has just parsed.
    const connection = await adapter.open(config as never, environment);
    for await (const scope of connection.scopes({ signal })) {
      try {
        for await (const batch of connection.list(scope, { signal }))
          for (const row of batch.resources) yield memberOf(row);
      } catch (error) {
        if (!faults) throw error;
      }
    }
    await connection.close();
  }
}

/** Without what the stack does not read: a large fleet's details are gigabytes. */
function memberOf({
  uid,
  provider,
  source,
  kind,
  state,
  identities,
  hostedBy,
  createdAt,
  account,
  managed,
}: Resource): LinkRow {
  return { uid, provider, source, kind, state, identities, hostedBy, createdAt, account, managed };
}
