import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { fleetOf } from '#lib/demo/index.ts';
import { startFake } from '#tests/fakes/server.ts';
import { runningList, vmrunFor } from '#tests/fakes/vmrest.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import {
  byName,
  calm,
  listed,
  openWorkstation,
  scopesOf,
  scratch,
  writeLibrary,
  writeVmx,
} from '#tests/support/vmware/vmware.ts';

const vmx = (name: string, ...more: string[]): string =>
  [
    '.encoding = "UTF-8"',
    `displayName = "${name}"`,
    'guestOS = "debian12-64"',
    'memsize = "2048"',
    'numvcpus = "2"',
    'uuid.bios = "56 4d 9b ef ac d9 b4 e0-c8 f0 ae a8 b9 10 35 11"',
    'ethernet0.present = "TRUE"',
    'ethernet0.generatedAddress = "00:0C:29:10:35:11"',
    ...more,
    '',
  ].join('\n');

interface Desk {
  folder: string;
  vmrun: string;
  /** Paths that it lists. */
  running: string[];
  /** What it prints instead. */
  reply: { body: string; exit?: number } | null;
  /** Bodies that it was asked with. */
  asked: string[];
}

/** A machine with a vmrun that says what the test wants. */
async function desk(): Promise<Desk> {
  const folder = scratch();
  const made: Desk = { folder, vmrun: '', running: [], reply: null, asked: [] };
  const fake = await startFake(
    {
      action: () => 'vmrun list',
      answer({ body }) {
        made.asked.push(body);
        const { body: text, exit = 0 } = made.reply ?? { body: runningList(made.running) };
        return { body: text, headers: { 'x-exit': String(exit) } };
      },
    },
    { fleet: fleetOf({ seed: 1, resources: 100 }), now: () => 0 },
  );
  onTestFinished(() => fake.close());
  made.vmrun = vmrunFor(folder, new URL(fake.url).port);
  return made;
}

async function list({ vmrun }: Desk, inventory: string) {
  const connection = await openWorkstation({ vmrun, inventory });
  const { vms } = await scopesOf(connection);
  return listed(connection.list(vms, calm()), vms);
}

it('lists the library and what runs beside it, by what each .vmx says', async () => {
  const at = await desk();
  const web = writeVmx(at.folder, 'web', vmx('web', 'annotation = "team=shop|0Atoken=s3cret|0Ajust words"'));
  const db = writeVmx(at.folder, 'db', vmx('db', 'checkpoint.vmState = "db-1.vmss"'));
  const off = writeVmx(at.folder, 'off', vmx('|22off|22').replaceAll('memsize', 'MEMSIZE'));
  const stray = writeVmx(at.folder, 'stray', vmx('stray'));
  at.running = [web, stray];
  const listing = await list(at, writeLibrary(at.folder, [web, db, off]));
  expect(listing.complete).toBe(true);
  const rows = byName(listing);
  expect([...rows].map(([name, { state, nativeState }]) => [name, state, nativeState]).sort()).toEqual([
    ['"off"', 'stopped', 'poweredOff'],
    ['db', 'suspended', 'suspended'],
    ['stray', 'running', 'poweredOn'],
    ['web', 'running', 'poweredOn'],
  ]);
  const host = os.hostname().toLowerCase();
  expect(rows.get('web')).toMatchObject({
    uid: `workstation/${host}${web}`,
    vcpus: 2,
    memory: 2048,
    os: 'debian12-64',
    addresses: null,
    tags: { team: 'shop', token: '[redacted]' },
    hostedBy: [{ type: 'host', value: `vmware-workstation/${host}` }],
    identities: [
      { type: 'system-uuid', value: 'ef9b4d56-d9ac-e0b4-c8f0-aea8b9103511' },
      { type: 'system-uuid', value: '564d9bef-acd9-b4e0-c8f0-aea8b9103511' },
      { type: 'mac', value: '00:0c:29:10:35:11' },
    ],
  });
  expect(rows.get('"off"')?.memory).toBe(2048);
  expect(JSON.stringify([...listing.resources.values()])).not.toMatch(/s3cret|just words/);
});

it('keeps two VMs of one uuid.bios apart: a folder that was copied', async () => {
  const at = await desk();
  const files = [writeVmx(at.folder, 'web', vmx('web')), writeVmx(at.folder, 'copy', vmx('web'))];
  const listing = await list(at, writeLibrary(at.folder, files));
  expect([listing.complete, listing.resources.size, listing.duplicates]).toEqual([true, 2, 0]);
});

