import type { Fleet, LibvirtHost } from '#lib/demo/index.ts';
import type { LibvirtConfig } from '#providers/libvirt/config.ts';
import { libvirt } from '#providers/libvirt/index.ts';
import type { DomainRow } from '#providers/libvirt/mock/wire.ts';
import { ACTIONS } from '#providers/libvirt/polkit.ts';
import { answerVirsh, FAKE_VIRSH, type LibvirtCloud, libvirtCloud, refused, runOf } from '#tests/fakes/libvirt.ts';
import { type FakeServer, startFake } from '#tests/fakes/server.ts';
import { statesOf } from '#tests/support/states-table.ts';
import type { AdapterCase } from '../adapter-case.ts';
import { describeAdapter } from '../provider-suite.ts';

const clouds = new WeakMap<FakeServer, LibvirtCloud>();

/** The hypervisor with the most machines. */
function chosen(hosts: readonly LibvirtHost[]): LibvirtHost {
  const [host] = hosts.filter(({ driver }) => driver === 'qemu').sort((a, b) => b.size - a.size);
  if (!host) throw new Error('the fleet is too small for this suite');
  return host;
}

const part = <T extends { part: string }>(scopes: readonly T[], name: string): T => {
  const found = scopes.find((scope) => scope.part.startsWith(name));
  if (!found) throw new Error(`no scope of ${name}`);
  return found;
};

const libvirtCase: AdapterCase<LibvirtConfig, DomainRow> = {
  provider: libvirt,
  async start(options) {
    const cloud = libvirtCloud(chosen);
    const fake = await startFake(cloud, options);
    clouds.set(fake, cloud);
    return fake;
  },
  // The fake virsh finds its server by the port.
  config: (fake, _, timeout) => ({
    uri: `qemu+tcp://127.0.0.1:${new URL(fake.url).port}/system`,
    virsh: FAKE_VIRSH,
    timeout,
  }),
  mockConfig: (fleet: Fleet) => ({
    uri: chosen(fleet.libvirtHosts()).uri,
    mock: { seed: fleet.seed, resources: fleet.resources, faults: fleet.faults },
  }),
  resources: 2000,
  subject: (scopes) => part(scopes, 'domains'),
  bystander: (scopes) => part(scopes, 'host'),
  // Both processes of a listing.
  isListOf: (_, { action }) => action === ACTIONS.list || action === ACTIONS.describe,
  wire: 'xml',
  policy: Object.values(ACTIONS),
  unusedActions: {
    [ACTIONS.connect]: 'every process needs it to connect at all',
    [ACTIONS.open]: 'every process needs it to connect at all',
    [ACTIONS.see]: 'without it a domain is not even listed',
  },
  callOf: (action) => (action === ACTIONS.describe ? 'virsh dumpxml' : 'virsh list'),
  details: [],
  states: statesOf('libvirt'),
  withState: (row, state) => ({ ...row, state, reason: 'unknown' }),
  withName: (row, name) => ({ ...row, domain: { ...row.domain, name } }),
  withTag(row, key, value) {
    // The fake makes its rows anew for each request.
    row.domain.metadata['muster:tags']['muster:tag'].push({ '@key': key, '#text': value });
    return row;
  },
  broken: ({ domain: { name: _, ...domain }, ...row }) => ({ ...row, domain }),
  replies: {
    denied: () => refused("access denied: 'connect' requires authorization"),
    throttled: () => refused('resource busy: too many connections'),
    expired: () => refused('authentication failed: Failed to step SASL negotiation: -1'),
    unavailable: () => refused('End of file while reading data: Input/output error'),
    // As when `list` fails: virsh says nothing in its place and goes on.
    withoutList: (request) => {
      const run = runOf(request);
      const world = { capabilities: '<capabilities/>', hostname: 'elsewhere', nodeinfo: '', rows: [] };
      const args = run.args.map((text) => text.replaceAll('list --all', 'unlist --all'));
      const { body, headers } = answerVirsh({ ...run, args }, world);
      return { headers: { ...headers, 'x-stderr': '' }, body: body ?? '' };
    },
  },
  asWrongAccount: (fake) => {
    const cloud = clouds.get(fake);
    if (cloud) cloud.pretend = '99999999-1111-4000-8000-000000000000';
  },
  // Who answers is asked in the process that lists.
  accountInList: true,
  skip: {
    details: 'all that is known of a domain comes from the one process that describes it',
    paging: 'virsh prints whole lists; there are no pages',
    hint: 'libvirt never says how long to wait',
    redirect: 'a process leads nowhere else',
    'foreign-link': 'a process leads nowhere else',
  },
};

describeAdapter(libvirtCase);
