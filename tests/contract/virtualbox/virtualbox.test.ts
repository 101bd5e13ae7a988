import { onTestFinished } from 'vitest';
import type { Fleet, Laptop } from '#lib/demo/index.ts';
import type { VirtualBoxConfig } from '#providers/virtualbox/config.ts';
import { virtualbox } from '#providers/virtualbox/index.ts';
import type { VmRow } from '#providers/virtualbox/mock/wire.ts';
import { ACTIONS } from '#providers/virtualbox/policy.ts';
import { type FakeServer, startFake } from '#tests/fakes/server.ts';
import { failing, type Sshd, startSshd, vboxReply, virtualBoxCloud } from '#tests/fakes/virtualbox.ts';
import { statesOf } from '#tests/support/states-table.ts';
import type { AdapterCase } from '../adapter-case.ts';
import { describeAdapter } from '../provider-suite.ts';

/** The suite talks to VirtualBox over ssh; a program on this machine has tests of its own. */
const sshds = new WeakMap<FakeServer, Sshd>();

function chosen(laptops: readonly Laptop[]): Laptop {
  const [laptop] = laptops;
  if (!laptop) throw new Error('the fleet has no laptop');
  return laptop;
}

const part = <T extends { part: string }>(scopes: readonly T[], name: string): T => {
  const found = scopes.find((scope) => scope.part === name);
  if (!found) throw new Error(`no scope of ${name}`);
  return found;
};

const withField = (row: VmRow, key: string, value: string): VmRow => ({
  ...row,
  machine: row.machine?.map(([name, old]) => [name, name === key ? value : old] as const) ?? null,
});

const LISTS: ReadonlySet<string> = new Set([ACTIONS.vms, ACTIONS.properties, ACTIONS.describe]);

const virtualBoxCase: AdapterCase<VirtualBoxConfig, VmRow> = {
  provider: virtualbox,
  async start(options) {
    const fake = await startFake(virtualBoxCloud(chosen), options);
    const sshd = await startSshd(() => Number(new URL(fake.url).port));
    onTestFinished(() => sshd.close());
    sshds.set(fake, sshd);
    return fake;
  },
  config(fake, fleet, timeout) {
    const { user, hostname } = chosen(fleet.laptops());
    const sshd = sshds.get(fake);
    return { host: `ssh://${user}@127.0.0.1:${sshd?.port}`, hostname, ssh: sshd?.keys, timeout };
  },
  mockConfig(fleet: Fleet) {
    const { user, hostname } = chosen(fleet.laptops());
    return {
      host: `ssh://${user}@${hostname}`,
      mock: { seed: fleet.seed, resources: fleet.resources, faults: fleet.faults },
    };
  },
  resources: 4000,
  subject: (scopes) => part(scopes, 'vms'),
  bystander: (scopes) => part(scopes, 'host'),
  isListOf: (scope, { action }) => (scope.part === 'host' ? action === ACTIONS.host : LISTS.has(action)),
  policy: Object.values(ACTIONS),
  details: [ACTIONS.addresses],
  states: statesOf('VirtualBox').filter(([native]) => native !== 'inaccessible'),
  withState: (row, state) => withField(row, 'VMState', state),
  withName: (row, name) => withField(row, 'name', name),
  withTag: (row) => row,
  broken: (row) => ({ ...row, machine: row.machine?.filter(([key]) => key !== 'name') ?? [] }),
  inFlight: 4,
  replies: {
    denied: () => failing('muster-vboxmanage: not permitted', 126),
    throttled: () =>
      failing(
        'VBoxManage: error: The object is in use\nVBoxManage: error: Details: code VBOX_E_OBJECT_IN_USE (0x80bb000c), component MachineWrap',
      ),
    expired: () => failing('sudo: a password is required'),
    unavailable: () =>
      failing(
        'VBoxManage: error: Failed to create the VirtualBox object!\nVBoxManage: error: Code NS_ERROR_FACTORY_NOT_REGISTERED (0x80040154) - Class not registered (extended info not available)\nVBoxManage: error: Most likely, the VirtualBox COM server is not running or failed to start.',
      ),
    withoutList: () => vboxReply({ stdout: '', stderr: '', code: 0 }),
  },
  skip: {
    paging: 'VBoxManage prints whole lists; there are no pages',
    hint: 'VirtualBox never says how long to wait',
    redirect: 'a program leads nowhere else',
    'foreign-link': 'a program leads nowhere else',
    'wrong-account': 'whose VirtualBox answers is whoever signed in: it says neither its user nor its machine',
    tags: 'VirtualBox has groups and one description, no pairs; hostile ones are in virtualbox-rows.test.ts',
  },
};

describeAdapter(virtualBoxCase);
