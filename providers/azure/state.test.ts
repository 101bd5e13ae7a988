import { describe, expect, it } from 'vitest';
import { stateOf } from './state.ts';

const view = (...codes: string[]) => ({ statuses: codes.map((code) => ({ code })) });

describe('stateOf', () => {
  it.each([
    ['creating', 'starting'],
    ['starting', 'starting'],
    ['running', 'running'],
    ['stopping', 'stopping'],
    ['deallocating', 'stopping'],
    ['stopped', 'stopped'],
    ['deallocated', 'stopped'],
    ['unknown', 'unknown'],
    ['levitating', 'unknown'],
  ])('reads PowerState/%s as %s and keeps the native code', (power, state) => {
    const code = `PowerState/${power}`;
    expect(stateOf(view('ProvisioningState/succeeded', code), 'Succeeded')).toEqual({
      state,
      nativeState: code,
      stateReason: null,
    });
  });

  it('shows a failed provisioning beside the power state of a machine that runs', () => {
    expect(stateOf(view('ProvisioningState/failed/AllocationFailed', 'PowerState/running'), 'Failed')).toEqual({
      state: 'running',
      nativeState: 'PowerState/running',
      stateReason: 'ProvisioningState/failed/AllocationFailed',
    });
  });

  it('reads a hibernated machine as suspended, though its power state says deallocated', () => {
    const codes = view('PowerState/deallocated', 'HibernationState/Hibernated');
    expect(stateOf(codes, 'Succeeded')).toMatchObject({
      state: 'suspended',
      nativeState: 'HibernationState/Hibernated',
    });
  });

  it.each([
    ['Creating', 'starting'],
    ['Deleting', 'stopping'],
    ['Failed', 'failed'],
    ['Succeeded', 'unknown'],
    ['Migrating', 'unknown'],
    [null, 'unknown'],
  ])('falls back to provisioning state %s as %s without a power state', (provisioning, state) => {
    expect(stateOf(undefined, provisioning).state).toBe(state);
  });

  it('shows a machine that is being deleted as stopping, whatever its power says', () => {
    expect(stateOf(view('PowerState/running'), 'Deleting').state).toBe('stopping');
  });
});
