import type { State } from '#lib/model/index.ts';
import { asArray, asRecord, asString } from '../kit/read.ts';

/** `PowerState/*` of an instance view. `stopped` is off but still allocated, and still billed; `deallocated` is not. */
const POWER: ReadonlyMap<string, State> = new Map([
  ['creating', 'starting'],
  ['starting', 'starting'],
  ['running', 'running'],
  ['stopping', 'stopping'],
  ['deallocating', 'stopping'],
  ['stopped', 'stopped'],
  ['deallocated', 'stopped'],
  ['unknown', 'unknown'],
]);

/** Provisioning without a power state. */
const PROVISIONING: ReadonlyMap<string, State> = new Map([
  ['creating', 'starting'],
  ['deleting', 'stopping'],
  ['failed', 'failed'],
]);

export interface PowerView {
  state: State;
  /** The code as Azure spells it: `PowerState/deallocated`, `HibernationState/Hibernated`. */
  nativeState: string | null;
  /** `ProvisioningState/failed...` beside whatever power state the machine has: it may well run. */
  stateReason: string | null;
}

/**
 * State of a machine out of its instance view's status codes and its model's provisioning state.
 * https://learn.microsoft.com/azure/virtual-machines/states-billing
 */
export function stateOf(instanceView: unknown, provisioningState: string | null): PowerView {
  const codes = asArray(asRecord(instanceView)?.statuses).flatMap((status) => asString(asRecord(status)?.code) ?? []);
  const starting = (prefix: string) => codes.find((code) => code.toLowerCase().startsWith(prefix)) ?? null;
  const power = starting('powerstate/');
  const hibernated = codes.find((code) => code.toLowerCase() === 'hibernationstate/hibernated');
  const provisioning =
    starting('provisioningstate/') ?? (provisioningState ? `ProvisioningState/${provisioningState}` : null);
  const phase = word(provisioning);
  const stateReason = phase === 'failed' ? provisioning : null;
  // On its way out, whatever its power still says.
  if (phase === 'deleting') return { state: 'stopping', nativeState: power ?? provisioning, stateReason };
  if (hibernated) return { state: 'suspended', nativeState: hibernated, stateReason };
  if (power) return { state: POWER.get(word(power)) ?? 'unknown', nativeState: power, stateReason };
  return { state: PROVISIONING.get(phase) ?? 'unknown', nativeState: provisioning, stateReason };
}

/** The second part of a code, in lower case: `running` of `PowerState/running`. */
const word = (code: string | null): string => code?.split('/')[1]?.toLowerCase() ?? '';