it('keeps the row of a .vmx that cannot be read, says why, and lists the others', async () => {
  const at = await desk();
  const good = writeVmx(at.folder, 'good', vmx('good'));
  const bad = {
    huge: writeVmx(at.folder, 'huge', vmx('huge', `annotation = "${'x'.repeat(10 * 1024 * 1024)}"`)),
    gone: path.join(at.folder, 'gone', 'gone.vmx'),
    folder: path.join(at.folder, 'folder', 'folder.vmx'),
    pipe: path.join(at.folder, 'pipe.vmx'),
    binary: writeVmx(at.folder, 'binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0xff, 0x00])),
    garbled: writeVmx(at.folder, 'garbled', Buffer.concat([Buffer.from(vmx('a')), Buffer.from([0xff, 0xfe])])),
    outside: writeVmx(at.folder, 'outside', vmx('outside', 'include = "/etc/passwd"')),
  };
  mkdirSync(bad.folder, { recursive: true });
  execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', bad.pipe]);
  at.running = [bad.huge];
  const listing = await list(at, writeLibrary(at.folder, [good, ...Object.values(bad)]));
  expect(listing.complete).toBe(true);
  expect(listing.resources.size).toBe(8);
  expect(byName(listing).get('good')).toMatchObject({ state: 'stopped', memory: 2048 });
  const row = (file: string) => [...listing.resources.values()].find(({ nativeId }) => nativeId === file);
  for (const file of Object.values(bad)) {
    const found = row(file);
    expect(found).toMatchObject({ name: expect.stringMatching(/^in the library/), memory: null, identities: [] });
    expect(listing.unknown.get(found?.uid ?? '')).toEqual(expect.arrayContaining(['vcpus', 'memory', 'identities']));
    expect(found?.state, file).toBe(file === bad.huge ? 'running' : 'unknown');
  }
  expect(listing.detailErrors).toMatchObject([
    {
      call: 'read .vmx',
      kind: 'bad-reply',
      message: expect.stringMatching(/^fails: \w+\.vmx .*; so it is with 6 more$/),
    },
  ]);
});

it.each([
  ['larger than it may be', vmx('x', `annotation = "${'x'.repeat(2 * 1024 * 1024)}"`), 'is larger than 1048576 bytes'],
  ['in an encoding that nobody knows', vmx('x').replace('UTF-8', 'EBCDIC'), 'names an encoding that is not known'],
  [
    'encrypted',
    '.encoding = "UTF-8"\ndisplayName = "vault"\nencryption.keySafe = "k"\nencryption.data = "d"\n',
    'is encrypted',
  ],
])('says of a .vmx that is %s what it is', async (_, content, expected) => {
  const at = await desk();
  const listing = await list(at, writeLibrary(at.folder, [writeVmx(at.folder, 'one', content)]));
  expect([listing.complete, listing.resources.size]).toEqual([true, 1]);
  expect(listing.detailErrors.map(({ message }) => message)).toEqual([expect.stringContaining(`one.vmx ${expected}`)]);
});

it('has of an encrypted VM what stands beside the secret, and whether it runs', async () => {
  const at = await desk();
  const sealed = '.encoding = "UTF-8"\ndisplayName = "vault"\nguestOS = "windows11-64"\nencryption.data = "d"\n';
  const [on, off] = [writeVmx(at.folder, 'on', sealed), writeVmx(at.folder, 'off', sealed)];
  at.running = [on];
  const listing = await list(at, writeLibrary(at.folder, [on, off]));
  const rows = [...listing.resources.values()];
  expect(rows.map(({ name, os: system, state, vcpus }) => [name, system, state, vcpus])).toEqual([
    ['vault', 'windows11-64', 'running', null],
    ['vault', 'windows11-64', 'unknown', null],
  ]);
  expect(listing.detailErrors).toMatchObject([{ kind: 'permission' }]);
});

it('reads what a .vmx includes from its folder once, also where they include each other', async () => {
  const at = await desk();
  const file = writeVmx(at.folder, 'loop', 'displayName = "loop"\nmemsize = "512"\ninclude = "common.vmx"\n');
  writeFileSync(
    path.join(path.dirname(file), 'common.vmx'),
    'memsize = "4096"\nnumvcpus = "8"\ninclude = "loop.vmx"\ninclude = "common.vmx"\n',
  );
  const listing = await list(at, writeLibrary(at.folder, [file]));
  expect(byName(listing).get('loop')).toMatchObject({ memory: 512, vcpus: 8 });
  expect(listing.detailErrors).toEqual([]);
});

it('reads names in Shift-JIS, in the .vmx and in the library', async () => {
  const at = await desk();
  const sjis = (before: string) =>
    Buffer.concat([
      Buffer.from('.encoding = "Shift_JIS"\n'),
      Buffer.from(before),
      Buffer.from([0x8c, 0x9f, 0x8f, 0xd8, 0x83, 0x7c]),
      Buffer.from('"\n'),
    ]);
  const file = writeVmx(at.folder, 'one', sjis('displayName = "'));
  const gone = path.join(at.folder, 'gone', 'gone.vmx');
  const library = writeLibrary(at.folder, [file]);
  writeFileSync(library, sjis(`vmlist1.config = "${file}"\nvmlist2.config = "${gone}"\nvmlist2.DisplayName = "`));
  const listing = await list(at, library);
  expect([...listing.resources.values()].map(({ name }) => name)).toEqual(['検証ポ', '検証ポ']);
});

it.each([
  ['cut in the middle', 'Total running VMs: 2\n/home/dev/a.vmx\n', 0, 'bad-reply'],
  ['something else', 'Workstation needs a licence\n', 0, 'bad-reply'],
  ['nothing', '', 0, 'bad-reply'],
  ['a failure', 'Error: Unable to connect to host.\n', 255, 'network'],
])('takes an answer of vmrun that is %s for none', async (_, body, exit, kind) => {
  const at = await desk();
  at.reply = { body, exit };
  const listing = await list(at, writeLibrary(at.folder, [writeVmx(at.folder, 'web', vmx('web'))]));
  expect(listing).toMatchObject({
    complete: false,
    reason: { kind, message: expect.stringContaining('vmrun list: ') },
  });
  expect(listing.resources.size).toBe(0);
});

it('passes over what vmrun prints before its list', async () => {
  const at = await desk();
  const web = writeVmx(at.folder, 'web', vmx('web'));
  at.reply = { body: `Warning: something is old\r\n${runningList([web]).replaceAll('\n', '\r\n')}` };
  expect(byName(await list(at, writeLibrary(at.folder, [web]))).get('web')?.state).toBe('running');
});

it('lists nothing where the library is not there, and says what to do', async () => {
  const at = await desk();
  expect(await list(at, path.join(at.folder, 'inventory.vmls'))).toMatchObject({
    complete: false,
    reason: {
      kind: 'config',
      message: expect.stringContaining('read the library: inventory.vmls is not there: name it'),
    },
  });
});

it('says where there is no vmrun, and ends one that hangs', async () => {
  const folder = scratch();
  const inventory = writeLibrary(folder, []);
  const hanging = path.join(folder, 'hanging');
  writeFileSync(hanging, '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 });
  for (const [vmrun, kind] of [
    [path.join(folder, 'none'), 'config'],
    [inventory, 'config'],
    [hanging, 'timeout'],
  ] as const) {
    const connection = await openWorkstation({ vmrun, inventory, timeout: 0.2 });
    const { vms } = await scopesOf(connection);
    expect(await listed(connection.list(vms, calm()), vms)).toMatchObject({ complete: false, reason: { kind } });
  }
});

it('hands vmrun a handful of variables and the one word', async () => {
  const at = await desk();
  process.env.MUSTER_TEST_SECRET = 'canary-secret';
  try {
    await list(at, writeLibrary(at.folder, []));
  } finally {
    delete process.env.MUSTER_TEST_SECRET;
  }
  const { args, env } = JSON.parse(at.asked[0] ?? '');
  expect(args).toEqual(['list']);
  const known = ['PATH', 'HOME', 'XDG_RUNTIME_DIR', 'TMPDIR', 'TEMP', 'LC_ALL', 'PWD', 'OLDPWD', 'SHLVL', '_'];
  expect(env.filter((name: string) => !known.includes(name))).toEqual([]);
});

it('is this machine, whose kernel it names', async () => {
  const at = await desk();
  const machine = {
    hostname: os.hostname(),
    kernel: '6.1',
    memory: 32_768,
    installed: null,
    bootId: 'b-1',
    machineId: 'm-1',
  };
  const connection = await openWorkstation({ vmrun: at.vmrun, inventory: writeLibrary(at.folder, []) }, { machine });
  const { host } = await scopesOf(connection);
  const [row] = (await listed(connection.list(host, calm()), host)).resources.values();
  expect(row).toMatchObject({ kind: 'host', memory: 32_768, physical: { cpu: os.cpus().length, memory: 32_768 } });
  expect(row?.identities).toEqual(
    expect.arrayContaining([
      { type: 'boot-id', value: 'b-1' },
      { type: 'machine-id', value: 'm-1' },
    ]),
  );
});

it('follows what starts within five seconds, and lists anew when a VM comes or goes', async () => {
  const at = await desk();
  const [web, db] = [writeVmx(at.folder, 'web', vmx('web')), writeVmx(at.folder, 'db', vmx('db'))];
  const inventory = writeLibrary(at.folder, [web, db]);
  const clock = new VirtualClock();
  const connection = await openWorkstation({ vmrun: at.vmrun, inventory }, { clock });
  const { vms } = await scopesOf(connection);
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const seen: string[] = [];
  const read = async () => {
    for await (const event of connection.watch?.(vms, { signal: stop.signal }) ?? []) {
      if (event.type === 'listing') seen.push(`listing ${(await listed(event.batches, vms)).resources.size}`);
      else if (event.type === 'upsert') seen.push(...event.resources.map(({ name, state }) => `${name} ${state}`));
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
  at.running = [db];
  await passed();
  await until(3);
  appendFileSync(inventory, `vmlist3.config = "${writeVmx(at.folder, 'new', vmx('new'))}"\n`);
  await passed();
  await until(4);
  expect(seen).toEqual(['listing 2', 'heartbeat', 'db running', 'listing 3']);
  at.reply = { body: 'Error: no\n', exit: 1 };
  await passed();
  // Tried again by its pauses, then told: the sync waits and begins anew.
  const later = async () => {
    await clock.advance(500);
    return seen.at(-1);
  };
  await expect.poll(later, { timeout: 10_000 }).toContain('vmrun list: failed: Error: no');
  stop.abort();
});
