import type { State } from '#lib/model/index.ts';

/** All of `VMPowerState` of the REST service of Workstation Pro and Fusion (vmrest 1.3.1, `/json/swagger.json`). */
const STATES: ReadonlyMap<string, State> = new Map([
  ['poweredOn', 'running'],
  ['poweredOff', 'stopped'],
  ['paused', 'suspended'],
  ['suspended', 'suspended'],
]);

/** @param power null where it is not known */
export const stateOf = (power: string | null): State => STATES.get(power ?? '') ?? 'unknown';
