import { describe, expect, it } from 'vitest';
import { conditionOf } from './state.ts';

describe('state of a container', () => {
  it.each([
    ['created', 'Created', null, 'stopped', null],
    ['running', 'Up 5 minutes', false, 'running', null],
    ['running', 'Up 5 minutes (healthy)', false, 'running', 'healthy'],
    ['running', 'Up 5 minutes (unhealthy)', false, 'running', 'unhealthy'],
    ['running', 'Up 2 seconds (health: starting)', false, 'running', 'health: starting'],
    // A container that was killed for its memory and started again says so until it ends.
    ['running', 'Up 2 seconds', true, 'running', null],
    ['paused', 'Up 5 minutes (Paused)', false, 'suspended', null],
    ['restarting', 'Restarting (1) 2 seconds ago', false, 'starting', 'exit code 1'],
    ['removing', 'Removal In Progress', false, 'stopping', null],
    ['exited', 'Exited (0) 2 hours ago', false, 'stopped', null],
    ['exited', 'Exited (3) 2 hours ago', false, 'failed', 'exit code 3'],
    ['exited', 'Exited (143) 2 hours ago', false, 'stopped', 'exit code 143'],
    ['exited', 'Exited (130) 2 hours ago', false, 'stopped', 'exit code 130'],
    ['exited', 'Exited (137) 2 hours ago', true, 'failed', 'OOMKilled'],
    ['exited', 'Exited (137) 2 hours ago', null, 'failed', 'exit code 137'],
    ['exited', 'Exited (-1) 2 hours ago', false, 'failed', 'exit code -1'],
    ['dead', 'Dead', false, 'failed', null],
    ['brand-new', 'Whatever', false, 'unknown', null],
    [null, '', null, 'unknown', null],
  ] as const)('%s, "%s", killed for its memory: %s', (native, status, oomKilled, state, stateReason) => {
    expect(conditionOf(native, status, oomKilled)).toEqual({ state, stateReason });
  });
});
