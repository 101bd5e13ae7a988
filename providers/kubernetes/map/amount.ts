import type { Amount } from '#lib/model/index.ts';
import { UnreadableRow } from '#providers/kit/rows.ts';
import { parseMebibytes, parseQuantity } from './quantity.ts';

// A cluster of fifty thousand pods asks for a few hundred different amounts: they are parsed, and kept, once.
const known = new Map<string, Amount>();
const MAX_KNOWN = 4096;

/**
 * Requests or limits of a container; null where neither CPU nor memory is set, which is not 0.
 * @throws UnreadableRow for a quantity that is none
 */
export function amountOf(value: Record<string, string> | null | undefined, field: string): Amount | null {
  if (!value) return null;
  const { cpu, memory } = value;
  if (cpu === undefined && memory === undefined) return null;
  const key = `${cpu} ${memory}`;
  let amount = known.get(key);
  if (!amount) {
    amount = { cpu: parsed(cpu, parseQuantity, field), memory: parsed(memory, parseMebibytes, field) };
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(key, amount);
  }
  return amount;
}

function parsed(value: unknown, parse: (value: unknown) => number | null, field: string): number | null {
  if (value === undefined) return null;
  const amount = parse(value);
  if (amount === null) throw new UnreadableRow(field, 'quantities');
  return amount;
}
