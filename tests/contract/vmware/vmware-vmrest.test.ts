import { writeFileSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { fleetOf } from '#lib/demo/index.ts';
import type { VmRow } from '#providers/vmware-workstation/mock/wire.ts';
import { ACTIONS } from '#providers/vmware-workstation/policy.ts';
import { type FakeRequest, startFake } from '#tests/fakes/server.ts';
import { AUTHORITY, CERTIFICATES, SERVER_KEY } from '#tests/fakes/tls.ts';
import { answerVmrest, PASSWORD, refusal, runningList, USER, vmrestCloud, vmrunFor } from '#tests/fakes/vmrest.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import { byName, calm, listed, openWorkstation, scopesOf, scratch } from '#tests/support/vmware/vmware.ts';

const UUID = '56 4d 9b ef ac d9 b4 e0-c8 f0 ae a8 b9 10 35 11';

const vm = (n: number, more: Partial<VmRow> = {}): VmRow => ({
  id: String(n).repeat(32),
  path: `/home/dev/vmware/vm-${n}/vm-${n}.vmx`,
  power: 'poweredOn',
  processors: 2,
  memory: 2048,
  nics: [{ mac: `00:0c:29:00:00:0${n}`, type: 'nat', vmnet: 'vmnet8', ip: [`192.168.72.${n}/24`] }],
  params: { displayName: `VM ${n}`, 'uuid.bios': UUID, guestOS: 'debian12-64' },
  ...more,
});

/** vmrest over these rows, and a source of it. */
async function service(rows: VmRow[], config: object = {}, running: string[] = []) {
  const folder = scratch();
  const passwordFile = path.join(folder, 'password');
  writeFileSync(passwordFile, `${PASSWORD}\n`);
  const cloud = {
    ...vmrestCloud(([desk]) => desk as never),
    answer: (request: FakeRequest) =>
      request.path === '/vmrun' ? { body: runningList(running) } : answerVmrest(request, rows),
  };
  const fake = await startFake(cloud, { fleet: fleetOf({ seed: 1, resources: 100 }), now: () => 0 });
  onTestFinished(() => fake.close());
  const source = { vmrest: { url: `${fake.url}/api/`, user: USER, passwordFile }, ...config };
  const vmrun = vmrunFor(folder, new URL(fake.url).port);
  return { fake, source, passwordFile, vmrun, rows };
}

async function list(source: object) {
  const connection = await openWorkstation(source);
  const { vms } = await scopesOf(connection);
  return listed(connection.list(vms, calm()), vms);
}

it('says that a password is wrong, and reads the file anew once it is right', async () => {
  const { source, passwordFile, fake } = await service([vm(1)]);
  writeFileSync(passwordFile, 'wrong');
  const connection = await openWorkstation(source);
  const { vms, host } = await scopesOf(connection);
  for (const scope of [vms, host])
    expect(await listed(connection.list(scope, calm()), scope)).toMatchObject({
      complete: false,
      reason: { kind: 'auth', message: expect.stringContaining('answered 401: Authentication failed') },
    });
  expect(fake.requests.map(({ headers }) => headers.authorization)).not.toContain(undefined);
  writeFileSync(passwordFile, PASSWORD);
  expect((await listed(connection.list(vms, calm()), vms)).complete).toBe(true);
});

it('names a password file that cannot be read', async () => {
  const { source, passwordFile } = await service([vm(1)]);
  const vmrest = { ...source.vmrest, passwordFile: `${passwordFile}-none` };
  expect(await list({ vmrest })).toMatchObject({
    complete: false,
    reason: { kind: 'config', message: expect.stringContaining('passwordFile cannot be read') },
  });
});

it.each([
  ['good', true, null],
  ['expired', true, 'CERT_HAS_EXPIRED'],
  ['wrongHost', true, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['selfSigned', true, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['good', false, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
] as const)('takes a certificate that is %s, its authority known: %s', async (name, known, code) => {
  const folder = scratch();
  const passwordFile = path.join(folder, 'password');
  const ca = path.join(folder, 'ca.pem');
  writeFileSync(passwordFile, PASSWORD);
  writeFileSync(ca, AUTHORITY);
  const server = https.createServer({ cert: CERTIFICATES[name], key: SERVER_KEY }, (_, response) => {
    response.setHeader('content-type', 'application/json').end('[]');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const listing = await list({
    vmrest: { url: `https://127.0.0.1:${port}/api`, user: USER, passwordFile, ...(known ? { ca } : {}) },
  });
  if (code === null) expect(listing.complete).toBe(true);
  else
    expect(listing).toMatchObject({
      complete: false,
      reason: { kind: 'network', message: expect.stringContaining(`TLS failed (${code})`) },
    });
});

it('takes an empty list for an error while vmrun lists two VMs, and for none where nothing runs', async () => {
  const running = ['/home/dev/a.vmx', '/home/dev/b.vmx'];
  const { source, vmrun } = await service([], {}, running);
  expect(await list({ ...source, vmrun })).toMatchObject({
    complete: false,
    reason: { kind: 'bad-reply', message: expect.stringContaining('expected the 2 VMs that run by vmrun') },
  });
  expect((await list(source)).complete).toBe(true);
  running.length = 0;
  expect(await list({ ...source, vmrun })).toMatchObject({ complete: true });
});

it('keeps the row of a VM that is refused, encrypted or locked, and lists the others', async () => {
  const { source, fake } = await service([vm(1), vm(2), vm(3)]);
  const about = (n: number) => (request: FakeRequest) => request.path.includes(`/vms/${String(n).repeat(32)}`);
  fake.script({ when: about(2), reply: refusal(403, 0, 'The virtual machine is encrypted: password required') });
  const listing = await list(source);
  expect(listing.complete).toBe(true);
  const rows = byName(listing);
  expect(rows.get('VM 1')).toMatchObject({ state: 'running', vcpus: 2, memory: 2048, addresses: ['192.168.72.1'] });
  expect(rows.get('VM 3')?.state).toBe('running');
  expect(rows.get('vm-2')).toMatchObject({ state: 'unknown', nativeState: null, vcpus: null, identities: [] });
  expect(listing.unknown.get(rows.get('vm-2')?.uid ?? '')).toEqual(
    expect.arrayContaining(['name', 'vcpus', 'memory', 'identities', 'addresses']),
  );
  expect(listing.detailErrors.map(({ call, kind }) => [call, kind])).toEqual(
    expect.arrayContaining([
      [ACTIONS.power, 'permission'],
      [ACTIONS.settings, 'permission'],
    ]),
  );
  for (const { message } of listing.detailErrors) expect(message).toContain('encrypted');
});

it('is not listed at all where the state of every VM is denied', async () => {
  const { source, fake } = await service([vm(1), vm(2)]);
  fake.script({ when: ({ action }) => action === ACTIONS.power, reply: refusal(403, 0, 'Permission denied') });
  expect(await list(source)).toMatchObject({ complete: false, reason: { kind: 'permission' } });
});

it.each([
  [409, 'The virtual machine is not powered on'],
  [500, 'VMware Tools are not running in the virtual machine'],
])('has no addresses, and no error, where a guest has none to tell: %i', async (status, message) => {
  const { source, fake } = await service([vm(1)]);
  fake.script({ when: ({ action }) => action === ACTIONS.addresses, reply: refusal(status, 0, message) });
  const listing = await list(source);
  expect(byName(listing).get('VM 1')).toMatchObject({ addresses: null, mappedAddresses: null, vcpus: 2 });
  expect([listing.unknown.size, listing.detailErrors]).toEqual([0, []]);
});

it.each(['', '/', '/api', '/api/'])('finds the service at an address that ends in "%s"', async (end) => {
  const { source, fake } = await service([vm(1)]);
  expect(await list({ vmrest: { ...source.vmrest, url: `${fake.url}${end}` } })).toMatchObject({ complete: true });
});

it('asks no VM for addresses that does not run', async () => {
  const { source, fake } = await service([vm(1, { power: 'suspended' }), vm(2, { power: 'poweredOff' })]);
  expect((await list(source)).complete).toBe(true);
  expect(fake.requests.filter(({ action }) => action === ACTIONS.addresses)).toEqual([]);
});

it('finds keys that another tool wrote in lower case', async () => {
  const { source } = await service([
    vm(1, { params: { displayname: 'by packer', 'uuid.bios': UUID, guestos: 'ubuntu-64' } }),
  ]);
  expect(byName(await list(source)).get('by packer')).toMatchObject({
    os: 'ubuntu-64',
    identities: expect.arrayContaining([{ type: 'system-uuid', value: 'ef9b4d56-d9ac-e0b4-c8f0-aea8b9103511' }]),
  });
});

it('fault 102: takes a list that Go writes as null for an empty one, and none at all for an error', async () => {
  const { source, fake } = await service([vm(1)]);
  let body = '{"nics":null}';
  fake.script({
    when: ({ action }) => action === ACTIONS.addresses,
    reply: () => ({ headers: { 'content-type': 'application/json' }, body }),
  });
  const listing = await list(source);
  expect([byName(listing).get('VM 1')?.addresses, listing.detailErrors]).toEqual([[], []]);
  body = '{}';
  expect((await list(source)).detailErrors.map(({ call }) => call)).toEqual([ACTIONS.addresses]);
});

it('fault 113: has an address of the world on its own card, beside which nothing is translated', async () => {
  const ip = ['192.168.72.1/24', '8.8.4.4/24', '2001:4860:4860::8844/64'];
  const { source } = await service([
    vm(1, { nics: [{ mac: '00:0c:29:00:00:01', type: 'bridged', vmnet: 'vmnet0', ip }] }),
  ]);
  expect(byName(await list(source)).get('VM 1')).toMatchObject({
    addresses: ['192.168.72.1', '8.8.4.4', '2001:4860:4860::8844'],
    mappedAddresses: [],
  });
});

it('fault 114: says what came in place of what is told of a VM', async () => {
  const { source, fake } = await service([vm(1)]);
  fake.script({
    when: ({ action }) => action === ACTIONS.settings,
    reply: { headers: { 'content-type': 'application/json' }, body: '[1,2]' },
  });
  expect((await list(source)).detailErrors).toMatchObject([
    { call: ACTIONS.settings, message: 'fails: expected cpu and memory, got a list of 2' },
  ]);
});

it('takes a VM without a card, and one whose name is empty, for what they are', async () => {
  const { source, fake } = await service([vm(1, { params: {} })]);
  fake.script({
    when: ({ action }) => action === ACTIONS.nics,
    reply: { headers: { 'content-type': 'application/json' }, body: '{"num":0,"nics":null}' },
  });
  const listing = await list(source);
  expect(byName(listing).get('vm-1')?.identities).toEqual([]);
  expect(listing.detailErrors).toEqual([]);
});

it('keeps two VMs of one uuid.bios apart, which each say the same UUID', async () => {
  const listing = await list((await service([vm(1), vm(2)])).source);
  const uuids = [...listing.resources.values()].map(({ identities }) => identities[0]?.value);
  expect(uuids).toEqual(['ef9b4d56-d9ac-e0b4-c8f0-aea8b9103511', 'ef9b4d56-d9ac-e0b4-c8f0-aea8b9103511']);
});

it('asks again for what seldom changes after minutes only, but for states each time', async () => {
  const { source, fake } = await service([vm(1)]);
  const connection = await openWorkstation(source);
  const { vms } = await scopesOf(connection);
  await listed(connection.list(vms, calm()), vms);
  fake.requests.length = 0;
  await listed(connection.list(vms, calm()), vms);
  expect(fake.requests.map(({ action }) => action)).toEqual([ACTIONS.list, ACTIONS.power]);
});

it('fault 111, fault 112: is this machine on loopback, with the memory of now, and not where a name says that a tunnel leads elsewhere', async () => {
  const { source } = await service([]);
  const machine = {
    hostname: os.hostname(),
    kernel: '6.1',
    memory: 16_384,
    installed: null,
    bootId: 'b-1',
    machineId: null,
  };
  const row = async (config: object) => {
    const connection = await openWorkstation(config, { machine });
    const { host } = await scopesOf(connection);
    const [found] = (await listed(connection.list(host, calm()), host)).resources.values();
    return found;
  };
  expect(await row(source)).toMatchObject({
    name: os.hostname().toLowerCase(),
    physical: { memory: 16_384 },
    identities: expect.arrayContaining([{ type: 'boot-id', value: 'b-1' }]),
  });
  const far = await row({ ...source, host: 'Desk-7.example.org' });
  expect(far).toMatchObject({ name: 'desk-7.example.org', physical: null });
  expect(far?.identities).toEqual([
    { type: 'host', value: 'vmware-workstation/desk-7.example.org' },
    { type: 'hostname', value: 'desk-7.example.org' },
  ]);
});

it('fault 106: asks for the machine’s own row as soon as the watch of its VMs breaks', async () => {
  const { source, fake } = await service([vm(1)]);
  const clock = new VirtualClock();
  const connection = await openWorkstation(source, { clock });
  const { vms, host } = await scopesOf(connection);
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const ends = [vms, host].map(async (scope) => {
    for await (const event of connection.watch?.(scope, { signal: stop.signal }) ?? [])
      if (event.type === 'listing') await listed(event.batches, scope);
  });
  let over = false;
  const ended = Promise.allSettled(ends).finally(() => {
    over = true;
  });
  await expect.poll(() => clock.sleeping().toSorted(), { timeout: 10_000 }).toEqual([5000, 60_000]);
  const began = clock.monotonic();
  fake.script({ when: () => true, reply: { status: 503, body: 'no luck' } });
  await clock.advance(5000);
  // The pauses between attempts; the minute of the machine's own row is not waited for.
  while (!over) {
    await clock.settle();
    const [next = Number.POSITIVE_INFINITY] = clock.sleeping();
    if (next < 5000) await clock.advance(next);
  }
  expect(clock.monotonic() - began).toBeLessThan(10_000);
  for (const end of await ended) expect(end).toMatchObject({ status: 'rejected', reason: { kind: 'network' } });
});

it('follows states within five seconds, lists anew when a VM goes, and throws what breaks', async () => {
  const { source, fake, rows } = await service([vm(1), vm(2, { power: 'poweredOff' })]);
  const clock = new VirtualClock();
  const connection = await openWorkstation(source, { clock });
  const { vms } = await scopesOf(connection);
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const seen: string[] = [];
  const read = async () => {
    for await (const event of connection.watch?.(vms, { signal: stop.signal }) ?? []) {
      if (event.type === 'listing') {
        const listing = await listed(event.batches, vms);
        seen.push(`listing ${listing.complete ? listing.resources.size : listing.reason.kind}`);
      } else if (event.type === 'upsert')
        seen.push(...event.resources.map(({ name, state, addresses }) => `${name} ${state} ${addresses}`));
      else seen.push(event.type);
    }
  };
  read().catch((error: unknown) => seen.push(String(error)));
  const until = async (count: number) => expect.poll(() => seen.length, { timeout: 10_000 }).toBe(count);
  const passed = async () => {
    await expect.poll(() => clock.sleeping(), { timeout: 10_000 }).toEqual([5000]);
    await clock.advance(5000);
  };
  await until(1);
  await passed();
  await until(2);
  rows[0] = vm(1, { power: 'paused' });
  rows[1] = vm(2);
  await passed();
  await until(4);
  rows.pop();
  await passed();
  await until(5);
  expect(seen).toEqual(['listing 2', 'heartbeat', 'VM 1 suspended null', 'VM 2 running 192.168.72.2', 'listing 1']);
  fake.script({ when: () => true, reply: { status: 500, body: 'no luck' } });
  await passed();
  const later = async () => {
    await clock.advance(500);
    return seen.at(-1);
  };
  await expect.poll(later, { timeout: 10_000 }).toContain('GET /vms: answered 500');
  stop.abort();
});
