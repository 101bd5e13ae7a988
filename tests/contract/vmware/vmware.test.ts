import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Desk, Fleet } from '#lib/demo/index.ts';
import type { WorkstationConfig } from '#providers/vmware-workstation/config.ts';
import { vmwareWorkstation } from '#providers/vmware-workstation/index.ts';
import type { VmRow } from '#providers/vmware-workstation/mock/wire.ts';
import { ACTIONS, proxyRules, VMRUN_LIST } from '#providers/vmware-workstation/policy.ts';
import { testClock } from '#tests/fakes/clock.ts';
import { startFake } from '#tests/fakes/server.ts';
import { PASSWORD, refusal, USER, vmrestCloud, vmrunFor } from '#tests/fakes/vmrest.ts';
import { statesOf } from '#tests/support/states-table.ts';
import type { AdapterCase } from '../adapter-case.ts';
import { describeAdapter } from '../provider-suite.ts';

const FILE = readFileSync(
  path.join(import.meta.dirname, '../../../providers/vmware-workstation/permissions.conf'),
  'utf8',
);

/** One for the whole file: its tests open a source each. */
const folder = mkdtempSync(path.join(tmpdir(), 'muster-vmware-case-'));
const passwordFile = path.join(folder, 'password');
writeFileSync(passwordFile, `${PASSWORD}\n`);

/** The one with a lab on it. */
function chosen(desks: readonly Desk[]): Desk {
  const [desk] = desks;
  if (!desk) throw new Error('the fleet has no desk');
  return desk;
}

const part = <T extends { part: string }>(scopes: readonly T[], name: string): T => {
  const found = scopes.find((scope) => scope.part === name);
  if (!found) throw new Error(`no scope of ${name}`);
  return found;
};

const workstationCase: AdapterCase<WorkstationConfig, VmRow> = {
  provider: vmwareWorkstation,
  start: (options) => startFake(vmrestCloud(chosen), options),
  config: (fake, fleet, timeout) => ({
    host: chosen(fleet.desks()).hostname,
    vmrest: { url: `${fake.url}/api`, user: USER, passwordFile },
    vmrun: vmrunFor(folder, new URL(fake.url).port),
    timeout,
  }),
  mockConfig: (fleet: Fleet) => ({
    host: chosen(fleet.desks()).hostname,
    mock: { seed: fleet.seed, resources: fleet.resources, faults: fleet.faults },
  }),
  // A lab of 24 VMs.
  resources: 2400,
  subject: (scopes) => part(scopes, 'vms'),
  bystander: (scopes) => part(scopes, 'host'),
  // What is there, and the word of each: without either nothing is known.
  isListOf: (_, { action }) => action === ACTIONS.list || action === ACTIONS.power,
  inFlight: 4,
  policy: [...Object.values(ACTIONS), VMRUN_LIST],
  details: [ACTIONS.settings, ACTIONS.nics, ACTIONS.addresses, ACTIONS.param],
  states: statesOf('VMware Workstation'),
  withState: (row, power) => ({ ...row, power }),
  withName: (row, displayName) => ({ ...row, params: { ...row.params, displayName } }),
  withTag: (row, key, value) => ({
    ...row,
    params: { ...row.params, annotation: `${row.params.annotation}\n${key}=${value}` },
  }),
  broken: ({ id: _, ...row }) => row,
  replies: {
    denied: () => refusal(403, 0, 'Permission denied'),
    throttled: (wait) => ({ ...refusal(429, 0, 'Too many requests'), headers: { 'retry-after': String(wait) } }),
    expired: () => refusal(401, 0, 'Authentication failed'),
    unavailable: () => ({ status: 503, body: 'service unavailable' }),
    withoutList: () => ({ headers: { 'content-type': 'application/json' }, body: '{}' }),
  },
  skip: {
    paging: 'the list of vmrest is one answer, without pages',
    'foreign-link': 'the list of vmrest has no pages and no links',
    'wrong-account': 'vmrest does not say whose machine it is; the account is its configured name or address',
  },
};

describeAdapter(workstationCase);

it('the rules that are printed for all calls are those of the file', () => {
  expect(proxyRules(Object.values(ACTIONS))).toBe(FILE);
  expect(proxyRules([VMRUN_LIST, ACTIONS.list]).match(/^location ~ .*$/gm)).toEqual([
    expect.stringContaining('^/api/vms$ { limit_except GET { deny all; }'),
  ]);
});

it('allows by its mock whatever its policy names', async () => {
  const adapter = await vmwareWorkstation.load();
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const env = { source: 'demo', clock: testClock(), log, random: () => 0.5 };
  const connection = await adapter.open(vmwareWorkstation.config.parse({ mock: { resources: 300 } }), env);
  const permissions = await Array.fromAsync(connection.permissions({ signal: new AbortController().signal }));
  await connection.close();
  expect(permissions.map(({ action, state }) => [action, state])).toEqual(
    Object.values(ACTIONS).map((action) => [action, 'allowed']),
  );
});
