import type { State } from '#lib/model/index.ts';

/**
 * All of MachineState, https://www.virtualbox.org/sdkref/_virtual_box_8idl.html#a80b08f71210afe16038e904a656ed9eb, in the words of
 * `showvminfo --machinereadable` (machineStateToName in VBoxManageInfo.cpp); why each is what it is: docs/states.md.
 */
const STATES: ReadonlyMap<string, State> = new Map([
  ['poweroff', 'stopped'],
  ['saved', 'suspended'],
  ['teleported', 'stopped'],
  ['aborted', 'failed'],
  ['aborted-saved', 'failed'],
  ['running', 'running'],
  ['paused', 'suspended'],
  ['gurumeditation', 'failed'],
  ['teleporting', 'running'],
  ['livesnapshotting', 'running'],
  ['starting', 'starting'],
  ['stopping', 'stopping'],
  ['saving', 'stopping'],
  ['restoring', 'starting'],
  ['teleportingpausedvm', 'suspended'],
  ['teleportingin', 'starting'],
  ['faulttolerantsyncing', 'running'],
  ['deletingsnapshotlive', 'running'],
  ['deletingsnapshotlivepaused', 'suspended'],
  ['onlinesnapshotting', 'running'],
  ['restoringsnapshot', 'stopped'],
  ['deletingsnapshot', 'stopped'],
  ['settingup', 'starting'],
  ['snapshotting', 'stopped'],
]);

export const stateOf = (word: string | null): State => STATES.get(word ?? '') ?? 'unknown';

/** Its guest is in memory: its Guest Additions can tell addresses. */
export const isOnline = (word: string | null): boolean =>
  ['running', 'starting'].includes(stateOf(word)) || word === 'paused';

/** Nothing of it moves: whatever changes it, VirtualBox writes to its settings. */
export const isAtRest = (word: string | null): boolean =>
  ['poweroff', 'saved', 'teleported', 'aborted', 'aborted-saved'].includes(word ?? '');
