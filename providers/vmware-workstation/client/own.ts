import os from 'node:os';
import type { Environment } from '#providers/contract.ts';
import { isLoopback } from '#providers/kit/wire/endpoint.ts';
import type { VmrestClient } from './client.ts';

/**
 * Whose VMs a service lists, which it does not say: those of the machine of its address, and on loopback of the collector's own, unless
 * a configured name says that a tunnel leads elsewhere.
 * @param base null for what runs here in any case
 */
export function machineOf(
  base: URL | null,
  configured: string | undefined,
  env: Pick<Environment, 'machine'>,
): Pick<VmrestClient, 'host' | 'own'> {
  const here = os.hostname().toLowerCase();
  const local = base === null || isLoopback(base);
  const host = configured?.toLowerCase() ?? (local ? here : (base?.hostname.toLowerCase() ?? here));
  return {
    host,
    own() {
      const machine = local && host === here ? (env.machine?.() ?? null) : null;
      return machine && { machine, cpus: os.cpus().length };
    },
  };
}
