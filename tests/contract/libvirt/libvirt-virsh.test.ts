import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { resourceSchema } from '#lib/model/index.ts';
import { findVirsh, NO_VIRSH } from '#scripts/machine/virsh.ts';
import { calm, listed, openLibvirt, program, scopesOf, scratch, sorted } from '#tests/support/libvirt/libvirt.ts';
import { nameAt, STATE_WORDS, uuidAt, writeTestNode } from '#tests/support/libvirt/libvirt-node.ts';

const virsh = findVirsh();
const STATES = ['unknown', 'running', 'running', 'suspended', 'stopping', 'stopped', 'failed', 'suspended'];

/** The real virsh behind a script that counts how often it is started. */
function counted(folder: string) {
  const log = path.join(folder, 'started');
  const file = program(folder, `echo started >> '${log}'\nexec '${virsh}' "$@"`);
  return { file, started: () => readFileSync(log, 'utf8').split('\n').length - 1 };
}

describe.skipIf(!virsh)(`libvirt's test driver${virsh ? '' : ` (left out: ${NO_VIRSH})`}`, () => {
  it.each([200, 2000])('lists %i domains in every state with two processes', { timeout: 60_000 }, async (count) => {
    const folder = scratch();
    const { file, started } = counted(folder);
    const connection = await openLibvirt({ uri: writeTestNode(folder, count), virsh: file });
    const { domains } = await scopesOf(connection);
    const before = started();
    const listing = await listed(connection.list(domains, calm()), domains);
    expect(started() - before).toBe(2);
    expect(listing.complete).toBe(true);
    const rows = sorted(listing);
    expect(rows.map(({ nativeId }) => nativeId)).toEqual(Array.from({ length: count }, (_, at) => uuidAt(at)));
    for (const [at, row] of rows.entries()) {
      expect(row.name).toBe(nameAt(at));
      expect(row.nativeState).toBe(STATE_WORDS[at % STATE_WORDS.length]);
      expect(row.state).toBe(STATES[at % STATES.length]);
      expect(row.memory).toBe(512 + at);
      expect(row.vcpus).toBe(1 + (at % 4));
      expect(row.tags.rack).toBe(`r${at % 7}`);
      expect(row.aliases).toEqual(at % 3 === 0 ? [`Title of ${nameAt(at)}`] : []);
      expect(row.image).toBe(`/images/${at}.qcow2`);
      // Its DHCP server is made up: one address for all.
      expect(row.addresses).toBeNull();
      resourceSchema.parse(row);
    }
    expect(new Set(rows.map(({ uid }) => uid)).size).toBe(count);
  });

  it('gives the hypervisor its hardware and no identity that is made up', async () => {
    const connection = await openLibvirt({ uri: writeTestNode(scratch(), 1) });
    const { host, domains } = await scopesOf(connection);
    const [row] = sorted(await listed(connection.list(host, calm()), host));
    expect(row).toMatchObject({ kind: 'host', physical: { cpu: 16, memory: 3072 }, vcpus: 16, memory: 3072 });
    expect(row?.identities.map(({ type }) => type)).toEqual(['host', 'hostname']);
    const [domain] = sorted(await listed(connection.list(domains, calm()), domains));
    expect(domain?.hostedBy).toEqual(row?.identities.slice(0, 1));
    expect(domain?.uid).toBe(`${row?.uid}/${uuidAt(0)}`);
  });

  it('lists a hypervisor without domains as one, completely', async () => {
    const connection = await openLibvirt({ uri: writeTestNode(scratch(), 0) });
    const { domains } = await scopesOf(connection);
    const listing = await listed(connection.list(domains, calm()), domains);
    expect([listing.complete, listing.resources.size]).toEqual([true, 0]);
  });

  it('goes on without -r, once and for all, where the driver refuses it', async () => {
    const folder = scratch();
    const log = path.join(folder, 'log');
    const refusal = 'error: failed to connect to the hypervisor\\nerror: unsupported flags (0x1) in function open\\n';
    const file = program(
      folder,
      `echo "$1" >> '${log}'\nif [ "$1" = -r ]; then printf '${refusal}' >&2; exit 1; fi\nexec '${virsh}' "$@"`,
    );
    const connection = await openLibvirt({ uri: writeTestNode(folder, 3), virsh: file });
    const { domains } = await scopesOf(connection);
    expect((await listed(connection.list(domains, calm()), domains)).resources.size).toBe(3);
    expect(readFileSync(log, 'utf8').trim().split('\n')).toEqual(['-r', '-c', '-c', '-c']);
  });

  it('watches where no events come: a listing, then signs of life', async () => {
    const connection = await openLibvirt({ uri: writeTestNode(scratch(), 8) });
    const { domains } = await scopesOf(connection);
    const stop = new AbortController();
    const seen: string[] = [];
    for await (const event of connection.watch?.(domains, { signal: stop.signal }) ?? []) {
      seen.push(event.type);
      if (event.type === 'listing') expect((await listed(event.batches, domains)).complete).toBe(true);
      if (event.type === 'heartbeat') break;
    }
    stop.abort();
    expect(seen).toEqual(['listing', 'heartbeat']);
  });

  it('says what the real virsh says of a file that is none, a daemon that is not there and a driver it lacks', async () => {
    const folder = scratch();
    const failure = async (uri: string) => {
      const connection = await openLibvirt({ uri });
      return scopesOf(connection).then(
        () => null,
        (error: unknown) => error,
      );
    };
    expect(await failure(`test://${folder}/missing.xml`)).toMatchObject({ name: 'ProviderError' });
    expect(await failure(`qemu:///system?socket=${folder}/none`)).toMatchObject({ kind: 'network' });
    expect(await failure('qemu+tcp://127.0.0.1:9/system')).toMatchObject({ kind: 'network' });
    expect(await failure('hyperv://127.0.0.1/')).toMatchObject({
      kind: expect.stringMatching(/^(unsupported|network|auth)$/),
    });
  });
});
