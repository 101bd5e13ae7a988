import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Agent } from 'undici';
import { type Call, type Environment, ProviderError } from '#providers/contract.ts';
import { cachedCredential } from '#providers/kit/cached-credential.ts';
import { exchangeJson, isOk } from '#providers/kit/wire/http.ts';
import { named } from '#providers/kit/wire/named.ts';
import type { VmrestConfig } from '../config.ts';
import { ACTIONS } from '../policy.ts';
import type { VmrestClient } from './client.ts';
import { listRunning } from './client-vmrun.ts';
import { machineOf } from './own.ts';
import { RefusedByVmrest } from './refused.ts';

/** What the service answers in, and wants to be asked for. */
const MEDIA_TYPE = 'application/vnd.vmware.vmw.rest-v1+json';

export interface VmrestOptions {
  vmrest: VmrestConfig;
  /** As configured. */
  host: string | undefined;
  vmrun: string | undefined;
  timeoutMs: number;
}

/** @throws ProviderError `config` where the certificate of the authority cannot be read */
export function vmrestClient({ vmrest, host, vmrun, timeoutMs }: VmrestOptions, env: Environment): VmrestClient {
  const base = new URL(vmrest.url);
  // What stands before its calls, behind a proxy too.
  const root = `${base.origin}${base.pathname.replace(/\/+$/, '') || '/api'}`;
  const place = base.host;
  const ca = vmrest.ca === undefined ? null : certificate(vmrest.ca, place);
  const dispatcher = new Agent({
    connections: 4,
    connect: { ...(ca === null ? {} : { ca }), rejectUnauthorized: true, timeout: timeoutMs },
  });
  const password = cachedCredential([vmrest.passwordFile], async () =>
    (await readFile(vmrest.passwordFile, 'utf8')).replace(/\r?\n$/, ''),
  );
  const machine = machineOf(base, host, env);

  async function authorization(): Promise<string> {
    const secret = await password.get().catch(() => {
      throw new ProviderError('config', place, 'passwordFile cannot be read');
    });
    return `Basic ${Buffer.from(`${vmrest.user}:${secret}`, 'utf8').toString('base64')}`;
  }

  const get = (action: string, way: string, call: Call): Promise<unknown> =>
    named(action, async () => {
      const reply = await exchangeJson({
        url: `${root}${way}`,
        place,
        signal: call.signal,
        dispatcher,
        headers: { accept: MEDIA_TYPE, authorization: await authorization() },
        limits: { maxBytes: 4 * 1024 * 1024, idleMs: timeoutMs, totalMs: 3 * timeoutMs },
      });
      if (isOk(reply.status)) return reply.body;
      throw new RefusedByVmrest(place, reply, env.clock.now());
    });
  const of = (id: string): string => `/vms/${encodeURIComponent(id)}`;

  return {
    place,
    ...machine,
    networks: (call) => get(ACTIONS.networks, '/vmnet', call),
    vms: (call) => get(ACTIONS.list, '/vms', call),
    power: (id, call) => get(ACTIONS.power, `${of(id)}/power`, call),
    settings: (id, call) => get(ACTIONS.settings, of(id), call),
    nics: (id, call) => get(ACTIONS.nics, `${of(id)}/nic`, call),
    addresses: (id, call) => get(ACTIONS.addresses, `${of(id)}/nicips`, call),
    param: (id, name, call) => get(ACTIONS.param, `${of(id)}/params/${encodeURIComponent(name)}`, call),
    running: vmrun === undefined ? undefined : (call) => listRunning(vmrun, timeoutMs, place, call),
    renew: () => password.drop(),
    // What is under way is not waited for.
    close: () => dispatcher.destroy(),
  };
}

function certificate(file: string, place: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new ProviderError('config', place, 'ca cannot be read');
  }
}
