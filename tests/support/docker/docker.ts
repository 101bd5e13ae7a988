import type { Scope } from '#lib/model/index.ts';
import type { Connection, Logger } from '#providers/contract.ts';
import { adapter } from '#providers/docker/adapter.ts';
import { docker } from '#providers/docker/index.ts';
import { silentLogger } from '#tests/support/log.ts';
import type { VirtualClock } from '../clock.ts';
import { scopesOf } from '../kubernetes/kubernetes.ts';

export const openSource = (config: object, clock: VirtualClock, log: Logger = silentLogger): Promise<Connection> =>
  adapter.open(docker.config.parse(config), { source: 'd', log, clock, random: () => 0.5 });

export async function scopeOf(connection: Connection, part: string, account?: string): Promise<Scope> {
  const scopes = await scopesOf(connection);
  const scope = scopes.find((one) => one.part === part && (account === undefined || one.account === account));
  if (!scope) throw new Error(`no scope of ${part}`);
  return scope;
}
