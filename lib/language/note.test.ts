import { expect, it } from 'vitest';
import type { Resource } from '#lib/model/index.ts';
import { anyResource } from '#tests/support/resource.ts';
import { noteOf } from './note.ts';

it.each<[Partial<Resource>, string | null]>([
  [{}, null],
  [{ state: 'failed', stateReason: 'CrashLoopBackOff', restarts: 14 }, 'CrashLoopBackOff, 14 restarts'],
  [
    { state: 'failed', stateReason: 'CrashLoopBackOff', lastEnd: { reason: 'OOMKilled', exitCode: 137 }, restarts: 7 },
    'CrashLoopBackOff, last OOMKilled (137), 7 restarts',
  ],
  [{ ready: false, readyReason: 'ReadinessGatesNotReady', lifecycle: 'spot' }, 'ReadinessGatesNotReady'],
  [{ state: 'failed', stateReason: 'OOMKilled', restarts: 1 }, 'OOMKilled, 1 restart'],
  [{ state: 'stopped', stateReason: 'Client.UserInitiatedShutdown' }, 'Client.UserInitiatedShutdown'],
  [{ provider: 'azure', state: 'stopped', nativeState: 'PowerState/stopped' }, 'stopped, still billed'],
  [{ provider: 'azure', state: 'stopped', nativeState: 'PowerState/deallocated' }, null],
  [{ provider: 'gcp', state: 'stopped', nativeState: 'STOPPED' }, null],
  [{ provider: 'aws', state: 'stopped', nativeState: 'stopped' }, null],
  [{ restarts: 3, hostedBy: [{ type: 'node', value: 'c/n' }], kind: 'container' }, '3 restarts'],
  [{ restarts: 0 }, null],
  [{ kind: 'host', stateReason: 'SchedulingDisabled' }, 'SchedulingDisabled'],
  [{ lifecycle: 'spot' }, 'spot'],
  [{ workload: { kind: 'VirtualMachineScaleSet', name: 'render' } }, 'scale set render'],
  [{ kind: 'container', hostedBy: [{ type: 'node', value: 'eks-prod/ip-10-0-41-7' }] }, 'on ip-10-0-41-7'],
  [{ hostedBy: [{ type: 'hostname', value: 'hv-rack2-07' }] }, 'on hv-rack2-07'],
])('%j: %s', (fields, note) => expect(noteOf(anyResource(fields))).toBe(note));
