import { count, mebibytes } from './amount.ts';

/** The lines of `virsh nodeinfo`: `CPU(s):  16`. */
export function nodeFacts(nodeinfo: string | null): {
  cpus: number | null;
  memory: number | null;
  model: string | null;
} {
  const lines = new Map<string, string>();
  for (const line of nodeinfo?.split('\n') ?? []) {
    const [, key, value] = /^([^:]+):\s+(.*\S)\s*$/.exec(line) ?? [];
    if (key && value) lines.set(key, value);
  }
  const [, amount = null, unit = null] = /^(\d+) (\S+)$/.exec(lines.get('Memory size') ?? '') ?? [];
  const cpus = count(lines.get('CPU(s)') ?? null);
  return { cpus: cpus || null, memory: mebibytes(amount, unit) || null, model: lines.get('CPU model') ?? null };
}
