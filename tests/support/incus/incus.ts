import type { Scope } from '#lib/model/index.ts';
import type { Clock, Connection, Environment } from '#providers/contract.ts';
import { adapter } from '#providers/incus/adapter.ts';
import { incus } from '#providers/incus/index.ts';
import { silentLogger } from '#tests/support/log.ts';
import { scopesOf } from '../kubernetes/kubernetes.ts';

export const openSource = (config: object, clock: Clock, more: Partial<Environment> = {}): Promise<Connection> =>
  adapter.open(incus.config.parse(config), { source: 'i', log: silentLogger, clock, random: () => 0.5, ...more });

export async function scopeOf(connection: Connection, part: string): Promise<Scope> {
  const scopes = await scopesOf(connection);
  const scope = scopes.find((one) => one.part === part);
  if (!scope) throw new Error(`no scope of ${part}, only ${scopes.map((one) => one.part).join(', ')}`);
  return scope;
}
