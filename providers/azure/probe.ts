import { named } from '#providers/kit/wire/named.ts';
import { type Call, type Environment, type Permission, ProviderError } from '../contract.ts';
import { each } from '../kit/each.ts';
import type { ArmPage, AzureClient } from './client.ts';
import type { AzureConfig } from './config.ts';
import { flat, lowerId, regionOf } from './row.ts';

/** The role's actions, in the order in which they are tried: later ones need what earlier ones found. */
export const ACTIONS = [
  'Microsoft.Resources/subscriptions/read',
  'Microsoft.Compute/virtualMachines/read',
  'Microsoft.Compute/virtualMachineScaleSets/read',
  'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/read',
  'Microsoft.Compute/virtualMachineScaleSets/networkInterfaces/read',
  'Microsoft.Compute/virtualMachineScaleSets/publicIPAddresses/read',
  'Microsoft.Compute/skus/read',
  'Microsoft.Network/networkInterfaces/read',
  'Microsoft.Network/publicIPAddresses/read',
] as const;
type Action = (typeof ACTIONS)[number];

/** Needed where subscriptions are those of management groups. */
const GROUPS = 'Microsoft.Management/managementGroups/descendants/read';
/** Subscriptions that are tried at a time. */
const AT_ONCE = 8;

/** Tries each call of the policy once per subscription; what there is nothing to try on stays unknown. */
export async function* probe(
  client: AzureClient,
  config: AzureConfig,
  find: () => Promise<readonly string[]>,
  env: Environment,
  call: Call,
): AsyncGenerator<Permission> {
  let subscriptions: readonly string[] = [];
  const search = async () => {
    subscriptions = await find();
  };
  if (config.discover?.managementGroups) yield await attempt(GROUPS, env.source, search);
  else await search();
  for await (const found of each(subscriptions, AT_ONCE, (id) => probeSubscription(client, id, call))) yield* found;
}

async function probeSubscription(client: AzureClient, account: string, call: Call): Promise<Permission[]> {
  let location: string | null = null;
  let set: string | null = null;
  const look = ({ rows }: ArmPage) => {
    for (const row of rows.map(flat)) {
      location ??= regionOf(row);
      if (row && 'orchestrationMode' in row && row.orchestrationMode !== 'Flexible') set ??= lowerId(row.id);
    }
  };
  const ofSet = (list: AzureClient['scaleSetVms']) => (set === null ? null : list(account, set, undefined, call));
  const calls: Record<Action, () => Promise<unknown> | null> = {
    'Microsoft.Resources/subscriptions/read': () => client.subscription(account, call),
    'Microsoft.Compute/virtualMachines/read': async () => look(await client.virtualMachines(account, undefined, call)),
    'Microsoft.Compute/virtualMachineScaleSets/read': async () =>
      look(await client.scaleSets(account, undefined, call)),
    'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/read': () => ofSet(client.scaleSetVms),
    'Microsoft.Compute/virtualMachineScaleSets/networkInterfaces/read': () => ofSet(client.scaleSetInterfaces),
    'Microsoft.Compute/virtualMachineScaleSets/publicIPAddresses/read': () => ofSet(client.scaleSetPublicAddresses),
    'Microsoft.Compute/skus/read': () => (location === null ? null : client.skus(account, location, undefined, call)),
    'Microsoft.Network/networkInterfaces/read': () => client.interfaces(account, undefined, call),
    'Microsoft.Network/publicIPAddresses/read': () => client.publicAddresses(account, undefined, call),
  };
  const found: Permission[] = [];
  for (const action of ACTIONS) found.push(await attempt(action, account, calls[action]));
  return found;
}

async function attempt(action: string, account: string, run: () => Promise<unknown> | null): Promise<Permission> {
  try {
    const running = run();
    if (running === null)
      return { action, account, region: null, state: 'unknown', message: 'nothing there to try it on' };
    await named(action, () => running);
    return { action, account, region: null, state: 'allowed', message: null };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return {
      action,
      account,
      region: null,
      state: error.kind === 'permission' ? 'denied' : 'unknown',
      message: error.message,
    };
  }
}
