import { describe, expect, it } from 'vitest';
import { conditionOf, type Inspected } from './state.ts';

const inspected = (fields: Partial<Inspected> = {}): Inspected => ({
  oomKilled: false,
  exitCode: 0,
  error: null,
  health: null,
  startedAt: null,
  ...fields,
});
const NO_READINESS = { ready: null, readyReason: null };

// What each word means: docs/states.md, against which tests/contract/states.test.ts holds it.
describe('state of a container', () => {
  it.each([
    // A container that was killed for its memory and started again says so until it ends.
    ['running', 'Up 2 seconds', inspected({ oomKilled: true }), 'running', null],
    ['paused', 'Up 5 minutes (Paused)', null, 'suspended', null],
    ['exited', 'Exited (137) 2 hours ago', null, 'failed', 'exit code 137'],
    ['exited', 'Exited (-1) 2 hours ago', inspected(), 'failed', 'exit code -1'],
    // Windows: Ctrl+C, in either sign; an access violation.
    ['exited', 'Exited (3221225786) 2 hours ago', inspected(), 'stopped', 'exit code 3221225786 (0xC000013A)'],
    ['exited', 'Exited (-1073741510) 2 hours ago', inspected(), 'stopped', 'exit code 3221225786 (0xC000013A)'],
    ['exited', 'Exited (3221225477) 2 hours ago', inspected(), 'failed', 'exit code 3221225477 (0xC0000005)'],
    ['removing', 'Removal In Progress', inspected(), 'stopping', null],
    ['created', 'Created', null, 'starting', 'created, never started'],
    // Podman's `init` of one that has run; its exit code is of then.
    ['initialized', '', inspected({ startedAt: '2026-11-21T09:00:00.000Z', exitCode: 3 }), 'starting', null],
    ['brand-new', 'Whatever', null, 'unknown', null],
    [null, '', null, 'unknown', null],
  ] as const)('%s, "%s", %j: %s', (native, status, detail, state, stateReason) => {
    expect(conditionOf(native, status, detail)).toEqual({ state, stateReason, ...NO_READINESS });
  });
});

describe('health of a container', () => {
  it.each([
    ['Up 5 minutes (healthy)', null, true, null],
    ['Up 5 minutes (unhealthy)', null, false, 'unhealthy'],
    ['Up 2 seconds (health: starting)', null, false, 'starting'],
    ['Up 5 minutes', null, null, null],
    // Podman's list does not say it.
    ['Up 5 minutes', 'unhealthy', false, 'unhealthy'],
    ['Up 5 minutes', 'none', null, null],
    // Inspect is asked behind the list.
    ['Up 5 minutes (healthy)', 'unhealthy', false, 'unhealthy'],
  ] as const)('fault 107: "%s", inspected %s, is ready: %s', (status, health, ready, readyReason) => {
    const detail = health === null ? null : inspected({ health });
    expect(conditionOf('running', status, detail)).toEqual({ state: 'running', stateReason: null, ready, readyReason });
  });

  it('of what does not run was found before and says nothing', () => {
    const detail = inspected({ health: 'unhealthy' });
    expect(conditionOf('exited', 'Exited (0) 1 second ago', detail)).toMatchObject(NO_READINESS);
    expect(conditionOf('paused', 'Up 5 minutes (Paused)', detail)).toMatchObject(NO_READINESS);
  });
});
